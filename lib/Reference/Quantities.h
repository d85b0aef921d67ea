// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a quantized type says about single elements, and stored integers as
// 64-bit ones.

#ifndef QOPT_LIB_REFERENCE_QUANTITIES_H
#define QOPT_LIB_REFERENCE_QUANTITIES_H

#include "qopt/Dialect/NN/IR/NN.h"
#include "qopt/Support/Tensor.h"

#include "llvm/Support/Error.h"

namespace qopt::reference {

/// Scales and zero points of the elements of one tensor.
class Quantities {
public:
  /// Null unless \p type is a tensor of uniform quantized elements.
  static std::optional<Quantities> of(mlir::Type type);

  double scale(int64_t channel = 0) const { return scales[index(channel)]; }
  int64_t zeroPoint(int64_t channel = 0) const {
    return zeroPoints[index(channel)];
  }
  /// Whether an index of one axis does not tell the scale.
  bool hasGroups() const { return isGrouped; }
  /// Which scale an element uses, by its row-major number.
  int64_t channelOf(int64_t element) const;

  int64_t storageMin = 0, storageMax = 0;
  unsigned storageBits = 0;
  bool isSigned = true;

private:
  bool isGrouped = false;
  size_t index(int64_t channel) const {
    return scales.size() == 1 ? 0 : static_cast<size_t>(channel);
  }

  llvm::SmallVector<double> scales;
  llvm::SmallVector<int64_t> zeroPoints;
  llvm::SmallVector<int64_t> shape;
  /// Elements of dimension d that share a parameter, and how many such blocks.
  llvm::SmallVector<int64_t> blockSizes, blockCounts;
};

/// The interval of stored values that an activation leaves.
struct Bounds {
  int64_t min, max;
  int64_t clamp(int64_t x) const { return std::min(std::max(x, min), max); }
};

Bounds boundsOf(const Quantities &result, nn::Activation activation);
/// Stored bounds of the reals [min, max], either of which may be infinite.
Bounds boundsOf(const Quantities &result, double min, double max);

/// The interval of reals that an activation leaves.
std::pair<float, float> realBounds(nn::Activation activation);

/// For each element of a result the operand's element that it uses: missing
/// leading dimensions and dimensions of 1 repeat.
std::vector<int64_t> broadcast(llvm::ArrayRef<int64_t> result,
                               llvm::ArrayRef<int64_t> operand);

/// All elements of an integer tensor.
std::vector<int64_t> loadIntegers(const Tensor &tensor);

/// A tensor of the given type; an error when a value does not fit its storage.
llvm::Expected<Tensor> storeIntegers(mlir::Operation *op, mlir::Type type,
                                     llvm::ArrayRef<int64_t> values);

/// An error about \p op, by the name of the layer and of the op.
llvm::Error makeError(mlir::Operation *op, const llvm::Twine &message);

} // namespace qopt::reference

#endif // QOPT_LIB_REFERENCE_QUANTITIES_H
