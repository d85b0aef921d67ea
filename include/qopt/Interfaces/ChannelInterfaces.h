// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The op interfaces of ChannelInterfaces.td and the plain values that their
// methods exchange.

#ifndef QOPT_INTERFACES_CHANNELINTERFACES_H
#define QOPT_INTERFACES_CHANNELINTERFACES_H

#include "qopt/Interfaces/QuantizationInterfaces.h"

#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/Value.h"

#include <optional>

namespace qopt {

/// Where the channels of a tensor are: along `dimension`, index i belongs to
/// channel channels[i]. After a flattening a channel has several indices.
struct ChannelMap {
  int64_t dimension = 0;
  llvm::SmallVector<int64_t> channels;

  /// One channel an index.
  static ChannelMap identity(int64_t dimension, int64_t count);
  /// Whether it is that.
  bool isIdentity() const;
};

/// The map after the elements got another shape, in row-major order; failure if
/// the channels do not lie along one dimension there.
llvm::FailureOr<ChannelMap> reshapeChannels(const ChannelMap &channels,
                                            llvm::ArrayRef<int64_t> from,
                                            llvm::ArrayRef<int64_t> to);

/// x -> factors[c] * x + offsets[c], in double precision.
struct ChannelFunction {
  llvm::SmallVector<double> factors, offsets;

  int64_t getNumChannels() const { return factors.size(); }
  bool hasOffset() const {
    return llvm::any_of(offsets, [](double b) { return b != 0; });
  }
  /// Whether every factor is finite and not 0, and every offset finite.
  bool isInvertible() const;
  ChannelFunction getInverse() const;
  /// This function after `first`.
  ChannelFunction after(const ChannelFunction &first) const;
  /// With channel map[i] as channel i.
  ChannelFunction select(llvm::ArrayRef<int64_t> map) const;
};

/// A channel function of one of an op's operands.
struct AppliedChannelFunction {
  mlir::OpOperand *operand = nullptr;
  /// Of operand and result.
  int64_t dimension = 0;
  ChannelFunction function;
  /// Mean and standard deviation of the result in each channel as training saw
  /// them (batch normalization knows); empty if unknown.
  llvm::SmallVector<double> mean, deviation;
};

/// Whether clamping to the interval commutes with the function: each bound is
/// mapped to itself and no channel is turned around. No clamp commutes with
/// every function.
bool clampCommutesWith(RealInterval interval, const ChannelFunction &function);

} // namespace qopt

#include "qopt/Interfaces/ChannelInterfaces.h.inc"

#endif // QOPT_INTERFACES_CHANNELINTERFACES_H
