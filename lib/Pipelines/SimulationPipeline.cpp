// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Phase simulation: a float graph with ranges becomes a float graph that
// computes what the integer graph will, up to rounding.

#include "SimulationSteps.h"

#include "qopt/Dialect/NN/Transforms/Passes.h"
#include "qopt/Pipelines/Pipelines.h"
#include "qopt/Pipelines/QuantizeModel.h"

#include "mlir/Transforms/Passes.h"

using namespace mlir;

void qopt::buildFakeQuantizeStep(OpPassManager &pm,
                                 const SimulationPipelineOptions &options) {
  nn::NNInsertFakeQuantizePassOptions insert;
  insert.profile = options.profile;
  insert.recipe = options.recipe;
  insert.scheme = options.scheme;
  insert.granularity = options.granularity;
  insert.groupSize = options.groupSize;
  insert.weightEstimator = options.weightEstimator;
  insert.keepWeights = true;
  pm.addPass(nn::createNNInsertFakeQuantizePass(insert));
}

void qopt::buildRoundingStep(OpPassManager &pm,
                             const SimulationPipelineOptions &options,
                             nn::SharedMoments moments) {
  if (options.searchWeightScales) {
    nn::NNSearchWeightScalesPassOptions search;
    search.momentsFile = options.moments;
    pm.addPass(nn::createNNSearchWeightScalesPass(search, moments));
  }
  nn::NNRoundWeightsPassOptions round;
  round.momentsFile = options.moments;
  round.method = options.weightRounding;
  round.centered = options.correctBias;
  pm.addPass(nn::createNNRoundWeightsPass(round, moments));
  if (options.correctBias) {
    nn::NNCorrectBiasPassOptions correct;
    correct.momentsFile = options.moments;
    pm.addPass(nn::createNNCorrectBiasPass(correct, moments));
  }
}

void qopt::buildSimulationPipeline(OpPassManager &pm,
                                   const SimulationPipelineOptions &options,
                                   nn::SharedMoments moments) {
  buildFakeQuantizeStep(pm, options);
  buildRoundingStep(pm, options, moments);
  // Drops the float weights.
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

void qopt::readOptions(const QuantizeOptions &options,
                       SimulationPipelineOptions &simulation) {
  simulation.profile = options.profile;
  simulation.recipe = options.recipe;
  simulation.scheme = options.scheme;
  simulation.granularity = options.granularity;
  simulation.groupSize = options.groupSize;
  simulation.weightEstimator = options.weightEstimator;
  simulation.weightRounding = options.getWeightRounding();
  simulation.correctBias = options.getBiasCorrection() != BiasCorrection::None;
  simulation.searchWeightScales = options.searchWeightScales == Choice::On;
  simulation.moments = options.moments;
}

void qopt::buildSimulationPipeline(OpPassManager &pm,
                                   const QuantizeOptions &options) {
  SimulationPipelineOptions simulation;
  readOptions(options, simulation);
  buildSimulationPipeline(pm, simulation, options.gathered);
}
