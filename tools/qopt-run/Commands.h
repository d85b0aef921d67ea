// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What qopt-run can do with an opened model, one function an option. They
// return whether all was well; errors are for what keeps them from answering.

#ifndef QOPT_TOOLS_QOPT_RUN_COMMANDS_H
#define QOPT_TOOLS_QOPT_RUN_COMMANDS_H

#include "OpenModel.h"

namespace qoptrun {

/// --check
llvm::Expected<bool> runCheck(OpenedModel &model, const Options &options);

/// --inputs
llvm::Error runFiles(OpenedModel &model, const Options &options);

/// --evaluate
llvm::Error runEvaluation(OpenedModel &model, const Options &options);

/// --draw: the first pictures with their predicted classes and, unless there
/// are no labels, whether these are right.
llvm::Error drawExamples(const qopt::TensorInterface &input,
                         llvm::ArrayRef<Example> examples,
                         llvm::ArrayRef<int64_t> predictions,
                         llvm::ArrayRef<int64_t> labels, unsigned count);

/// --bench
llvm::Error runBench(OpenedModel &model, const Options &options);

/// --profile
llvm::Error runProfile(OpenedModel &model, const Options &options);

/// One row of caseK.tensors.tsv.
struct ExpectedTensor {
  std::string name;
  std::string type;
  std::string shape;
  std::string sha256;
};

llvm::Expected<std::vector<ExpectedTensor>>
readTensorTable(llvm::StringRef path);

/// Compares the layers, outputs behind the model's own, with the table, and
/// prints the first that differs. Returns whether none does, and counts those
/// that were compared.
bool checkLayers(llvm::StringRef caseName, llvm::ArrayRef<LayerTensor> layers,
                 llvm::ArrayRef<qopt::Tensor> tensors,
                 llvm::ArrayRef<ExpectedTensor> expected);

/// Zeros and, for floats, small numbers: timing does not depend on data.
Example makeTimingExample(const qopt::ModelInterface &model);

} // namespace qoptrun

#endif // QOPT_TOOLS_QOPT_RUN_COMMANDS_H
