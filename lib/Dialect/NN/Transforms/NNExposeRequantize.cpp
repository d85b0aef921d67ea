// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The accumulator's scale is S_x * S_w. Model files hold scales as float32, so
// the product of two as doubles is exact (24 + 24 bits). TFLite divides it by
// S_y in double precision (PopulateConvolutionQuantizationParams), which is
// what `quant.requantize` does with the two types' scales; but its per-tensor
// kernels multiply the scales as float32 first
// (GetQuantizedConvolutionMultipler), which `f32_scale_product` asks for.

#include "Accumulator.h"

#include "qopt/Dialect/NN/IR/NN.h"
#include "qopt/Dialect/NN/Transforms/Passes.h"
#include "qopt/Numerics/QuantizationParameters.h"
#include "qopt/Support/PassStatistics.h"

#include "mlir/IR/PatternMatch.h"

namespace qopt::nn {
#define GEN_PASS_DEF_NNEXPOSEREQUANTIZEPASS
#include "qopt/Dialect/NN/Transforms/Passes.h.inc"
} // namespace qopt::nn

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;

static double multiplyScales(double input, double weight, bool inFloat32) {
  if (inFloat32)
    return static_cast<float>(input) * static_cast<float>(weight);
  return input * weight;
}

Type qopt::nn::getAccumulatorElementType(LinearOpInterface op,
                                         quant::UniformQuantizedType input,
                                         quant::QuantizedType weight) {
  auto emitError = [&] {
    return op->emitOpError("has no accumulator scale: ");
  };
  bool inFloat32 = op.hasF32ScaleProduct();
  auto i32 = IntegerType::get(op->getContext(), 32);
  int64_t min = std::numeric_limits<int32_t>::min();
  int64_t max = std::numeric_limits<int32_t>::max();
  if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(weight)) {
    auto scales =
        llvm::map_to_vector(perAxis.getScales(), [&](double scale) -> double {
          return multiplyScales(input.getScale(), scale, inFloat32);
        });
    SmallVector<int64_t> zeroPoints(scales.size(), 0);
    return quant::UniformQuantizedPerAxisType::getChecked(
        emitError, quant::QuantizationFlags::Signed, i32,
        input.getExpressedType(), scales, zeroPoints, op.getResultChannelAxis(),
        min, max);
  }
  return quant::UniformQuantizedType::getChecked(
      emitError, quant::QuantizationFlags::Signed, i32,
      input.getExpressedType(),
      multiplyScales(input.getScale(),
                     cast<quant::UniformQuantizedType>(weight).getScale(),
                     inFloat32),
      0, min, max);
}

LogicalResult qopt::nn::exposeRequantize(RewriterBase &rewriter,
                                         LinearOpInterface op) {
  auto resultType = cast<RankedTensorType>(op->getResult(0).getType());
  auto result =
      dyn_cast<quant::UniformQuantizedType>(resultType.getElementType());
  auto input = dyn_cast<quant::UniformQuantizedType>(
      getElementTypeOrSelf(op.getInputOperand().get().getType()));
  quant::QuantizedType weight =
      getQuantizedElementType(op.getWeightOperand().get().getType());
  if (!result || isAccumulator(resultType) || !input ||
      !isa_and_nonnull<quant::UniformQuantizedType,
                       quant::UniformQuantizedPerAxisType>(weight))
    return success();
  Type element = getAccumulatorElementType(op, input, weight);
  if (!element)
    return failure();

  // The clamp, in stored values; left out where it is the storage range.
  numerics::StorageRange storage{result.getStorageTypeMin(),
                                 result.getStorageTypeMax()};
  numerics::StorageRange range = storage;
  if (auto fusable =
          dyn_cast<ActivationFusableOpInterface>(op.getOperation())) {
    RealInterval interval = fusable.getFusedInterval();
    range = numerics::clampRange(interval.low, interval.high,
                                 {result.getScale(), result.getZeroPoint()},
                                 storage);
  }
  IntegerAttr min, max;
  if (!(range == storage)) {
    min = rewriter.getI64IntegerAttr(range.min);
    max = rewriter.getI64IntegerAttr(range.max);
  }

  auto rounding = cast<quant::RoundingModeAttr>(op.getRequantizeRounding());
  rewriter.modifyOpInPlace(
      op, [&] { op.becomeAccumulator(resultType.clone(element)); });
  rewriter.setInsertionPointAfter(op);
  auto requantize = quant::RequantizeOp::create(
      rewriter, op.getLoc(), resultType, op->getResult(0), rounding, min, max);
  rewriter.replaceAllUsesExcept(op->getResult(0), requantize.getResult(),
                                requantize);
  return success();
}

namespace {
struct NNExposeRequantize
    : nn::impl::NNExposeRequantizePassBase<NNExposeRequantize> {
  using NNExposeRequantizePassBase::NNExposeRequantizePassBase;

  void runOnOperation() override {
    SmallVector<LinearOpInterface> ops;
    getOperation()->walk([&](LinearOpInterface op) {
      Type type = op->getResult(0).getType();
      if (getQuantizedElementType(type) && !isAccumulator(type))
        ops.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    for (LinearOpInterface op : ops)
      if (failed(exposeRequantize(rewriter, op)))
        return signalPassFailure();
    recordStatistic(*this, "num-exposed", ops.size());
  }
};
} // namespace
