// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs one convolution kernel as the compiler writes it (schedule, packing,
// expansion, LLVM) on random data, and beside it the sum that the dialect's
// description states, in 64 bits.

#ifndef QOPT_TEST_UNIT_CONVERSION_CONVOLUTIONRUNNER_H
#define QOPT_TEST_UNIT_CONVERSION_CONVOLUTIONRUNNER_H

#include "JitHelper.h"

#include <random>
#include <string>

namespace qopt::test {

struct ConvolutionCase {
  int64_t batch = 1, height = 5, width = 6, channels = 4, outputs = 4;
  int64_t kernelHeight = 1, kernelWidth = 1;
  int64_t strideY = 1, strideX = 1, dilationY = 1, dilationX = 1;
  int64_t groups = 1;
  bool depthwise = false;
  bool inputUnsigned = false, filterUnsigned = false;
  int32_t filterZeroPoint = 0;
  /// Weights reach down to -128 instead of -127.
  bool fullRange = false;
  /// Weights are no larger than this, if not 0.
  int64_t filterLimit = 0;
  /// Inputs and weights are the least or the largest that there are.
  bool extremes = false;
  bool residual = false;
  /// A result of 8 bits in spite of the residual.
  bool byteResidual = false;
  /// Of the result; an upper bound above 127 makes it unsigned.
  int32_t zeroPoint = -3, low = -128, high = 127;
  /// A table of bytes at the end.
  bool table = false;
  /// One multiplier for all channels, in the stage.
  bool perTensor = false;
  /// With kernel-use-fma-requantize.
  bool fmaRequantize = false;
  /// Large biases and small multipliers: one float term does not do.
  bool fineScale = false;
  /// "i8", "i16" (i32 accumulator), "i16_wide" (i64 accumulator) or "f32".
  std::string kind = "i8";
  /// A schedule instead of the chosen one.
  std::string schedule;

  int64_t outputHeight() const {
    return (height - (kernelHeight - 1) * dilationY - 1) / strideY + 1;
  }
  int64_t outputWidth() const {
    return (width - (kernelWidth - 1) * dilationX - 1) / strideX + 1;
  }
  std::string describe() const;
};

/// Compiles and runs the case on a level; adds a failure to the running test if
/// an element differs. Returns the schedule that was used, or "" if nothing
/// could be run.
std::string runConvolution(const ConvolutionCase &test, const JitLevel &level);

} // namespace qopt::test

#endif // QOPT_TEST_UNIT_CONVERSION_CONVOLUTIONRUNNER_H
