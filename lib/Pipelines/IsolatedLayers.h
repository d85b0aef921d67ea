// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A graph that shows each layer's own noise.

#ifndef QOPT_LIB_PIPELINES_ISOLATEDLAYERS_H
#define QOPT_LIB_PIPELINES_ISOLATEDLAYERS_H

#include "LayerMatching.h"

namespace qopt {

/// The float graph with a twin of each layer beside it: the twin reads the
/// layer's float inputs, has its quantized weights, and stores its result as
/// the simulation does.
struct IsolatedLayers {
  mlir::OwningOpRef<mlir::ModuleOp> module;
  /// For each layer its float result, and its twin's; the latter is null where
  /// quantization adds nothing.
  std::vector<mlir::Value> results, twins;
};

IsolatedLayers isolateLayers(mlir::ModuleOp prepared,
                             llvm::ArrayRef<MatchedLayer> layers);

} // namespace qopt

#endif // QOPT_LIB_PIPELINES_ISOLATEDLAYERS_H
