//===- Padding.h - SAME and VALID as numbers --------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The window of a convolution or a pooling, with explicit padding.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_TRANSLATION_TFLITE_PADDING_H
#define QOPT_LIB_TRANSLATION_TFLITE_PADDING_H

#include "OperatorImporter.h"

namespace qopt::tflite {

/// How a window of KH x KW moves over an image; pairs are height, width.
struct Window {
  std::array<int64_t, 2> kernel;
  std::array<int64_t, 2> strides;
  std::array<int64_t, 2> dilations;
  /// top, bottom, left, right
  std::array<int64_t, 4> padding;
};

/// The padding (top, bottom, left, right) that SAME stands for on an image of
/// that size; pairs are height, width.
std::array<int64_t, 4> getSamePadding(std::array<int64_t, 2> size,
                                      std::array<int64_t, 2> kernel,
                                      std::array<int64_t, 2> strides,
                                      std::array<int64_t, 2> dilations);

/// The window over an NHWC image. Fails when the image has another rank, or
/// when a size, a stride or a dilation is not positive.
mlir::FailureOr<Window> getWindow(const OperatorImporter &op,
                                  mlir::RankedTensorType image,
                                  schema::Padding padding,
                                  std::array<int64_t, 2> kernel,
                                  std::array<int64_t, 2> strides,
                                  std::array<int64_t, 2> dilations = {1, 1});

} // namespace qopt::tflite

#endif // QOPT_LIB_TRANSLATION_TFLITE_PADDING_H
