//===- Window.h - Convolution and pooling windows ---------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The window of a convolution or a pooling, with explicit padding.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_TRANSLATION_ONNX_WINDOW_H
#define QOPT_LIB_TRANSLATION_ONNX_WINDOW_H

#include "NodeImporter.h"

namespace qopt::onnx_import {

/// How a window of KH x KW moves over an image; pairs are height, width.
struct Window {
  std::array<int64_t, 2> kernel{1, 1}, strides{1, 1}, dilations{1, 1};
  /// top, bottom, left, right
  std::array<int64_t, 4> padding{0, 0, 0, 0};
  /// What rounding up adds at the bottom and at the right (pooling only).
  std::array<int64_t, 2> extra{0, 0};
  std::array<int64_t, 2> outputs{0, 0};

  /// The padding with what rounding up adds.
  std::array<int64_t, 4> getWholePadding() const {
    return {padding[0], padding[1] + extra[0], padding[2],
            padding[3] + extra[1]};
  }
};

/// Reads kernel_shape, strides, dilations, pads, auto_pad and, where
/// `canRoundUp`, ceil_mode of an operator on an NCHW image or a row of NCL.
/// `kernel` is the filter's, empty where only the attribute tells.
mlir::FailureOr<Window> getWindow(NodeImporter &op,
                                  mlir::RankedTensorType image,
                                  llvm::ArrayRef<int64_t> kernel,
                                  bool canRoundUp);

/// The same for a transposed convolution, with output_padding and output_shape:
/// the padding is what is cut off the union of the windows. It may be negative
/// at the bottom and at the right.
mlir::FailureOr<Window> getTransposedWindow(NodeImporter &op,
                                            mlir::RankedTensorType image,
                                            llvm::ArrayRef<int64_t> kernel);

/// An input of rank 3 or 4 as NHWC: a row is an image of height 1.
mlir::FailureOr<mlir::Value> getImage(NodeImporter &op, mlir::Value input);
/// The inverse, of the rank of `input`.
mlir::Value fromImage(NodeImporter &op, mlir::Value image, mlir::Value input);

} // namespace qopt::onnx_import

#endif // QOPT_LIB_TRANSLATION_ONNX_WINDOW_H
