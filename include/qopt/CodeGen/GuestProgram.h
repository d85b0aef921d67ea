// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A program around a compiled model that needs nothing but the Linux kernel, to
// be run by an emulator of another architecture without its C library.

#ifndef QOPT_CODEGEN_GUESTPROGRAM_H
#define QOPT_CODEGEN_GUESTPROGRAM_H

#include "qopt/CodeGen/ModelInterface.h"
#include "llvm/IR/Module.h"
#include <memory>

namespace qopt {

/// Makes the module that defines _start. The program reads the model's inputs
/// one after another from standard input, runs the model, and writes the
/// nanoseconds that it took (64 bits), its outputs and, when the model has
/// timed layers, their tick counters; again and again until the input ends. It
/// exits with 0, with the model's code when that is not 0, or with 3 when the
/// input ends early.
llvm::Expected<std::unique_ptr<llvm::Module>>
makeGuestProgram(const ModelInterface &model, llvm::LLVMContext &context,
                 const llvm::TargetMachine &machine);

} // namespace qopt

#endif // QOPT_CODEGEN_GUESTPROGRAM_H
