// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The machine that code is generated for: a triple, a CPU name and features, in
// LLVM's spelling, and the LLVM target machine they stand for.

#ifndef QOPT_CODEGEN_TARGET_H
#define QOPT_CODEGEN_TARGET_H

#include "llvm/Support/Error.h"
#include "llvm/Target/TargetMachine.h"
#include <memory>
#include <string>

namespace qopt {

struct TargetSpec {
  std::string triple;
  std::string cpu;
  /// "+a,-b", applied in this order on top of the CPU's.
  std::string features;

  bool isX86() const;
  bool isAArch64() const;
};

/// Completes what a user gave. Without triple and CPU it is this machine, with
/// every feature that it has (its name may lie on virtual machines, so the CPU
/// is the generic one); the user's features come last and so win. An explicit
/// triple or CPU brings nothing of this machine with it.
TargetSpec resolveTarget(llvm::StringRef triple, llvm::StringRef cpu,
                         llvm::StringRef features);

/// Fails with a list of what is known when the triple's architecture, the CPU
/// or a feature is not.
llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
createTargetMachine(const TargetSpec &spec);

/// Fails with the first feature that the code may use and this machine lacks.
llvm::Error checkHostCanRun(const llvm::TargetMachine &machine);

} // namespace qopt

#endif // QOPT_CODEGEN_TARGET_H
