// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads quantized types; loads and stores integers of any width.

#include "Quantities.h"

#include "qopt/Reference/Interpreter.h"

#include "llvm/ADT/TypeSwitch.h"

#include <cmath>

using namespace mlir;
using namespace qopt;
using namespace qopt::reference;

std::optional<Quantities> Quantities::of(Type type) {
  auto tensor = llvm::dyn_cast<RankedTensorType>(type);
  if (!tensor)
    return std::nullopt;
  Quantities q;
  q.shape.assign(tensor.getShape().begin(), tensor.getShape().end());
  q.blockSizes = q.shape;
  q.blockCounts.assign(q.shape.size(), 1);

  Type element = tensor.getElementType();
  bool known =
      llvm::TypeSwitch<Type, bool>(element)
          .Case([&](quant::UniformQuantizedType t) {
            q.scales.push_back(t.getScale());
            q.zeroPoints.push_back(t.getZeroPoint());
            return true;
          })
          .Case([&](quant::UniformQuantizedPerAxisType t) {
            llvm::append_range(q.scales, t.getScales());
            llvm::append_range(q.zeroPoints, t.getZeroPoints());
            int32_t axis = t.getQuantizedDimension();
            q.blockSizes[axis] = 1;
            q.blockCounts[axis] = q.shape[axis];
            return true;
          })
          .Case([&](quant::UniformQuantizedSubChannelType t) {
            int64_t count = t.getScales().getNumElements();
            q.isGrouped = true;
            for (const APFloat &scale : t.getScales().getValues<APFloat>())
              q.scales.push_back(scale.convertToDouble());
            for (int64_t i = 0; i < count; ++i)
              q.zeroPoints.push_back(t.getZeroPoint(i));
            for (auto [axis, size] : t.getBlockSizeInfo()) {
              q.blockSizes[axis] = size;
              q.blockCounts[axis] = q.shape[axis] / size;
            }
            return true;
          })
          .Default([](Type) { return false; });
  if (!known)
    return std::nullopt;
  auto quantized = llvm::cast<quant::QuantizedType>(element);
  q.storageMin = quantized.getStorageTypeMin();
  q.storageMax = quantized.getStorageTypeMax();
  q.storageBits = quantized.getStorageTypeIntegralWidth();
  q.isSigned = quantized.isSigned();
  return q;
}

int64_t Quantities::channelOf(int64_t element) const {
  if (scales.size() == 1)
    return 0;
  // Row-major in the blocks, as the element is in the shape.
  int64_t channel = 0, stride = 1;
  for (size_t d = shape.size(); d-- > 0;) {
    int64_t coordinate = element % shape[d];
    element /= shape[d];
    channel += coordinate / blockSizes[d] * stride;
    stride *= blockCounts[d];
  }
  return channel;
}

/// Real to stored as TFLite's Quantize does for bounds: float32 quotient, ties
/// away from zero, plus zero point.
static int64_t storeBound(const Quantities &q, double real) {
  float quotient = static_cast<float>(real) / static_cast<float>(q.scale());
  double stored = std::round(quotient) + static_cast<double>(q.zeroPoint());
  return static_cast<int64_t>(
      std::min(std::max(stored, static_cast<double>(q.storageMin)),
               static_cast<double>(q.storageMax)));
}

Bounds reference::boundsOf(const Quantities &result, double min, double max) {
  return {std::isinf(min) ? result.storageMin : storeBound(result, min),
          std::isinf(max) ? result.storageMax : storeBound(result, max)};
}

Bounds reference::boundsOf(const Quantities &result,
                           nn::Activation activation) {
  switch (activation) {
  case nn::Activation::None:
    return boundsOf(result, -INFINITY, INFINITY);
  case nn::Activation::Relu:
    return boundsOf(result, 0, INFINITY);
  case nn::Activation::Relu6:
    return boundsOf(result, 0, 6);
  case nn::Activation::ReluN1To1:
    return boundsOf(result, -1, 1);
  }
  llvm_unreachable("an activation of the enum");
}

std::pair<float, float> reference::realBounds(nn::Activation activation) {
  switch (activation) {
  case nn::Activation::None:
    return {-INFINITY, INFINITY};
  case nn::Activation::Relu:
    return {0, INFINITY};
  case nn::Activation::Relu6:
    return {0, 6};
  case nn::Activation::ReluN1To1:
    return {-1, 1};
  }
  llvm_unreachable("an activation of the enum");
}

template <typename T>
static std::vector<int64_t> widen(const Tensor &tensor) {
  llvm::ArrayRef<T> values = tensor.get<T>();
  return {values.begin(), values.end()};
}

std::vector<int64_t> reference::loadIntegers(const Tensor &tensor) {
  switch (tensor.kind) {
  case ElementKind::Bool: {
    // Not as bool: a byte from outside may be neither 0 nor 1.
    std::vector<int64_t> values(tensor.bytes.size());
    llvm::transform(tensor.bytes, values.begin(),
                    [](char byte) { return byte != 0; });
    return values;
  }
  case ElementKind::Int8:
    return widen<int8_t>(tensor);
  case ElementKind::UInt8:
    return widen<uint8_t>(tensor);
  case ElementKind::Int16:
    return widen<int16_t>(tensor);
  case ElementKind::UInt16:
    return widen<uint16_t>(tensor);
  case ElementKind::Int32:
    return widen<int32_t>(tensor);
  case ElementKind::UInt32:
    return widen<uint32_t>(tensor);
  case ElementKind::Int64:
    return widen<int64_t>(tensor);
  case ElementKind::Float32:
  case ElementKind::Float64:
    break;
  }
  llvm_unreachable("floats are not loaded as integers");
}

template <typename T>
static std::optional<size_t> narrow(Tensor &tensor,
                                    llvm::ArrayRef<int64_t> values) {
  llvm::MutableArrayRef<T> out = tensor.get<T>();
  for (size_t i = 0; i < values.size(); ++i) {
    out[i] = static_cast<T>(values[i]);
    if (static_cast<int64_t>(out[i]) != values[i])
      return i;
  }
  return std::nullopt;
}

llvm::Expected<Tensor>
reference::storeIntegers(Operation *op, Type type,
                         llvm::ArrayRef<int64_t> values) {
  llvm::Expected<Tensor> tensor = makeTensor(type);
  if (!tensor)
    return tensor.takeError();
  std::optional<size_t> misfit;
  switch (tensor->kind) {
  case ElementKind::Bool:
    misfit = narrow<bool>(*tensor, values);
    break;
  case ElementKind::Int8:
    misfit = narrow<int8_t>(*tensor, values);
    break;
  case ElementKind::UInt8:
    misfit = narrow<uint8_t>(*tensor, values);
    break;
  case ElementKind::Int16:
    misfit = narrow<int16_t>(*tensor, values);
    break;
  case ElementKind::UInt16:
    misfit = narrow<uint16_t>(*tensor, values);
    break;
  case ElementKind::Int32:
    misfit = narrow<int32_t>(*tensor, values);
    break;
  case ElementKind::UInt32:
    misfit = narrow<uint32_t>(*tensor, values);
    break;
  case ElementKind::Int64:
    misfit = narrow<int64_t>(*tensor, values);
    break;
  case ElementKind::Float32:
  case ElementKind::Float64:
    return makeError(op, "has integers for a result of floats");
  }
  if (misfit)
    return makeError(op, "value " + llvm::Twine(values[*misfit]) +
                             " of element " + llvm::Twine(*misfit) +
                             " does not fit " + getElementName(tensor->kind));
  return std::move(*tensor);
}

llvm::Error reference::makeError(Operation *op, const llvm::Twine &message) {
  std::string layer;
  if (auto name = op->getLoc()->findInstanceOf<NameLoc>())
    layer = " '" + name.getName().str() + "'";
  return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                 "reference: " + op->getName().getStringRef() +
                                     layer + ": " + message);
}
