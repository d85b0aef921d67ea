// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the IR says of a layer for a report, without running it.

#ifndef QOPT_LIB_PIPELINES_DESCRIBELAYER_H
#define QOPT_LIB_PIPELINES_DESCRIBELAYER_H

#include "LayerMatching.h"

namespace qopt {

/// Name, kind, weights, and whether it runs on integers.
report::Layer describeLayer(const MatchedLayer &layer,
                            const QuantizeOptions &options);

/// How the simulation stores a layer's result, or an argument; nothing if it
/// stays float.
std::optional<report::Activation> describeActivation(const MatchedLayer &layer);
std::optional<report::Activation> describeActivation(mlir::Value simulated);

/// Bytes of all constants of a module of nn ops.
uint64_t getConstantBytes(mlir::ModuleOp module);

} // namespace qopt

#endif // QOPT_LIB_PIPELINES_DESCRIBELAYER_H
