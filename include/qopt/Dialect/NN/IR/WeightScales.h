// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which scale and zero point an element of constant weights has, whatever their
// granularity.

#ifndef QOPT_DIALECT_NN_IR_WEIGHTSCALES_H
#define QOPT_DIALECT_NN_IR_WEIGHTSCALES_H

#include "qopt/Dialect/NN/IR/NN.h"

#include <optional>

namespace qopt::nn {

class WeightScales {
public:
  /// Of a tensor type; nothing if it is not quantized uniformly.
  static std::optional<WeightScales> get(mlir::Type type);

  /// Those of an element, by its row-major number.
  ScaleAndZeroPoint operator[](int64_t element) const {
    int64_t index = getIndex(element);
    return {scales[index], zeroPoints[index]};
  }
  /// The number of the pair that an element has.
  int64_t getIndex(int64_t element) const;

  llvm::ArrayRef<double> getScales() const { return scales; }
  llvm::ArrayRef<int64_t> getZeroPoints() const { return zeroPoints; }

private:
  llvm::SmallVector<double> scales;
  llvm::SmallVector<int64_t> zeroPoints;
  llvm::SmallVector<int64_t> shape, blockSizes;
};

/// Weights in groups: how many input channels share a scale.
struct WeightGroups {
  int64_t size, count;
};

/// The groups of a linear op's weights; nothing if they are not quantized in
/// groups, or in blocks of another form than one output channel, the whole
/// window and some input channels.
std::optional<WeightGroups> getWeightGroups(LinearOpInterface op);

/// For each channel the greatest number of which the scales of its groups are
/// multiples, with multiples below 2^16; nothing if there is none for some
/// channel, or if the weights are not quantized in groups.
std::optional<llvm::SmallVector<double>> getChannelUnits(LinearOpInterface op);

} // namespace qopt::nn

#endif // QOPT_DIALECT_NN_IR_WEIGHTSCALES_H
