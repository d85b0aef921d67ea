// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A float op between casts and its integer form mean the same up to rounding,
// and the integer form is what the simulation simulates:
//
//   qcast(op(dcast(x), dcast(w)))  ->  op(x, w)
//
// A sum with the unrounded result of a linear op is added up in the
// accumulator:
//
//   qcast(add(conv(dcast...), dcast(r)))
//     -> residual_add(requantize(conv accumulator), r)
//
// Casts that remain between float and integer ops stay where they are.

#include "Accumulator.h"
#include "AttributeNames.h"

#include "qopt/Dialect/NN/IR/NN.h"
#include "qopt/Dialect/NN/IR/StoredValues.h"
#include "qopt/Dialect/NN/Transforms/Passes.h"
#include "qopt/Support/PassStatistics.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/PatternMatch.h"

#include <cmath>

namespace qopt::nn {
#define GEN_PASS_DEF_NNCONVERTFAKEQUANTIZEDPASS
#include "qopt/Dialect/NN/Transforms/Passes.h.inc"
} // namespace qopt::nn

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;

static bool isFloat(Value value) {
  return isa<FloatType>(getElementTypeOrSelf(value.getType()));
}

/// The only use of a value, if it is a quantization of it.
static quant::QuantizeCastOp getOnlyCast(Value value) {
  if (!value.hasOneUse())
    return {};
  return dyn_cast<quant::QuantizeCastOp>(*value.user_begin());
}

/// True if every float operand is the real value of stored integers, every
/// float result is quantized and not used otherwise, and the op has a form for
/// activations of those widths.
static bool canConvert(QuantizableOpInterface op) {
  if (op->hasAttr(floatAttrName))
    return false;
  auto hasForm = [&](quant::QuantizedType type) {
    return op.hasQuantizedForm(type.getStorageTypeIntegralWidth());
  };
  for (OpOperand *operand : op.getActivationOperands())
    if (auto cast = operand->get().getDefiningOp<quant::DequantizeCastOp>();
        cast && !hasForm(cast.getQuantizedType()))
      return false;
  bool anyFloat = false;
  for (Value operand : op->getOperands()) {
    if (!isFloat(operand))
      continue;
    anyFloat = true;
    if (!operand.getDefiningOp<quant::DequantizeCastOp>())
      return false;
  }
  for (Value result : op->getResults()) {
    if (!isFloat(result))
      continue;
    quant::QuantizeCastOp cast = getOnlyCast(result);
    if (!cast || !hasForm(cast.getQuantizedType()))
      return false;
  }
  return anyFloat;
}

/// A 64-bit accumulator takes a bias of plain 64-bit integers.
static Value widenBias(RewriterBase &rewriter, Value bias) {
  std::optional<StoredValues> values = StoredValues::get(bias);
  if (!values)
    return bias;
  auto type =
      cast<RankedTensorType>(bias.getType()).clone(rewriter.getIntegerType(64));
  SmallVector<int64_t> wide;
  for (int64_t i = 0, e = values->size(); i != e; ++i)
    wide.push_back((*values)[i]);
  return ConstantOp::create(rewriter, bias.getLoc(), type,
                            DenseIntElementsAttr::get(type, wide));
}

/// True if every float operand is the real value of stored integers.
static bool hasStoredOperands(Operation *op) {
  return llvm::all_of(op->getOperands(), [](Value operand) {
    return !isFloat(operand) ||
           operand.getDefiningOp<quant::DequantizeCastOp>();
  });
}

/// Bits of the wide sum.
static constexpr int sumBits = 30;

/// log2 of the steps of the wide sum in one step of the result. With 16 what is
/// lost is far below a step, and 2^13 steps of the result fit, which no sum of
/// 8-bit tensors reaches unless the residual's steps are far larger: it must
/// fit, too.
static int chooseSumShift(quant::UniformQuantizedType residual,
                          quant::UniformQuantizedType result) {
  constexpr int wanted = 16, least = 4;
  double steps = std::ldexp(residual.getScale() / result.getScale(),
                            residual.getStorageTypeIntegralWidth());
  int shift = wanted;
  while (shift > least && std::ldexp(steps, shift) > std::exp2(sumBits - 1))
    --shift;
  return shift;
}

/// The linear op whose unrounded result `sum` adds to stored values.
static LinearOpInterface getWideOperand(AddOp sum) {
  for (auto [value, other] : {std::pair(sum.getLhs(), sum.getRhs()),
                              std::pair(sum.getRhs(), sum.getLhs())}) {
    auto linear = value.getDefiningOp<LinearOpInterface>();
    auto residual = other.getDefiningOp<quant::DequantizeCastOp>();
    if (linear && residual && value.hasOneUse() && isFloat(value) &&
        hasStoredOperands(linear) && value.getType() == sum.getType() &&
        other.getType() == sum.getType() &&
        isa<quant::UniformQuantizedType>(residual.getQuantizedType()))
      return linear;
  }
  return {};
}

/// Makes one rounding of a convolution and a sum. False if `sum` has another
/// form; a failure has been reported.
static FailureOr<bool> convertWideSum(RewriterBase &rewriter, AddOp sum) {
  LinearOpInterface linear = getWideOperand(sum);
  quant::QuantizeCastOp cast = getOnlyCast(sum.getResult());
  if (!linear || !cast || sum->hasAttr(floatAttrName) ||
      linear->hasAttr(floatAttrName))
    return false;
  auto result = dyn_cast<quant::UniformQuantizedType>(cast.getQuantizedType());
  if (!result || result.getStorageTypeIntegralWidth() > 16)
    return false;
  for (OpOperand &operand : linear->getOpOperands())
    if (auto stored = operand.get().getDefiningOp<quant::DequantizeCastOp>())
      rewriter.modifyOpInPlace(linear, [&] { operand.set(stored.getInput()); });
  auto input = dyn_cast<quant::UniformQuantizedType>(
      getElementTypeOrSelf(linear.getInputOperand().get().getType()));
  quant::QuantizedType weight =
      getQuantizedElementType(linear.getWeightOperand().get().getType());
  if (!input || !weight)
    return linear->emitOpError("has operands of which no sum can be made");
  Type accumulator = getAccumulatorElementType(linear, input, weight);
  if (!accumulator)
    return failure();
  auto type = cast.getInput().getType();
  auto tensor = llvm::cast<RankedTensorType>(type);
  rewriter.modifyOpInPlace(linear, [&] {
    linear.becomeAccumulator(tensor.clone(accumulator));
    linear->removeAttr(rangeAttrName);
  });

  bool isLhs = sum.getLhs() == linear->getResult(0);
  Value residual = (isLhs ? sum.getRhs() : sum.getLhs())
                       .getDefiningOp<quant::DequantizeCastOp>()
                       .getInput();
  int sumShift = chooseSumShift(llvm::cast<quant::UniformQuantizedType>(
                                    getElementTypeOrSelf(residual.getType())),
                                result);
  int64_t limit = int64_t(1) << (sumBits - 1);
  auto wide = quant::UniformQuantizedType::get(
      quant::QuantizationFlags::Signed, rewriter.getIntegerType(32),
      rewriter.getF32Type(), std::ldexp(result.getScale(), -sumShift),
      /*zeroPoint=*/0, -limit, limit - 1);
  auto single = quant::RoundingModeAttr::get(rewriter.getContext(),
                                             quant::RoundingMode::Single);
  rewriter.setInsertionPoint(sum);
  Value fine = quant::RequantizeOp::create(
      rewriter, linear.getLoc(), tensor.clone(wide), linear->getResult(0),
      single, IntegerAttr(), IntegerAttr());
  auto added = ResidualAddOp::create(
      rewriter, sum.getLoc(), llvm::cast<RankedTensorType>(cast.getType()),
      fine, residual, sum.getActivation(), quant::RoundingMode::Single);
  rewriter.replaceOp(cast, added.getResult());
  rewriter.eraseOp(sum);
  return true;
}

/// Replaces the operands and the results of `op` by what the casts around it
/// have on their other side.
static void convert(RewriterBase &rewriter, QuantizableOpInterface op) {
  rewriter.setInsertionPoint(op);
  auto mover = dyn_cast<SameParametersOpInterface>(op.getOperation());
  Type resultElement;
  if (op->getNumResults() == 1 && isFloat(op->getResult(0)))
    resultElement = getOnlyCast(op->getResult(0)).getQuantizedType();
  for (OpOperand &operand : op->getOpOperands()) {
    auto cast = operand.get().getDefiningOp<quant::DequantizeCastOp>();
    if (!cast)
      continue;
    Value stored = cast.getInput();
    // Stored values are moved as they are: bring them to the result's
    // parameters first.
    auto type = llvm::cast<RankedTensorType>(stored.getType());
    if (mover && resultElement &&
        llvm::is_contained(mover.getSharedOperands(), &operand) &&
        type.getElementType() != resultElement)
      stored = quant::RequantizeOp::create(
          rewriter, op.getLoc(), type.clone(resultElement), stored,
          quant::RoundingModeAttr::get(op.getContext(),
                                       quant::RoundingMode::Double),
          IntegerAttr(), IntegerAttr());
    rewriter.modifyOpInPlace(op, [&] { operand.set(stored); });
  }
  if (auto linear = dyn_cast<LinearOpInterface>(op.getOperation())) {
    auto rounding =
        dyn_cast<quant::RoundingModeAttr>(linear.getRequantizeRounding());
    Value bias = linear.getBiasValue();
    if (bias && rounding && rounding.getValue() == quant::RoundingMode::Wide)
      rewriter.modifyOpInPlace(
          op, [&] { linear.setBiasValue(widenBias(rewriter, bias)); });
  }
  for (Value result : op->getResults()) {
    if (!isFloat(result))
      continue;
    quant::QuantizeCastOp cast = getOnlyCast(result);
    rewriter.modifyOpInPlace(op, [&] {
      result.setType(cast.getType());
      op->removeAttr(rangeAttrName);
    });
    rewriter.replaceOp(cast, result);
  }
}

/// qcast(dcast(x)) -> x, or its requantization.
static bool mergeCasts(RewriterBase &rewriter, quant::QuantizeCastOp op) {
  auto before = op.getInput().getDefiningOp<quant::DequantizeCastOp>();
  if (!before)
    return false;
  Value stored = before.getInput();
  if (stored.getType() == op.getType()) {
    rewriter.replaceOp(op, stored);
    return true;
  }
  rewriter.setInsertionPoint(op);
  rewriter.replaceOpWithNewOp<quant::RequantizeOp>(
      op, op.getType(), stored,
      op.getRoundingAttr() ? op.getRoundingAttr()
                           : quant::RoundingModeAttr::get(
                                 op.getContext(), quant::RoundingMode::Double),
      IntegerAttr(), IntegerAttr());
  return true;
}

/// Lets quantized tensors cross the function's boundary where the float ones
/// are only converted.
static uint64_t convertBoundary(RewriterBase &rewriter, func::FuncOp func) {
  uint64_t count = 0;
  SmallVector<Type> arguments(func.getArgumentTypes());
  SmallVector<Type> results(func.getResultTypes());
  for (BlockArgument argument : func.getArguments()) {
    if (!isFloat(argument))
      continue;
    quant::QuantizeCastOp cast = getOnlyCast(argument);
    if (!cast)
      continue;
    arguments[argument.getArgNumber()] = cast.getType();
    argument.setType(cast.getType());
    func.removeArgAttr(argument.getArgNumber(), rangeAttrName);
    rewriter.replaceOp(cast, argument);
    ++count;
  }
  Operation *terminator = func.getBody().back().getTerminator();
  for (OpOperand &operand : terminator->getOpOperands())
    if (auto cast = operand.get().getDefiningOp<quant::DequantizeCastOp>()) {
      results[operand.getOperandNumber()] = cast.getInput().getType();
      operand.set(cast.getInput());
      ++count;
    }
  func.setFunctionType(
      FunctionType::get(func.getContext(), arguments, results));
  return count;
}

namespace {
struct NNConvertFakeQuantized
    : nn::impl::NNConvertFakeQuantizedPassBase<NNConvertFakeQuantized> {
  using NNConvertFakeQuantizedPassBase::NNConvertFakeQuantizedPassBase;

  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    uint64_t numConverted = 0, numBoundary = 0;
    SmallVector<AddOp> sums;
    getOperation()->walk([&](AddOp sum) { sums.push_back(sum); });
    for (AddOp sum : sums) {
      FailureOr<bool> converted = convertWideSum(rewriter, sum);
      if (failed(converted))
        return signalPassFailure();
      numConverted += *converted ? 2 : 0;
    }
    SmallVector<QuantizableOpInterface> ops;
    getOperation()->walk([&](QuantizableOpInterface op) { ops.push_back(op); });
    for (QuantizableOpInterface op : ops) {
      if (!canConvert(op))
        continue;
      convert(rewriter, op);
      ++numConverted;
    }
    for (QuantizableOpInterface op : ops)
      op->removeAttr(floatAttrName);
    SmallVector<quant::QuantizeCastOp> casts;
    getOperation()->walk(
        [&](quant::QuantizeCastOp cast) { casts.push_back(cast); });
    for (quant::QuantizeCastOp cast : casts)
      mergeCasts(rewriter, cast);
    for (auto func : getOperation().getOps<func::FuncOp>())
      if (!func.isExternal() && io == QuantizedInterface::Quantized)
        numBoundary += convertBoundary(rewriter, func);
    // Casts and constants that nothing reads any more; users come later, so
    // going backwards finds chains at once.
    SmallVector<Operation *> dead;
    getOperation()->walk([&](Operation *op) {
      if (isa<quant::DequantizeCastOp, ConstantOp>(op))
        dead.push_back(op);
    });
    for (Operation *op : llvm::reverse(dead))
      if (op->use_empty())
        rewriter.eraseOp(op);
    recordStatistic(*this, "num-converted", numConverted);
    recordStatistic(*this, "num-boundary", numBoundary);
  }
};
} // namespace
