//===- Tensors.cpp - Types and constants of a model's tensors -------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Shapes are checked against what can be addressed, constants against the bytes
// that the file has for them.
//
//===----------------------------------------------------------------------===//

#include "Tensors.h"

#include "qopt/Dialect/Quant/IR/QuantTypes.h"

#include "mlir/IR/Builders.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

using namespace qopt;
using namespace qopt::tflite;
using mlir::failure;
using mlir::FailureOr;

/// The runtimes stop at rank 8 and at 31-bit sizes.
static constexpr size_t maxRank = 8;
static constexpr int64_t maxBytes = (int64_t(1) << 31) - 1;

namespace {
/// How the elements of a tensor type are laid out in a buffer.
struct Layout {
  unsigned bits;
  bool isInteger;
  bool isSigned;
};
} // namespace

static std::optional<Layout> getLayout(schema::TensorType type) {
  switch (type) {
  case schema::TensorType::FLOAT32:
    return Layout{32, false, true};
  case schema::TensorType::FLOAT16:
    return Layout{16, false, true};
  case schema::TensorType::INT64:
    return Layout{64, true, true};
  case schema::TensorType::INT32:
    return Layout{32, true, true};
  case schema::TensorType::INT16:
    return Layout{16, true, true};
  case schema::TensorType::INT8:
    return Layout{8, true, true};
  case schema::TensorType::UINT8:
    return Layout{8, true, false};
  case schema::TensorType::INT4:
    return Layout{4, true, true};
  default:
    return std::nullopt;
  }
}

Tensors::Tensors(const Container &model)
    : model(model), types(model.getNumTensors()),
      constantBudget(maxSharing * model.getFileSize()) {}

Tensors::~Tensors() {
  if (quirks.count == 0)
    return;
  auto warning = model.warning() << quirks.first;
  if (quirks.count > 1)
    warning << " (and " << quirks.count - 1 << " other tensors)";
  warning << "; using dimension 0, the only one";
}

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

FailureOr<llvm::SmallVector<int64_t>> Tensors::getShape(unsigned index) const {
  const schema::Tensor &tensor = model.getTensor(index);
  auto dims = toArray(tensor.shape());
  if (dims.size() > maxRank)
    return error(index) << "rank " << dims.size()
                        << " is not supported, expected at most " << maxRank;
  int64_t bytes = 8; // of the widest element
  for (auto [i, dim] : llvm::enumerate(dims)) {
    if (dim <= 0)
      return error(index) << "dimension " << i << " is " << dim
                          << ", expected a positive size; convert the model "
                             "with static shapes";
    if (llvm::MulOverflow(bytes, int64_t(dim), bytes) || bytes > 8 * maxBytes)
      return error(index) << "the sizes up to dimension " << i
                          << " multiply to more than " << maxBytes
                          << " elements";
  }
  return llvm::SmallVector<int64_t>(dims.begin(), dims.end());
}

FailureOr<mlir::RankedTensorType> Tensors::getType(unsigned index) {
  if (types[index])
    return types[index];
  const schema::Tensor &tensor = model.getTensor(index);
  if (tensor.sparsity())
    return error(index) << "sparse tensors are not supported; convert the "
                           "model without sparsity";
  if (tensor.is_variable())
    return error(index) << "variable tensors are not supported";
  std::optional<Layout> layout = getLayout(tensor.type());
  if (!layout)
    return error(index) << "elements of type " << typeName(tensor.type())
                        << " are not supported, expected FLOAT32, INT8, UINT8, "
                           "INT16, INT32, INT64, INT4 or constant FLOAT16";
  auto shape = getShape(index);
  if (failed(shape))
    return failure();

  mlir::Builder builder(model.getContext());
  mlir::Type element;
  if (!layout->isInteger) {
    element = layout->bits == 16 ? mlir::Type(builder.getF16Type())
                                 : mlir::Type(builder.getF32Type());
  } else if (layout->bits == 64) {
    // Wider than any quantized storage: a bias of 16-bit activations, whose
    // scale is known from its operands.
    element = builder.getI64Type();
  } else {
    auto type = importElementType(
        model, index, {layout->bits, layout->isSigned}, *shape, quirks);
    if (failed(type))
      return failure();
    element = *type;
  }
  return types[index] = mlir::RankedTensorType::get(*shape, element);
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

FailureOr<llvm::ArrayRef<uint8_t>>
Tensors::getBytes(unsigned index, llvm::ArrayRef<int64_t> shape,
                  unsigned bits) const {
  llvm::ArrayRef<uint8_t> bytes = model.getData(index);
  const schema::Tensor &tensor = model.getTensor(index);
  int64_t elements = mlir::ShapedType::getNumElements(shape);
  uint64_t expected = llvm::divideCeil(uint64_t(elements) * bits, 8);
  if (bytes.size() != expected)
    return error(index) << "buffer " << tensor.buffer() << " holds "
                        << bytes.size() << " bytes, but " << elements
                        << " elements of type " << typeName(tensor.type())
                        << " take " << expected;
  return bytes;
}

/// Two elements a byte, the first in the low half. MLIR keeps one a byte.
static mlir::DenseElementsAttr unpackInt4(mlir::RankedTensorType type,
                                          llvm::ArrayRef<uint8_t> bytes) {
  llvm::SmallVector<llvm::APInt> values;
  values.reserve(type.getNumElements());
  for (int64_t i = 0, e = type.getNumElements(); i != e; ++i)
    values.emplace_back(4, (bytes[i / 2] >> (i % 2 * 4)) & 15);
  return mlir::DenseElementsAttr::get(type, values);
}

FailureOr<mlir::DenseElementsAttr> Tensors::getConstant(unsigned index) {
  auto type = getType(index);
  if (failed(type))
    return failure();
  mlir::Type element = type->getElementType();
  if (auto quantized = mlir::dyn_cast<quant::QuantizedType>(element))
    element = quantized.getStorageType();
  if (auto values = computed.find(index); values != computed.end()) {
    auto integers = llvm::map_to_vector(values->second, [&](int64_t value) {
      return llvm::APInt(64, value).trunc(element.getIntOrFloatBitWidth());
    });
    return mlir::DenseElementsAttr::get(type->clone(element), integers);
  }
  auto bytes =
      getBytes(index, type->getShape(), element.getIntOrFloatBitWidth());
  if (failed(bytes))
    return failure();
  auto storage = type->clone(element);

  auto [entry, isNew] =
      constants.try_emplace({bytes->data(), mlir::Type(storage)});
  if (!isNew)
    return entry->second;
  if (bytes->size() > constantBudget)
    return error(index) << "the constants of the model take more than "
                        << maxSharing << " times the bytes of its file";
  constantBudget -= bytes->size();
  if (element.isInteger(4))
    return entry->second = unpackInt4(storage, *bytes);
  return entry->second = mlir::DenseElementsAttr::getFromRawBuffer(
             storage,
             llvm::ArrayRef<char>(reinterpret_cast<const char *>(bytes->data()),
                                  bytes->size()));
}

FailureOr<llvm::SmallVector<int64_t>> Tensors::getIntegers(unsigned index) {
  if (auto values = computed.find(index); values != computed.end())
    return values->second;
  schema::TensorType type = model.getTensor(index).type();
  if (type != schema::TensorType::INT32 && type != schema::TensorType::INT64)
    return error(index) << "expected INT32 or INT64 numbers, found "
                        << typeName(type);
  auto shape = getShape(index);
  if (failed(shape))
    return failure();
  // Axes, paddings and sizes: a few numbers per dimension.
  constexpr int64_t maxIntegers = 4 * maxRank;
  if (int64_t count = mlir::ShapedType::getNumElements(*shape);
      count > maxIntegers)
    return error(index) << "found " << count << " numbers, expected at most "
                        << maxIntegers;
  unsigned width = type == schema::TensorType::INT32 ? 4 : 8;
  auto bytes = getBytes(index, *shape, 8 * width);
  if (failed(bytes))
    return failure();
  llvm::SmallVector<int64_t> result;
  for (size_t i = 0; i < bytes->size(); i += width)
    result.push_back(width == 4
                         ? llvm::support::endian::read32le(&(*bytes)[i])
                         : llvm::support::endian::read64le(&(*bytes)[i]));
  if (width == 4)
    for (int64_t &value : result)
      value = int32_t(value);
  return result;
}
