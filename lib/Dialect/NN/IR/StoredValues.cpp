// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See StoredValues.h. Elements narrower than a byte take a byte each, as MLIR
// keeps them.

#include "qopt/Dialect/NN/IR/StoredValues.h"

#include "qopt/Dialect/NN/IR/NN.h"

#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/Matchers.h"
#include "llvm/Support/MathExtras.h"

#include <cstring>

using namespace mlir;
using namespace qopt::nn;

std::optional<StoredValues> StoredValues::get(ElementsAttr value, Type type) {
  auto element = dyn_cast<IntegerType>(value.getElementType());
  // i1 is packed to bits in `dense`; no quantized type stores it.
  if (!element || element.getWidth() == 1 || element.getWidth() > 64)
    return std::nullopt;
  StoredValues values;
  values.count = value.getNumElements();
  values.bits = element.getWidth();
  values.bytes = llvm::divideCeil(element.getWidth(), 8);
  if (!llvm::isPowerOf2_32(values.bytes))
    return std::nullopt;
  if (quant::QuantizedType quantized = getQuantizedElementType(type))
    values.isSigned = quantized.isSigned();

  ArrayRef<char> data;
  if (auto dense = dyn_cast<DenseElementsAttr>(value)) {
    data = dense.getRawData();
    values.isSplat = dense.isSplat();
  } else if (auto resource = dyn_cast<DenseResourceElementsAttr>(value)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    if (!blob)
      return std::nullopt;
    data = blob->getData();
  } else {
    return std::nullopt;
  }
  int64_t expected = values.isSplat ? 1 : values.count;
  if (data.size() / values.bytes != static_cast<size_t>(expected) ||
      data.size() % values.bytes != 0)
    return std::nullopt;
  values.data = data.data();
  return values;
}

std::optional<StoredValues> StoredValues::get(Value value) {
  ElementsAttr elements;
  if (!matchPattern(value, m_Constant(&elements)))
    return std::nullopt;
  return get(elements, value.getType());
}

int64_t StoredValues::operator[](int64_t index) const {
  // A resource need not be aligned for its element type.
  uint64_t value = 0;
  std::memcpy(&value, data + (isSplat ? 0 : index * bytes), bytes);
  value &= llvm::maskTrailingOnes<uint64_t>(bits);
  return isSigned ? llvm::SignExtend64(value, bits)
                  : static_cast<int64_t>(value);
}
