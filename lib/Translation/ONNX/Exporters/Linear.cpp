//===- Linear.cpp - Convolutions, fully connected, batch norm out ---------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// As Conv and Gemm on reals, or as QLinearConv and QGemm on stored integers.
//
//===----------------------------------------------------------------------===//

#include "ExportRegistry.h"

#include "qopt/Dialect/NN/IR/PermuteElements.h"

using namespace qopt;
using namespace qopt::onnx_export;
using mlir::failure;
using mlir::FailureOr;
using mlir::LogicalResult;
using mlir::success;

//===----------------------------------------------------------------------===//
// Weights and bias
//===----------------------------------------------------------------------===//

namespace {
/// A constant operand with its type; looks through a dequantization.
struct Parameter {
  mlir::Value value;
  mlir::DenseElementsAttr elements;
  mlir::RankedTensorType type;
};
} // namespace

static FailureOr<Parameter> getParameter(mlir::Operation *op, mlir::Value value,
                                         llvm::StringRef role) {
  if (auto cast = value.getDefiningOp<quant::DequantizeCastOp>())
    value = cast.getInput();
  mlir::DenseElementsAttr elements = getConstantElements(value);
  if (!elements)
    return op->emitOpError("cannot be exported to .onnx: its ")
           << role << " is not constant";
  return Parameter{value, elements, getType(value)};
}

/// Signed weights with 128 added to stored values and zero points. Beside
/// unsigned activations they are what the runtime multiplies exactly
/// everywhere.
static Parameter makeUnsigned(const Parameter &weights) {
  auto quantized = nn::getQuantizedElementType(weights.type);
  mlir::MLIRContext *context = weights.type.getContext();
  auto storage = mlir::IntegerType::get(context, 8);
  int64_t min = quantized.getStorageTypeMin() + 128,
          max = quantized.getStorageTypeMax() + 128;
  auto expressed = mlir::cast<mlir::FloatType>(quantized.getExpressedType());
  mlir::Type element;
  if (auto perAxis =
          mlir::dyn_cast<quant::UniformQuantizedPerAxisType>(quantized)) {
    llvm::SmallVector<int64_t> zeroPoints;
    for (int64_t zeroPoint : perAxis.getZeroPoints())
      zeroPoints.push_back(zeroPoint + 128);
    element = quant::UniformQuantizedPerAxisType::get(
        0, storage, expressed, perAxis.getScales(), zeroPoints,
        perAxis.getQuantizedDimension(), min, max);
  } else {
    auto perTensor = mlir::cast<quant::UniformQuantizedType>(quantized);
    element = quant::UniformQuantizedType::get(
        0, storage, expressed, perTensor.getScale(),
        perTensor.getZeroPoint() + 128, min, max);
  }
  llvm::SmallVector<llvm::APInt> stored;
  for (const llvm::APInt &value : weights.elements.getValues<llvm::APInt>())
    stored.push_back(llvm::APInt(8, uint64_t(value.getSExtValue() + 128)));
  auto shape = weights.type.getShape();
  return {weights.value,
          mlir::DenseElementsAttr::get(
              mlir::RankedTensorType::get(shape, storage), stored),
          mlir::RankedTensorType::get(shape, element)};
}

/// The scales of weights by output channel, or one.
static llvm::SmallVector<double> getScales(mlir::Type type) {
  mlir::Type element = mlir::getElementTypeOrSelf(type);
  if (auto perAxis =
          mlir::dyn_cast<quant::UniformQuantizedPerAxisType>(element))
    return llvm::to_vector(perAxis.getScales());
  if (auto perTensor = mlir::dyn_cast<quant::UniformQuantizedType>(element))
    return {perTensor.getScale()};
  return {};
}

/// The scales of accumulators: those of a bias that has plain integers, too.
static llvm::SmallVector<double>
getAccumulatorScales(mlir::Value input, mlir::RankedTensorType weights) {
  llvm::SmallVector<double> scales = getScales(weights);
  for (double &scale : scales)
    scale *= getScales(input.getType()).front();
  return scales;
}

/// A bias of plain integers as quantized ones.
static Parameter quantizeBias(Parameter bias, llvm::ArrayRef<double> scales) {
  auto storage = mlir::dyn_cast<mlir::IntegerType>(bias.type.getElementType());
  if (!storage)
    return bias;
  auto expressed = mlir::Float32Type::get(storage.getContext());
  llvm::SmallVector<int64_t> zeros(scales.size(), 0);
  int64_t min = std::numeric_limits<int32_t>::min();
  int64_t max = std::numeric_limits<int32_t>::max();
  unsigned flags = quant::QuantizationFlags::Signed;
  mlir::Type element;
  if (scales.size() == 1)
    element = quant::UniformQuantizedType::get(flags, storage, expressed,
                                               scales[0], 0, min, max);
  else
    element = quant::UniformQuantizedPerAxisType::get(
        flags, storage, expressed, scales, zeros, 0, min, max);
  bias.type = bias.type.clone(element);
  return bias;
}

/// A bias of 64-bit integers as the reals that it stands for: no operator
/// dequantizes them.
static std::string addRealBias(GraphWriter &writer, const Parameter &bias,
                               llvm::ArrayRef<double> scales) {
  llvm::SmallVector<float> reals;
  for (auto [i, stored] :
       llvm::enumerate(bias.elements.getValues<llvm::APInt>()))
    reals.push_back(static_cast<float>(double(stored.getSExtValue()) *
                                       scales[scales.size() == 1 ? 0 : i]));
  mlir::Type real = mlir::Float32Type::get(bias.type.getContext());
  auto type = mlir::RankedTensorType::get(bias.type.getShape(), real);
  return writer.addConstant(
      writer.getName(bias.value),
      mlir::DenseElementsAttr::get(type, llvm::ArrayRef<float>(reals)));
}

//===----------------------------------------------------------------------===//
// One node
//===----------------------------------------------------------------------===//

namespace {
/// A linear op whose weights are in the file's order of dimensions.
struct LinearNode {
  std::string name;
  /// The input as it is stored, in the layout that the node wants.
  std::string input;
  Parameter weights;
  llvm::SmallVector<Attribute> attributes;
  /// The operator on reals, and on stored integers where there is one.
  llvm::StringRef node, storedNode, storedDomain;
};

/// What a linear node made: stored integers of a quantized result, or reals.
struct LinearResult {
  std::string tensor;
  bool isStored;
};
} // namespace

/// The inputs of the operator on reals, but for the first; an error if the bias
/// is no constant.
template <typename Op>
static LogicalResult addBias(GraphWriter &writer, Op op, const LinearNode &node,
                             bool stored, std::string &tensor) {
  if (!op.getBias())
    return success();
  auto bias = getParameter(op, op.getBias(), "bias");
  if (failed(bias))
    return failure();
  if (mlir::isa<mlir::FloatType>(bias->type.getElementType())) {
    tensor = writer.addWeights(bias->value, bias->type, bias->elements, false);
    return success();
  }
  auto scales = getAccumulatorScales(op.getInput(), node.weights.type);
  if (bias->elements.getElementType().isInteger(64)) {
    tensor = addRealBias(writer, *bias, scales);
    return success();
  }
  *bias = quantizeBias(*bias, scales);
  tensor = writer.addWeights(bias->value, bias->type, bias->elements, stored);
  return success();
}

template <typename Op>
static FailureOr<LinearResult> addLinear(GraphWriter &writer, Op op,
                                         LinearNode node) {
  if (nn::isAccumulator(op.getType()))
    return op.emitOpError("cannot be exported to .onnx: its result is an "
                          "accumulator; quantize with --profile=onnxruntime, "
                          "or export before phase 'integer'");
  bool isQuantized = bool(nn::getQuantizedElementType(op.getType()));
  auto weights = nn::getQuantizedElementType(node.weights.type);
  bool has8Bits = isQuantizedTo8Bits(op.getInput()) &&
                  isQuantizedTo8Bits(op.getResult()) && weights &&
                  weights.getStorageTypeIntegralWidth() <= 8;
  bool stored =
      writer.usesIntegerOperators() && has8Bits && !node.storedNode.empty();
  if (isQuantized && !has8Bits)
    writer.noteInexact(op, "it sums up products of 16 bits in float32");
  else if (isQuantized && node.storedNode.empty())
    writer.noteInexact(op, "it sums up the products in float32; "
                           "nn-decompose-transpose-conv makes a convolution");
  else if (isQuantized)
    checkFloatRounding(writer, op, op.getRounding());

  auto input = nn::getQuantizedElementType(op.getInput().getType());
  if (has8Bits && !input.isSigned() && weights.isSigned() &&
      !writer.keepsSignedWeights())
    node.weights = makeUnsigned(node.weights);
  std::string filter = writer.addWeights(node.weights.value, node.weights.type,
                                         node.weights.elements, stored);
  std::string bias;
  if (failed(addBias(writer, op, node, stored, bias)))
    return failure();
  if (stored) {
    auto x = writer.getParameters(op.getInput().getType());
    auto w = writer.getParameters(node.weights.type);
    auto y = writer.getParameters(op.getType());
    llvm::SmallVector<std::string> inputs;
    if (node.storedDomain.empty())
      inputs = {node.input,  x.scale, x.zeroPoint, filter, w.scale,
                w.zeroPoint, y.scale, y.zeroPoint, bias};
    else
      inputs = {node.input,  x.scale, x.zeroPoint, filter,     w.scale,
                w.zeroPoint, bias,    y.scale,     y.zeroPoint};
    if (inputs.back().empty())
      inputs.pop_back();
    return LinearResult{writer.makeNode(node.storedNode, inputs, node.name,
                                        node.attributes, node.storedDomain),
                        true};
  }
  std::string reals = node.input;
  if (input) {
    auto x = writer.getParameters(op.getInput().getType());
    reals = writer.makeNode("DequantizeLinear", {reals, x.scale, x.zeroPoint},
                            node.name + "_input");
  }
  llvm::SmallVector<std::string> inputs{reals, filter};
  if (!bias.empty())
    inputs.push_back(bias);
  reals = writer.makeNode(node.node, inputs, node.name, node.attributes);
  if (!isQuantized)
    return LinearResult{reals, false};
  auto y = writer.getParameters(op.getType());
  return LinearResult{writer.makeNode("QuantizeLinear",
                                      {reals, y.scale, y.zeroPoint}, node.name),
                      true};
}

template <typename Op>
static void setResult(GraphWriter &writer, Op op, Layout layout,
                      const LinearResult &result) {
  if (result.isStored)
    writer.setStored(op.getResult(), layout, result.tensor, op.getActivation());
  else
    writer.setReals(op.getResult(), layout, result.tensor, op.getActivation());
}

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

/// The filter in the file's order of dimensions.
template <typename Op>
static FailureOr<Parameter> getFilter(Op op,
                                      llvm::ArrayRef<int64_t> permutation) {
  auto filter = getParameter(op, op.getFilter(), "filter");
  if (failed(filter))
    return failure();
  filter->elements = nn::permuteElements(filter->elements, permutation);
  filter->type = nn::permuteType(filter->type, permutation);
  return filter;
}

template <typename Op>
static llvm::SmallVector<Attribute>
getConvolutionAttributes(Op op, const Parameter &filter, int64_t groups) {
  nn::Padding padding(op.getPadding());
  return {
      Attribute("kernel_shape", filter.type.getShape().drop_front(2)),
      Attribute("strides", op.getStrides()),
      Attribute("dilations", op.getDilations()),
      Attribute("pads", llvm::ArrayRef<int64_t>{padding.top, padding.left,
                                                padding.bottom, padding.right}),
      Attribute("group", groups)};
}

/// A linear op on images, channels first as ONNX has them.
template <typename Op>
static LogicalResult exportImage(GraphWriter &writer, Op op,
                                 const LinearNode &node) {
  auto result = addLinear(writer, op, node);
  if (failed(result))
    return failure();
  setResult(writer, op, Layout::ChannelsFirst, *result);
  return success();
}

/// A convolution whose filter is in ONNX's order after the permutation.
template <typename Op>
static LogicalResult exportConvolution(GraphWriter &writer, Op op,
                                       llvm::ArrayRef<int64_t> permutation,
                                       int64_t groups) {
  auto filter = getFilter(op, permutation);
  if (failed(filter))
    return failure();
  LinearNode node{writer.getName(op.getResult()),
                  writer.getTensor(op.getInput(), Layout::ChannelsFirst),
                  *filter,
                  getConvolutionAttributes(op, *filter, groups),
                  "Conv",
                  "QLinearConv",
                  ""};
  return exportImage(writer, op, node);
}

static LogicalResult exportConv2D(GraphWriter &writer, nn::Conv2DOp op) {
  return exportConvolution(writer, op, {0, 3, 1, 2}, op.getGroups());
}

static LogicalResult exportDepthwise(GraphWriter &writer,
                                     nn::DepthwiseConv2DOp op) {
  return exportConvolution(writer, op, {3, 0, 1, 2},
                           getType(op.getInput()).getDimSize(3));
}

//===----------------------------------------------------------------------===//
// Fully connected
//===----------------------------------------------------------------------===//

/// Rows of stored values come in and go out: casts stay beside the operator.
static LogicalResult exportFullyConnected(GraphWriter &writer,
                                          nn::FullyConnectedOp op) {
  auto filter = getParameter(op, op.getFilter(), "filter");
  if (failed(filter))
    return failure();
  std::string name = writer.getName(op.getResult());
  int64_t outputs = filter->type.getDimSize(0),
          depth = filter->type.getDimSize(1);
  int64_t rows = getType(op.getInput()).getNumElements() / depth;
  auto reshape = [&](std::string tensor, llvm::ArrayRef<int64_t> from,
                     llvm::ArrayRef<int64_t> to) {
    if (from == to)
      return tensor;
    return writer.makeNode("Reshape", {tensor, writer.addInts("shape", to)},
                           name + "_rows");
  };
  LinearNode node{name,
                  reshape(writer.getTensor(op.getInput()),
                          getType(op.getInput()).getShape(), {rows, depth}),
                  *filter,
                  {Attribute("transB", int64_t(1))},
                  "Gemm",
                  "QGemm",
                  "com.microsoft"};
  auto result = addLinear(writer, op, node);
  if (failed(result))
    return failure();
  result->tensor = reshape(result->tensor, {rows, outputs},
                           getType(op.getResult()).getShape());
  setResult(writer, op, Layout::Plain, *result);
  return success();
}

//===----------------------------------------------------------------------===//
// Transposed convolution, batch norm
//===----------------------------------------------------------------------===//

/// ONNX's filter is [C, O / groups, H, W]: within each group inputs and outputs
/// change places.
static LogicalResult exportTransposeConv2D(GraphWriter &writer,
                                           nn::TransposeConv2DOp op) {
  auto filter = getParameter(op, op.getFilter(), "filter");
  if (failed(filter))
    return failure();
  llvm::ArrayRef<int64_t> shape = filter->type.getShape();
  int64_t groups = op.getGroups(), outputs = shape[0] / groups;
  mlir::Type element = filter->type.getElementType();
  auto perAxis = mlir::dyn_cast<quant::UniformQuantizedPerAxisType>(element);
  if (perAxis && groups != 1)
    return op.emitOpError("cannot be exported to .onnx: its filter is "
                          "quantized per channel in ")
           << groups << " groups, expected 1 group or one scale";
  int64_t height = shape[1], width = shape[2], inputs = shape[3];
  // [G, O/G, H, W, I] -> [G, I, O/G, H, W]; types without the channels' scales.
  auto split = filter->elements.reshape(
      mlir::RankedTensorType::get({groups, outputs, height, width, inputs},
                                  filter->elements.getElementType()));
  filter->elements = nn::permuteElements(split, {0, 4, 1, 2, 3});
  filter->elements = filter->elements.reshape(
      mlir::RankedTensorType::get({groups * inputs, outputs, height, width},
                                  filter->elements.getElementType()));
  if (perAxis)
    element = quant::UniformQuantizedPerAxisType::get(
        perAxis.getFlags(), perAxis.getStorageType(),
        perAxis.getExpressedType(), perAxis.getScales(),
        perAxis.getZeroPoints(), 1, perAxis.getStorageTypeMin(),
        perAxis.getStorageTypeMax());
  filter->type = mlir::RankedTensorType::get(
      {groups * inputs, outputs, height, width}, element);

  // What the windows do not reach at the end is padding of the output.
  nn::Padding padding(op.getPadding());
  int64_t bottom = std::max<int64_t>(padding.bottom, 0),
          right = std::max<int64_t>(padding.right, 0);
  LinearNode node{
      writer.getName(op.getResult()),
      writer.getTensor(op.getInput(), Layout::ChannelsFirst),
      *filter,
      {Attribute("kernel_shape", {height, width}),
       Attribute("strides", op.getStrides()),
       Attribute("dilations", op.getDilations()),
       Attribute("pads", {padding.top, padding.left, bottom, right}),
       Attribute("output_padding",
                 {bottom - padding.bottom, right - padding.right}),
       Attribute("group", groups)},
      "ConvTranspose",
      "",
      ""};
  return exportImage(writer, op, node);
}

static LogicalResult exportBatchNorm(GraphWriter &writer, nn::BatchNormOp op) {
  bool image = isImage(op.getInput());
  if (!image && getType(op.getInput()).getRank() != 2)
    return op.emitOpError("cannot be exported to .onnx: expected rank 2 or 4, "
                          "found ")
           << op.getType();
  Layout layout = image ? Layout::ChannelsFirst : Layout::Plain;
  llvm::SmallVector<std::string> inputs{writer.getReals(op.getInput(), layout)};
  for (mlir::Value operand : llvm::drop_begin(op->getOperands()))
    inputs.push_back(writer.getTensor(operand));
  writer.addNode(
      "BatchNormalization", inputs, writer.define(op.getResult(), layout),
      {Attribute::makeFloat("epsilon", op.getEpsilon().convertToDouble())});
  return success();
}

void onnx_export::populateLinearExporters(ExportRegistry &registry) {
  addExporter<nn::Conv2DOp, exportConv2D>(registry);
  addExporter<nn::DepthwiseConv2DOp, exportDepthwise>(registry);
  addExporter<nn::FullyConnectedOp, exportFullyConnected>(registry);
  addExporter<nn::TransposeConv2DOp, exportTransposeConv2D>(registry);
  addExporter<nn::BatchNormOp, exportBatchNorm>(registry);
}
