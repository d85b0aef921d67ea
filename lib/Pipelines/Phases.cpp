// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Names of the phases.

#include "qopt/Pipelines/Pipelines.h"

using namespace qopt;

llvm::ArrayRef<Phase> qopt::getPhases() {
  static const Phase phases[] = {
      Phase::Import,  Phase::Float,   Phase::Simulation, Phase::Quantized,
      Phase::Cleanup, Phase::Integer, Phase::Kernel,     Phase::Buffers,
      Phase::Loops,   Phase::LLVM};
  return phases;
}

llvm::StringRef qopt::getName(Phase phase) {
  switch (phase) {
  case Phase::Import:
    return "import";
  case Phase::Float:
    return "float";
  case Phase::Simulation:
    return "simulation";
  case Phase::Quantized:
    return "quantized";
  case Phase::Cleanup:
    return "cleanup";
  case Phase::Integer:
    return "integer";
  case Phase::Kernel:
    return "kernel";
  case Phase::Buffers:
    return "buffers";
  case Phase::Loops:
    return "loops";
  case Phase::LLVM:
    return "llvm";
  }
  llvm_unreachable("all phases have names");
}

llvm::StringRef qopt::getDescription(Phase phase) {
  switch (phase) {
  case Phase::Import:
    return "nn ops as the model's file has them";
  case Phase::Float:
    return "float graph folded: constants, batch norms, activations";
  case Phase::Simulation:
    return "float, with casts where --quantize will store integers";
  case Phase::Quantized:
    return "quantized by --quantize";
  case Phase::Cleanup:
    return "activations fused, requantizations canonical";
  case Phase::Integer:
    return "integers only: accumulators, multipliers, folded zero points";
  case Phase::Kernel:
    return "kernel ops with epilogues, schedules and packed weights";
  case Phase::Buffers:
    return "static buffers in one arena, one function a kernel";
  case Phase::Loops:
    return "loops over vectors";
  case Phase::LLVM:
    return "the LLVM dialect";
  }
  llvm_unreachable("all phases have descriptions");
}
