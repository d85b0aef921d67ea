// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sums of products of unsigned by signed bytes that stay in 16 bits.
//
// One instruction multiplies unsigned inputs by signed weights, and adds up
// pairs of products in 16 bits, with saturation; several of its results may be
// added in 16 bits before they are widened. All of it is exact if no sum can
// leave 16 bits, whatever the inputs are. The weights are constants, so that is
// a proof by looking: of the weights that meet in one sum, those above zero
// times the largest input must not exceed 32767, nor those below it -32768.
// (A sum of a part of the products lies between the same two.)
//
// Weights are seen as steps: four neighbours for each of some lanes, of which
// elements 0 and 1, and 2 and 3, meet in a sum. Which steps are added up
// together is free, and a step may be the sum of several, since the same inputs
// can be multiplied by one part of a weight after the other. So steps are
// sorted into groups like things into boxes: the heaviest first, each with the
// lightest that leave room for it; what does not fit becomes a step of its own.

#ifndef QOPT_NUMERICS_BYTESUMS_H
#define QOPT_NUMERICS_BYTESUMS_H

#include <cstdint>
#include <vector>

namespace qopt::numerics {

/// Weights of a lane in a step.
inline constexpr int64_t kByteStep = 4;

/// Whether the sums of products of all these steps, [steps][lanes][4], with
/// inputs in [0, maxInput] fit 16 bits in every lane.
bool fitWords(const int8_t *weights, int64_t steps, int64_t lanes,
              int32_t maxInput = 255);

/// Steps in the order in which they are added up, `together` at a time.
struct ByteSums {
  /// Which step each one is, or is a part of; -1 for one of zeros that fills a
  /// group.
  std::vector<int32_t> steps;
  /// [steps][lanes][4].
  std::vector<int8_t> weights;
};

/// Groups of `together` steps that fit 16 bits each and have the sums of the
/// given ones: [steps][lanes][4], of at most nine bits each.
ByteSums planByteSums(const int16_t *weights, int64_t steps, int64_t lanes,
                      int64_t together, int32_t maxInput = 255);

} // namespace qopt::numerics

#endif // QOPT_NUMERICS_BYTESUMS_H
