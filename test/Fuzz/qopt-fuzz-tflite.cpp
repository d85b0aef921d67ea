//===- qopt-fuzz-tflite.cpp - Damaged models must not hurt ----------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Imports damaged copies of a model in this process. A copy passes when the
// importer either refuses it with an error or makes a module that verifies, in
// reasonable time; a crash or a sanitizer's report ends the run.
//
//===----------------------------------------------------------------------===//

#include "Driver.h"
#include "Mutator.h"

#include "qopt/Translation/TFLite/TFLiteImport.h"

int main(int argc, char **argv) {
  qopt::fuzz::Format format;
  format.fileName = "damaged.tflite";
  format.import = [](llvm::MemoryBufferRef bytes, mlir::MLIRContext *context) {
    return qopt::importTFLite(bytes, context);
  };
  format.makeMutator = [](llvm::StringRef model, uint64_t seed) {
    qopt::fuzz::Mutator mutator(model, seed);
    return [mutator](uint64_t n) { return mutator.mutate(n); };
  };
  return qopt::fuzz::runFuzzer(argc, argv, format);
}
