// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What quantize, dequantize and requantize do to one stored value of one
// channel. Passes evaluate these over all stored values of a type to prove that
// a rewriting changes none.

#ifndef QOPT_LIB_DIALECT_QUANT_TRANSFORMS_CHANNELARITHMETIC_H
#define QOPT_LIB_DIALECT_QUANT_TRANSFORMS_CHANNELARITHMETIC_H

#include "qopt/Dialect/Quant/IR/Quant.h"
#include "qopt/Numerics/FixedPoint.h"
#include "qopt/Numerics/QuantizationParameters.h"
#include <optional>

namespace qopt::quant {

/// The scales and zero points of a type: one pair for a whole tensor, or one
/// for each index of an axis.
class ChannelParameters {
public:
  /// None for types whose parameters are not known or are in blocks.
  static std::optional<ChannelParameters> get(QuantizedType type);

  std::optional<int32_t> getAxis() const { return axis; }
  /// How many pairs there are; 1 without axis.
  size_t size() const { return scales.size(); }
  /// The pair of a channel; the only one when there is no axis.
  numerics::QuantizationParameters operator[](size_t channel) const {
    size_t index = axis ? channel : 0;
    return {scales[index], zeroPoints[index]};
  }

private:
  llvm::SmallVector<double> scales;
  llvm::SmallVector<int64_t> zeroPoints;
  std::optional<int32_t> axis;
};

/// The axis along which several parameters vary together, and its size.
struct CommonChannels {
  std::optional<int32_t> axis;
  size_t count = 1;
};

/// None when two of them vary along different axes.
std::optional<CommonChannels>
getCommonChannels(llvm::ArrayRef<const ChannelParameters *> parameters);

/// The storage range of a type.
numerics::StorageRange getStorageRange(QuantizedType type);

/// The same mode in the terms of Numerics.
numerics::RoundingMode toNumerics(RoundingMode mode);

/// The fixed-point form of a real multiplier, or why there is none under
/// `mode`. Must not be called for `Float` and `Real`.
numerics::Result<numerics::FixedPointMultiplier>
quantizeChannelMultiplier(double real, RoundingMode mode);

/// A requantize within one channel, as a function of the stored value.
class ChannelRequantize {
public:
  /// None when the multiplier has no fixed-point form.
  static std::optional<ChannelRequantize>
  get(numerics::QuantizationParameters input,
      numerics::QuantizationParameters result, RoundingMode mode,
      numerics::StorageRange clamp);

  int64_t operator()(int64_t stored) const;

private:
  numerics::FixedPointMultiplier multiplier;
  float floatMultiplier = 0;
  double realMultiplier = 0;
  RoundingMode mode = RoundingMode::Double;
  int64_t inputZeroPoint = 0, resultZeroPoint = 0;
  numerics::StorageRange clamp;
};

/// A float32 value to the nearest stored one; ties go to the even integer when
/// `mode` is `Float`, away from zero otherwise.
int64_t quantizeChannel(float real, numerics::QuantizationParameters result,
                        numerics::StorageRange range, RoundingMode mode);

} // namespace qopt::quant

#endif // QOPT_LIB_DIALECT_QUANT_TRANSFORMS_CHANNELARITHMETIC_H
