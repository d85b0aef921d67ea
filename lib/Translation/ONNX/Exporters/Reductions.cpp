//===- Reductions.cpp - Pools, mean, arg max out --------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A maximum moves stored values. Averages over windows and over whole images
// have operators on integers, which ONNX Runtime takes for those on reals
// between casts as well; other means are written out.
//
//===----------------------------------------------------------------------===//

#include "ExportRegistry.h"

using namespace qopt;
using namespace qopt::onnx_export;
using mlir::LogicalResult;
using mlir::success;

//===----------------------------------------------------------------------===//
// Windows
//===----------------------------------------------------------------------===//

template <typename Op>
static llvm::SmallVector<Attribute> getWindow(Op op) {
  nn::Padding padding(op.getPadding());
  return {Attribute("kernel_shape", op.getKernel()),
          Attribute("strides", op.getStrides()),
          Attribute("pads",
                    llvm::ArrayRef<int64_t>{padding.top, padding.left,
                                            padding.bottom, padding.right})};
}

static LogicalResult exportMaxPool(GraphWriter &writer, nn::MaxPool2DOp op) {
  std::string name = writer.getName(op.getResult());
  if (isQuantizedTo8Bits(op.getInput())) {
    std::string input = writer.getTensor(op.getInput(), Layout::ChannelsFirst);
    writer.setStored(op.getResult(), Layout::ChannelsFirst,
                     writer.makeNode("MaxPool", {input}, name, getWindow(op)),
                     op.getActivation());
    return success();
  }
  // On 16 bits by way of reals, which loses nothing.
  std::string result = writer.makeNode(
      "MaxPool", {writer.getReals(op.getInput(), Layout::ChannelsFirst)}, name,
      getWindow(op));
  writer.setReals(op.getResult(), Layout::ChannelsFirst, result,
                  op.getActivation());
  return success();
}

static LogicalResult exportAveragePool(GraphWriter &writer,
                                       nn::AveragePool2DOp op) {
  std::string name = writer.getName(op.getResult());
  if (nn::getQuantizedElementType(op.getType()))
    checkFloatRounding(writer, op, op.getRounding());
  if (writer.usesIntegerOperators() && isQuantizedTo8Bits(op.getInput())) {
    auto p = writer.getParameters(op.getType());
    std::string input = writer.getTensor(op.getInput(), Layout::ChannelsFirst);
    writer.setStored(
        op.getResult(), Layout::ChannelsFirst,
        writer.makeNode("QLinearAveragePool",
                        {input, p.scale, p.zeroPoint, p.scale, p.zeroPoint},
                        name, getWindow(op), "com.microsoft"),
        op.getActivation());
    return success();
  }
  std::string result = writer.makeNode(
      "AveragePool", {writer.getReals(op.getInput(), Layout::ChannelsFirst)},
      name, getWindow(op));
  writer.setReals(op.getResult(), Layout::ChannelsFirst, result,
                  op.getActivation());
  return success();
}

//===----------------------------------------------------------------------===//
// Means
//===----------------------------------------------------------------------===//

namespace {
/// A tensor of stored integers, or of reals.
struct Mean {
  std::string tensor;
  bool isStored;
};
} // namespace

/// Over height and width of an image with channels first.
static Mean addGlobalMean(GraphWriter &writer, nn::MeanOp op, Layout layout) {
  std::string name = writer.getName(op.getResult());
  bool isQuantized = isQuantizedTo8Bits(op.getInput());
  if (!isQuantized || !writer.usesIntegerOperators()) {
    std::string reals = writer.makeNode(
        "GlobalAveragePool", {writer.getReals(op.getInput(), layout)}, name);
    if (!isQuantized)
      return {reals, false};
    auto y = writer.getParameters(op.getType());
    return {
        writer.makeNode("QuantizeLinear", {reals, y.scale, y.zeroPoint}, name),
        true};
  }
  auto x = writer.getParameters(op.getInput().getType());
  auto y = writer.getParameters(op.getType());
  return {writer.makeNode("QLinearGlobalAveragePool",
                          {writer.getTensor(op.getInput(), layout), x.scale,
                           x.zeroPoint, y.scale, y.zeroPoint},
                          name, {Attribute("channels_last", int64_t(0))},
                          "com.microsoft"),
          true};
}

static llvm::SmallVector<int64_t> getSortedAxes(nn::MeanOp op) {
  llvm::SmallVector<int64_t> axes(op.getAxes());
  llvm::sort(axes);
  return axes;
}

/// The sum of stored integers, which is exact, times S_x / (S_y * count).
static std::string addWrittenOutMean(GraphWriter &writer, nn::MeanOp op,
                                     quant::UniformQuantizedType input,
                                     quant::UniformQuantizedType result) {
  std::string name = writer.getName(op.getResult());
  int64_t count =
      getType(op.getInput()).getNumElements() /
      std::max<int64_t>(getType(op.getResult()).getNumElements(), 1);
  std::string sum =
      writer.makeNode("Cast", {writer.getTensor(op.getInput())}, name + "_wide",
                      {Attribute("to", int64_t(proto::TensorProto::INT32))});
  sum = writer.makeNode(
      "ReduceSum", {sum, writer.addInts("axes", getSortedAxes(op))},
      name + "_sum", {Attribute("keepdims", int64_t(op.getKeepDims()))});
  mlir::Type i32 = mlir::IntegerType::get(op.getContext(), 32);
  sum = writer.makeNode(
      "Sub",
      {sum, writer.addStored("zeros", count * input.getZeroPoint(), i32)},
      name + "_sum");
  sum = writer.makeNode("Cast", {sum}, name + "_real",
                        {Attribute("to", int64_t(proto::TensorProto::FLOAT))});
  float factor = float(input.getScale()) /
                 (float(result.getScale()) * static_cast<float>(count));
  sum = writer.makeNode("Mul", {sum, writer.addReal("factor", factor)},
                        name + "_real");
  auto y = writer.getParameters(op.getType());
  return writer.makeNode("QuantizeLinear",
                         {sum, writer.addReal("one", 1), y.zeroPoint}, name);
}

static LogicalResult exportMean(GraphWriter &writer, nn::MeanOp op) {
  auto axes = getSortedAxes(op);
  auto input = mlir::dyn_cast<quant::UniformQuantizedType>(
      getType(op.getInput()).getElementType());
  auto result = mlir::dyn_cast<quant::UniformQuantizedType>(
      getType(op.getResult()).getElementType());
  if (result)
    checkFloatRounding(writer, op, op.getRounding());
  bool isLast = axes == llvm::SmallVector<int64_t>{1, 2};
  bool isFirst = axes == llvm::SmallVector<int64_t>{2, 3};
  bool has8Bits =
      isQuantizedTo8Bits(op.getInput()) && isQuantizedTo8Bits(op.getResult());
  if (isImage(op.getInput()) && (isLast || isFirst) && (!result || has8Bits)) {
    Layout layout = isLast ? Layout::ChannelsFirst : Layout::Plain;
    Mean mean = addGlobalMean(writer, op, layout);
    if (!op.getKeepDims()) {
      auto shape = getType(op.getResult()).getShape();
      mean.tensor = writer.makeNode(
          "Reshape", {mean.tensor, writer.addInts("shape", shape)},
          writer.getName(op.getResult()));
      layout = Layout::Plain;
    }
    if (mean.isStored)
      writer.setStored(op.getResult(), layout, mean.tensor);
    else
      writer.setReals(op.getResult(), layout, mean.tensor);
    return success();
  }
  if (input && result) {
    writer.setStored(op.getResult(), Layout::Plain,
                     addWrittenOutMean(writer, op, input, result));
    return success();
  }
  // Since opset 18 the axes are an input.
  llvm::SmallVector<std::string> inputs{writer.getTensor(op.getInput())};
  llvm::SmallVector<Attribute> attributes{
      Attribute("keepdims", int64_t(op.getKeepDims()))};
  if (writer.getOpset() >= 18)
    inputs.push_back(writer.addInts("axes", axes));
  else
    attributes.push_back(Attribute("axes", axes));
  writer.addNode("ReduceMean", inputs, writer.define(op.getResult()),
                 attributes);
  return success();
}

//===----------------------------------------------------------------------===//
// Arg max
//===----------------------------------------------------------------------===//

static LogicalResult exportArgMax(GraphWriter &writer, nn::ArgMaxOp op) {
  bool is8Bits = isQuantizedTo8Bits(op.getInput());
  std::string input = is8Bits ? writer.getTensor(op.getInput())
                              : writer.getReals(op.getInput());
  llvm::SmallVector<Attribute> attributes{Attribute("axis", op.getAxis()),
                                          Attribute("keepdims", int64_t(0))};
  mlir::Type element = getType(op.getResult()).getElementType();
  if (element.isInteger(64)) {
    writer.addNode("ArgMax", {input}, writer.define(op.getResult()),
                   attributes);
    return success();
  }
  std::string wide = writer.makeNode(
      "ArgMax", {input}, writer.getName(op.getResult()) + "_wide", attributes);
  writer.addNode("Cast", {wide}, writer.define(op.getResult()),
                 {Attribute("to", int64_t(getDataType(element)))});
  return success();
}

void onnx_export::populateReductionExporters(ExportRegistry &registry) {
  addExporter<nn::MaxPool2DOp, exportMaxPool>(registry);
  addExporter<nn::AveragePool2DOp, exportAveragePool>(registry);
  addExporter<nn::MeanOp, exportMean>(registry);
  addExporter<nn::ArgMaxOp, exportArgMax>(registry);
}
