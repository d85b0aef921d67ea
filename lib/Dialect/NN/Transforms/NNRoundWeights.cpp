// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Weights that are quantized at their place become constants of integers. See
// WeightRounding/Rounding.h for the methods; here weights are sorted into rows,
// and rows into problems that share the moments of a group.

#include "SimulatedWeights.h"

#include "qopt/Dialect/NN/Transforms/MomentsTable.h"
#include "qopt/Dialect/NN/Transforms/Passes.h"
#include "qopt/Numerics/QuantizationParameters.h"
#include "qopt/Support/PassStatistics.h"
#include "qopt/WeightRounding/Rounding.h"

namespace qopt::nn {
#define GEN_PASS_DEF_NNROUNDWEIGHTSPASS
#include "qopt/Dialect/NN/Transforms/Passes.h.inc"
} // namespace qopt::nn

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;

/// Each weight by itself, as `quant.qcast` rounds it.
static SmallVector<int64_t> roundToNearest(const RealWeights &weights) {
  SmallVector<int64_t> stored;
  for (auto [element, real] : llvm::enumerate(weights.values)) {
    auto [scale, zeroPoint] = weights.scales[static_cast<int64_t>(element)];
    stored.push_back(numerics::quantizeValue(
        real, {scale, zeroPoint},
        {weights.type.getStorageTypeMin(), weights.type.getStorageTypeMax()}));
  }
  return stored;
}

/// Rounds the rows of one group that lie in one block of the moments.
static void roundBlock(const RealWeights &weights, const WeightRows &rows,
                       int64_t firstRow, int64_t numRows, int64_t begin,
                       const rounding::Matrix &moments, rounding::Method method,
                       MutableArrayRef<int64_t> stored) {
  rounding::Problem problem;
  problem.min = weights.type.getStorageTypeMin();
  problem.max = weights.type.getStorageTypeMax();
  problem.moments = &moments;
  problem.targets = rounding::Matrix(numRows, moments.rows);
  if (weights.hasGroups())
    problem.steps = problem.targets;
  for (int64_t row = 0; row < numRows; ++row) {
    double first = weights.scales[rows.getElement(firstRow + row, begin)].scale;
    for (int64_t k = 0; k < moments.rows; ++k) {
      int64_t element = rows.getElement(firstRow + row, begin + k);
      auto [scale, zeroPoint] = weights.scales[element];
      problem.targets(row, k) =
          weights.values[element] / scale + static_cast<double>(zeroPoint);
      if (weights.hasGroups())
        problem.steps(row, k) = scale / first;
    }
  }
  rounding::Integers found = rounding::round(problem, method);
  for (int64_t row = 0; row < numRows; ++row)
    for (int64_t k = 0; k < moments.rows; ++k)
      stored[rows.getElement(firstRow + row, begin + k)] = found[row][k];
}

static void roundLayer(const RealWeights &weights, const WeightRows &rows,
                       const rounding::LayerMoments &layer,
                       rounding::Method method, double damping, bool centered,
                       MutableArrayRef<int64_t> stored) {
  int64_t numGroups = static_cast<int64_t>(layer.groups.size());
  int64_t numRows = rows.channels / numGroups;
  for (int64_t group = 0; group < numGroups; ++group) {
    int64_t begin = 0;
    for (size_t b = 0; b < layer.groups[group].blocks.size(); ++b) {
      rounding::Matrix moments = layer.groups[group].getBlock(b, centered);
      rounding::regularize(moments, layer.groups[group].count, damping);
      roundBlock(weights, rows, group * numRows, numRows, begin, moments,
                 method, stored);
      begin += moments.rows;
    }
  }
}

namespace {
struct NNRoundWeights : nn::impl::NNRoundWeightsPassBase<NNRoundWeights> {
  using NNRoundWeightsPassBase::NNRoundWeightsPassBase;
  NNRoundWeights(const NNRoundWeightsPassOptions &options,
                 SharedMoments moments)
      : NNRoundWeightsPassBase(options), moments(std::move(moments)) {}

  SharedMoments moments;

  void runOnOperation() override {
    if (failed(loadMoments(getOperation(), momentsFile, moments)))
      return signalPassFailure();
    if (!moments && method != rounding::Method::Nearest) {
      emitError(getOperation().getLoc(),
                "this way of rounding weights needs the moments of the layers' "
                "inputs; give 'moments=FILE' or use method=nearest");
      return signalPassFailure();
    }
    uint64_t rounded = 0, moved = 0;
    IRRewriter rewriter(&getContext());
    for (auto func : getOperation().getOps<func::FuncOp>())
      for (LinearLayer &layer : collectLinearLayers(func)) {
        std::optional<RealWeights> weights = RealWeights::get(layer.op);
        if (!weights)
          continue;
        WeightRows rows = WeightRows::get(layer.op);
        SmallVector<int64_t> stored = roundToNearest(*weights);
        if (method != rounding::Method::Nearest) {
          const rounding::LayerMoments *known = moments->find(layer);
          if (!known) {
            layer.op->emitWarning("layer '")
                << layer.name
                << "' has no moments of its shape: its weights are rounded to "
                   "the nearest";
          } else {
            SmallVector<int64_t> nearest = stored;
            roundLayer(*weights, rows, *known, method, damping, centered,
                       stored);
            for (auto [a, b] : llvm::zip(nearest, stored))
              moved += a != b;
          }
        }
        ++rounded;
        quant::QuantizeCastOp quantize = weights->quantize;
        rewriter.setInsertionPoint(quantize);
        rewriter.replaceOp(
            quantize,
            makeStored(rewriter, quantize.getLoc(),
                       cast<RankedTensorType>(quantize.getInput().getType()),
                       weights->type, stored));
      }
    recordStatistic(*this, "num-rounded", rounded);
    recordStatistic(*this, "num-moved", moved);
  }
};
} // namespace

std::unique_ptr<Pass>
qopt::nn::createNNRoundWeightsPass(const NNRoundWeightsPassOptions &options,
                                   SharedMoments moments) {
  return std::make_unique<NNRoundWeights>(options, std::move(moments));
}
