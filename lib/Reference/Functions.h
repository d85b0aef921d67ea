// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Softmax and logistic on numbers.

#ifndef QOPT_LIB_REFERENCE_FUNCTIONS_H
#define QOPT_LIB_REFERENCE_FUNCTIONS_H

#include "Rounding.h"

#include <array>
#include <functional>

namespace qopt::reference {

/// A function of a 16-bit number, sampled at 513 points and interpolated
/// between them.
class InterpolatedTable {
public:
  /// Samples a function of the reals that -32768 and 32767 stand for;
  /// \p outSpan is what 65535 steps of the result span.
  InterpolatedTable(double inMin, double inMax, double outSpan,
                    const std::function<double(double)> &function);
  explicit InterpolatedTable(const std::array<int64_t, 513> &samples)
      : samples(samples) {}
  int64_t operator()(int64_t x) const;

private:
  std::array<int64_t, 513> samples;
};

/// 8-bit softmax of rows, in place: \p expOf gives exp in Q0.31 of a
/// difference to the row's maximum, \p least is the result's smallest value.
/// False if a row's sum leaves its fixed point.
bool softmaxRows8(std::vector<int64_t> &x, int64_t depth,
                  llvm::function_ref<int64_t(int64_t)> expOf, int64_t least);

/// The same in float32: \p exp of a difference to the maximum, by its size.
void softmaxRows8(std::vector<int64_t> &x, int64_t depth,
                  llvm::ArrayRef<float> exp, int64_t least);

/// 16-bit softmax; \p m scales differences so that -65535 stands for -10.
void softmaxRows16(std::vector<int64_t> &x, int64_t depth, Multiplier m,
                   const InterpolatedTable &exp,
                   const InterpolatedTable &inverse);

void softmaxRows(llvm::MutableArrayRef<float> values, int64_t depth,
                 float beta);

/// x · clamp(x + 3, 0, 6) / 6.
float floatHardSwish(float x);

/// TFLite's float logistic: exp alone far below zero, 1 far above.
float floatLogistic(float x);

} // namespace qopt::reference

#endif // QOPT_LIB_REFERENCE_FUNCTIONS_H
