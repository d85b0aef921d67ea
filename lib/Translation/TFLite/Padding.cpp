//===- Padding.cpp - SAME and VALID as numbers ----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// SAME makes ceil(size / stride) positions. The window covers
// (kernel - 1) * dilation + 1 elements, so the last position ends at
// (positions - 1) * stride + that; what this lacks in elements is padded, the
// smaller half in front.
//
//===----------------------------------------------------------------------===//

#include "Padding.h"

using namespace qopt::tflite;

std::array<int64_t, 4> qopt::tflite::getSamePadding(
    std::array<int64_t, 2> size, std::array<int64_t, 2> kernel,
    std::array<int64_t, 2> strides, std::array<int64_t, 2> dilations) {
  std::array<int64_t, 4> padding;
  for (unsigned i : {0, 1}) {
    int64_t covered = (kernel[i] - 1) * dilations[i] + 1;
    int64_t positions = (size[i] + strides[i] - 1) / strides[i];
    int64_t lacking =
        std::max<int64_t>((positions - 1) * strides[i] + covered - size[i], 0);
    padding[2 * i] = lacking / 2;
    padding[2 * i + 1] = lacking - lacking / 2;
  }
  return padding;
}

mlir::FailureOr<Window> qopt::tflite::getWindow(
    const OperatorImporter &op, mlir::RankedTensorType image,
    schema::Padding padding, std::array<int64_t, 2> kernel,
    std::array<int64_t, 2> strides, std::array<int64_t, 2> dilations) {
  if (image.getRank() != 4)
    return op.error() << "expected an input of rank 4 (NHWC), found rank "
                      << image.getRank();
  if (padding != schema::Padding::SAME && padding != schema::Padding::VALID)
    return op.error() << "padding is " << int(padding)
                      << ", expected SAME (0) or VALID (1)";
  auto checkPositive = [&](llvm::StringRef what,
                           std::array<int64_t, 2> pair) -> mlir::LogicalResult {
    if (pair[0] > 0 && pair[1] > 0)
      return mlir::success();
    return op.error() << what << " (height, width) is " << pair[0] << ", "
                      << pair[1] << ", expected positive numbers";
  };
  if (failed(checkPositive("kernel", kernel)) ||
      failed(checkPositive("stride", strides)) ||
      failed(checkPositive("dilation", dilations)))
    return mlir::failure();

  Window window{kernel, strides, dilations, {0, 0, 0, 0}};
  if (padding == schema::Padding::VALID)
    return window;
  window.padding =
      getSamePadding({image.getDimSize(1), image.getDimSize(2)}, window.kernel,
                     window.strides, window.dilations);
  return window;
}
