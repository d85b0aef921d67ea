// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Constants, and ops that move elements.

#include "Evaluate.h"
#include "Move.h"

#include "mlir/IR/DialectResourceBlobManager.h"

#include <cmath>

using namespace mlir;
using namespace qopt;
using namespace qopt::reference;

void reference::padTensor(const Tensor &x, llvm::ArrayRef<int64_t> low,
                          llvm::ArrayRef<char> border, Tensor &result) {
  size_t size = border.size();
  llvm::ArrayRef<int64_t> shape = result.shape;
  for (int64_t i = 0, n = result.getNumElements(); i < n; ++i) {
    int64_t rest = i, source = 0, stride = 1;
    bool inside = true;
    for (size_t d = shape.size(); d-- > 0; rest /= shape[d]) {
      int64_t coordinate = rest % shape[d] - low[d];
      inside &= coordinate >= 0 && coordinate < x.shape[d];
      source += coordinate * stride;
      stride *= x.shape[d];
    }
    std::memcpy(result.bytes.data() + i * size,
                inside ? x.bytes.data() + source * size : border.data(), size);
  }
}

void reference::sliceTensor(const Tensor &x, llvm::ArrayRef<int64_t> offsets,
                            llvm::ArrayRef<int64_t> strides, Tensor &result) {
  size_t size = getElementSize(result.kind);
  llvm::ArrayRef<int64_t> shape = result.shape;
  for (int64_t i = 0, n = result.getNumElements(); i < n; ++i) {
    int64_t rest = i, source = 0, stride = 1;
    for (size_t d = shape.size(); d-- > 0; rest /= shape[d]) {
      source += (offsets[d] + rest % shape[d] * strides[d]) * stride;
      stride *= x.shape[d];
    }
    std::memcpy(result.bytes.data() + i * size, x.bytes.data() + source * size,
                size);
  }
}

void reference::concatTensors(llvm::ArrayRef<Tensor> pieces, int64_t axis,
                              Tensor &result) {
  // The inputs alternate in runs that are contiguous from the axis on.
  llvm::ArrayRef<int64_t> shape = result.shape;
  int64_t outer = 1, inner = getElementSize(result.kind);
  for (int64_t dim : shape.take_front(axis))
    outer *= dim;
  for (int64_t dim : shape.drop_front(axis + 1))
    inner *= dim;
  int64_t offset = 0, pitch = shape[axis] * inner;
  for (const Tensor &piece : pieces) {
    int64_t length = piece.shape[axis] * inner;
    for (int64_t i = 0; i < outer; ++i)
      std::memcpy(result.bytes.data() + i * pitch + offset,
                  piece.bytes.data() + i * length, length);
    offset += length;
  }
}

void reference::transposeTensor(const Tensor &x,
                                llvm::ArrayRef<int64_t> permutation,
                                Tensor &result) {
  size_t size = getElementSize(x.kind), rank = permutation.size();
  llvm::SmallVector<int64_t> strides(rank, 1);
  for (size_t d = rank; d-- > 1;)
    strides[d - 1] = strides[d] * x.shape[d];
  for (int64_t i = 0, n = result.getNumElements(); i < n; ++i) {
    int64_t rest = i, source = 0;
    for (size_t d = rank; d-- > 0; rest /= result.shape[d])
      source += rest % result.shape[d] * strides[permutation[d]];
    std::memcpy(result.bytes.data() + i * size, x.bytes.data() + source * size,
                size);
  }
}

/// The elements of a constant, in the storage of \p type.
static Outcome readElements(Operation *op, ElementsAttr value, Type type) {
  Outcome result = makeTensor(type);
  if (!result)
    return result;
  if (auto resource = llvm::dyn_cast<DenseResourceElementsAttr>(value)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    if (!blob || blob->getData().size() != result->bytes.size())
      return makeError(op, "its resource does not hold " +
                               llvm::Twine(result->bytes.size()) + " bytes");
    result->bytes.assign(blob->getData().begin(), blob->getData().end());
    return result;
  }
  auto dense = llvm::dyn_cast<DenseElementsAttr>(value);
  if (!dense || dense.getNumElements() != result->getNumElements())
    return makeError(op, "expected dense elements of the result's shape");
  size_t size = getElementSize(result->kind);
  llvm::ArrayRef<char> raw = dense.getRawData();
  // Narrower elements have no sign in their byte.
  bool isNarrow = value.getElementType().getIntOrFloatBitWidth() < 8;
  if (!dense.isSplat() && !isNarrow && raw.size() == result->bytes.size()) {
    result->bytes.assign(raw.begin(), raw.end());
    return result;
  }
  // A splat, or bits that are packed: element by element.
  char *out = result->bytes.data();
  auto store = [&](const llvm::APInt &bits) {
    uint64_t word = bits.getZExtValue();
    std::memcpy(out, &word, size);
    out += size;
  };
  if (isFloat(result->kind))
    for (const llvm::APFloat &element : dense.getValues<llvm::APFloat>())
      store(element.bitcastToAPInt());
  else
    for (const llvm::APInt &element : dense.getValues<llvm::APInt>())
      store(element.getBitWidth() == 1 || result->kind == ElementKind::UInt8
                ? element
                : element.sextOrTrunc(64));
  return result;
}

Outcome reference::evaluate(nn::ConstantOp op, Operands) {
  return readElements(op, op.getValue(), op.getType());
}

Outcome reference::evaluate(arith::ConstantOp op, Operands) {
  auto value = llvm::dyn_cast<ElementsAttr>(op.getValue());
  if (!value)
    return makeError(op, "expected a tensor constant");
  return readElements(op, value, op.getType());
}

Outcome reference::evaluate(nn::ReshapeOp op, Operands operands) {
  Tensor result = *operands[0];
  llvm::ArrayRef<int64_t> shape = op.getType().getShape();
  result.shape.assign(shape.begin(), shape.end());
  return result;
}

Outcome reference::evaluate(nn::TransposeOp op, Operands operands) {
  Outcome result = makeTensor(op.getType());
  if (result)
    transposeTensor(*operands[0], op.getPermutation(), *result);
  return result;
}

Outcome reference::evaluate(nn::PadOp op, Operands operands) {
  const Tensor &x = *operands[0];
  Outcome result = makeTensor(op.getType());
  if (!result)
    return result;
  size_t size = getElementSize(result->kind);
  double real = op.getValue().convertToDouble();
  // One element of the border.
  llvm::SmallVector<char, 8> border(size, 0);
  if (std::optional<Quantities> out = Quantities::of(op.getType())) {
    int64_t stored =
        real == 0 ? out->zeroPoint() : boundsOf(*out, real, INFINITY).min;
    std::memcpy(border.data(), &stored, size);
  } else if (result->kind == ElementKind::Float32) {
    auto value = static_cast<float>(real);
    std::memcpy(border.data(), &value, size);
  } else {
    auto value = static_cast<int64_t>(real);
    std::memcpy(border.data(), &value, size);
  }

  padTensor(x, op.getLow(), border, *result);
  return result;
}

Outcome reference::evaluate(nn::SliceOp op, Operands operands) {
  Outcome result = makeTensor(op.getType());
  if (result)
    sliceTensor(*operands[0], op.getOffsets(), op.getStrides(), *result);
  return result;
}

/// An input of a concatenation in the result's parameters. TFLite rescales in
/// float32, and only uint8: round(q·s - Z·s) + Z_y with s = S · (1 / S_y).
static std::vector<int64_t>
rescaleForConcat(const Tensor &x, const Quantities &in, const Quantities &out) {
  std::vector<int64_t> values = loadIntegers(x);
  if (in.scale() == out.scale() && in.zeroPoint() == out.zeroPoint())
    return values;
  float inverse = 1.0f / static_cast<float>(out.scale());
  float scale = static_cast<float>(in.scale()) * inverse;
  float bias = static_cast<float>(-in.zeroPoint()) * scale;
  Bounds bounds{out.storageMin, out.storageMax};
  for (int64_t &q : values)
    q = bounds.clamp(
        static_cast<int64_t>(std::round(static_cast<float>(q) * scale + bias)) +
        out.zeroPoint());
  return values;
}

Outcome reference::evaluate(nn::ConcatOp op, Operands operands) {
  Outcome result = makeTensor(op.getType());
  if (!result)
    return result;
  std::optional<Quantities> out = Quantities::of(op.getType());
  llvm::SmallVector<Tensor> pieces;
  for (auto [operand, value] : llvm::zip(operands, op.getInputs())) {
    Tensor piece = *operand;
    if (out) {
      std::vector<int64_t> values =
          rescaleForConcat(piece, *Quantities::of(value.getType()), *out);
      Outcome stored = storeIntegers(op, value.getType(), values);
      if (!stored)
        return stored;
      piece = std::move(*stored);
    }
    pieces.push_back(std::move(piece));
  }
  concatTensors(pieces, op.getAxis(), *result);
  if (op.getActivation() == nn::Activation::None)
    return result;
  if (!out) {
    auto [low, high] = realBounds(op.getActivation());
    for (float &v : result->get<float>())
      v = std::min(std::max(v, low), high);
    return result;
  }
  Bounds bounds = boundsOf(*out, op.getActivation());
  std::vector<int64_t> values = loadIntegers(*result);
  for (int64_t &v : values)
    v = bounds.clamp(v);
  return storeIntegers(op, op.getType(), values);
}
