// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Activation functions as tables, the way TFLite's kernels tabulate them.

#ifndef QOPT_NUMERICS_LOOKUPTABLE_H
#define QOPT_NUMERICS_LOOKUPTABLE_H

#include "qopt/Numerics/FixedPoint.h"
#include "qopt/Numerics/QuantizationParameters.h"

#include <array>
#include <cstdint>
#include <functional>

namespace qopt::numerics {

/// 256 results, indexed by stored value minus the range's minimum: entry 0
/// belongs to -128 (or to 0 when unsigned). The bytes are the stored results.
using Table8 = std::array<int16_t, 256>;

/// Tabulates \p function in float32: dequantize, apply, times 1/S_y, round half
/// away from zero, add Z_y, clamp.
Table8 tabulate8(QuantizationParameters input, QuantizationParameters result,
                 bool isSigned, const std::function<float(float)> &function);

/// logistic of 8-bit storage, int8 or uint8.
Table8 logisticTable8(QuantizationParameters input,
                      QuantizationParameters result, bool isSigned);

/// 513 samples over all 16-bit inputs, each shifted by half of the
/// interpolation error at its segment's middle; computed in double.
std::array<int16_t, 513>
tabulate16(QuantizationParameters input, QuantizationParameters result,
           const std::function<double(double)> &function);

/// Interpolates between entries 256 + (x >> 7) and the next.
int16_t interpolate16(int16_t x, const std::array<int16_t, 513> &table);

/// logistic of 16-bit storage: the input is scaled to 1/(3·4096) units, and
/// logistic interpolated in a table of sigmoid(i/24).
struct Logistic16Parameters {
  int32_t multiplier = 0;
  int32_t rightShift = 0;
};

Result<Logistic16Parameters> prepareLogistic16(double inputScale);
/// sigmoid(i/24) in units of 2^-16, each sample raised by half the error that
/// linear interpolation makes in the middle of its segment.
const std::array<uint16_t, 256> &sigmoidTable16();
int16_t logistic16(int16_t x, Logistic16Parameters p);

} // namespace qopt::numerics

#endif // QOPT_NUMERICS_LOOKUPTABLE_H
