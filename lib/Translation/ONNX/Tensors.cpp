//===- Tensors.cpp - Constants and types of an .onnx file -----------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A tensor has its elements as raw little-endian bytes, or in a list of wider
// numbers that its type decides on.
//
//===----------------------------------------------------------------------===//

#include "Tensors.h"

#include "mlir/IR/Builders.h"
#include "llvm/Support/MathExtras.h"

#include <cstring>

using namespace qopt;
using namespace qopt::onnx_import;
using mlir::failure;
using mlir::FailureOr;

/// Types that came after the reader's own list.
constexpr int32_t dataTypeUInt4 = 21, dataTypeInt4 = 22;

mlir::Type onnx_import::getElementType(mlir::MLIRContext *context,
                                       int32_t dataType) {
  mlir::Builder builder(context);
  switch (dataType) {
  case proto::TensorProto::FLOAT:
    return builder.getF32Type();
  case proto::TensorProto::DOUBLE:
    return builder.getF64Type();
  case proto::TensorProto::FLOAT16:
    return builder.getF16Type();
  case proto::TensorProto::BFLOAT16:
    return builder.getBF16Type();
  case proto::TensorProto::BOOL:
    return builder.getI1Type();
  case proto::TensorProto::INT8:
    return builder.getI8Type();
  case proto::TensorProto::INT16:
    return builder.getIntegerType(16);
  case proto::TensorProto::INT32:
    return builder.getI32Type();
  case proto::TensorProto::INT64:
    return builder.getI64Type();
  case dataTypeInt4:
    return builder.getIntegerType(4);
  case proto::TensorProto::UINT8:
    return builder.getIntegerType(8, /*isSigned=*/false);
  case proto::TensorProto::UINT16:
    return builder.getIntegerType(16, /*isSigned=*/false);
  case proto::TensorProto::UINT32:
    return builder.getIntegerType(32, /*isSigned=*/false);
  case proto::TensorProto::UINT64:
    return builder.getIntegerType(64, /*isSigned=*/false);
  case dataTypeUInt4:
    return builder.getIntegerType(4, /*isSigned=*/false);
  default:
    return {};
  }
}

FailureOr<int64_t> onnx_import::countElements(llvm::ArrayRef<int64_t> shape,
                                              ErrorFunction error) {
  constexpr size_t maxRank = 8;
  if (shape.size() > maxRank)
    return error() << "has " << shape.size() << " dimensions, expected at most "
                   << maxRank;
  int64_t count = 1;
  for (auto [i, size] : llvm::enumerate(shape)) {
    if (size < 0)
      return error() << "dimension " << i << " is " << size
                     << ", expected a size of 0 or more";
    if (llvm::MulOverflow(count, size, count) || count > maxElements)
      return error() << "the sizes up to dimension " << i
                     << " multiply to more than " << maxElements << " elements";
  }
  return count;
}

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

/// The elements as raw bytes, those narrower than a byte packed.
static FailureOr<std::string> getBytes(const proto::TensorProto &tensor,
                                       mlir::Type element, int64_t count,
                                       ErrorFunction error) {
  unsigned bits = element.getIntOrFloatBitWidth();
  // Booleans have a byte each.
  unsigned storedBits = bits == 1 ? 8 : bits;
  uint64_t expected = llvm::divideCeil(uint64_t(count) * storedBits, 8);
  auto describe = [&](size_t found, llvm::StringRef what) {
    return error() << "holds " << found << " " << what << ", but " << count
                   << " elements of type " << typeName(tensor.data_type())
                   << " take ";
  };
  if (tensor.has_raw_data()) {
    if (tensor.raw_data().size() != expected)
      return describe(tensor.raw_data().size(), "bytes") << expected;
    return tensor.raw_data();
  }

  std::string bytes(expected, 0);
  // Each number of the list holds what fits `width` bytes.
  auto copy = [&](const auto &list, size_t width) -> mlir::LogicalResult {
    size_t numbers = width ? expected / width : 0;
    if (size_t(list.size()) != numbers)
      return describe(list.size(), "numbers") << numbers;
    for (size_t i = 0; i != numbers; ++i)
      std::memcpy(&bytes[i * width], &list.Get(int(i)), width);
    return mlir::success();
  };
  mlir::LogicalResult copied = failure();
  switch (tensor.data_type()) {
  case proto::TensorProto::FLOAT:
    copied = copy(tensor.float_data(), 4);
    break;
  case proto::TensorProto::DOUBLE:
    copied = copy(tensor.double_data(), 8);
    break;
  case proto::TensorProto::INT64:
    copied = copy(tensor.int64_data(), 8);
    break;
  case proto::TensorProto::UINT32:
  case proto::TensorProto::UINT64:
    copied = copy(tensor.uint64_data(), storedBits / 8);
    break;
  default:
    copied = copy(tensor.int32_data(), std::max(storedBits / 8, 1u));
    break;
  }
  if (failed(copied))
    return failure();
  return bytes;
}

/// Two elements a byte, the first in the low half.
static mlir::DenseElementsAttr unpackInt4(mlir::RankedTensorType type,
                                          llvm::StringRef bytes) {
  llvm::SmallVector<llvm::APInt> values;
  values.reserve(type.getNumElements());
  for (int64_t i = 0, e = type.getNumElements(); i != e; ++i)
    values.emplace_back(4, (uint8_t(bytes[i / 2]) >> (i % 2 * 4)) & 15);
  return mlir::DenseElementsAttr::get(type, values);
}

FailureOr<mlir::DenseElementsAttr>
onnx_import::importTensor(mlir::MLIRContext *context,
                          const proto::TensorProto &tensor,
                          ErrorFunction error) {
  if (tensor.data_location() == proto::TensorProto::EXTERNAL ||
      tensor.external_data_size() != 0)
    return error() << "has its data in another file, which is not supported; "
                      "save the model with its weights inside "
                      "(onnx.save_model(..., save_as_external_data=False))";
  if (tensor.has_segment())
    return error() << "is a segment of a tensor, which is not supported";
  mlir::Type element = getElementType(context, tensor.data_type());
  if (!element)
    return error() << "has elements of type " << typeName(tensor.data_type())
                   << ", which are not supported";
  llvm::SmallVector<int64_t> shape(tensor.dims().begin(), tensor.dims().end());
  auto count = countElements(shape, error);
  if (failed(count))
    return failure();
  auto bytes = getBytes(tensor, element, *count, error);
  if (failed(bytes))
    return failure();
  auto type = mlir::RankedTensorType::get(shape, element);
  llvm::ArrayRef<char> raw(bytes->data(), bytes->size());
  if (*count == 0)
    return mlir::DenseElementsAttr::get(type,
                                        llvm::ArrayRef<mlir::Attribute>());
  switch (element.getIntOrFloatBitWidth()) {
  case 1: {
    auto values =
        llvm::map_to_vector(raw, [](char byte) -> bool { return byte != 0; });
    return mlir::DenseElementsAttr::get(type, llvm::ArrayRef<bool>(values));
  }
  case 4:
    return unpackInt4(type, *bytes);
  default:
    return mlir::DenseElementsAttr::getFromRawBuffer(type, raw);
  }
}

llvm::SmallVector<int64_t>
onnx_import::getIntegers(mlir::DenseElementsAttr constant) {
  bool isSigned = !constant.getElementType().isUnsignedInteger() &&
                  !constant.getElementType().isInteger(1);
  return llvm::map_to_vector(
      constant.getValues<llvm::APInt>(), [&](const llvm::APInt &value) {
        return isSigned ? value.getSExtValue() : int64_t(value.getZExtValue());
      });
}

llvm::SmallVector<double>
onnx_import::getReals(mlir::DenseElementsAttr constant) {
  return llvm::map_to_vector(
      constant.getValues<llvm::APFloat>(), [](llvm::APFloat value) {
        bool losesInfo;
        value.convert(llvm::APFloat::IEEEdouble(),
                      llvm::APFloat::rmNearestTiesToEven, &losesInfo);
        return value.convertToDouble();
      });
}

mlir::DenseElementsAttr
onnx_import::makeIntegers(mlir::RankedTensorType type,
                          llvm::ArrayRef<int64_t> values) {
  unsigned width = type.getElementTypeBitWidth();
  auto integers = llvm::map_to_vector(values, [&](int64_t value) {
    return llvm::APInt(64, uint64_t(value)).trunc(width);
  });
  return mlir::DenseElementsAttr::get(type, integers);
}
