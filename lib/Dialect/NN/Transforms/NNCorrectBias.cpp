// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// With the mean of the input known, so is the mean of the result: w E[x] + b.
// The bias is set to what makes it the float layer's: r - w E[x], where r was
// measured in the float graph. It does not matter what changed the weights
// since: rounding, other scales, equalization.

#include "SimulatedWeights.h"

#include "qopt/Dialect/NN/Transforms/MomentsTable.h"
#include "qopt/Dialect/NN/Transforms/Passes.h"
#include "qopt/Support/PassStatistics.h"

namespace qopt::nn {
#define GEN_PASS_DEF_NNCORRECTBIASPASS
#include "qopt/Dialect/NN/Transforms/Passes.h.inc"
} // namespace qopt::nn

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;

/// The bias under which each channel's mean is the float layer's.
static SmallVector<double> getBias(const rounding::LayerMoments &moments,
                                   const WeightRows &rows,
                                   ArrayRef<double> weights) {
  SmallVector<double> bias;
  int64_t perGroup =
      rows.channels / static_cast<int64_t>(moments.groups.size());
  for (int64_t row = 0; row < rows.channels; ++row) {
    const std::vector<double> &mean = moments.groups[row / perGroup].mean;
    double sum = moments.resultMeans[row];
    for (int64_t k = 0; k < rows.depth; ++k)
      sum -= weights[rows.getElement(row, k)] * mean[k];
    bias.push_back(sum);
  }
  return bias;
}

namespace {
struct NNCorrectBias : nn::impl::NNCorrectBiasPassBase<NNCorrectBias> {
  using NNCorrectBiasPassBase::NNCorrectBiasPassBase;
  NNCorrectBias(const NNCorrectBiasPassOptions &options, SharedMoments moments)
      : NNCorrectBiasPassBase(options), moments(std::move(moments)) {}

  SharedMoments moments;

  void runOnOperation() override {
    if (failed(loadMoments(getOperation(), momentsFile, moments)))
      return signalPassFailure();
    if (!moments) {
      emitError(getOperation().getLoc(),
                "correcting biases needs the means of the layers' inputs; give "
                "'moments=FILE'");
      return signalPassFailure();
    }
    uint64_t corrected = 0;
    IRRewriter rewriter(&getContext());
    for (auto func : getOperation().getOps<func::FuncOp>())
      for (LinearLayer &layer : collectLinearLayers(func)) {
        // A float layer has nothing to be corrected.
        auto dequantize = layer.op.getWeightOperand()
                              .get()
                              .getDefiningOp<quant::DequantizeCastOp>();
        if (!dequantize)
          continue;
        std::optional<std::vector<double>> weights =
            readEffectiveWeights(layer.op);
        const rounding::LayerMoments *known = moments->find(layer);
        if (!weights || !known) {
          layer.op->emitWarning("layer '")
              << layer.name
              << "' has no moments of its shape: its bias is not corrected";
          continue;
        }
        setBias(rewriter, layer.op,
                getBias(*known, WeightRows::get(layer.op), *weights));
        ++corrected;
      }
    recordStatistic(*this, "num-corrected", corrected);
  }
};
} // namespace

std::unique_ptr<Pass>
qopt::nn::createNNCorrectBiasPass(const NNCorrectBiasPassOptions &options,
                                  SharedMoments moments) {
  return std::make_unique<NNCorrectBias>(options, std::move(moments));
}
