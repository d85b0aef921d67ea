//===- GraphWriter.cpp - An .onnx graph in the making ---------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GraphWriter.h"

#include "qopt/Dialect/NN/IR/PermuteElements.h"
#include "qopt/Dialect/NN/IR/TensorNames.h"
#include "qopt/Numerics/QuantizationParameters.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/DialectResourceBlobManager.h"

using namespace qopt;
using namespace qopt::onnx_export;

Attribute Attribute::makeFloat(llvm::StringRef name, double value) {
  Attribute attribute(name, int64_t(0));
  attribute.kind = Kind::Float;
  attribute.real = value;
  return attribute;
}

Attribute Attribute::makeString(llvm::StringRef name, llvm::StringRef value) {
  Attribute attribute(name, int64_t(0));
  attribute.kind = Kind::String;
  attribute.text = value.str();
  return attribute;
}

/// Operators know quantized integers of 16 bits since opset 21.
static bool has16BitIntegers(mlir::func::FuncOp function) {
  auto has16Bits = [](mlir::Type type) {
    auto quantized = nn::getQuantizedElementType(type);
    return quantized && quantized.getStorageTypeIntegralWidth() == 16;
  };
  if (llvm::any_of(function.getArgumentTypes(), has16Bits))
    return true;
  return function
      .walk([&](mlir::Operation *op) {
        return llvm::any_of(op->getResultTypes(), has16Bits)
                   ? mlir::WalkResult::interrupt()
                   : mlir::WalkResult::advance();
      })
      .wasInterrupted();
}

GraphWriter::GraphWriter(const ONNXExportOptions &options,
                         mlir::func::FuncOp function)
    : options(options), opset(has16BitIntegers(function) ? 21 : 17) {
  model.set_ir_version(opset > 17 ? 10 : 8);
  model.set_producer_name("qopt");
  auto *import = model.add_opset_import();
  import->set_domain("");
  import->set_version(opset);
  model.mutable_graph()->set_name("main");

  // A result's name is the function's; all others are the tensors'.
  mlir::Operation *terminator = function.getBody().front().getTerminator();
  for (auto [i, value] : llvm::enumerate(terminator->getOperands())) {
    auto name = function.getResultAttrOfType<mlir::StringAttr>(i, "nn.name");
    if (name && value.getDefiningOp() && names.insert(name.getValue()).second) {
      valueNames.try_emplace(value, name.str());
      results.insert(value);
    }
  }
  for (nn::NamedTensor &tensor : nn::collectTensorNames(function))
    if (!valueNames.count(tensor.value))
      valueNames[tensor.value] = fresh(tensor.name);
}

//===----------------------------------------------------------------------===//
// Types and names
//===----------------------------------------------------------------------===//

int32_t onnx_export::getDataType(mlir::Type element) {
  bool isUnsigned = element.isUnsignedInteger();
  if (auto quantized = mlir::dyn_cast<quant::QuantizedType>(element)) {
    isUnsigned = !quantized.isSigned();
    element = quantized.getStorageType();
  }
  if (element.isF32())
    return proto::TensorProto::FLOAT;
  unsigned width = element.getIntOrFloatBitWidth();
  if (width == 1)
    return proto::TensorProto::BOOL;
  // Narrow elements take a byte each: the operators have no others before opset
  // 21.
  if (width <= 8)
    return isUnsigned ? proto::TensorProto::UINT8 : proto::TensorProto::INT8;
  if (width <= 16)
    return isUnsigned ? proto::TensorProto::UINT16 : proto::TensorProto::INT16;
  return width <= 32 ? proto::TensorProto::INT32 : proto::TensorProto::INT64;
}

llvm::SmallVector<int64_t>
onnx_export::toChannelsFirst(llvm::ArrayRef<int64_t> shape) {
  return {shape[0], shape[3], shape[1], shape[2]};
}

std::string GraphWriter::getName(mlir::Value value) const {
  auto name = valueNames.find(value);
  return name == valueNames.end() ? "tensor" : name->second;
}

std::string GraphWriter::fresh(llvm::StringRef name) {
  std::string result = name.empty() ? "tensor" : name.str();
  for (unsigned i = 1; !names.insert(result).second; ++i)
    result = (name + "_" + llvm::Twine(i)).str();
  return result;
}

void GraphWriter::rename(llvm::StringRef tensor, llvm::StringRef name) {
  for (proto::NodeProto &node : *model.mutable_graph()->mutable_node()) {
    for (std::string &input : *node.mutable_input())
      if (input == tensor)
        input = name.str();
    for (std::string &output : *node.mutable_output())
      if (output == tensor) {
        output = name.str();
        node.set_name(output);
      }
  }
}

//===----------------------------------------------------------------------===//
// Differences
//===----------------------------------------------------------------------===//

void GraphWriter::noteInexact(mlir::Operation *op, const llvm::Twine &reason) {
  if (numInexact++)
    return;
  firstInexact = op;
  firstReason = reason.str();
}

void GraphWriter::reportInexact() const {
  if (!numInexact)
    return;
  mlir::emitWarning(firstInexact->getLoc(), "'")
      << firstInexact->getName() << "' op "
      << (numInexact > 1 ? "and " + std::to_string(numInexact - 1) + " more are"
                         : std::string("is"))
      << " exported, but ONNX Runtime may give other stored values: "
      << firstReason;
}

//===----------------------------------------------------------------------===//
// Nodes and constants
//===----------------------------------------------------------------------===//

void GraphWriter::addNode(llvm::StringRef op,
                          llvm::ArrayRef<std::string> inputs,
                          llvm::StringRef output,
                          llvm::ArrayRef<Attribute> attributes,
                          llvm::StringRef domain) {
  proto::NodeProto *node = model.mutable_graph()->add_node();
  node->set_op_type(op.str());
  node->set_name(output.str());
  if (!domain.empty()) {
    node->set_domain(domain.str());
    if (!hasContribDomain) {
      hasContribDomain = true;
      auto *opset = model.add_opset_import();
      opset->set_domain(domain.str());
      opset->set_version(1);
    }
  }
  for (const std::string &input : inputs)
    node->add_input(input);
  node->add_output(output.str());
  for (const Attribute &attribute : attributes) {
    proto::AttributeProto *to = node->add_attribute();
    to->set_name(attribute.name);
    switch (attribute.kind) {
    case Attribute::Kind::Int:
      to->set_type(proto::AttributeProto::INT);
      to->set_i(attribute.ints.front());
      break;
    case Attribute::Kind::Ints:
      to->set_type(proto::AttributeProto::INTS);
      for (int64_t value : attribute.ints)
        to->add_ints(value);
      break;
    case Attribute::Kind::Float:
      to->set_type(proto::AttributeProto::FLOAT);
      to->set_f(float(attribute.real));
      break;
    case Attribute::Kind::String:
      to->set_type(proto::AttributeProto::STRING);
      to->set_s(attribute.text);
      break;
    }
  }
}

std::string GraphWriter::makeNode(llvm::StringRef op,
                                  llvm::ArrayRef<std::string> inputs,
                                  llvm::StringRef name,
                                  llvm::ArrayRef<Attribute> attributes,
                                  llvm::StringRef domain) {
  std::string output = fresh(name);
  addNode(op, inputs, output, attributes, domain);
  return output;
}

std::string GraphWriter::addConstant(llvm::StringRef name,
                                     mlir::DenseElementsAttr value,
                                     bool isUnsigned) {
  proto::TensorProto *tensor = model.mutable_graph()->add_initializer();
  std::string result = fresh(name);
  tensor->set_name(result);
  for (int64_t size : value.getType().getShape())
    tensor->add_dims(size);
  mlir::Type element = value.getElementType();
  if (isUnsigned)
    element = mlir::IntegerType::get(value.getContext(),
                                     element.getIntOrFloatBitWidth(),
                                     mlir::IntegerType::Unsigned);
  tensor->set_data_type(getDataType(element));
  std::string *bytes = tensor->mutable_raw_data();
  size_t width = std::max<size_t>(element.getIntOrFloatBitWidth() / 8, 1);
  auto append = [&](const llvm::APInt &bits, bool isSigned) {
    int64_t word =
        isSigned ? bits.getSExtValue() : int64_t(bits.getZExtValue());
    bytes->append(reinterpret_cast<const char *>(&word), width);
  };
  if (mlir::isa<mlir::FloatType>(element))
    for (const llvm::APFloat &real : value.getValues<llvm::APFloat>())
      append(real.bitcastToAPInt(), /*isSigned=*/false);
  else
    for (const llvm::APInt &number : value.getValues<llvm::APInt>())
      append(number, !isUnsigned && number.getBitWidth() != 1);
  return result;
}

std::string GraphWriter::addInts(llvm::StringRef name,
                                 llvm::ArrayRef<int64_t> values) {
  proto::TensorProto *tensor = model.mutable_graph()->add_initializer();
  std::string result = fresh(name);
  tensor->set_name(result);
  tensor->set_data_type(proto::TensorProto::INT64);
  tensor->add_dims(int64_t(values.size()));
  for (int64_t value : values)
    tensor->add_int64_data(value);
  return result;
}

std::string GraphWriter::addStored(llvm::StringRef name, int64_t value,
                                   mlir::Type element) {
  proto::TensorProto *tensor = model.mutable_graph()->add_initializer();
  std::string result = fresh(name);
  tensor->set_name(result);
  tensor->set_data_type(getDataType(element));
  tensor->add_int32_data(int32_t(value));
  return result;
}

std::string GraphWriter::addReal(llvm::StringRef name, double value) {
  proto::TensorProto *tensor = model.mutable_graph()->add_initializer();
  std::string result = fresh(name);
  tensor->set_name(result);
  tensor->set_data_type(proto::TensorProto::FLOAT);
  tensor->add_float_data(float(value));
  return result;
}

GraphWriter::Parameters GraphWriter::getParameters(mlir::Type type) {
  mlir::Type element = mlir::getElementTypeOrSelf(type);
  auto [known, isNew] = parameters.try_emplace(element);
  if (!isNew)
    return known->second;
  Parameters result;
  llvm::SmallVector<double> scales;
  llvm::SmallVector<int64_t> zeroPoints;
  if (auto perAxis =
          mlir::dyn_cast<quant::UniformQuantizedPerAxisType>(element)) {
    scales.assign(perAxis.getScales().begin(), perAxis.getScales().end());
    zeroPoints.assign(perAxis.getZeroPoints().begin(),
                      perAxis.getZeroPoints().end());
    result.axis = perAxis.getQuantizedDimension();
  } else {
    auto perTensor = mlir::cast<quant::UniformQuantizedType>(element);
    scales = {perTensor.getScale()};
    zeroPoints = {perTensor.getZeroPoint()};
  }
  proto::TensorProto *scale = model.mutable_graph()->add_initializer();
  scale->set_name(result.scale = fresh("scale"));
  scale->set_data_type(proto::TensorProto::FLOAT);
  for (double number : scales)
    scale->add_float_data(float(number));
  proto::TensorProto *zero = model.mutable_graph()->add_initializer();
  zero->set_name(result.zeroPoint = fresh("zero_point"));
  zero->set_data_type(getDataType(element));
  for (int64_t number : zeroPoints)
    zero->add_int32_data(int32_t(number));
  if (result.axis >= 0) {
    scale->add_dims(int64_t(scales.size()));
    zero->add_dims(int64_t(scales.size()));
  }
  return parameters[element] = result;
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

std::string &GraphWriter::entry(mlir::Value value, Layout layout) {
  return layout == Layout::Plain ? plain[value] : channelsFirst[value];
}

Layout GraphWriter::getLayout(mlir::Value value) const {
  return plain.lookup(value).empty() && !channelsFirst.lookup(value).empty()
             ? Layout::ChannelsFirst
             : Layout::Plain;
}

/// A value's name belongs to the tensor that its op makes; a result's to the
/// one with the result's dimensions.
std::string GraphWriter::nameTensor(mlir::Value value, Layout layout) {
  Layout other =
      layout == Layout::Plain ? Layout::ChannelsFirst : Layout::Plain;
  bool isFirst = entry(value, other).empty();
  if (results.contains(value) ? layout == Layout::Plain : isFirst)
    return getName(value);
  return fresh(getName(value) + (layout == Layout::Plain ? "_nhwc" : "_nchw"));
}

std::string GraphWriter::define(mlir::Value value, Layout layout) {
  std::string name = nameTensor(value, layout);
  return entry(value, layout) = name;
}

void GraphWriter::alias(mlir::Value value, Layout layout,
                        llvm::StringRef tensor) {
  entry(value, layout) = tensor.str();
}

mlir::DenseElementsAttr onnx_export::getConstantElements(mlir::Value value) {
  auto constant = value.getDefiningOp<nn::ConstantOp>();
  if (!constant)
    return {};
  mlir::ElementsAttr elements = constant.getValue();
  if (auto dense = mlir::dyn_cast<mlir::DenseElementsAttr>(elements))
    return dense;
  auto resource = mlir::dyn_cast<mlir::DenseResourceElementsAttr>(elements);
  mlir::AsmResourceBlob *blob =
      resource ? resource.getRawHandle().getBlob() : nullptr;
  bool isSplat = false;
  if (!blob || !mlir::DenseElementsAttr::isValidRawBuffer(
                   elements.getShapedType(), blob->getData(), isSplat))
    return {};
  return mlir::DenseElementsAttr::getFromRawBuffer(elements.getShapedType(),
                                                   blob->getData());
}

static bool isUnsigned(mlir::Type type) {
  auto quantized = nn::getQuantizedElementType(type);
  return quantized && !quantized.isSigned();
}

std::string GraphWriter::getTensor(mlir::Value value, Layout layout) {
  if (std::string &known = entry(value, layout); !known.empty())
    return known;
  auto type = mlir::cast<mlir::RankedTensorType>(value.getType());
  if (mlir::DenseElementsAttr elements = getConstantElements(value)) {
    if (layout == Layout::ChannelsFirst)
      elements = nn::permuteElements(elements, {0, 3, 1, 2});
    std::string name = addConstant(getName(value), elements, isUnsigned(type));
    return entry(value, layout) = name;
  }
  // A dequantized constant is written where it is read.
  if (auto cast = value.getDefiningOp<quant::DequantizeCastOp>())
    if (cast.getInput().getDefiningOp<nn::ConstantOp>() &&
        entry(value, Layout::Plain).empty() &&
        entry(value, Layout::ChannelsFirst).empty()) {
      std::string reals = getReals(cast.getInput(), layout);
      return entry(value, layout) = reals;
    }
  Layout other =
      layout == Layout::Plain ? Layout::ChannelsFirst : Layout::Plain;
  std::string from = entry(value, other);
  llvm::SmallVector<int64_t> permutation =
      layout == Layout::Plain ? llvm::SmallVector<int64_t>{0, 2, 3, 1}
                              : llvm::SmallVector<int64_t>{0, 3, 1, 2};
  std::string to = define(value, layout);
  addNode("Transpose", {from}, to, {Attribute("perm", permutation)});
  return to;
}

std::string GraphWriter::getReals(mlir::Value value, Layout layout) {
  std::string tensor = getTensor(value, layout);
  if (!nn::getQuantizedElementType(value.getType()))
    return tensor;
  Parameters p = getParameters(value.getType());
  llvm::SmallVector<Attribute> attributes;
  const int64_t moved[] = {0, 2, 3, 1};
  if (p.axis >= 0)
    attributes.push_back(
        Attribute("axis", layout == Layout::Plain ? p.axis : moved[p.axis]));
  return makeNode("DequantizeLinear", {tensor, p.scale, p.zeroPoint},
                  getName(value) + "_real", attributes);
}

/// Stored bounds of an interval of reals, where they are narrower than the
/// storage of the file: a tensor of narrower integers has a byte or two for
/// each.
static std::optional<numerics::StorageRange>
getStoredBounds(quant::UniformQuantizedType type, RealInterval interval) {
  numerics::StorageRange bounds = numerics::clampRange(
      interval.low, interval.high, {type.getScale(), type.getZeroPoint()},
      {type.getStorageTypeMin(), type.getStorageTypeMax()});
  unsigned width = type.getStorageTypeIntegralWidth();
  numerics::StorageRange all =
      numerics::StorageRange::ofBits(width <= 8 ? 8 : width, type.isSigned());
  if (bounds.min <= all.min && bounds.max >= all.max)
    return std::nullopt;
  return bounds;
}

void GraphWriter::setReals(mlir::Value value, Layout layout,
                           llvm::StringRef tensor, nn::Activation activation) {
  auto type = mlir::dyn_cast<quant::UniformQuantizedType>(
      mlir::getElementTypeOrSelf(value.getType()));
  if (!type) {
    RealInterval interval = nn::getActivationInterval(activation);
    if (interval.isUnbounded())
      return alias(value, layout, tensor);
    if (activation == nn::Activation::Relu)
      return addNode("Relu", {tensor.str()}, define(value, layout));
    std::string min = addReal("min", interval.low);
    std::string max = addReal("max", interval.high);
    return addNode("Clip", {tensor.str(), min, max}, define(value, layout));
  }
  Parameters p = getParameters(value.getType());
  if (!getStoredBounds(type, nn::getActivationInterval(activation)))
    return addNode("QuantizeLinear", {tensor.str(), p.scale, p.zeroPoint},
                   define(value, layout));
  // Clamping what is stored, rather than the reals, leaves the quantization
  // beside the operator that it belongs to.
  setStored(value, layout,
            makeNode("QuantizeLinear", {tensor.str(), p.scale, p.zeroPoint},
                     getName(value) + "_unclamped"),
            activation);
}

void GraphWriter::setStored(mlir::Value value, Layout layout,
                            llvm::StringRef tensor, nn::Activation activation) {
  setClamped(value, layout, tensor, nn::getActivationInterval(activation));
}

void GraphWriter::setClamped(mlir::Value value, Layout layout,
                             llvm::StringRef tensor, RealInterval interval) {
  auto type = mlir::cast<quant::UniformQuantizedType>(
      mlir::getElementTypeOrSelf(value.getType()));
  auto bounds = getStoredBounds(type, interval);
  if (!bounds)
    return alias(value, layout, tensor);
  // The runtime clamps 8 and 32 bits.
  bool has16Bits = type.getStorageTypeIntegralWidth() == 16;
  mlir::Type i32 = mlir::IntegerType::get(value.getContext(), 32);
  mlir::Type element = has16Bits ? i32 : type;
  auto cast = [&](mlir::Type to) {
    return Attribute("to", int64_t(getDataType(to)));
  };
  std::string input = tensor.str(), name = getName(value);
  if (has16Bits)
    input = makeNode("Cast", {input}, name + "_wide", {cast(i32)});
  std::string min = addStored("min", bounds->min, element);
  std::string max = addStored("max", bounds->max, element);
  if (!has16Bits)
    return addNode("Clip", {input, min, max}, define(value, layout));
  addNode("Cast", {makeNode("Clip", {input, min, max}, name + "_wide")},
          define(value, layout), {cast(type)});
}

std::string GraphWriter::addWeights(mlir::Value weights,
                                    mlir::RankedTensorType type,
                                    mlir::DenseElementsAttr elements,
                                    bool stored) {
  std::string tensor =
      addConstant(getName(weights), elements, isUnsigned(type));
  if (stored || !nn::getQuantizedElementType(type))
    return tensor;
  Parameters p = getParameters(type);
  llvm::SmallVector<Attribute> attributes;
  if (p.axis >= 0)
    attributes.push_back(Attribute("axis", p.axis));
  return makeNode("DequantizeLinear", {tensor, p.scale, p.zeroPoint},
                  tensor + "_real", attributes);
}
