//===- NodeImporter.cpp - One node on its way into IR ---------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NodeImporter.h"

#include "qopt/Dialect/NN/IR/PermuteElements.h"

#include <cmath>

using namespace qopt;
using namespace qopt::onnx_import;
using mlir::failure;
using mlir::FailureOr;
using mlir::LogicalResult;
using mlir::success;

mlir::Location onnx_import::getNameLoc(const Container &model,
                                       llvm::StringRef tensor) {
  return mlir::NameLoc::get(mlir::StringAttr::get(model.getContext(), tensor));
}

/// The name of the first tensor that a node makes: the only one of most.
static mlir::Location getResultLoc(const Container &model,
                                   const proto::NodeProto &node) {
  if (node.output_size() == 0)
    return model.getLoc();
  return getNameLoc(model, node.output(0));
}

NodeImporter::NodeImporter(mlir::OpBuilder &builder, const Container &model,
                           TensorMap &tensors, int index)
    : builder(builder), loc(getResultLoc(model, model.getNode(index))),
      model(model), tensors(tensors), index(index), node(model.getNode(index)) {
}

mlir::InFlightDiagnostic NodeImporter::error() const {
  return model.error() << model.describeNode(index) << ": ";
}

mlir::InFlightDiagnostic NodeImporter::warning() const {
  return model.warning() << model.describeNode(index) << ": ";
}

//===----------------------------------------------------------------------===//
// Operands
//===----------------------------------------------------------------------===//

LogicalResult NodeImporter::expectInputs(unsigned least, unsigned most) const {
  if (getNumInputs() >= least && getNumInputs() <= most)
    return success();
  auto diagnostic = error();
  diagnostic << "expected " << least;
  if (most != least)
    diagnostic << " to " << most;
  return diagnostic << " inputs, found " << getNumInputs();
}

std::string NodeImporter::describeInput(unsigned i) const {
  return "tensor '" + printable(node.input(int(i))) + "'";
}

FailureOr<mlir::Value> NodeImporter::getInput(unsigned i,
                                              llvm::StringRef role) {
  if (!hasInput(i))
    return error() << "the " << role << " (input " << i << ") is missing";
  auto entry = tensors.find(node.input(int(i)));
  if (entry == tensors.end())
    return error() << "the " << role << " is " << describeInput(i)
                   << ", which no earlier node makes and which is neither an "
                      "input nor an initializer: the graph is cyclic, out of "
                      "order or incomplete";
  KnownTensor &tensor = entry->second;
  if (tensor.value)
    return tensor.value;
  mlir::Type element = tensor.constant.getElementType();
  if (!element.isF32() && !element.isSignlessInteger())
    return error() << "the " << role << " is the constant " << describeInput(i)
                   << " with elements of " << element
                   << ", expected f32 or signed integers; convert the model to "
                      "float32";
  mlir::OpBuilder::InsertionGuard guard(builder);
  return tensor.value = nn::ConstantOp::create(
             builder, getNameLoc(model, node.input(int(i))),
             tensor.constant.getType(), tensor.constant);
}

FailureOr<mlir::Value> NodeImporter::getOptionalInput(unsigned i,
                                                      llvm::StringRef role) {
  if (!hasInput(i))
    return mlir::Value();
  return getInput(i, role);
}

mlir::DenseElementsAttr NodeImporter::getConstantOrNull(unsigned i) const {
  if (!hasInput(i))
    return {};
  auto entry = tensors.find(node.input(int(i)));
  if (entry == tensors.end())
    return {};
  return entry->second.constant;
}

FailureOr<mlir::DenseElementsAttr>
NodeImporter::getConstant(unsigned i, llvm::StringRef role) {
  if (!hasInput(i))
    return error() << "the " << role << " (input " << i << ") is missing";
  if (mlir::DenseElementsAttr constant = getConstantOrNull(i))
    return constant;
  return error() << "expected constant " << role << ", found "
                 << describeInput(i)
                 << ", which is computed or an input; make it an initializer "
                    "(onnxsim, or bind the input to a value)";
}

FailureOr<llvm::SmallVector<int64_t>>
NodeImporter::getIntegers(unsigned i, llvm::StringRef role) {
  auto constant = getConstant(i, role);
  if (failed(constant))
    return failure();
  // Axes, paddings and sizes: a few numbers per dimension.
  constexpr int64_t maxIntegers = 64;
  if (!mlir::isa<mlir::IntegerType>(constant->getElementType()) ||
      constant->getNumElements() > maxIntegers)
    return error() << "expected at most " << maxIntegers << " integers as "
                   << role << ", found " << constant->getType();
  return onnx_import::getIntegers(*constant);
}

FailureOr<double> NodeImporter::getReal(unsigned i, llvm::StringRef role) {
  auto constant = getConstant(i, role);
  if (failed(constant))
    return failure();
  if (constant->getNumElements() != 1)
    return error() << "expected one number as " << role << ", found "
                   << constant->getType();
  if (mlir::isa<mlir::FloatType>(constant->getElementType()))
    return getReals(*constant).front();
  return double(onnx_import::getIntegers(*constant).front());
}

std::optional<llvm::SmallVector<int64_t>>
NodeImporter::getShape(unsigned i) const {
  if (!hasInput(i))
    return std::nullopt;
  auto entry = tensors.find(node.input(int(i)));
  if (entry == tensors.end())
    return std::nullopt;
  auto type = mlir::cast<mlir::ShapedType>(
      entry->second.value ? entry->second.value.getType()
                          : entry->second.constant.getType());
  return llvm::to_vector(type.getShape());
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

const proto::AttributeProto *NodeImporter::find(llvm::StringRef name) const {
  for (const proto::AttributeProto &attribute : node.attribute())
    if (name == attribute.name())
      return &attribute;
  return nullptr;
}

const proto::AttributeProto *NodeImporter::getAttribute(llvm::StringRef name) {
  readAttributes.insert(name);
  return find(name);
}

FailureOr<const proto::AttributeProto *>
NodeImporter::findTyped(llvm::StringRef name,
                        proto::AttributeProto::AttributeType type) {
  const proto::AttributeProto *attribute = getAttribute(name);
  if (!attribute)
    return nullptr;
  if (attribute->type() == type)
    return attribute;
  return error() << "attribute '" << name << "' has type "
                 << proto::AttributeProto::AttributeType_Name(attribute->type())
                 << ", expected "
                 << proto::AttributeProto::AttributeType_Name(type);
}

FailureOr<int64_t> NodeImporter::getInt(llvm::StringRef name, int64_t absent) {
  auto attribute = findTyped(name, proto::AttributeProto::INT);
  if (failed(attribute))
    return failure();
  return *attribute ? (*attribute)->i() : absent;
}

FailureOr<bool> NodeImporter::getFlag(llvm::StringRef name, bool absent) {
  auto number = getInt(name, absent);
  if (failed(number))
    return failure();
  if (*number != 0 && *number != 1)
    return error() << "attribute '" << name << "' is " << *number
                   << ", expected 0 or 1";
  return *number == 1;
}

FailureOr<double> NodeImporter::getFloat(llvm::StringRef name, double absent) {
  auto attribute = findTyped(name, proto::AttributeProto::FLOAT);
  if (failed(attribute))
    return failure();
  double value = *attribute ? double((*attribute)->f()) : absent;
  if (std::isnan(value))
    return error() << "attribute '" << name << "' is not a number";
  return value;
}

FailureOr<std::string> NodeImporter::getString(llvm::StringRef name,
                                               llvm::StringRef absent) {
  auto attribute = findTyped(name, proto::AttributeProto::STRING);
  if (failed(attribute))
    return failure();
  return *attribute ? (*attribute)->s() : absent.str();
}

FailureOr<llvm::SmallVector<int64_t>>
NodeImporter::getInts(llvm::StringRef name, llvm::ArrayRef<int64_t> absent) {
  auto attribute = findTyped(name, proto::AttributeProto::INTS);
  if (failed(attribute))
    return failure();
  if (!*attribute)
    return llvm::to_vector(absent);
  constexpr int maxIntegers = 64;
  if ((*attribute)->ints_size() > maxIntegers)
    return error() << "attribute '" << name << "' has "
                   << (*attribute)->ints_size() << " numbers, expected at most "
                   << maxIntegers;
  return llvm::SmallVector<int64_t>((*attribute)->ints().begin(),
                                    (*attribute)->ints().end());
}

FailureOr<mlir::DenseElementsAttr>
NodeImporter::getTensor(llvm::StringRef name) {
  auto attribute = findTyped(name, proto::AttributeProto::TENSOR);
  if (failed(attribute))
    return failure();
  if (!*attribute)
    return error() << "attribute '" << name << "' is missing";
  return importTensor(model.getContext(), (*attribute)->t(),
                      [&] { return error() << "attribute '" << name << "' "; });
}

void NodeImporter::ignoreAttributes(llvm::ArrayRef<llvm::StringRef> names) {
  for (llvm::StringRef name : names)
    readAttributes.insert(name);
}

LogicalResult NodeImporter::checkAllAttributesRead() const {
  for (const proto::AttributeProto &attribute : node.attribute())
    if (!readAttributes.contains(attribute.name()))
      return error() << "attribute '" << printable(attribute.name())
                     << "' is not one of the operator's in opset "
                     << std::min(getOpset(), maxOpset)
                     << ", or is not supported";
  return success();
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

mlir::Location NodeImporter::getOutputLoc(unsigned i) const {
  return getNameLoc(model, node.output(int(i)));
}

LogicalResult NodeImporter::expectOneOutput() const {
  if (!hasOutput(0))
    return error() << "the node has no output";
  for (unsigned i = 1; i < getNumOutputs(); ++i)
    if (hasOutput(i) && model.isRead(node.output(int(i))))
      return error() << "output " << i << " ('"
                     << printable(node.output(int(i)))
                     << "') is not supported, expected only the first";
  return success();
}

LogicalResult NodeImporter::define(unsigned i, KnownTensor tensor) {
  if (!hasOutput(i))
    return error() << "the node has no output " << i;
  const std::string &name = node.output(int(i));
  if (!tensors.try_emplace(name, tensor).second)
    return error() << "output " << i << " is tensor '" << printable(name)
                   << "', which an earlier node makes or which is an input or "
                      "an initializer";
  return success();
}

LogicalResult NodeImporter::setOutput(mlir::Value value, unsigned i) {
  return define(i, {{}, value});
}

LogicalResult NodeImporter::setConstantOutput(mlir::DenseElementsAttr constant,
                                              unsigned i) {
  return define(i, {constant, {}});
}

//===----------------------------------------------------------------------===//
// Helpers
//===----------------------------------------------------------------------===//

FailureOr<int64_t> NodeImporter::normalizeAxis(int64_t axis,
                                               int64_t rank) const {
  if (axis < -rank || axis >= rank)
    return error() << "axis is " << axis << ", expected " << -rank << " to "
                   << rank - 1;
  return axis < 0 ? axis + rank : axis;
}

FailureOr<llvm::SmallVector<int64_t>>
NodeImporter::normalizeAxes(llvm::ArrayRef<int64_t> axes, int64_t rank) const {
  llvm::SmallVector<int64_t> result;
  for (int64_t number : axes) {
    auto axis = normalizeAxis(number, rank);
    if (failed(axis))
      return failure();
    if (llvm::is_contained(result, *axis))
      return error() << "axis " << *axis << " is named twice";
    result.push_back(*axis);
  }
  llvm::sort(result);
  return result;
}

mlir::Value NodeImporter::makeConstant(mlir::DenseElementsAttr elements) {
  return nn::ConstantOp::create(builder, loc, elements.getType(), elements);
}

mlir::Value NodeImporter::makeReal(double value) {
  auto type = mlir::RankedTensorType::get({}, builder.getF32Type());
  return makeConstant(mlir::DenseElementsAttr::get(type, float(value)));
}

/// The elements of a constant op that is dense.
static mlir::DenseElementsAttr getElements(mlir::Value value) {
  auto constant = value.getDefiningOp<nn::ConstantOp>();
  if (!constant || nn::getQuantizedElementType(value.getType()))
    return {};
  return mlir::dyn_cast<mlir::DenseElementsAttr>(constant.getValue());
}

mlir::Value NodeImporter::reshape(mlir::Value value,
                                  llvm::ArrayRef<int64_t> shape) {
  mlir::RankedTensorType type = getType(value);
  if (type.getShape() == shape)
    return value;
  if (mlir::DenseElementsAttr elements = getElements(value))
    return nn::ConstantOp::create(builder, value.getLoc(), type.clone(shape),
                                  elements.reshape(type.clone(shape)));
  return nn::ReshapeOp::create(builder, loc, type.clone(shape), value);
}

mlir::Value NodeImporter::transpose(mlir::Value value,
                                    llvm::ArrayRef<int64_t> permutation,
                                    mlir::Location where) {
  if (llvm::is_sorted(permutation))
    return value;
  if (mlir::DenseElementsAttr elements = getElements(value))
    if (auto permuted = nn::permuteElements(elements, permutation))
      return nn::ConstantOp::create(builder, value.getLoc(), permuted.getType(),
                                    permuted);
  return nn::TransposeOp::create(builder, where, value, permutation);
}

mlir::Value NodeImporter::toChannelsLast(mlir::Value value) {
  llvm::SmallVector<int64_t> permutation{0};
  int64_t rank = getType(value).getRank();
  for (int64_t d = 2; d < rank; ++d)
    permutation.push_back(d);
  permutation.push_back(1);
  return transpose(value, permutation, value.getLoc());
}

mlir::Value NodeImporter::toChannelsFirst(mlir::Value value) {
  int64_t rank = getType(value).getRank();
  llvm::SmallVector<int64_t> permutation{0, rank - 1};
  for (int64_t d = 1; d + 1 < rank; ++d)
    permutation.push_back(d);
  return transpose(value, permutation, loc);
}
