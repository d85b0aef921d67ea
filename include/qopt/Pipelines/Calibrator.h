// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs a float graph, as native code, on samples and gathers the statistics of
// its tensors. Memory is the model, one sample and the statistics, however many
// samples there are.

#ifndef QOPT_PIPELINES_CALIBRATOR_H
#define QOPT_PIPELINES_CALIBRATOR_H

#include "qopt/Calibration/Statistics.h"
#include "qopt/Pipelines/ModelRunner.h"
#include "qopt/Samples/Samples.h"

namespace qopt {

/// The inputs of a model as samples need to know them.
std::vector<samples::InputFormat>
getInputFormats(const ModelInterface &interface);

/// Opens files of samples as the inputs of a module's model.
llvm::Expected<samples::SampleSet>
openSamples(mlir::ModuleOp module, llvm::ArrayRef<std::string> files);

class Calibrator {
public:
  /// For a module in phase `float`. It must stay alive and unchanged.
  static llvm::Expected<std::unique_ptr<Calibrator>>
  create(mlir::ModuleOp module);

  /// Runs one sample and adds what its tensors hold.
  llvm::Error add(llvm::ArrayRef<Tensor> sample);

  /// The parts of add(), for who keeps statistics of several kinds of samples:
  /// copies of getStatistics() before the first.
  llvm::Error run(llvm::ArrayRef<Tensor> sample);
  void addTo(calibration::Statistics &all) const;

  /// The tensors that are observed.
  llvm::ArrayRef<nn::NamedTensor> getTensors() const { return tensors; }
  /// What one of them held in the last run.
  llvm::ArrayRef<float> getValues(size_t index) const { return values[index]; }

  const calibration::Statistics &getStatistics() const { return statistics; }
  const ModelInterface &getInterface() const { return interface; }

private:
  std::unique_ptr<ModelRunner> runner;
  /// Of the model, without the watched tensors.
  ModelInterface interface;
  llvm::SmallVector<nn::NamedTensor> tensors;
  /// The float arguments among the tensors come first.
  llvm::SmallVector<unsigned> arguments;
  std::vector<llvm::ArrayRef<float>> values;
  calibration::Statistics statistics;
};

} // namespace qopt

#endif // QOPT_PIPELINES_CALIBRATOR_H
