//===- Inputs.cpp - The inputs of a graph ---------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A dimension without a size is the batch when it comes first. Any other needs
// an option: guessing it would make a model that nobody asked for.
//
//===----------------------------------------------------------------------===//

#include "Inputs.h"

using namespace qopt;
using namespace qopt::onnx_import;
using mlir::failure;
using mlir::FailureOr;
using mlir::LogicalResult;
using mlir::success;

static bool hasInput(const Container &model, llvm::StringRef name) {
  return llvm::any_of(
      model.getGraph().input(),
      [&](const proto::ValueInfoProto &input) { return input.name() == name; });
}

/// Whether a dimension of an input is called so.
static bool hasDimension(const Container &model, llvm::StringRef name) {
  for (const proto::ValueInfoProto &input : model.getGraph().input())
    for (const auto &dim : input.type().tensor_type().shape().dim())
      if (dim.dim_param() == name)
        return true;
  return false;
}

LogicalResult onnx_import::checkOptions(const Container &model,
                                        const ONNXImportOptions &options) {
  if (options.batch < 1)
    return model.error() << "the batch is " << options.batch
                         << ", expected 1 or more";
  for (const auto &[name, size] : options.dimensions) {
    if (size < 1)
      return model.error() << "dimension '" << name << "' is given the size "
                           << size << ", expected 1 or more";
    if (!hasDimension(model, name))
      return model.error() << "dimension '" << name
                           << "' is given a size, but no input of the graph "
                              "has a dimension of that name";
  }
  for (const auto &[name, tensor] : options.constants)
    if (!hasInput(model, name))
      return model.error() << "input '" << name
                           << "' is given a value, but the graph has no input "
                              "of that name";
  return success();
}

/// The size of dimension `index` of an input.
static FailureOr<int64_t> getSize(const Container &model,
                                  const proto::ValueInfoProto &input, int index,
                                  const ONNXImportOptions &options) {
  const proto::TensorShapeProto::Dimension &dim =
      input.type().tensor_type().shape().dim(index);
  if (dim.has_dim_value() && dim.dim_value() > 0)
    return dim.dim_value();
  if (dim.has_dim_param()) {
    auto given = options.dimensions.find(dim.dim_param());
    if (given != options.dimensions.end())
      return given->second;
  }
  if (auto bound = options.constants.find(input.name());
      bound != options.constants.end() &&
      index < int(bound->second.shape.size()))
    return bound->second.shape[index];
  // Some exporters write -1 or 0 for a size that is open.
  if (index == 0)
    return options.batch;
  auto diagnostic = model.error();
  diagnostic << "input '" << printable(input.name()) << "': dimension "
             << index;
  if (dim.has_dim_param() && !dim.dim_param().empty())
    return diagnostic << " is the symbol '" << printable(dim.dim_param())
                      << "'; give its size with --onnx-dim="
                      << printable(dim.dim_param()) << "=SIZE";
  if (dim.has_dim_value())
    diagnostic << " is " << dim.dim_value() << ", expected 1 or more";
  else
    diagnostic << " has no size";
  return diagnostic << "; export the model with static shapes";
}

FailureOr<mlir::RankedTensorType>
onnx_import::getInputType(const Container &model,
                          const proto::ValueInfoProto &input,
                          const ONNXImportOptions &options) {
  auto error = [&] {
    return model.error() << "input '" << printable(input.name()) << "' ";
  };
  if (!input.type().has_tensor_type())
    return error() << "is no tensor, which is not supported";
  const proto::TypeProto::Tensor &tensor = input.type().tensor_type();
  mlir::Type element = getElementType(model.getContext(), tensor.elem_type());
  if (!element)
    return error() << "has elements of type " << typeName(tensor.elem_type())
                   << ", which are not supported";
  if (!tensor.has_shape())
    return error() << "has no shape; run onnx.shape_inference, or export the "
                      "model with static shapes";
  llvm::SmallVector<int64_t> shape;
  for (int i = 0, e = tensor.shape().dim_size(); i != e; ++i) {
    auto size = getSize(model, input, i, options);
    if (failed(size))
      return failure();
    shape.push_back(*size);
  }
  if (failed(countElements(shape, error)))
    return failure();
  return mlir::RankedTensorType::get(shape, element);
}

LogicalResult
onnx_import::checkInputElements(const Container &model,
                                const proto::ValueInfoProto &input,
                                mlir::RankedTensorType type) {
  mlir::Type element = type.getElementType();
  if (element.isF32() || (element.isSignlessInteger() && !element.isInteger(4)))
    return success();
  return model.error() << "input '" << printable(input.name())
                       << "' has elements of type "
                       << typeName(input.type().tensor_type().elem_type())
                       << ", expected FLOAT, INT8, INT16, INT32, INT64 or "
                          "BOOL; convert the model to float32";
}

/// The element types that a tensor of this kind can have.
static bool holds(mlir::Type element, ElementKind kind) {
  unsigned bits = element.getIntOrFloatBitWidth();
  switch (kind) {
  case ElementKind::Float32:
    return element.isF32();
  case ElementKind::Float64:
    return element.isF64();
  case ElementKind::Bool:
    return bits == 1;
  case ElementKind::Int8:
  case ElementKind::Int16:
  case ElementKind::Int32:
  case ElementKind::Int64:
    // Numbers of 4 bits come in a byte each.
    return element.isSignlessInteger() && bits != 1 &&
           std::max(bits, 8u) == 8 * getElementSize(kind);
  case ElementKind::UInt8:
  case ElementKind::UInt16:
  case ElementKind::UInt32:
    return element.isUnsignedInteger() &&
           std::max(bits, 8u) == 8 * getElementSize(kind);
  }
  return false;
}

FailureOr<mlir::DenseElementsAttr>
onnx_import::bindInput(const Container &model,
                       const proto::ValueInfoProto &input,
                       mlir::RankedTensorType type, const Tensor &tensor) {
  if (!holds(type.getElementType(), tensor.kind) ||
      type.getShape() != llvm::ArrayRef<int64_t>(tensor.shape))
    return model.error() << "input '" << printable(input.name()) << "' is "
                         << type << ", but the value that it is given is "
                         << tensor.describeType();
  if (type.getElementType().isF32() || type.getElementType().isF64()) {
    llvm::ArrayRef<char> bytes(tensor.bytes.data(), tensor.bytes.size());
    if (bytes.empty())
      return mlir::DenseElementsAttr::get(type,
                                          llvm::ArrayRef<mlir::Attribute>());
    return mlir::DenseElementsAttr::getFromRawBuffer(type, bytes);
  }
  llvm::SmallVector<int64_t> values;
  for (int64_t i = 0, e = tensor.getNumElements(); i != e; ++i)
    values.push_back(tensor.getInteger(i));
  return makeIntegers(type, values);
}
