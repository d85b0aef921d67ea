//===- TargetFacts.h - What a CPU can do, by its feature bits ---*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The facts about a target that schedules and kernels are chosen by. They come
// from LLVM's subtarget feature bits and never from the name of a processor:
// virtual machines lie about names, and a user may switch features off.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_TARGET_CPU_TARGETFACTS_H
#define QOPT_TARGET_CPU_TARGETFACTS_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <string>

namespace qopt::cpu {

/// The instruction set that a kernel is written for.
enum class Architecture { Generic, X86, AArch64 };

/// What a kernel may know about the machine that will run it.
struct TargetFacts {
  Architecture architecture = Architecture::Generic;

  /// Width and number of the vector registers that kernels should use.
  unsigned vectorBytes = 16;
  unsigned vectorRegisters = 16;

  /// Cache sizes in bytes: a common size for the architecture, since neither a
  /// triple nor the feature bits tell them.
  uint64_t l1DataBytes = 32 * 1024;
  uint64_t l2Bytes = 512 * 1024;

  // x86.
  bool sse41 = false;
  bool avx2 = false;
  bool fma = false;
  bool avxVNNI = false;
  /// avx512f, bw, dq and vl together: the level from which 512-bit integer code
  /// is worth writing.
  bool avx512 = false;
  bool avx512VBMI = false;
  bool avx512VNNI = false;
  bool amxInt8 = false;

  // AArch64.
  bool neon = false;
  bool dotprod = false;
  bool i8mm = false;
  /// Instructions start in the order of the program, so that loads and loops
  /// take time of their own: by LLVM's model of the CPU, for there is no
  /// feature bit of it.
  bool inOrder = false;
};

/// A target as it is written down in a module: nothing in it is `native`.
struct TargetName {
  std::string triple;
  std::string cpu;
  std::string features;
};

/// Fills in what the user left open. An empty triple is the host's; `native`
/// as the CPU (and an empty CPU for the empty triple) becomes the plain CPU of
/// the architecture together with the feature bits of this host, to which the
/// given features are added. Fails if `native` is asked of a foreign triple.
llvm::Expected<TargetName> resolveTarget(llvm::StringRef triple,
                                         llvm::StringRef cpu,
                                         llvm::StringRef features);

/// The facts of a resolved target. Unknown triples, CPUs and features are
/// errors that name the value; targets that this LLVM knows but qopt has no
/// instruction families for get the generic facts.
llvm::Expected<TargetFacts> getTargetFacts(llvm::StringRef triple,
                                           llvm::StringRef cpu,
                                           llvm::StringRef features);

} // namespace qopt::cpu

#endif // QOPT_TARGET_CPU_TARGETFACTS_H
