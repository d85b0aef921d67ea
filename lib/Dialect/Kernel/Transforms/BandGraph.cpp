// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See BandGraph.h.

#include "BandGraph.h"

#include "KernelCost.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::kernel;

static int64_t getElementBytes(ShapedType type) {
  return type.getElementTypeBitWidth() / 8;
}

namespace {

class GraphBuilder {
public:
  GraphBuilder(BandGraph &graph, const cpu::TargetFacts &facts)
      : graph(graph), facts(facts) {}

  void add(Operation &op);

private:
  /// The number of the buffer that a value lies in; nothing for constants.
  std::optional<unsigned> getBuffer(Value root);
  /// How an operand lies in its buffer. `isPlaced` becomes false unless rows of
  /// it are rows of the buffer.
  std::optional<BandAccess> getAccess(OpOperand &operand, bool &isPlaced);
  /// Whether all that go by rows of the buffer go by the same ones.
  bool agree(const BandAccess &access, MemRefType type);

  BandGraph &graph;
  const cpu::TargetFacts &facts;
  llvm::DenseMap<Value, unsigned> numbers;
};

} // namespace

std::optional<unsigned> GraphBuilder::getBuffer(Value root) {
  auto type = dyn_cast<MemRefType>(root.getType());
  if (!type || !isBufferType(type))
    return std::nullopt;
  auto alloc = root.getDefiningOp<memref::AllocOp>();
  if (!alloc && !isa<BlockArgument>(root))
    return std::nullopt;
  auto [it, isNew] = numbers.try_emplace(root, graph.buffers.size());
  unsigned now = graph.kernels.size();
  if (isNew) {
    BandBuffer &buffer = graph.buffers.emplace_back();
    buffer.value = root;
    buffer.first = now;
    if (alloc)
      buffer.bytes = type.getNumElements() * getElementBytes(type);
  }
  graph.buffers[it->second].last = now;
  return it->second;
}

std::optional<BandAccess> GraphBuilder::getAccess(OpOperand &operand,
                                                  bool &isPlaced) {
  Value value = operand.get();
  auto type = dyn_cast<MemRefType>(value.getType());
  if (!type)
    return std::nullopt;
  // Views keep the bytes that they are of; a slice is the interior of a padded
  // buffer.
  isPlaced = type.getRank() == 4;
  unsigned axis = getRowAxis(type);
  SliceOp slice;
  while (auto view = value.getDefiningOp<ViewLikeOpInterface>()) {
    isPlaced &= !slice && isa<SliceOp, ViewOp>(*view);
    slice = dyn_cast<SliceOp>(*view);
    isPlaced &= !slice || view == operand.get().getDefiningOp();
    value = view.getViewSource();
  }
  std::optional<unsigned> number = getBuffer(value);
  if (!number)
    return std::nullopt;
  BandAccess access;
  access.operand = operand.getOperandNumber();
  access.buffer = *number;
  access.window.isWhole = true;
  if (!isPlaced)
    return access;
  access.rowElements = getElementStrides(type)[axis];
  access.rows = access.bufferRows = type.getDimSize(axis);
  if (slice) {
    auto source = cast<MemRefType>(value.getType());
    std::optional<int64_t> start = getConstantIntValue(slice.getOffset());
    isPlaced = start && source.getRank() == 4 && access.rowElements > 0 &&
               getRowAxis(source) == axis &&
               getElementStrides(source)[axis] == access.rowElements;
    if (isPlaced) {
      access.firstRow = *start / access.rowElements;
      access.column = *start % access.rowElements;
      access.bufferRows = source.getDimSize(axis);
    }
  }
  return access;
}

bool GraphBuilder::agree(const BandAccess &access, MemRefType type) {
  BandBuffer &buffer = graph.buffers[access.buffer];
  int64_t rowBytes = access.rowElements * getElementBytes(type);
  if (buffer.rows == 0) {
    buffer.rows = access.bufferRows;
    buffer.rowBytes = rowBytes;
  }
  return buffer.rows == access.bufferRows && buffer.rowBytes == rowBytes;
}

void GraphBuilder::add(Operation &op) {
  BandKernel kernel;
  kernel.op = &op;
  auto windows = getRowWindows(&op);
  auto pad = dyn_cast<PadOp>(op);
  kernel.isBorder = pad && hasGaps(pad.getInput().getType());
  kernel.isRowwise = (windows || kernel.isBorder) && op.getNumResults() == 0;
  if (isa<DestinationStyleOpInterface>(op) && op.getNumResults() == 0)
    kernel.cycles = estimateCycles(&op, facts);
  for (OpOperand &operand : op.getOpOperands()) {
    bool isPlaced = false;
    std::optional<BandAccess> access = getAccess(operand, isPlaced);
    if (!access) {
      if (auto type = dyn_cast<MemRefType>(operand.get().getType()))
        kernel.constantBytes += type.getNumElements() * getElementBytes(type);
      continue;
    }
    unsigned number = operand.getOperandNumber();
    if (windows)
      access->window = (*windows)[number];
    if (kernel.isBorder || !access->window.isWhole)
      kernel.isRowwise &=
          isPlaced && agree(*access, cast<MemRefType>(operand.get().getType()));
    if (number + 1 == op.getNumOperands())
      kernel.write = *access;
    else
      kernel.reads.push_back(*access);
  }
  // An op in place does not touch what it reads.
  if (kernel.isBorder) {
    kernel.reads.clear();
    graph.buffers[kernel.write.buffer].border = pad;
  }
  graph.kernels.push_back(std::move(kernel));
}

BandGraph BandGraph::of(Block &block, const cpu::TargetFacts &facts) {
  BandGraph graph;
  GraphBuilder builder(graph, facts);
  for (Operation &op : block.without_terminator())
    if (!isa<memref::AllocOp, memref::GetGlobalOp, arith::ConstantOp,
             ViewLikeOpInterface>(op))
      builder.add(op);
  unsigned size = graph.kernels.size();
  graph.born.assign(size + 1, 0);
  graph.gone.assign(size + 1, 0);
  for (const BandBuffer &buffer : graph.buffers) {
    graph.born[buffer.first + 1] += buffer.bytes;
    graph.gone[buffer.last + 1] += buffer.bytes;
  }
  for (unsigned i = 0; i < size; ++i) {
    graph.born[i + 1] += graph.born[i];
    graph.gone[i + 1] += graph.gone[i];
  }
  return graph;
}
