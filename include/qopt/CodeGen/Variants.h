// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Code for several CPUs in one object: what each variant needs, and the choice
// between them when the object runs.

#ifndef QOPT_CODEGEN_VARIANTS_H
#define QOPT_CODEGEN_VARIANTS_H

#include "qopt/CodeGen/Target.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/IR/Function.h"
#include <array>

namespace qopt {

/// Reads one item of --cpus: a CPU in LLVM's spelling or the short name of a
/// level ("avx512vnni", "dotprod"), and features behind it as in
/// "x86-64-v3+avxvnni".
TargetSpec parseVariant(llvm::StringRef triple, llvm::StringRef item);

/// The bits that a CPU reports: a word for each place where it does, in the
/// order in which addVariantChoice reads them.
constexpr unsigned numFeatureWords = 10;
using FeatureWords = std::array<uint64_t, numFeatureWords>;

/// The bits that must be set for code of a machine to run. Fails when it uses a
/// feature that a running program cannot be asked for.
llvm::Expected<FeatureWords>
getRequiredFeatures(const llvm::TargetMachine &machine);

/// One variant: its function, and what it needs.
struct CodeVariant {
  llvm::Function *body;
  FeatureWords required;
  /// Uses the tiles of AMX and has to ask for them, see TilePermission.h.
  bool asksForTiles;
};

/// Adds a function without arguments that returns the last variant that this
/// CPU can run, or null.
llvm::Expected<llvm::Function *>
addVariantChoice(llvm::Module &module, llvm::ArrayRef<CodeVariant> variants,
                 const llvm::Twine &name);

} // namespace qopt

#endif // QOPT_CODEGEN_VARIANTS_H
