//===- StoredFunctions.cpp - 8-bit functions as tables --------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "StoredFunctions.h"

#include "qopt/Dialect/Quant/IR/QuantOps.h"
#include "qopt/Numerics/Activations.h"
#include "qopt/Numerics/Elementwise.h"

#include "llvm/ADT/TypeSwitch.h"

#include <cmath>

using namespace qopt;
using namespace qopt::onnx_export;
using mlir::FailureOr;

namespace {
/// One side of a function, in the words of Numerics.
struct Side {
  numerics::QuantizationParameters parameters;
  numerics::StorageRange range;
  bool isSigned;

  explicit Side(mlir::Value value) {
    auto type = mlir::cast<quant::UniformQuantizedType>(
        mlir::getElementTypeOrSelf(value.getType()));
    parameters = {type.getScale(), type.getZeroPoint()};
    range = {type.getStorageTypeMin(), type.getStorageTypeMax()};
    isSigned = type.isSigned();
  }
  int32_t least() const { return isSigned ? -128 : 0; }
};

using Outcome = numerics::Result<StoredFunction>;
} // namespace

static StoredFunction tabulate(const Side &input,
                               llvm::function_ref<int64_t(int64_t)> function) {
  StoredFunction table;
  for (int i = 0; i < 256; ++i)
    table[i] = static_cast<int16_t>(function(input.least() + i));
  return table;
}

static Outcome getClamp(const Side &input, const Side &result,
                        RealInterval interval) {
  auto p = numerics::prepareRelu(
      input.parameters, result.parameters,
      numerics::clampRange(interval.low, interval.high, result.parameters,
                           result.range));
  if (!p)
    return numerics::Reason{p.reason()};
  return tabulate(input, [&](int64_t x) {
    return numerics::rescale(static_cast<int32_t>(x), *p);
  });
}

static Outcome getRequantize(quant::RequantizeOp op, const Side &input,
                             const Side &result) {
  int64_t min = op.getClampMin(), max = op.getClampMax();
  int64_t zeroPoint = result.parameters.zeroPoint;
  double from = input.parameters.scale, to = result.parameters.scale;
  quant::RoundingMode mode = op.getRounding();
  if (mode == quant::RoundingMode::Float)
    return tabulate(input, [&](int64_t x) {
      return numerics::requantizeFloat(x - input.parameters.zeroPoint,
                                       numerics::floatMultiplier(from, 1.0, to),
                                       zeroPoint, min, max);
    });
  if (mode == quant::RoundingMode::Real)
    return tabulate(input, [&](int64_t x) {
      return numerics::requantizeReal(x - input.parameters.zeroPoint, from / to,
                                      zeroPoint, min, max);
    });
  auto multiplier = numerics::quantizeMultiplier(from / to);
  if (!multiplier)
    return numerics::Reason{multiplier.reason()};
  // Numerics lists the modes in the same order.
  return tabulate(input, [&](int64_t x) {
    return numerics::saturate(
        numerics::applyMultiplier(x - input.parameters.zeroPoint, *multiplier,
                                  static_cast<numerics::RoundingMode>(mode)) +
            zeroPoint,
        min, max);
  });
}

/// A dequantized tensor quantized again.
static Outcome getCasts(quant::QuantizeCastOp op, const Side &input,
                        const Side &result) {
  bool tiesToEven = op.getRounding() == quant::RoundingMode::Float;
  return tabulate(input, [&](int64_t x) {
    float real = numerics::dequantizeValue(x, input.parameters);
    if (!tiesToEven)
      return numerics::quantizeValue(real, result.parameters, result.range);
    float steps =
        std::nearbyint(real / static_cast<float>(result.parameters.scale));
    int64_t zeroPoint = result.parameters.zeroPoint;
    return zeroPoint + static_cast<int64_t>(std::clamp(
                           steps, float(result.range.min - zeroPoint),
                           float(result.range.max - zeroPoint)));
  });
}

FailureOr<StoredFunction> onnx_export::getStoredFunction(mlir::Operation *op) {
  mlir::Value operand = op->getOperand(0);
  if (auto cast = mlir::dyn_cast<quant::QuantizeCastOp>(op))
    operand =
        cast.getInput().getDefiningOp<quant::DequantizeCastOp>().getInput();
  Side input(operand), result(op->getResult(0));
  Outcome outcome =
      llvm::TypeSwitch<mlir::Operation *, Outcome>(op)
          .Case([&](nn::LogisticOp) {
            return numerics::logisticTable8(input.parameters, result.parameters,
                                            input.isSigned);
          })
          .Case([&](nn::TanhOp) {
            return numerics::tanhTable8(input.parameters, result.parameters,
                                        input.isSigned);
          })
          .Case([&](nn::HardSwishOp) {
            return numerics::hardSwishTable8(input.parameters,
                                             result.parameters, input.isSigned);
          })
          .Case([&](nn::LeakyReluOp leaky) {
            return numerics::leakyReluTable8(
                input.parameters, result.parameters, input.isSigned,
                leaky.getAlpha().convertToDouble());
          })
          .Case([&](ClampOpInterface clamp) {
            return getClamp(input, result, clamp.getClampInterval());
          })
          .Case([&](quant::RequantizeOp requantize) {
            return getRequantize(requantize, input, result);
          })
          .Case([&](quant::QuantizeCastOp cast) {
            return getCasts(cast, input, result);
          })
          .Default([](mlir::Operation *) -> Outcome {
            return numerics::Reason{"it is no function of stored values"};
          });
  if (!outcome)
    return op->emitOpError("cannot be exported to .onnx: ") << outcome.reason();
  return *outcome;
}

bool onnx_export::isFarFromTies(mlir::Operation *op,
                                const StoredFunction &table,
                                const std::function<double(double)> &function) {
  Side input(op->getOperand(0)), result(op->getResult(0));
  for (int i = 0; i < 256; ++i) {
    int64_t centred = input.least() + i - input.parameters.zeroPoint;
    double exact = function(input.parameters.scale * double(centred)) /
                       result.parameters.scale +
                   double(result.parameters.zeroPoint);
    // Beyond the last stored values all are the same.
    double least = result.least();
    exact = std::min(std::max(exact, least - 0.4), least + 255.4);
    if (!(std::abs(exact - table[i]) < 0.499))
      return false;
  }
  return true;
}

void onnx_export::addTable(GraphWriter &writer, mlir::Operation *op,
                           const StoredFunction &table) {
  mlir::Value input = op->getOperand(0), result = op->getResult(0);
  if (auto cast = mlir::dyn_cast<quant::QuantizeCastOp>(op))
    input = cast.getInput().getDefiningOp<quant::DequantizeCastOp>().getInput();
  Layout layout = writer.getLayout(input);
  auto type = mlir::cast<quant::UniformQuantizedType>(
      mlir::getElementTypeOrSelf(result.getType()));
  // Negative indices count from the end: entries start with that of zero.
  int first = Side(input).isSigned ? 128 : 0;
  llvm::SmallVector<llvm::APInt> entries;
  for (int i = 0; i < 256; ++i)
    entries.push_back(llvm::APInt(8, uint64_t(table[(first + i) % 256]),
                                  /*isSigned=*/false, /*implicitTrunc=*/true));
  auto constant = mlir::DenseElementsAttr::get(
      mlir::RankedTensorType::get({256},
                                  mlir::IntegerType::get(op->getContext(), 8)),
      entries);
  std::string name = writer.getName(result);
  std::string indices = writer.makeNode(
      "Cast", {writer.getTensor(input, layout)}, name + "_index",
      {Attribute("to", int64_t(proto::TensorProto::INT32))});
  writer.addNode(
      "Gather",
      {writer.addConstant(name + "_table", constant, !type.isSigned()),
       indices},
      writer.define(result, layout), {Attribute("axis", int64_t(0))});
}
