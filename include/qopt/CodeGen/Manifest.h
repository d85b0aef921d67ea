// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The manifest: a model's interface as JSON, in the ELF section
// `.qopt.manifest` of every object and library that qopt makes. It is not
// loaded into memory at run time.

#ifndef QOPT_CODEGEN_MANIFEST_H
#define QOPT_CODEGEN_MANIFEST_H

#include "qopt/CodeGen/ModelInterface.h"
#include "llvm/Support/MemoryBufferRef.h"

namespace llvm {
class Module;
} // namespace llvm

namespace qopt {

std::string writeManifest(const ModelInterface &model);
llvm::Expected<ModelInterface> parseManifest(llvm::StringRef json);

/// Appends the section to the module.
void embedManifest(llvm::Module &module, const ModelInterface &model);

/// Reads the section of an ELF object or shared library.
llvm::Expected<ModelInterface>
readEmbeddedManifest(llvm::MemoryBufferRef object);

} // namespace qopt

#endif // QOPT_CODEGEN_MANIFEST_H
