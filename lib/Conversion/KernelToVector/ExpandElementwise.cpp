// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// kernel.elementwise: stages on every element, with broadcasting.
//
// The dimensions of the output are first merged as far as all operands agree
// (two neighbours merge if every operand walks them as one), so that the inner
// loop is as long as the layouts allow: an addition of equal shapes becomes one
// loop over all elements. In the inner loop each operand is either contiguous,
// a vector load, or constant, one scalar load before the loop.
//
// Where results are bytes that a last clamp keeps in range, four vectors are
// packed at a time (PackBytes.h).

#include "PackBytes.h"
#include "qopt/Conversion/KernelToVector/KernelExpansion.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::emit;

namespace {

/// The output's dimensions after merging, and for each operand its step in
/// elements along each of them (0 where it is broadcast).
struct Iteration {
  SmallVector<int64_t> sizes;
  SmallVector<SmallVector<int64_t>> steps;
};

class ElementwiseExpansion : public KernelExpansion<kernel::ElementwiseOp> {
public:
  using KernelExpansion::KernelExpansion;

protected:
  bool acceptsGaps(kernel::ElementwiseOp op,
                   OpOperand &operand) const override {
    return &operand == &op.getInitMutable();
  }
  LogicalResult expand(kernel::ElementwiseOp op, VectorEmitter &e,
                       PatternRewriter &rewriter) const override;
};

} // namespace

/// Steps of a row-major buffer along the dimensions of `full`.
static SmallVector<int64_t> stepsOf(MemRefType type, ArrayRef<int64_t> full) {
  SmallVector<int64_t> steps(full.size());
  SmallVector<int64_t> strides = kernel::getElementStrides(type);
  size_t outer = full.size() - type.getRank();
  for (auto [i, size] : llvm::enumerate(type.getShape()))
    steps[outer + i] = size == 1 ? 0 : strides[i];
  return steps;
}

/// Merges the dimensions of `full`. `keepLast` keeps the last one apart, for
/// data that is indexed by it.
static Iteration mergeDimensions(ArrayRef<int64_t> full,
                                 ArrayRef<SmallVector<int64_t>> steps,
                                 bool keepLast) {
  Iteration merged;
  merged.steps.resize(steps.size());
  for (int64_t d = 0, rank = full.size(); d < rank; ++d) {
    bool last = keepLast && d == rank - 1;
    if (full[d] == 1 && !last)
      continue;
    bool joins = !last && !merged.sizes.empty();
    for (auto [operand, step] : llvm::enumerate(steps))
      joins = joins && merged.steps[operand].back() == step[d] * full[d];
    for (auto [operand, step] : llvm::enumerate(steps)) {
      if (joins)
        merged.steps[operand].back() = step[d];
      else
        merged.steps[operand].push_back(step[d]);
    }
    if (joins)
      merged.sizes.back() *= full[d];
    else
      merged.sizes.push_back(full[d]);
  }
  if (merged.sizes.empty()) {
    // One element.
    merged.sizes.push_back(1);
    for (auto &operand : merged.steps)
      operand.push_back(1);
  }
  return merged;
}

/// Whether the target packs its vectors of 32-bit lanes to bytes.
static bool canPackBytes(const cpu::TargetFacts &facts) {
  if (facts.architecture == cpu::Architecture::X86)
    return facts.vectorBytes == 16 || facts.avx2;
  return facts.neon;
}

LogicalResult ElementwiseExpansion::expand(kernel::ElementwiseOp op,
                                           VectorEmitter &e,
                                           PatternRewriter &rewriter) const {
  auto outputType = cast<MemRefType>(op.getInit().getType());
  auto inputType = cast<MemRefType>(op.getInput().getType());
  StageEmitter stages(e, cast<kernel::StagedOpInterface>(op.getOperation()));

  SmallVector<Value> operands = {op.getInput()};
  llvm::append_range(operands, op.getStageOperands());
  operands.push_back(op.getInit());
  SmallVector<SmallVector<int64_t>> steps;
  for (Value operand : operands)
    steps.push_back(
        stepsOf(cast<MemRefType>(operand.getType()), outputType.getShape()));
  bool channels = stages.usesChannels();
  Iteration iteration = mergeDimensions(outputType.getShape(), steps, channels);
  for (Value &operand : operands)
    operand = e.flatten(operand);

  // The widest value on the way decides how many lanes fill a register; a copy
  // stays in its storage type.
  Type storage = inputType.getElementType();
  bool copies = stages.empty() && storage == outputType.getElementType();
  unsigned width = std::max({storage.getIntOrFloatBitWidth(), 32u});
  if (copies)
    width = storage.getIntOrFloatBitWidth();
  int64_t lanes = e.facts.vectorBytes * 8 / width;
  // Bytes move in no less than 16 at a time: narrower loads and stores cost as
  // much, and independent registers hide latencies.
  if (outputType.getElementType().isInteger(8))
    lanes = std::max<int64_t>(lanes, 16);

  // The same stages without what packing does.
  StageEmitter packed(e, cast<kernel::StagedOpInterface>(op.getOperation()));
  std::optional<ByteTail> tail;
  if (outputType.getElementType().isInteger(8) && !copies && !channels &&
      canPackBytes(e.facts))
    tail = packed.takeByteTail();

  size_t inner = iteration.sizes.size() - 1;
  ArrayRef<int64_t> outer = ArrayRef(iteration.sizes).drop_back();
  e.nest(outer, [&](ValueRange position) {
    // Where each operand's run begins, and its value if it is constant there.
    SmallVector<Value> starts, constants;
    for (auto [operand, step] : llvm::zip_equal(operands, iteration.steps)) {
      Value start = e.index(0);
      for (auto [i, by] : llvm::zip(position, step))
        if (by)
          start = e.add(start, e.mul(i, by));
      starts.push_back(start);
      bool constant = step[inner] == 0 && iteration.sizes[inner] > 1 &&
                      operand != operands.back();
      constants.push_back(constant ? e.load(operand, start, 0) : Value());
    }
    auto compute = [&](StageEmitter &stages, Value i, int64_t count) {
      auto load = [&](unsigned operand) {
        if (constants[operand])
          return e.broadcast(constants[operand], count);
        return e.load(operands[operand], e.add(starts[operand], i), count);
      };
      StageEmitter::Channels prepared =
          stages.prepare(channels ? i : Value(), count);
      Value value = load(0);
      if (!copies && storage.isInteger() &&
          storage.getIntOrFloatBitWidth() < 32)
        value = e.toInteger(value, e.getI32Type(), op.getInputUnsigned());
      return stages.apply(
          prepared, value, [&](unsigned n) { return load(n + 1); },
          Interval::ofStorage(storage, op.getInputUnsigned()));
    };
    auto store = [&](Value value, Value i) {
      e.store(value, operands.back(), e.add(starts.back(), i));
    };
    int64_t size = iteration.sizes[inner], done = 0;
    // Four of the widest vectors, then of narrower ones.
    for (int64_t width = e.lanes32(); tail && width >= 4; width /= 2) {
      int64_t last = size - (size - done) % (4 * width);
      e.loop(done, last, 4 * width, [&](Value first) {
        std::array<Value, 4> vectors;
        for (int64_t v = 0; v < 4; ++v)
          vectors[v] = compute(packed, e.add(first, v * width), width);
        store(kernel::packNeighbours(e, vectors, *tail), first);
      });
      done = last;
    }
    e.vectorLoop(size - done, lanes, [&](Value i, int64_t count) {
      i = e.add(i, done);
      Value value = compute(stages, i, count);
      if (outputType.getElementType().isInteger())
        value = e.toInteger(value, outputType.getElementType());
      store(value, i);
    });
  });
  rewriter.eraseOp(op);
  return success();
}

void qopt::emit::populateElementwiseExpansions(RewritePatternSet &patterns,
                                               const ExpansionContext &shared) {
  patterns.add<ElementwiseExpansion>(patterns.getContext(), shared);
}
