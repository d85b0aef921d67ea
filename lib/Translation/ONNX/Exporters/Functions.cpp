//===- Functions.cpp - Functions of one tensor out ------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Clamps, logistic, tanh, hard swish, leaky relu, softmax. Runtimes compute
// functions of reals with approximations of their own. A function of 8 bits is
// written as the operator on reals where each of its 256 results is so far from
// a tie that no approximation moves it; otherwise, and where operators on
// integers are asked for, as the table that it is.
//
//===----------------------------------------------------------------------===//

#include "ExportRegistry.h"

#include "StoredFunctions.h"

#include "qopt/Numerics/QuantizationParameters.h"

#include <cmath>

using namespace qopt;
using namespace qopt::onnx_export;
using mlir::LogicalResult;
using mlir::success;

namespace {
/// The operator of a function on reals, and the function.
struct RealFunction {
  llvm::StringRef node;
  std::function<double(double)> evaluate;
  llvm::SmallVector<std::string> operands = {};
  llvm::SmallVector<Attribute> attributes = {};
};
} // namespace

/// Elements in the layout that they are in.
static LogicalResult exportFunction(GraphWriter &writer, mlir::Operation *op,
                                    const RealFunction &function) {
  mlir::Value input = op->getOperand(0), result = op->getResult(0);
  Layout layout = writer.getLayout(input);
  if (isQuantizedTo8Bits(input) && isQuantizedTo8Bits(result)) {
    auto table = getStoredFunction(op);
    if (failed(table))
      return mlir::failure();
    if (writer.usesIntegerOperators() ||
        !isFarFromTies(op, *table, function.evaluate)) {
      addTable(writer, op, *table);
      return success();
    }
  } else if (nn::getQuantizedElementType(result.getType())) {
    writer.noteInexact(op, "it computes functions of 16 bits in float32");
  }
  llvm::SmallVector<std::string> inputs{writer.getReals(input, layout)};
  llvm::append_range(inputs, function.operands);
  writer.setReals(result, layout,
                  writer.makeNode(function.node, inputs, writer.getName(result),
                                  function.attributes));
  return success();
}

/// With one set of parameters on both sides it is a clamp of stored values.
static LogicalResult exportClamp(GraphWriter &writer, mlir::Operation *op,
                                 double min, double max) {
  mlir::Value input = op->getOperand(0), result = op->getResult(0);
  mlir::Type element = getType(result).getElementType();
  if (nn::getQuantizedElementType(result.getType()) &&
      getType(input).getElementType() == element) {
    Layout layout = writer.getLayout(input);
    writer.setClamped(result, layout, writer.getTensor(input, layout),
                      {min, max});
    return success();
  }
  auto clamp = [=](double x) { return std::min(std::max(x, min), max); };
  if (min == 0 && std::isinf(max))
    return exportFunction(writer, op, {"Relu", clamp});
  return exportFunction(writer, op,
                        {"Clip",
                         clamp,
                         {std::isinf(min) ? "" : writer.addReal("min", min),
                          std::isinf(max) ? "" : writer.addReal("max", max)}});
}

static LogicalResult exportRelu(GraphWriter &writer, nn::ReluOp op) {
  return exportClamp(writer, op, 0, INFINITY);
}
static LogicalResult exportRelu6(GraphWriter &writer, nn::Relu6Op op) {
  return exportClamp(writer, op, 0, 6);
}
static LogicalResult exportClip(GraphWriter &writer, nn::ClipOp op) {
  return exportClamp(writer, op, op.getMin().convertToDouble(),
                     op.getMax().convertToDouble());
}

static LogicalResult exportLogistic(GraphWriter &writer, nn::LogisticOp op) {
  return exportFunction(
      writer, op, {"Sigmoid", [](double x) { return 1 / (1 + std::exp(-x)); }});
}
static LogicalResult exportTanh(GraphWriter &writer, nn::TanhOp op) {
  return exportFunction(writer, op,
                        {"Tanh", [](double x) { return std::tanh(x); }});
}
static LogicalResult exportHardSwish(GraphWriter &writer, nn::HardSwishOp op) {
  return exportFunction(writer, op, {"HardSwish", [](double x) {
                                       return x * std::clamp(x + 3, 0.0, 6.0) /
                                              6;
                                     }});
}
static LogicalResult exportLeakyRelu(GraphWriter &writer, nn::LeakyReluOp op) {
  double alpha = op.getAlpha().convertToDouble();
  return exportFunction(writer, op,
                        {"LeakyRelu",
                         [=](double x) { return x >= 0 ? x : alpha * x; },
                         {},
                         {Attribute::makeFloat("alpha", alpha)}});
}

//===----------------------------------------------------------------------===//
// Softmax
//===----------------------------------------------------------------------===//

/// Of stored values under a scale that has beta in it: so the operator stands
/// between casts, where the runtime makes QLinearSoftmax of it.
static std::string getScaledSoftmax(GraphWriter &writer, nn::SoftmaxOp op,
                                    quant::UniformQuantizedType type) {
  double beta = op.getBeta().convertToDouble();
  auto scaled = quant::UniformQuantizedType::get(
      type.getFlags(), type.getStorageType(), type.getExpressedType(),
      static_cast<float>(beta * type.getScale()), type.getZeroPoint(),
      type.getStorageTypeMin(), type.getStorageTypeMax());
  auto x = writer.getParameters(scaled);
  auto y = writer.getParameters(op.getType());
  std::string input = writer.getTensor(op.getInput());
  std::string name = writer.getName(op.getResult());
  auto axis = Attribute("axis", int64_t(-1));
  if (writer.usesIntegerOperators())
    return writer.makeNode(
        "QLinearSoftmax", {input, x.scale, x.zeroPoint, y.scale, y.zeroPoint},
        name, {axis, Attribute("opset", writer.getOpset())}, "com.microsoft");
  std::string reals =
      writer.makeNode("DequantizeLinear", {input, x.scale, x.zeroPoint}, name);
  reals = writer.makeNode("Softmax", {reals}, name, {axis});
  return writer.makeNode("QuantizeLinear", {reals, y.scale, y.zeroPoint}, name);
}

static LogicalResult exportSoftmax(GraphWriter &writer, nn::SoftmaxOp op) {
  double beta = op.getBeta().convertToDouble();
  auto type = mlir::dyn_cast<quant::UniformQuantizedType>(
      getType(op.getInput()).getElementType());
  if (nn::getQuantizedElementType(op.getType())) {
    if (!isQuantizedTo8Bits(op.getResult()))
      writer.noteInexact(op, "it computes functions of 16 bits in float32");
    else if (type && type.isSigned())
      writer.noteInexact(op,
                         "its softmax of signed integers wraps around at 1; "
                         "use unsigned activations");
    else
      checkFloatRounding(writer, op, op.getRounding());
  }
  if (isQuantizedTo8Bits(op.getInput()) && isQuantizedTo8Bits(op.getResult()) &&
      beta > 0) {
    writer.setStored(op.getResult(), Layout::Plain,
                     getScaledSoftmax(writer, op, type));
    return success();
  }
  std::string name = writer.getName(op.getResult());
  std::string input = writer.getReals(op.getInput());
  if (beta != 1)
    input = writer.makeNode("Mul", {input, writer.addReal("beta", beta)}, name);
  writer.setReals(op.getResult(), Layout::Plain,
                  writer.makeNode("Softmax", {input}, name,
                                  {Attribute("axis", int64_t(-1))}));
  return success();
}

void onnx_export::populateFunctionExporters(ExportRegistry &registry) {
  addExporter<nn::ReluOp, exportRelu>(registry);
  addExporter<nn::Relu6Op, exportRelu6>(registry);
  addExporter<nn::ClipOp, exportClip>(registry);
  addExporter<nn::LogisticOp, exportLogistic>(registry);
  addExporter<nn::TanhOp, exportTanh>(registry);
  addExporter<nn::HardSwishOp, exportHardSwish>(registry);
  addExporter<nn::LeakyReluOp, exportLeakyRelu>(registry);
  addExporter<nn::SoftmaxOp, exportSoftmax>(registry);
}
