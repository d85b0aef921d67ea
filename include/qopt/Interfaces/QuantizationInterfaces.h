// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The op interfaces of QuantizationInterfaces.td and the plain values that
// their methods exchange.

#ifndef QOPT_INTERFACES_QUANTIZATIONINTERFACES_H
#define QOPT_INTERFACES_QUANTIZATIONINTERFACES_H

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/IR/Value.h"

#include <cstdint>
#include <limits>
#include <optional>

namespace qopt {

/// A closed interval of reals; a bound is infinite where nothing is clamped.
struct RealInterval {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();

  /// True if clamping to this interval changes nothing.
  bool isUnbounded() const {
    return low == -std::numeric_limits<double>::infinity() &&
           high == std::numeric_limits<double>::infinity();
  }

  bool operator==(const RealInterval &other) const {
    return low == other.low && high == other.high;
  }
  bool operator!=(const RealInterval &other) const { return !(*this == other); }

  /// What clamping to `first` and then to this interval amounts to. Where the
  /// two do not overlap the later clamp decides, hence the order.
  RealInterval after(const RealInterval &first) const {
    auto clamp = [&](double x) { return x < low ? low : x > high ? high : x; };
    return {clamp(first.low), clamp(first.high)};
  }
};

/// How many elements an op puts before and after its input in each dimension;
/// empty if none.
struct Border {
  llvm::SmallVector<int64_t> low, high;

  bool isEmpty() const { return low.empty(); }
};

/// Per-tensor quantization parameters.
struct ScaleAndZeroPoint {
  double scale;
  int64_t zeroPoint;
};

} // namespace qopt

#include "qopt/Interfaces/QuantizationInterfaces.h.inc"

#endif // QOPT_INTERFACES_QUANTIZATIONINTERFACES_H
