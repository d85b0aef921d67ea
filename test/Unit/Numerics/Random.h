// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Numbers for property tests: a fixed sequence, rich in the values that break
// rounding (ends of the range, powers of two and their neighbours, ties).

#ifndef QOPT_TEST_UNIT_NUMERICS_RANDOM_H
#define QOPT_TEST_UNIT_NUMERICS_RANDOM_H

#include "qopt/Numerics/FixedPoint.h"

#include <cstdint>
#include <limits>
#include <random>

namespace qopt::numerics::test {

class Random {
public:
  /// An int32 of random magnitude, often at or beside a power of two.
  int32_t any32() {
    int bits = uniform(0, 32);
    int64_t magnitude = int64_t(1) << bits;
    int64_t x = uniform(0, 2) == 0 ? magnitude + uniform(-1, 1)
                                   : uniform(-magnitude, magnitude);
    if (uniform(0, 1))
      x = -x;
    return static_cast<int32_t>(saturateToBits(x, 32, true));
  }

  /// A multiplier with a normalized mantissa and a shift in [least, most].
  FixedPointMultiplier multiplier(int least, int most) {
    int64_t mantissa;
    switch (uniform(0, 3)) {
    case 0:
      mantissa = (int64_t(1) << 30) + uniform(0, 2);
      break;
    case 1:
      mantissa = (int64_t(1) << 31) - 1 - uniform(0, 70000);
      break;
    default:
      mantissa = uniform(int64_t(1) << 30, (int64_t(1) << 31) - 1);
    }
    return {static_cast<int32_t>(mantissa),
            static_cast<int32_t>(uniform(least, most))};
  }

  int64_t uniform(int64_t least, int64_t most) {
    return std::uniform_int_distribution<int64_t>(least, most)(engine);
  }
  double real(double least, double most) {
    return std::uniform_real_distribution<double>(least, most)(engine);
  }
  /// A scale between 2^-20 and 2^4, as a float.
  float scale() { return static_cast<float>(std::exp2(real(-20, 4))); }

private:
  std::mt19937_64 engine{20261121};
};

} // namespace qopt::numerics::test

#endif // QOPT_TEST_UNIT_NUMERICS_RANDOM_H
