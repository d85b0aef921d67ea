// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The parts of phase simulation, for who does not need all of them.

#ifndef QOPT_LIB_PIPELINES_SIMULATIONSTEPS_H
#define QOPT_LIB_PIPELINES_SIMULATIONSTEPS_H

#include "qopt/Pipelines/QuantizeModel.h"

namespace qopt {

/// The simulation's part of the options.
void readOptions(const QuantizeOptions &options,
                 SimulationPipelineOptions &simulation);

/// Casts around tensors; weights are still reals that are quantized at their
/// place.
void buildFakeQuantizeStep(mlir::OpPassManager &pm,
                           const SimulationPipelineOptions &options);

/// Integers of weights, biases to match. Float weights stay, unused.
void buildRoundingStep(mlir::OpPassManager &pm,
                       const SimulationPipelineOptions &options,
                       nn::SharedMoments moments);

} // namespace qopt

#endif // QOPT_LIB_PIPELINES_SIMULATIONSTEPS_H
