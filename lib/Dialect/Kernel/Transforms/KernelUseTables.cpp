// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// kernel-use-tables: stages between two bytes become the table of their 256
// results, if they have a table or a stage operand among them. (What has
// neither is a rescaling, which costs no more than a table.)

#include "EvaluateStages.h"

#include "qopt/Dialect/Kernel/Transforms/Passes.h"
#include "qopt/Support/PassStatistics.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::kernel;

namespace qopt::kernel {
#define GEN_PASS_DEF_KERNELUSETABLESPASS
#include "qopt/Dialect/Kernel/Transforms/Passes.h.inc"
} // namespace qopt::kernel

namespace {

/// The running value for each value of the byte that it depends on.
using Function = std::array<int64_t, 256>;

/// Stages [first, last) of an op, and what they make of a byte.
struct Segment {
  size_t first, last;
  /// Stage operands that only these stages read.
  unsigned firstOperand, lastOperand;
  Function results;
  bool isUnsigned;
};

} // namespace

static int64_t readByte(unsigned bits, bool isUnsigned) {
  return isUnsigned ? int64_t(bits) : int64_t(static_cast<int8_t>(bits));
}

/// Whether all values are those of a byte of this signedness.
static bool areBytes(const Function &values, bool isUnsigned) {
  int64_t min = isUnsigned ? 0 : -128;
  return llvm::all_of(values,
                      [&](int64_t v) { return v >= min && v <= min + 255; });
}

/// What a stage reads from its operand for each value of the byte `input`,
/// which may be null; nothing where that depends on anything else.
static std::optional<Function> readOperand(Value operand, Value input,
                                           bool isUnsigned) {
  Function values;
  if (operand == input) {
    for (unsigned bits = 0; bits < 256; ++bits)
      values[bits] = readByte(bits, isUnsigned);
    return values;
  }
  DenseIntElementsAttr constant;
  if (!matchPattern(operand, m_Constant(&constant)) || !constant.isSplat() ||
      constant.getElementType().getIntOrFloatBitWidth() > 32)
    return std::nullopt;
  auto element = constant.getSplatValue<APInt>();
  values.fill(isUnsigned ? static_cast<int64_t>(element.getZExtValue())
                         : element.getSExtValue());
  return values;
}

/// The longest segment from stage `first` on, before which the running value
/// holds `values`: those of the byte `input`, or what a clamp left.
static std::optional<Segment> findSegment(StagedOpInterface op, size_t first,
                                          unsigned operand, Value input,
                                          Function values) {
  SmallVector<StageAttrInterface> stages = op.getStageList();
  std::optional<Segment> found;
  bool hasOperand = false, hasTable = false;
  unsigned firstOperand = operand;
  for (size_t i = first; i < stages.size(); ++i) {
    StageAttrInterface stage = stages[i];
    Function read = {};
    if (stage.getNumStageOperands() > 1)
      break;
    if (stage.getNumStageOperands() == 1) {
      std::optional<Function> known = readOperand(
          op.getStageOperands()[operand++], input, stage.isOperandUnsigned());
      if (!known)
        break;
      read = *known;
    }
    bool evaluated = true;
    for (unsigned bits = 0; evaluated && bits < 256; ++bits) {
      std::optional<int64_t> next =
          evaluateStage(stage, values[bits], read[bits]);
      evaluated = next.has_value();
      values[bits] = next.value_or(0);
    }
    if (!evaluated)
      break;
    hasOperand |= stage.getNumStageOperands() > 0;
    hasTable |= isa<TableAttr>(stage);
    bool pays = hasOperand || (hasTable && i > first);
    for (bool isUnsigned : {false, true})
      if (pays && areBytes(values, isUnsigned)) {
        found =
            Segment{first, i + 1, firstOperand, operand, values, isUnsigned};
        break;
      }
  }
  return found;
}

/// The segment that begins with what was loaded, or else the first one behind a
/// clamp to a byte.
static std::optional<Segment> findSegment(StagedOpInterface op) {
  Function bytes;
  if (auto elementwise = dyn_cast<ElementwiseOp>(op.getOperation());
      elementwise &&
      elementwise.getInput().getType().getElementType().isInteger(8)) {
    for (unsigned bits = 0; bits < 256; ++bits)
      bytes[bits] = readByte(bits, elementwise.getInputUnsigned());
    if (auto segment = findSegment(op, 0, 0, elementwise.getInput(), bytes))
      return segment;
  }
  unsigned operand = 0;
  for (auto [i, stage] : llvm::enumerate(op.getStageList())) {
    operand += stage.getNumStageOperands();
    auto clamp = dyn_cast<ClampAttr>(stage);
    if (!clamp || (!clamp.isToSignedByte() && !clamp.isToUnsignedByte()))
      continue;
    for (unsigned bits = 0; bits < 256; ++bits)
      bytes[bits] = std::clamp<int64_t>(readByte(bits, !clamp.isToSignedByte()),
                                        clamp.getMin(), clamp.getMax());
    if (auto segment = findSegment(op, i + 1, operand, Value(), bytes))
      return segment;
  }
  return std::nullopt;
}

static void replace(StagedOpInterface op, const Segment &segment) {
  MLIRContext *context = op.getContext();
  SmallVector<int8_t> entries;
  for (int64_t value : segment.results)
    entries.push_back(static_cast<int8_t>(value));
  auto type = RankedTensorType::get({256}, IntegerType::get(context, 8));
  auto table = TableAttr::get(context,
                              cast<DenseIntElementsAttr>(DenseElementsAttr::get(
                                  type, ArrayRef<int8_t>(entries))),
                              segment.isUnsigned);
  ArrayRef<Attribute> all = op.getStagesAttr().getValue();
  SmallVector<Attribute> stages(all.take_front(segment.first));
  stages.push_back(table);
  llvm::append_range(stages, all.drop_front(segment.last));
  op.setStagesAttr(ArrayAttr::get(context, stages));
  if (unsigned count = segment.lastOperand - segment.firstOperand)
    op.getStageOperandsMutable().erase(segment.firstOperand, count);
}

namespace {
struct KernelUseTablesPass
    : kernel::impl::KernelUseTablesPassBase<KernelUseTablesPass> {
  using KernelUseTablesPassBase::KernelUseTablesPassBase;

  void runOnOperation() override {
    getOperation().walk([&](StagedOpInterface op) {
      while (std::optional<Segment> segment = findSegment(op)) {
        recordStatistic(*this, "num-tables", 1);
        recordStatistic(*this, "num-stages", segment->last - segment->first);
        replace(op, *segment);
      }
    });
  }
};
} // namespace
