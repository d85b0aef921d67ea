// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Verifier and folds of transpose, and the permutation of constants.

#include "Verify.h"

#include "qopt/Dialect/NN/IR/PermuteElements.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/IR/DialectResourceBlobManager.h"

#include <cstring>

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;

//===----------------------------------------------------------------------===//
// Types and constants
//===----------------------------------------------------------------------===//

RankedTensorType nn::permuteType(RankedTensorType type,
                                 ArrayRef<int64_t> permutation) {
  Type element = type.getElementType();
  if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(element)) {
    const auto *channel =
        llvm::find(permutation, perAxis.getQuantizedDimension());
    element = quant::UniformQuantizedPerAxisType::get(
        perAxis.getFlags(), perAxis.getStorageType(),
        perAxis.getExpressedType(), perAxis.getScales(),
        perAxis.getZeroPoints(), channel - permutation.begin(),
        perAxis.getStorageTypeMin(), perAxis.getStorageTypeMax());
  }
  return RankedTensorType::get(applyPermutation(type.getShape(), permutation),
                               element);
}

/// The bytes of a constant and how many each element takes; none for elements
/// that are packed to bits.
static std::pair<ArrayRef<char>, int64_t> getBytes(ElementsAttr value) {
  Type element = value.getElementType();
  if (!element.isIntOrFloat() || element.getIntOrFloatBitWidth() == 1)
    return {};
  ArrayRef<char> data;
  if (auto dense = dyn_cast<DenseElementsAttr>(value))
    data = dense.getRawData();
  else if (auto resource = dyn_cast<DenseResourceElementsAttr>(value))
    if (AsmResourceBlob *blob = resource.getRawHandle().getBlob())
      data = blob->getData();
  int64_t width = llvm::divideCeil(element.getIntOrFloatBitWidth(), 8);
  if (int64_t(data.size()) != width * value.getNumElements())
    return {};
  return {data, width};
}

DenseElementsAttr nn::permuteElements(ElementsAttr value,
                                      ArrayRef<int64_t> permutation) {
  auto type = cast<ShapedType>(value.getType());
  SmallVector<int64_t> shape = applyPermutation(type.getShape(), permutation);
  auto resultType = RankedTensorType::get(shape, type.getElementType());
  if (auto dense = dyn_cast<DenseElementsAttr>(value);
      dense && (dense.isSplat() || dense.getNumElements() <= 1))
    return dense.isSplat() ? dense.resizeSplat(resultType)
                           : dense.reshape(resultType);
  auto [data, width] = getBytes(value);
  if (data.empty())
    return {};
  SmallVector<int64_t> steps =
      applyPermutation(computeStrides(type.getShape()), permutation);

  std::vector<char> bytes(data.size());
  SmallVector<int64_t> position(shape.size(), 0);
  int64_t source = 0;
  for (size_t target = 0; target != bytes.size(); target += width) {
    std::memcpy(&bytes[target], &data[source * width], width);
    // One step in the result's order: like an odometer.
    for (size_t d = shape.size(); d-- > 0;) {
      source += steps[d];
      if (++position[d] != shape[d])
        break;
      source -= steps[d] * shape[d];
      position[d] = 0;
    }
  }
  return DenseElementsAttr::getFromRawBuffer(resultType, bytes);
}

//===----------------------------------------------------------------------===//
// TransposeOp
//===----------------------------------------------------------------------===//

void TransposeOp::build(OpBuilder &builder, OperationState &state, Value input,
                        ArrayRef<int64_t> permutation) {
  build(builder, state,
        permuteType(cast<RankedTensorType>(input.getType()), permutation),
        input, permutation);
}

/// Every number below the count once. Numbers may be anything.
static bool isPermutation(ArrayRef<int64_t> numbers) {
  auto sorted = llvm::to_vector(numbers);
  llvm::sort(sorted);
  for (auto [index, number] : llvm::enumerate(sorted))
    if (number != int64_t(index))
      return false;
  return true;
}

LogicalResult TransposeOp::verify() {
  auto input = cast<RankedTensorType>(getInput().getType());
  ArrayRef<int64_t> permutation = getPermutation();
  if (int64_t(permutation.size()) != input.getRank() ||
      !isPermutation(permutation))
    return emitOpError("permutation is [")
           << permutation << "], expected every number from 0 to "
           << input.getRank() - 1 << " once";
  RankedTensorType expected = permuteType(input, permutation);
  if (failed(verifyResultShape(*this, expected.getShape())))
    return failure();
  if (expected.getElementType() == getElementTypeOrSelf(getType()))
    return success();
  return verifySameParameters(*this, "permuted input", expected, "result",
                              getType());
}

OpFoldResult TransposeOp::fold(FoldAdaptor adaptor) {
  ArrayRef<int64_t> permutation = getPermutation();
  if (isIdentityPermutation(permutation) && getInput().getType() == getType())
    return getInput();
  if (auto value = dyn_cast_or_null<ElementsAttr>(adaptor.getInput()))
    if (DenseElementsAttr permuted = permuteElements(value, permutation))
      return permuted;
  // transpose(transpose(x)) -> transpose(x)
  if (auto producer = getInput().getDefiningOp<TransposeOp>()) {
    setPermutation(applyPermutation(producer.getPermutation(), permutation));
    getInputMutable().assign(producer.getInput());
    return getResult();
  }
  return {};
}

FailureOr<ChannelMap> TransposeOp::mapChannels(const ChannelMap &channels) {
  ChannelMap result = channels;
  result.dimension = llvm::find(getPermutation(), channels.dimension) -
                     getPermutation().begin();
  return result;
}
bool TransposeOp::commutesWith(const ChannelFunction &) { return true; }
std::optional<double> TransposeOp::mapConstant(double value) { return value; }
