// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// kernel-choose-signedness: groups of values that share bytes, what their users
// want, and the rewriting of both.

#include "InputOffset.h"
#include "ModuleTarget.h"
#include "PackWeights.h"
#include "ScheduleModel.h"
#include "qopt/Dialect/Kernel/Transforms/Passes.h"
#include "qopt/Support/PassStatistics.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "llvm/ADT/EquivalenceClasses.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::kernel;

namespace qopt::kernel {
#define GEN_PASS_DEF_KERNELCHOOSESIGNEDNESSPASS
#include "qopt/Dialect/Kernel/Transforms/Passes.h.inc"
} // namespace qopt::kernel

//===----------------------------------------------------------------------===//
// Stages
//===----------------------------------------------------------------------===//

/// The stages with a result that is larger by `offset`: clamps at the end move,
/// and the stage before them. Nothing where that cannot be done.
static std::optional<SmallVector<Attribute>> offsetResult(StagedOpInterface op,
                                                          int32_t offset) {
  SmallVector<Attribute> stages(op.getStagesAttr().getValue());
  for (Attribute &stage : llvm::reverse(stages)) {
    if (auto clamp = dyn_cast<ClampAttr>(stage)) {
      stage = ClampAttr::get(op.getContext(), clamp.getMin() + offset,
                             clamp.getMax() + offset);
      continue;
    }
    StageAttrInterface moved =
        cast<StageAttrInterface>(stage).getWithResultOffset(offset);
    if (!moved)
      return std::nullopt;
    stage = moved;
    return stages;
  }
  return std::nullopt;
}

/// The stages for a first value that is larger by `offset`.
static std::optional<SmallVector<Attribute>> offsetValue(StagedOpInterface op,
                                                         int32_t offset) {
  SmallVector<Attribute> stages(op.getStagesAttr().getValue());
  if (stages.empty())
    return std::nullopt;
  StageAttrInterface moved =
      cast<StageAttrInterface>(stages.front()).getWithValueOffset(offset);
  if (!moved)
    return std::nullopt;
  stages.front() = moved;
  return stages;
}

/// Index of the stage that reads stage operand `operand` alone.
static std::optional<size_t> getReader(StagedOpInterface op, unsigned operand) {
  for (auto [index, stage] : llvm::enumerate(op.getStageList())) {
    unsigned count = stage.getNumStageOperands();
    if (operand < count)
      return count == 1 ? std::optional(index) : std::nullopt;
    operand -= count;
  }
  return std::nullopt;
}

/// The stages for an operand that is larger by `offset`, and extended the other
/// way.
static std::optional<SmallVector<Attribute>>
offsetOperand(StagedOpInterface op, unsigned operand, int32_t offset) {
  std::optional<size_t> reader = getReader(op, operand);
  if (!reader)
    return std::nullopt;
  SmallVector<Attribute> stages(op.getStagesAttr().getValue());
  StageAttrInterface moved =
      cast<StageAttrInterface>(stages[*reader])
          .getWithOperandOffset(offset, /*isUnsigned=*/offset > 0);
  if (!moved)
    return std::nullopt;
  stages[*reader] = moved;
  return stages;
}

static void setStages(StagedOpInterface op, ArrayRef<Attribute> stages) {
  op.setStagesAttr(ArrayAttr::get(op.getContext(), stages));
}

/// Whether the results of an op are bytes of this sign, as its last stage says.
static bool storesSign(StagedOpInterface op, bool isUnsigned) {
  SmallVector<StageAttrInterface> stages = op.getStageList();
  std::optional<StageRange> range =
      stages.empty() ? std::nullopt : stages.back().getValueRange();
  int64_t low = isUnsigned ? 0 : -128;
  return range && range->min >= low && range->max <= low + 255;
}

//===----------------------------------------------------------------------===//
// What ops do with bytes
//===----------------------------------------------------------------------===//

/// Ops that hand bytes on as they are: input and result change together.
static bool passesOn(Operation *op) {
  if (auto pool = dyn_cast<Pool2DOp>(op))
    return pool.getKind() == PoolKind::Max && pool.getStages().empty();
  if (auto elementwise = dyn_cast<ElementwiseOp>(op))
    return elementwise.getStages().empty();
  return isa<ViewOp, StridedSliceOp, ConcatOp, TransposeOp>(op);
}

/// Whether the use is the destination that the op overwrites.
static bool isDestination(OpOperand &use) {
  auto op = dyn_cast<DestinationStyleOpInterface>(use.getOwner());
  return op && op.isDpsInit(&use);
}

namespace {
/// A use of a value, and the ways to look at it and to change it.
class Use {
public:
  Use(OpOperand &operand) : operand(operand), op(operand.getOwner()) {}

  /// The sign that the use takes the bytes for; nothing if it does not care.
  std::optional<bool> isUnsigned() const;
  /// Changes the use to stored values that are larger by `offset`; with
  /// `dryRun` it only says whether that is possible.
  bool addOffset(int32_t offset, bool dryRun);

private:
  std::optional<unsigned> getStageOperand() const;
  template <typename ConvOp>
  bool addInputOffset(ConvOp conv, int32_t offset, bool dryRun);
  void setInputUnsigned(bool isUnsigned) {
    if (isUnsigned)
      op->setAttr("input_unsigned", UnitAttr::get(op->getContext()));
    else
      op->removeAttr("input_unsigned");
  }

  OpOperand &operand;
  Operation *op;
};
} // namespace

/// Number of the stage operand that this is, if it is one.
std::optional<unsigned> Use::getStageOperand() const {
  auto staged = dyn_cast<StagedOpInterface>(op);
  if (!staged)
    return std::nullopt;
  OperandRange operands = staged.getStageOperands();
  if (operands.empty())
    return std::nullopt;
  unsigned first = operands.getBeginOperandIndex();
  unsigned index = operand.getOperandNumber();
  if (index < first || index >= first + operands.size())
    return std::nullopt;
  return index - first;
}

std::optional<bool> Use::isUnsigned() const {
  if (std::optional<unsigned> number = getStageOperand()) {
    auto staged = cast<StagedOpInterface>(op);
    std::optional<size_t> reader = getReader(staged, *number);
    if (!reader)
      return std::nullopt;
    return staged.getStageList()[*reader].isOperandUnsigned();
  }
  // A copy extends and truncates.
  if (isa<ElementwiseOp>(op) && passesOn(op))
    return std::nullopt;
  if (isa<Conv2DOp, DepthwiseConv2DOp, ElementwiseOp, Pool2DOp, MeanOp,
          ArgMaxOp, SoftmaxOp>(op))
    return op->hasAttr("input_unsigned");
  return std::nullopt;
}

template <typename ConvOp>
bool Use::addInputOffset(ConvOp conv, int32_t offset, bool dryRun) {
  std::optional<SmallVector<int32_t>> bias = getBiasWithOffset(conv, offset);
  if (!bias || dryRun)
    return bias.has_value();
  OpBuilder builder(conv);
  conv.getBiasMutable().assign(makeConstant<int32_t>(
      builder, conv.getBias().getLoc(), builder.getI32Type(), *bias));
  setInputUnsigned(offset > 0);
  return true;
}

bool Use::addOffset(int32_t offset, bool dryRun) {
  if (std::optional<unsigned> number = getStageOperand()) {
    auto staged = cast<StagedOpInterface>(op);
    auto stages = offsetOperand(staged, *number, offset);
    if (stages && !dryRun)
      setStages(staged, *stages);
    return stages.has_value();
  }
  if (operand.getOperandNumber() != 0 && !isa<ConcatOp>(op))
    return false;
  if (auto conv = dyn_cast<Conv2DOp>(op))
    return addInputOffset(conv, offset, dryRun);
  if (auto conv = dyn_cast<DepthwiseConv2DOp>(op))
    return addInputOffset(conv, offset, dryRun);
  if (passesOn(op) || isa<ArgMaxOp, SoftmaxOp>(op)) {
    if (!dryRun && isa<Pool2DOp, ArgMaxOp, SoftmaxOp>(op))
      setInputUnsigned(offset > 0);
    return true;
  }
  if (auto elementwise = dyn_cast<ElementwiseOp>(op)) {
    auto stages = offsetValue(elementwise, offset);
    if (stages && !dryRun) {
      setStages(elementwise, *stages);
      setInputUnsigned(offset > 0);
    }
    return stages.has_value();
  }
  if (auto mean = dyn_cast<MeanOp>(op)) {
    if (!dryRun) {
      int64_t count = mean.getInput().getType().getNumElements() /
                      mean.getInit().getType().getNumElements();
      mean.setInitial(mean.getInitial() - offset * count);
      setInputUnsigned(offset > 0);
    }
    return mean.getInit().getType().getNumElements() > 0;
  }
  return false;
}

//===----------------------------------------------------------------------===//
// Groups
//===----------------------------------------------------------------------===//

namespace {
/// Values that change together.
struct Group {
  SmallVector<Value> values;
  bool canChange = true;
  /// The sign that uses take the bytes for.
  std::optional<bool> isUnsigned;
  /// Products of convolutions that want unsigned bytes minus those of
  /// convolutions that want signed ones.
  int64_t wanted = 0;
  bool flips = false;

  /// What a change adds to the stored values.
  int32_t getOffset() const { return *isUnsigned ? -128 : 128; }
};

struct KernelChooseSignednessPass
    : kernel::impl::KernelChooseSignednessPassBase<KernelChooseSignednessPass> {
  using KernelChooseSignednessPassBase::KernelChooseSignednessPassBase;

  void runOnOperation() override;

private:
  void chooseSigns(func::FuncOp func);
  void findGroups(Block &block);
  void examine(Group &group, const cpu::TargetFacts &facts);
  void joinPads(Block &block);
  void rewrite(Group &group);
  void rewritePads(Block &block);
  Group *getGroup(Value value) {
    auto leader = classes.findLeader(value.getAsOpaquePointer());
    if (leader == classes.member_end())
      return nullptr;
    auto it = groups.find(*leader);
    return it == groups.end() ? nullptr : &it->second;
  }

  cpu::TargetFacts facts;
  llvm::EquivalenceClasses<void *> classes;
  llvm::MapVector<void *, Group> groups;
};
} // namespace

static bool isBytes(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.getElementType().isInteger(8);
}

/// Values of the block that hold bytes, joined where an op passes them on.
void KernelChooseSignednessPass::findGroups(Block &block) {
  classes = {};
  groups.clear();
  SmallVector<Value> values;
  for (Value argument : block.getArguments())
    if (isBytes(argument))
      values.push_back(argument);
  for (Operation &op : block)
    for (Value result : op.getResults())
      if (isBytes(result) && !isa<tensor::EmptyOp>(op))
        values.push_back(result);
  for (Value value : values)
    classes.insert(value.getAsOpaquePointer());
  for (Operation &op : block) {
    if (!passesOn(&op) || op.getNumResults() != 1 || !isBytes(op.getResult(0)))
      continue;
    for (OpOperand &use : op.getOpOperands())
      if (!isDestination(use) && isBytes(use.get()))
        classes.unionSets(use.get().getAsOpaquePointer(),
                          op.getResult(0).getAsOpaquePointer());
  }
  for (Value value : values)
    groups[*classes.findLeader(value.getAsOpaquePointer())].values.push_back(
        value);
}

static int64_t countProducts(Operation *op, ShapedType filter) {
  auto output = cast<ShapedType>(op->getResult(0).getType());
  int64_t channels = std::max<int64_t>(output.getShape().back(), 1);
  return output.getNumElements() * (filter.getNumElements() / channels);
}

/// Finds out whether the group can change, and who wants it.
void KernelChooseSignednessPass::examine(Group &group,
                                         const cpu::TargetFacts &facts) {
  auto want = [&](std::optional<bool> isUnsigned, int64_t products) {
    if (isUnsigned)
      group.wanted += *isUnsigned ? products : -products;
  };
  for (Value value : group.values)
    for (OpOperand &use : value.getUses()) {
      if (isDestination(use))
        continue;
      std::optional<bool> isUnsigned = Use(use).isUnsigned();
      if (isUnsigned && group.isUnsigned.value_or(*isUnsigned) != *isUnsigned)
        group.canChange = false;
      if (isUnsigned)
        group.isUnsigned = isUnsigned;
      if (use.getOperandNumber() != 0)
        continue;
      if (auto conv = dyn_cast<Conv2DOp>(use.getOwner()))
        want(wantsUnsignedInput(conv, facts,
                                {/*interleave=*/true,
                                 /*byteSums=*/!shareWeights}),
             countProducts(conv, conv.getFilter().getType()));
      else if (auto conv = dyn_cast<DepthwiseConv2DOp>(use.getOwner()))
        want(wantsUnsignedInput(conv, facts),
             countProducts(conv, conv.getFilter().getType()));
    }
}

/// Whether every maker and user of the group's values can change.
static bool canRewrite(const Group &group) {
  if (!group.canChange || !group.isUnsigned)
    return false;
  int32_t offset = group.getOffset();
  for (Value value : group.values) {
    Operation *op = value.getDefiningOp();
    if (!op)
      return false;
    if (!isa<PadOp>(op) && !passesOn(op)) {
      auto staged = dyn_cast<StagedOpInterface>(op);
      if (!staged || !storesSign(staged, *group.isUnsigned) ||
          !offsetResult(staged, offset))
        return false;
    }
    for (OpOperand &use : value.getUses())
      if (!isDestination(use) && !isa<PadOp>(use.getOwner()) &&
          !Use(use).addOffset(offset, /*dryRun=*/true))
        return false;
  }
  return true;
}

/// A pad whose two sides can both change keeps them together, so that it only
/// moves bytes.
void KernelChooseSignednessPass::joinPads(Block &block) {
  for (auto pad : block.getOps<PadOp>()) {
    if (!isBytes(pad.getInput()))
      continue;
    Group *from = getGroup(pad.getInput());
    Group *to = getGroup(pad->getResult(0));
    if (!from || !to || from == to)
      continue;
    // A side that nobody looks at has the sign of the other.
    if (!from->isUnsigned)
      from->isUnsigned = to->isUnsigned;
    if (!to->isUnsigned)
      to->isUnsigned = from->isUnsigned;
    if (!canRewrite(*from) || !canRewrite(*to) ||
        *from->isUnsigned != *to->isUnsigned)
      continue;
    Group joined = *from;
    joined.values.append(to->values);
    joined.wanted += to->wanted;
    void *a = *classes.findLeader(pad.getInput().getAsOpaquePointer());
    void *b = *classes.findLeader(pad->getResult(0).getAsOpaquePointer());
    classes.unionSets(a, b);
    void *leader = *classes.findLeader(a);
    groups[leader == a ? b : a] = Group();
    groups[leader] = std::move(joined);
  }
}

void KernelChooseSignednessPass::rewrite(Group &group) {
  int32_t offset = group.getOffset();
  for (Value value : group.values) {
    Operation *op = value.getDefiningOp();
    if (!isa<PadOp>(op) && !passesOn(op)) {
      auto staged = cast<StagedOpInterface>(op);
      setStages(staged, *offsetResult(staged, offset));
    }
    // A use that changes an operand of its op keeps the others.
    for (OpOperand &use : llvm::make_early_inc_range(value.getUses()))
      if (!isDestination(use) && !isa<PadOp>(use.getOwner()))
        Use(use).addOffset(offset, /*dryRun=*/false);
    recordStatistic(*this, "num-flipped", 1);
  }
}

void KernelChooseSignednessPass::rewritePads(Block &block) {
  for (auto pad : block.getOps<PadOp>()) {
    if (!isBytes(pad.getInput()))
      continue;
    Group *from = getGroup(pad.getInput());
    Group *to = getGroup(pad->getResult(0));
    bool flipsFrom = from && from->flips, flipsTo = to && to->flips;
    if (flipsTo) {
      auto value = cast<IntegerAttr>(pad.getValue());
      pad.setValueAttr(IntegerAttr::get(
          value.getType(), value.getValue() ^ APInt::getSignMask(8)));
    }
    if (flipsFrom != flipsTo) {
      pad.setFlip(!pad.getFlip());
      recordStatistic(*this, "num-pads", 1);
    }
  }
}

void KernelChooseSignednessPass::chooseSigns(func::FuncOp func) {
  Block &block = func.getBody().front();
  findGroups(block);
  for (auto &[leader, group] : groups)
    examine(group, facts);
  joinPads(block);
  for (auto &[leader, group] : groups) {
    if (!group.isUnsigned || group.wanted == 0 ||
        (group.wanted > 0) == *group.isUnsigned)
      continue;
    if (!canRewrite(group)) {
      recordStatistic(*this, "num-kept", group.values.size());
      continue;
    }
    group.flips = true;
    rewrite(group);
  }
  rewritePads(block);
}

void KernelChooseSignednessPass::runOnOperation() {
  FailureOr<cpu::TargetFacts> found = getModuleTargetFacts(getOperation());
  if (failed(found))
    return signalPassFailure();
  facts = *found;
  for (auto func : getOperation().getOps<func::FuncOp>())
    if (!func.isExternal() && func.getBody().hasOneBlock())
      chooseSigns(func);
}
