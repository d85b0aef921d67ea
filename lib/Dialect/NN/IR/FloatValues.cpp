// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See FloatValues.h.

#include "qopt/Dialect/NN/IR/FloatValues.h"

#include "qopt/Dialect/NN/IR/NN.h"

#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/Matchers.h"

#include <cstring>

using namespace mlir;

std::optional<std::vector<float>> qopt::nn::readFloats(Value value) {
  ElementsAttr elements;
  if (!getElementTypeOrSelf(value.getType()).isF32() ||
      !matchPattern(value, m_Constant(&elements)) ||
      !elements.getElementType().isF32())
    return std::nullopt;
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(elements)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    size_t count = elements.getNumElements();
    if (!blob || blob->getData().size() / sizeof(float) != count ||
        blob->getData().size() % sizeof(float) != 0)
      return std::nullopt;
    // A resource need not be aligned for its element type.
    std::vector<float> values(count);
    std::memcpy(values.data(), blob->getData().data(), blob->getData().size());
    return values;
  }
  auto dense = dyn_cast<DenseElementsAttr>(elements);
  if (!dense)
    return std::nullopt;
  auto values = dense.getValues<float>();
  return std::vector<float>(values.begin(), values.end());
}

std::optional<std::vector<double>> qopt::nn::readDoubles(Value value) {
  std::optional<std::vector<float>> values = readFloats(value);
  if (!values)
    return std::nullopt;
  return std::vector<double>(values->begin(), values->end());
}

Value qopt::nn::makeFloats(OpBuilder &builder, Location loc,
                           ArrayRef<int64_t> shape, ArrayRef<float> values) {
  auto type = RankedTensorType::get(shape, builder.getF32Type());
  return ConstantOp::create(builder, loc, type,
                            DenseElementsAttr::get(type, values));
}

Value qopt::nn::makeFloats(OpBuilder &builder, Location loc,
                           ArrayRef<int64_t> shape, ArrayRef<double> values) {
  std::vector<float> rounded(values.begin(), values.end());
  return makeFloats(builder, loc, shape, ArrayRef<float>(rounded));
}
