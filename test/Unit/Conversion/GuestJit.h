// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The part of JitHelper.h that compiles for AArch64 and runs in an emulator.

#ifndef QOPT_TEST_UNIT_CONVERSION_GUESTJIT_H
#define QOPT_TEST_UNIT_CONVERSION_GUESTJIT_H

#include "JitHelper.h"

namespace qopt::test {

/// Adds a `main` that takes every argument of the module's public function
/// twice, copies the first set to the second, and calls the function on that:
/// so no one has to say which arguments are results. Returns their sizes in
/// bytes.
llvm::SmallVector<int64_t> wrapForGuest(mlir::ModuleOp module);

/// Links the lowered module into a program for the emulator.
std::unique_ptr<Jit> compileForGuest(mlir::ModuleOp module,
                                     const JitLevel &level,
                                     llvm::ArrayRef<int64_t> sizes);

} // namespace qopt::test

#endif // QOPT_TEST_UNIT_CONVERSION_GUESTJIT_H
