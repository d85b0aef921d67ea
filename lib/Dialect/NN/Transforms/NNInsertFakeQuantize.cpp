// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Three steps. The plan says which layers change (QuantizationPlan.h). Then
// every tensor that a planned layer reads or makes gets a form and becomes a
// member of a group with one set of parameters; ops that only move values put
// their operands and their result into one group. A group's range is the hull
// of the ranges of the tensors that are not moved there from other members.
// Last, each tensor gets its pair of casts, each layer its integer weights.
//
// Placement and parameters follow Jacob et al. 2018 (arXiv 1712.05877,
// section 3) and Krishnamoorthi 2018 (arXiv 1806.08342).

#include "AttributeNames.h"
#include "QuantizationPlan.h"
#include "QuantizeWeights.h"

#include "qopt/Dialect/NN/IR/TensorNames.h"
#include "qopt/Dialect/NN/Transforms/Passes.h"
#include "qopt/Numerics/QuantizationParameters.h"
#include "qopt/Support/PassStatistics.h"

#include "mlir/IR/PatternMatch.h"

namespace qopt::nn {
#define GEN_PASS_DEF_NNINSERTFAKEQUANTIZEPASS
#include "qopt/Dialect/NN/Transforms/Passes.h.inc"
} // namespace qopt::nn

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;
using numerics::QuantizationParameters;
using numerics::StorageRange;
using quantization::TensorForm;

namespace {

/// One form on one set of stored values.
bool haveOneForm(const TensorForm &a, const TensorForm &b) {
  return a.bits == b.bits && a.isSigned == b.isSigned &&
         a.symmetric == b.symmetric && a.narrow == b.narrow &&
         a.powerOfTwo == b.powerOfTwo;
}

/// What is known of the members of a group together.
struct Group {
  std::optional<ScaleAndZeroPoint> fixed;
  std::optional<RealInterval> hull;
  quant::UniformQuantizedType type;
};

class FakeQuantizer {
public:
  FakeQuantizer(func::FuncOp func, const QuantizationPlan &plan)
      : func(func), plan(plan), rewriter(func.getContext()) {}

  LogicalResult run();

  uint64_t numPairs = 0, numLayers = 0, numLifted = 0, numLiftedLayers = 0;

private:
  void addTensor(Value value, const TensorForm *form);
  void collectTensors();
  void groupTensors();
  bool join(Value operand, Value result);
  LogicalResult findRanges();
  LogicalResult chooseTypes();
  LogicalResult checkRange(Value value, Group &group);

  Group &groupOf(Value value) {
    return groups[leaders.getLeaderValue(id(value))];
  }
  unsigned id(Value value) const { return tensors.find(value)->second.id; }
  quant::UniformQuantizedType typeOf(Value value) {
    return groupOf(value).type;
  }

  quant::RoundingModeAttr getCastRounding(Value value);
  Value createPair(Value value, quant::UniformQuantizedType type);
  FailureOr<quant::UniformQuantizedType> getWantedType(Value value,
                                                       OpOperand &use);
  LogicalResult insertPairs();
  LogicalResult rewriteLayer(Operation *op, const LayerPlan &layer);

  struct Tensor {
    unsigned id;
    const TensorForm *form;
  };

  func::FuncOp func;
  const QuantizationPlan &plan;
  IRRewriter rewriter;
  llvm::MapVector<Value, Tensor> tensors;
  llvm::EquivalenceClasses<unsigned> leaders;
  llvm::DenseMap<unsigned, Group> groups;
};

} // namespace

//===----------------------------------------------------------------------===//
// Tensors and groups
//===----------------------------------------------------------------------===//

void FakeQuantizer::addTensor(Value value, const TensorForm *form) {
  if (Operation *op = value.getDefiningOp())
    if (const LayerPlan *layer = plan.lookup(op); layer && layer->isSummedWide)
      return;
  auto [entry, isNew] =
      tensors.insert({value, Tensor{unsigned(tensors.size()), form}});
  if (isNew)
    leaders.insert(entry->second.id);
}

/// The producer decides about a tensor's form; where it is no planned layer,
/// the first reader.
void FakeQuantizer::collectTensors() {
  for (auto &[op, layer] : plan.getLayers()) {
    if (!layer.activations)
      continue;
    for (OpOperand *operand :
         cast<QuantizableOpInterface>(op).getActivationOperands())
      addTensor(operand->get(), layer.activations);
    for (Value result : op->getResults())
      if (isa<FloatType>(getElementTypeOrSelf(result.getType())))
        addTensor(result, layer.activations);
  }
}

/// Puts two tensors into one group unless their parameters must differ.
bool FakeQuantizer::join(Value operand, Value result) {
  if (!haveOneForm(*tensors.find(operand)->second.form,
                   *tensors.find(result)->second.form))
    return false;
  Group a = groupOf(operand), b = groupOf(result);
  if (a.fixed && b.fixed &&
      (a.fixed->scale != b.fixed->scale ||
       a.fixed->zeroPoint != b.fixed->zeroPoint))
    return false;
  leaders.unionSets(id(operand), id(result));
  groupOf(operand).fixed = a.fixed ? a.fixed : b.fixed;
  return true;
}

void FakeQuantizer::groupTensors() {
  for (auto &[op, layer] : plan.getLayers())
    if (auto fixed = dyn_cast<FixedOutputParametersOpInterface>(op);
        fixed && layer.activations)
      groupOf(op->getResult(0)).fixed = fixed.getFixedOutputParameters(
          layer.activations->bits, layer.activations->isSigned);
  // Ops with one operand first: whether a tensor's parameters are fixed has to
  // be known where several meet.
  for (bool isSingle : {true, false})
    for (auto &[op, layer] : plan.getLayers()) {
      auto mover = dyn_cast<SameParametersOpInterface>(op);
      if (!mover || !layer.activations)
        continue;
      auto shared = mover.getSharedOperands();
      if ((shared.size() == 1) != isSingle)
        continue;
      for (OpOperand *operand : shared) {
        // Several tensors do not all have to take one's fixed parameters: that
        // one is requantized instead.
        if (!isSingle && groupOf(operand->get()).fixed)
          continue;
        join(operand->get(), op->getResult(0));
      }
    }
}

//===----------------------------------------------------------------------===//
// Ranges and types
//===----------------------------------------------------------------------===//

/// The observed range of a tensor, or that of its values where it is constant.
static std::optional<RealInterval> getRange(Value value) {
  quant::RangeAttr range;
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    auto func = cast<func::FuncOp>(argument.getOwner()->getParentOp());
    range = func.getArgAttrOfType<quant::RangeAttr>(argument.getArgNumber(),
                                                    rangeAttrName);
  } else {
    range =
        value.getDefiningOp()->getAttrOfType<quant::RangeAttr>(rangeAttrName);
  }
  if (range)
    return RealInterval{range.getMin(), range.getMax()};
  auto constant = value.getDefiningOp<ConstantOp>();
  if (!constant)
    return std::nullopt;
  RealInterval interval{0, 0};
  if (auto values = constant.getValue().tryGetValues<float>())
    for (float x : *values) {
      interval.low = std::min<double>(interval.low, x);
      interval.high = std::max<double>(interval.high, x);
    }
  return interval;
}

static std::string describe(Value value) {
  StringRef name = getTensorName(value);
  if (!name.empty())
    return ("'" + name + "'").str();
  if (auto argument = dyn_cast<BlockArgument>(value))
    return "argument " + std::to_string(argument.getArgNumber());
  return ("result of " + value.getDefiningOp()->getName().getStringRef()).str();
}

/// Adds a tensor's own range to its group's, unless the values come from
/// another member.
LogicalResult FakeQuantizer::checkRange(Value value, Group &group) {
  if (group.fixed)
    return success();
  if (Operation *op = value.getDefiningOp())
    if (auto mover = dyn_cast<SameParametersOpInterface>(op);
        mover && plan.lookup(op) &&
        llvm::all_of(mover.getSharedOperands(), [&](OpOperand *operand) {
          return leaders.isEquivalent(id(operand->get()), id(value));
        }))
      return success();
  std::optional<RealInterval> range = getRange(value);
  if (!range)
    return emitError(value.getLoc(), "tensor ")
           << describe(value)
           << " is to be quantized but has no range; calibrate the model, or "
              "attach statistics that hold it";
  if (group.hull)
    range = RealInterval{std::min(range->low, group.hull->low),
                         std::max(range->high, group.hull->high)};
  group.hull = range;
  return success();
}

LogicalResult FakeQuantizer::findRanges() {
  bool ok = true;
  for (auto &entry : tensors)
    ok &= succeeded(checkRange(entry.first, groupOf(entry.first)));
  return success(ok);
}

/// The type of a range in a form. Model files hold scales as float32.
static FailureOr<quant::UniformQuantizedType>
makeType(Value value, RealInterval range, const TensorForm &form) {
  StorageRange storage =
      StorageRange::ofBits(form.bits, form.isSigned, form.narrow);
  auto found = numerics::parametersFromRange(range.low, range.high, storage,
                                             form.symmetric, form.powerOfTwo);
  if (!found)
    return emitError(value.getLoc(), "tensor ")
           << describe(value) << " cannot be quantized: " << found.reason();
  MLIRContext *context = value.getContext();
  return quant::UniformQuantizedType::get(
      form.isSigned ? quant::QuantizationFlags::Signed : 0,
      IntegerType::get(context, form.bits), Float32Type::get(context),
      static_cast<float>(found->scale), found->zeroPoint, storage.min,
      storage.max);
}

/// The reals that fixed parameters can express.
static RealInterval getExpressibleRange(ScaleAndZeroPoint fixed,
                                        const TensorForm &form) {
  StorageRange storage = StorageRange::ofBits(form.bits, form.isSigned);
  return {fixed.scale * (storage.min - fixed.zeroPoint),
          fixed.scale * (storage.max - fixed.zeroPoint)};
}

LogicalResult FakeQuantizer::chooseTypes() {
  for (auto &[value, tensor] : tensors) {
    Group &group = groupOf(value);
    if (group.type)
      continue;
    const TensorForm &form = *tensor.form;
    if (group.fixed) {
      StorageRange storage = StorageRange::ofBits(form.bits, form.isSigned);
      group.hull = getExpressibleRange(*group.fixed, form);
      group.type = quant::UniformQuantizedType::get(
          form.isSigned ? quant::QuantizationFlags::Signed : 0,
          rewriter.getIntegerType(form.bits), rewriter.getF32Type(),
          group.fixed->scale, group.fixed->zeroPoint, storage.min, storage.max);
      continue;
    }
    auto type = makeType(value, *group.hull, form);
    if (failed(type))
      return failure();
    group.type = *type;
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Rewriting
//===----------------------------------------------------------------------===//

/// Ties go where they go in the layer that makes the tensor; a graph's input
/// is quantized as its readers round.
quant::RoundingModeAttr FakeQuantizer::getCastRounding(Value value) {
  StringRef rounding;
  if (auto found = tensors.find(value); found != tensors.end()) {
    const LayerPlan *layer =
        value.getDefiningOp() ? plan.lookup(value.getDefiningOp()) : nullptr;
    rounding = layer ? StringRef(layer->rounding)
                     : StringRef(found->second.form->rounding);
  }
  if (rounding != "float")
    return {};
  return quant::RoundingModeAttr::get(rewriter.getContext(),
                                      quant::RoundingMode::Float);
}

/// A value after quantization and back; of a constant its integers.
Value FakeQuantizer::createPair(Value value, quant::UniformQuantizedType type) {
  ++numPairs;
  auto real = cast<RankedTensorType>(value.getType());
  RankedTensorType quantized = real.clone(type);
  Value stored;
  if (auto constant = value.getDefiningOp<ConstantOp>()) {
    QuantizationParameters parameters{type.getScale(), type.getZeroPoint()};
    StorageRange range{type.getStorageTypeMin(), type.getStorageTypeMax()};
    SmallVector<llvm::APInt> integers;
    for (float x : constant.getValue().getValues<float>())
      integers.push_back(llvm::APInt(
          type.getStorageTypeIntegralWidth(),
          static_cast<uint64_t>(numerics::quantizeValue(x, parameters, range)),
          /*isSigned=*/false, /*implicitTrunc=*/true));
    stored = ConstantOp::create(
        rewriter, value.getLoc(), quantized,
        DenseIntElementsAttr::get(real.clone(type.getStorageType()), integers));
  } else {
    stored = quant::QuantizeCastOp::create(rewriter, value.getLoc(), quantized,
                                           value, getCastRounding(value));
  }
  return quant::DequantizeCastOp::create(rewriter, value.getLoc(), real,
                                         stored);
}

/// The type in which a reader wants a tensor: the tensor's own, unless the
/// reader has another form or moves the values into another group.
FailureOr<quant::UniformQuantizedType>
FakeQuantizer::getWantedType(Value value, OpOperand &use) {
  Operation *user = use.getOwner();
  const LayerPlan *layer = plan.lookup(user);
  if (!layer || !layer->activations)
    return typeOf(value);
  auto mover = dyn_cast<SameParametersOpInterface>(user);
  if (mover && llvm::is_contained(mover.getSharedOperands(), &use))
    return typeOf(user->getResult(0));
  if (haveOneForm(*layer->activations, *tensors.find(value)->second.form))
    return typeOf(value);
  return makeType(value, *groupOf(value).hull, *layer->activations);
}

LogicalResult FakeQuantizer::insertPairs() {
  for (auto &[value, tensor] : tensors) {
    quant::UniformQuantizedType type = typeOf(value);
    rewriter.setInsertionPointAfterValue(value);
    // Whatever reads a layer's result can only have it quantized; what reads
    // another tensor may be float.
    bool isLayer = value.getDefiningOp() && plan.lookup(value.getDefiningOp());
    SmallVector<OpOperand *> uses;
    for (OpOperand &use : value.getUses()) {
      Operation *user = use.getOwner();
      const LayerPlan *layer = plan.lookup(user);
      if (isLayer ||
          (layer && layer->activations &&
           llvm::is_contained(
               cast<QuantizableOpInterface>(user).getActivationOperands(),
               &use)))
        uses.push_back(&use);
    }
    Value pair = createPair(value, type);
    llvm::DenseMap<Type, Value> others;
    for (OpOperand *use : uses) {
      Operation *user = use->getOwner();
      Value replacement = pair;
      auto wanted = getWantedType(value, *use);
      if (failed(wanted))
        return failure();
      if (*wanted != type) {
        Value &other = others[*wanted];
        if (!other)
          other = createPair(pair, *wanted);
        replacement = other;
      }
      rewriter.modifyOpInPlace(user, [&] { use->set(replacement); });
    }
  }
  return success();
}

LogicalResult FakeQuantizer::rewriteLayer(Operation *op,
                                          const LayerPlan &layer) {
  ++numLayers;
  if (layer.activations) {
    auto mode = quant::symbolizeRoundingMode(layer.rounding);
    if (!mode)
      return op->emitOpError(
                 "cannot be quantized: no rounding mode is called '")
             << layer.rounding << "'";
    cast<QuantizableOpInterface>(op).setQuantizationRounding(
        quant::RoundingModeAttr::get(op->getContext(), *mode));
  }
  if (layer.isDynamic)
    op->setAttr(dynamicAttrName, rewriter.getUnitAttr());
  auto linear = dyn_cast<LinearOpInterface>(op);
  if (!linear)
    return success();
  std::optional<LayerScales> scales;
  if (layer.activations) {
    auto input = cast<quant::UniformQuantizedType>(
        linear.getInputOperand()
            .get()
            .getDefiningOp<quant::DequantizeCastOp>()
            .getQuantizedType());
    double steps = std::max(input.getStorageTypeMax() - input.getZeroPoint(),
                            input.getZeroPoint() - input.getStorageTypeMin());
    // A wide result is rounded where it has been added.
    Value result = layer.isSummedWide ? (*op->user_begin())->getResult(0)
                                      : op->getResult(0);
    scales = {input.getScale(), typeOf(result).getScale(),
              steps * input.getScale()};
  }
  auto findings = quantizeWeights(rewriter, linear, layer, scales);
  if (failed(findings))
    return failure();
  numLifted += findings->numLifted;
  numLiftedLayers += findings->numLifted != 0;
  if (findings->greatestLoss >= 0.5)
    emitWarning(op->getLoc())
        << describe(op->getResult(0)) << " has " << findings->numLifted
        << " channels whose weights are small against their bias: their scale "
           "was raised so that the bias fits 32 bits, and the result may be "
           "off by "
        << findings->greatestLoss << " of its steps";
  return success();
}

LogicalResult FakeQuantizer::run() {
  collectTensors();
  groupTensors();
  if (failed(findRanges()) || failed(chooseTypes()) || failed(insertPairs()))
    return failure();
  for (auto &[op, layer] : plan.getLayers())
    if (failed(rewriteLayer(op, layer)))
      return failure();
  if (numLifted)
    emitRemark(func.getLoc())
        << numLifted << " channels in " << numLiftedLayers
        << " layers have weights of next to nothing; their scales were raised "
           "until bias and multiplier fit 32 bits";
  return success();
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

namespace {
struct NNInsertFakeQuantize
    : nn::impl::NNInsertFakeQuantizePassBase<NNInsertFakeQuantize> {
  using NNInsertFakeQuantizePassBase::NNInsertFakeQuantizePassBase;

  /// Reads the options.
  llvm::Expected<QuantizationRequest> getRequest() const {
    QuantizationRequest request;
    auto loaded = quantization::loadProfile(profile);
    if (!loaded)
      return loaded.takeError();
    request.profile = std::move(*loaded);
    auto parsed = quantization::parseScheme(scheme);
    if (!parsed)
      return parsed.takeError();
    request.scheme = *parsed;
    request.scheme.mode = request.profile.getActivationMode(request.scheme);
    if (!recipe.empty()) {
      auto rules = quantization::loadRecipe(recipe);
      if (!rules)
        return rules.takeError();
      request.recipe = std::move(*rules);
    }
    if (!granularity.empty()) {
      auto chosen = quantization::parseGranularity(granularity);
      if (!chosen)
        return chosen.takeError();
      request.granularity = *chosen;
    }
    if (weightEstimator != "minmax" && weightEstimator != "mse")
      return llvm::createStringError("'" + weightEstimator +
                                     "' is not an estimator of weight ranges, "
                                     "expected minmax or mse");
    request.weightEstimator = weightEstimator;
    request.keepWeights = keepWeights;
    if (groupSize < 1)
      return llvm::createStringError("group-size is " +
                                     llvm::Twine(groupSize.getValue()) +
                                     ", expected 1 or more");
    request.groupSize = groupSize;
    return std::move(request);
  }

  void runOnOperation() override {
    auto request = getRequest();
    if (!request) {
      emitError(getOperation().getLoc(), llvm::toString(request.takeError()));
      return signalPassFailure();
    }
    for (auto func : getOperation().getOps<func::FuncOp>()) {
      if (func.isExternal())
        continue;
      auto plan = QuantizationPlan::create(func, *request);
      if (failed(plan))
        return signalPassFailure();
      FakeQuantizer quantizer(func, *plan);
      if (failed(quantizer.run()))
        return signalPassFailure();
      recordStatistic(*this, "num-pairs", quantizer.numPairs);
      recordStatistic(*this, "num-layers", quantizer.numLayers);
      recordStatistic(*this, "num-lifted", quantizer.numLifted);
    }
  }
};
} // namespace
