// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The proof of equality, and the candidates.

#include "qopt/Numerics/RealMultiplier.h"

#include <cmath>

using namespace qopt::numerics;

static constexpr int64_t least = INT32_MIN, greatest = INT32_MAX;

/// The first accumulator whose result is at least t; one past the last if there
/// is none. The quotient is at most a few off: the function decides.
static int64_t findStep(double real, int64_t t) {
  auto reaches = [&](int64_t x) {
    return std::round(static_cast<double>(x) * real) >= static_cast<double>(t);
  };
  double guess = std::ceil((static_cast<double>(t) - 0.5) / real);
  // Far beyond the range nothing is reached, or everything.
  int64_t x = static_cast<int64_t>(std::clamp(
      guess, static_cast<double>(least), static_cast<double>(greatest) + 1));
  while (x > least && reaches(x - 1))
    --x;
  while (x <= greatest && !reaches(x))
    ++x;
  return x;
}

bool qopt::numerics::equalsSingle(double real, FixedPointMultiplier m,
                                  int64_t low, int64_t high) {
  for (int64_t t = low + 1; t <= high; ++t) {
    int64_t step = findStep(real, t);
    if (step <= greatest && requantizeSingle(step, m) < t)
      return false;
    if (step > least && requantizeSingle(step - 1, m) >= t)
      return false;
  }
  return true;
}

std::optional<FixedPointMultiplier>
qopt::numerics::findSingleMultiplier(double real, int64_t low, int64_t high) {
  // Below 2^-40 no accumulator reaches a half, and the search for steps would
  // start from quotients that mean nothing.
  if (!(real >= 0x1p-40) || real > 1 || high - low > 255)
    return std::nullopt;
  Result<FixedPointMultiplier> nearest = quantizeMultiplier(real);
  if (!nearest || nearest->mantissa == 0 || nearest->shift > 0)
    return std::nullopt;
  for (int32_t difference : {0, 1, -1}) {
    int64_t mantissa = int64_t(nearest->mantissa) + difference;
    if (mantissa < int64_t(1) << 30 || mantissa >= int64_t(1) << 31)
      continue;
    FixedPointMultiplier m{static_cast<int32_t>(mantissa), nearest->shift};
    if (equalsSingle(real, m, low, high))
      return m;
  }
  return std::nullopt;
}
