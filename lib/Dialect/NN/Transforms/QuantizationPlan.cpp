// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See QuantizationPlan.h.

#include "QuantizationPlan.h"

#include "AttributeNames.h"

#include "qopt/Dialect/NN/IR/TensorNames.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;
using quantization::ActivationMode;
using quantization::Granularity;

const LayerPlan *QuantizationPlan::lookup(Operation *op) const {
  auto found = layers.find(op);
  return found == layers.end() ? nullptr : &found->second;
}

/// True if the values of a linear op's weights and bias are known.
static bool hasKnownWeights(LinearOpInterface op) {
  auto isFloatConstant = [](Value value) {
    auto constant = value.getDefiningOp<ConstantOp>();
    return constant && getElementTypeOrSelf(value.getType()).isF32();
  };
  Value bias = op.getBiasValue();
  return isFloatConstant(op.getWeightOperand().get()) &&
         (!bias || isFloatConstant(bias));
}

static LogicalResult report(Operation *op, llvm::Error error) {
  return op->emitOpError("cannot be quantized: ")
         << llvm::toString(std::move(error));
}

/// Lets a layer quantize its input at run time, if the op can.
static LogicalResult makeDynamic(Operation *op, LayerPlan &plan) {
  if (!llvm::is_contained(op->getName().getAttributeNames(), "dynamic_input"))
    return success();
  const quantization::TensorForm &form = *plan.weights;
  if (!form.isSigned || !form.symmetric || form.bits > 8)
    return op->emitOpError("cannot be quantized: a dynamic input needs signed, "
                           "symmetric weights of 8 bits or fewer, the profile "
                           "has ")
           << (form.isSigned ? "signed" : "unsigned") << ", "
           << (form.symmetric ? "symmetric" : "asymmetric") << " ones of "
           << form.bits;
  if (plan.granularity == Granularity::SubChannel)
    return op->emitOpError("cannot be quantized: a dynamic input needs weights "
                           "per tensor or per channel, found sub-channel");
  plan.isDynamic = true;
  return success();
}

LogicalResult QuantizationPlan::addLayer(QuantizableOpInterface op,
                                         StringRef name,
                                         const QuantizationRequest &request) {
  StringRef kind = op.getQuantizationKind();
  quantization::LayerChoice choice = request.recipe.choose(name);
  auto linear = dyn_cast<LinearOpInterface>(op.getOperation());
  bool weightsOnly = request.scheme.mode != ActivationMode::Static;
  unsigned activationBits =
      choice.activationBits.value_or(request.scheme.activationBits);
  bool sumsStayFloat =
      request.profile.sums == quantization::SumPlacement::Before ||
      request.profile.sums == quantization::SumPlacement::LinearInputs;
  // Between integer layers it would look like an op to convert.
  if (choice.keepFloat.value_or(false) || request.profile.keepsFloat(kind)) {
    op->setAttr(floatAttrName, UnitAttr::get(op->getContext()));
    return success();
  }
  if (op.getActivationOperands().empty() ||
      (sumsStayFloat && isa<AddOp, SubOp>(op.getOperation())) ||
      (linear && !hasKnownWeights(linear)) ||
      (weightsOnly ? !linear : !op.hasQuantizedForm(activationBits)))
    return success();

  LayerPlan plan;
  if (linear) {
    auto weights = request.profile.getWeightForm(
        kind, choice.weightBits.value_or(request.scheme.weightBits));
    if (!weights)
      return report(op, weights.takeError());
    plan.weights = *weights;
    plan.groupSize = choice.groupSize.value_or(request.groupSize);
    plan.keepWeights = request.keepWeights;
    plan.weightEstimator =
        choice.weightEstimator.value_or(request.weightEstimator);
    ArrayRef<Granularity> allowed = plan.weights->granularities;
    std::optional<Granularity> asked =
        choice.granularity ? choice.granularity : request.granularity;
    plan.granularity = asked.value_or(allowed.front());
    if (!llvm::is_contained(allowed, plan.granularity)) {
      InFlightDiagnostic error =
          op->emitOpError("cannot be quantized: profile '")
          << request.profile.name << "' has no "
          << quantization::getName(plan.granularity) << " weights for '" << kind
          << "', expected ";
      llvm::interleaveComma(allowed, error, [&](Granularity granularity) {
        error << quantization::getName(granularity);
      });
      return error;
    }
  }
  if (request.scheme.mode == ActivationMode::Dynamic &&
      failed(makeDynamic(op, plan)))
    return failure();
  if (!weightsOnly) {
    auto activations = request.profile.getActivationForm(kind, activationBits);
    if (!activations)
      return report(op, activations.takeError());
    plan.activations = *activations;
    plan.rounding =
        request.profile.getRounding(kind, linear != nullptr, *plan.activations);
    // Tables and moves of stored values know nothing of it.
    if (plan.rounding == "float" &&
        !llvm::is_contained(op->getName().getAttributeNames(), "rounding"))
      plan.rounding = "double";
  }
  layers[op] = plan;
  return success();
}

/// An op that only moves values is not worth a quantization of its own: it
/// stays float between float ops.
void QuantizationPlan::demoteIslands() {
  auto isIsland = [&](Operation *op) {
    auto mover = dyn_cast<SameParametersOpInterface>(op);
    if (!mover)
      return false;
    bool isFed = false, mayBeFed = false;
    for (OpOperand *operand : mover.getSharedOperands()) {
      Operation *producer = operand->get().getDefiningOp();
      isFed |= producer && lookup(producer);
      mayBeFed |= !producer;
    }
    bool isRead = llvm::any_of(op->getUsers(), [&](Operation *user) {
      return lookup(user) != nullptr;
    });
    return !isFed && !(mayBeFed && isRead);
  };
  bool changed;
  do {
    changed = false;
    for (Operation *op : llvm::to_vector(llvm::make_first_range(layers)))
      if (isIsland(op)) {
        layers.erase(op);
        changed = true;
      }
  } while (changed);
}

/// True if the value can be kept in the accumulator of the layer that makes it
/// until it is added to `other`.
static bool canSumWide(Value value, Value other, const LayerPlan *producer,
                       AddOp sum) {
  auto linear = value.getDefiningOp<LinearOpInterface>();
  if (!linear || !producer || !producer->activations || !value.hasOneUse() ||
      producer->activations->bits != 8 || value == other ||
      value.getType() != sum.getType() || other.getType() != sum.getType())
    return false;
  auto fusable = dyn_cast<ActivationFusableOpInterface>(linear.getOperation());
  return !fusable || fusable.getFusedInterval().isUnbounded();
}

/// Of two operands that qualify the one that is computed last is kept: the
/// other has to wait in memory anyway.
void QuantizationPlan::sumWide() {
  for (Operation *op : llvm::to_vector(llvm::make_first_range(layers))) {
    auto sum = dyn_cast<AddOp>(op);
    const LayerPlan *plan = lookup(op);
    if (!sum || !plan->activations || plan->activations->bits != 8)
      continue;
    Operation *chosen = nullptr;
    for (auto [value, other] : {std::pair(sum.getLhs(), sum.getRhs()),
                                std::pair(sum.getRhs(), sum.getLhs())}) {
      Operation *producer = value.getDefiningOp();
      if (producer && canSumWide(value, other, lookup(producer), sum) &&
          (!chosen || chosen->isBeforeInBlock(producer)))
        chosen = producer;
    }
    if (chosen)
      layers[chosen].isSummedWide = true;
  }
}

FailureOr<QuantizationPlan>
QuantizationPlan::create(func::FuncOp func,
                         const QuantizationRequest &request) {
  QuantizationPlan plan;
  llvm::DenseMap<Operation *, std::string> names;
  for (const NamedTensor &tensor : collectTensorNames(func))
    if (Operation *op = tensor.value.getDefiningOp())
      names.try_emplace(op, tensor.name);

  // A pattern that matches nothing is a typing error more often than not.
  unsigned number = 0;
  for (const quantization::RecipeRule &rule : request.recipe.rules) {
    ++number;
    if (llvm::none_of(names, [&](auto &entry) {
          return isa<QuantizableOpInterface>(entry.first) &&
                 rule.matches(entry.second);
        }))
      return emitError(func.getLoc(), "rule ")
             << number << " of the recipe, for layers '" << rule.layers
             << "', matches no layer; layers are named by the tensor that they "
                "make";
  }

  WalkResult result = func.walk([&](QuantizableOpInterface op) {
    return WalkResult(plan.addLayer(op, names[op], request));
  });
  if (result.wasInterrupted())
    return failure();
  plan.demoteIslands();
  if (request.profile.sums == quantization::SumPlacement::After)
    plan.sumWide();
  return plan;
}
