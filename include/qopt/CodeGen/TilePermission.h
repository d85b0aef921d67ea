// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tiles of AMX are larger than what a thread's registers used to be, so Linux
// lets a process use them only once it has asked.

#ifndef QOPT_CODEGEN_TILEPERMISSION_H
#define QOPT_CODEGEN_TILEPERMISSION_H

#include "qopt/CodeGen/Target.h"
#include "llvm/IR/Function.h"

namespace qopt {

/// Whether code for the target may have instructions on tiles and has to ask.
bool mustAskForTiles(const llvm::TargetMachine &machine);

/// Whether the module has such instructions and has to ask.
bool mustAskForTiles(const llvm::Module &module);

/// The function `i1 ()` that asks for the whole process and returns whether the
/// system agrees; it is added to the module if it is not there.
llvm::Function *getTilePermission(llvm::Module &module);

} // namespace qopt

#endif // QOPT_CODEGEN_TILEPERMISSION_H
