// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The recorded models beside the project (or where QOPT_SHARED says): a folder
// each, with a .tflite file and cases of inputs and outputs.

#ifndef QOPT_TEST_UNIT_REFERENCE_GOLDENMODELS_H
#define QOPT_TEST_UNIT_REFERENCE_GOLDENMODELS_H

#include "qopt/Support/Tensor.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/Error.h"

#include "gtest/gtest.h"

namespace qopt::test {

struct Model {
  std::string path; ///< below shared/tflite
  bool required;    ///< false: skipped when the importer declines it

  /// For the messages of a failed test.
  friend std::ostream &operator<<(std::ostream &os, const Model &model) {
    return os << model.path;
  }
};

std::string sharedDirectory();

/// The models that qopt promises to run.
std::vector<Model> requiredModels();
/// All other folders with a model.
std::vector<Model> optionalModels();

/// A test's name from the model's path.
std::string testName(const testing::TestParamInfo<Model> &info);

/// The imported module; null with the diagnostics in \p diagnostics.
mlir::OwningOpRef<mlir::ModuleOp> importModel(mlir::MLIRContext &context,
                                              llvm::StringRef directory,
                                              std::string &diagnostics);

/// The dialects that import and passes need.
mlir::DialectRegistry makeRegistry();

/// caseK.inputI.npy and caseK.outputI.npy for I = 0, 1, …
llvm::Expected<std::vector<Tensor>>
readCase(llvm::StringRef directory, unsigned number, llvm::StringRef kind);
bool hasCase(llvm::StringRef directory, unsigned number);

/// Empty if equal (floats: within 1e-5 of the largest element).
std::string describeDifference(const Tensor &found, const Tensor &expected);

} // namespace qopt::test

#endif // QOPT_TEST_UNIT_REFERENCE_GOLDENMODELS_H
