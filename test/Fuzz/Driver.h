// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a program that damages models does: options, the clock, the judgement of
// a copy, the count. Only the format's import and damage are its own.

#ifndef QOPT_TEST_FUZZ_DRIVER_H
#define QOPT_TEST_FUZZ_DRIVER_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/MemoryBufferRef.h"

#include <cstdint>
#include <functional>
#include <string>

namespace qopt::fuzz {

struct Format {
  /// Of a damaged copy, in diagnostics.
  const char *fileName;
  std::function<mlir::OwningOpRef<mlir::ModuleOp>(llvm::MemoryBufferRef,
                                                  mlir::MLIRContext *)>
      import;
  /// Given a valid file and a seed: what makes its n-th damaged copy. The same
  /// file, seed and n give the same bytes on every machine.
  std::function<std::function<std::string(uint64_t)>(llvm::StringRef, uint64_t)>
      makeMutator;
};

/// The whole program; returns its exit code: 0 if copies were tried and each
/// was either refused with an error or became a module that verifies, in time.
int runFuzzer(int argc, char **argv, const Format &format);

} // namespace qopt::fuzz

#endif // QOPT_TEST_FUZZ_DRIVER_H
