// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Gathers what rounding needs to know of a float graph's linear layers while
// something else runs it on samples.

#ifndef QOPT_PIPELINES_GATHERMOMENTS_H
#define QOPT_PIPELINES_GATHERMOMENTS_H

#include "qopt/Dialect/NN/Transforms/MomentsTable.h"
#include "qopt/WeightRounding/Moments.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/DenseMap.h"

#include <memory>
#include <vector>

namespace qopt {

/// The window of a layer as WeightRounding wants it.
rounding::Window makeWindow(const nn::LinearWindow &window);

/// How many windows to take of each of so many samples.
rounding::MomentsOptions chooseMomentsOptions(const rounding::Window &window,
                                              int64_t numSamples);

class MomentsGatherer {
public:
  /// `numSamples` is how often each tensor will be seen, as far as one knows:
  /// of few samples more windows are taken each.
  MomentsGatherer(mlir::func::FuncOp function, int64_t numSamples);

  /// The tensors that the layers read, each once.
  std::vector<mlir::Value> getInputs() const;

  /// One run's values of a tensor; of tensors that no layer reads nothing
  /// happens.
  void add(mlir::Value tensor, llvm::ArrayRef<float> values);

  /// To be called once.
  nn::SharedMoments finish();

private:
  struct Layer {
    nn::LinearLayer layer;
    rounding::Window window;
    std::unique_ptr<rounding::MomentsAccumulator> accumulator;
  };
  std::vector<Layer> layers;
  llvm::DenseMap<mlir::Value, llvm::SmallVector<size_t>> readers;
};

} // namespace qopt

#endif // QOPT_PIPELINES_GATHERMOMENTS_H
