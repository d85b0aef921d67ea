// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The moments of the inputs of a function's linear layers, as passes read them
// from a file or get them from the driver.

#ifndef QOPT_DIALECT_NN_TRANSFORMS_MOMENTSTABLE_H
#define QOPT_DIALECT_NN_TRANSFORMS_MOMENTSTABLE_H

#include "qopt/Dialect/NN/IR/LinearLayers.h"
#include "qopt/WeightRounding/Moments.h"

#include "llvm/Support/Error.h"

#include <memory>

namespace qopt::nn {

class MomentsTable {
public:
  explicit MomentsTable(std::vector<rounding::LayerMoments> layers = {})
      : layers(std::move(layers)) {}

  static llvm::Expected<MomentsTable> load(llvm::StringRef path);
  llvm::Error save(llvm::StringRef path) const;

  /// The moments of a layer if there are any and they fit it.
  const rounding::LayerMoments *find(const LinearLayer &layer) const;

  /// Replaces the mean inputs of a layer that `find` finds.
  void setMeans(const LinearLayer &layer,
                std::vector<std::vector<double>> means);

private:
  std::vector<rounding::LayerMoments> layers;
};

/// How the passes share one: gathered once, read by several.
using SharedMoments = std::shared_ptr<const MomentsTable>;

/// Reads a pass's file of moments, if it names one and the driver gave none.
llvm::LogicalResult loadMoments(mlir::Operation *module, llvm::StringRef path,
                                SharedMoments &moments);

} // namespace qopt::nn

#endif // QOPT_DIALECT_NN_TRANSFORMS_MOMENTSTABLE_H
