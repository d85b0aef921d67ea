// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The linear ops of a function as layers with names, and their weights as rows:
// one for each output channel, with the numbers that one window of the input is
// multiplied with, kernel rows outermost, input channels innermost.

#ifndef QOPT_DIALECT_NN_IR_LINEARLAYERS_H
#define QOPT_DIALECT_NN_IR_LINEARLAYERS_H

#include "qopt/Interfaces/QuantizationInterfaces.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <array>
#include <optional>
#include <string>

namespace qopt::nn {

struct LinearLayer {
  LinearOpInterface op;
  /// That of the tensor it makes, with `#1`, `#2`, … if an earlier layer has
  /// it. Passes that add casts around layers leave it as it is.
  std::string name;
};

/// All linear ops of a function in program order.
llvm::SmallVector<LinearLayer> collectLinearLayers(mlir::func::FuncOp func);

/// How the weights of a linear op walk over one sample of its NHWC input: each
/// row of them is multiplied with one window. What is no convolution is one of
/// a 1x1 image; a depthwise one has as many groups as channels.
struct LinearWindow {
  std::array<int64_t, 3> input = {1, 1, 1}; // height, width, channels
  std::array<int64_t, 2> result = {1, 1};   // height, width
  std::array<int64_t, 2> kernel = {1, 1};
  std::array<int64_t, 2> strides = {1, 1};
  std::array<int64_t, 2> dilations = {1, 1};
  std::array<int64_t, 2> before = {0, 0}; // padding at the top and left
  int64_t groups = 1;
  /// The input is spread by the strides before it is convolved.
  bool transposed = false;
};

/// Nothing if the op works otherwise.
std::optional<LinearWindow> getWindow(LinearOpInterface op);

/// Where the weights of a linear op lie.
struct WeightRows {
  int64_t channels, depth;
  /// Elements between two channels that follow each other.
  int64_t inner;

  static WeightRows get(LinearOpInterface op);

  /// The element of the weights' tensor that is number `k` of a row.
  int64_t getElement(int64_t row, int64_t k) const {
    return (k / inner * channels + row) * inner + k % inner;
  }
};

} // namespace qopt::nn

#endif // QOPT_DIALECT_NN_IR_LINEARLAYERS_H
