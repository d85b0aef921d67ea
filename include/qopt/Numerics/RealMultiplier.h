// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Requantization of mode `real` in fixed point, where that is exact.
//
// Both are monotone functions of the accumulator with at most 255 steps (8-bit
// results). Two monotone functions are equal if they step at the same places,
// so equality is proved by two points a step: the first accumulator that
// reaches a result, and the one before it.

#ifndef QOPT_NUMERICS_REALMULTIPLIER_H
#define QOPT_NUMERICS_REALMULTIPLIER_H

#include "qopt/Numerics/FixedPoint.h"

#include <optional>

namespace qopt::numerics {

/// A multiplier with which mode `single`, clamped to [low, high], equals mode
/// `real` with \p real clamped to it, for every accumulator of 32 bits. Bounds
/// are without zero point. The candidates are the nearest multiplier and its
/// two neighbours: a slightly larger one moves negative ties away from zero
/// without moving positive ones. Nothing if none is equal, if the multiplier
/// exceeds 1 (results may not fit 32 bits), or if there are more than 255
/// steps.
std::optional<FixedPointMultiplier>
findSingleMultiplier(double real, int64_t low, int64_t high);

/// Whether the two are equal, as above.
bool equalsSingle(double real, FixedPointMultiplier m, int64_t low,
                  int64_t high);

} // namespace qopt::numerics

#endif // QOPT_NUMERICS_REALMULTIPLIER_H
