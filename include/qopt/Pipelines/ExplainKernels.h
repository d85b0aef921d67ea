// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the compiler chose for each layer, and why it may: kernel, schedule, the
// form of its requantize and for how many channels that was proved.

#ifndef QOPT_PIPELINES_EXPLAINKERNELS_H
#define QOPT_PIPELINES_EXPLAINKERNELS_H

#include "qopt/Dialect/Kernel/IR/Bands.h"

#include "mlir/IR/BuiltinOps.h"
#include <optional>
#include <string>
#include <vector>

namespace qopt {

/// Schedule of a convolution, as `#kernel.schedule` has it.
struct ScheduleExplanation {
  std::string family;
  int64_t lanes = 0, vectors = 0, pixels = 0;
  bool interleaved = false;
  /// Steps whose products are added up in 16 bits; 0 where none are. Such
  /// layers have so many steps, those of all blocks of channels, and so many
  /// more because weights were too large.
  int64_t together = 0, steps = 0, splitSteps = 0;
};

/// How accumulators become stored values, channel by channel: one or two float
/// multiply-adds that were proved equal to the integers, the integer form, or
/// the float form that the rounding mode asks for.
struct RequantizeExplanation {
  int64_t oneTerm = 0, twoTerms = 0, integer = 0, real = 0;
};

struct LayerExplanation {
  std::string name;
  /// Which of several CPUs the code is for; empty if there is one.
  std::string variant;
  /// Mnemonic of the kernel, and the function that holds its code, which layers
  /// may share.
  std::string kernel, function;
  std::optional<ScheduleExplanation> schedule;
  RequantizeExplanation requantize;
  /// Which of the function's chains it runs in, a band at a time. The same
  /// layer has several functions if its first or last bands differ.
  std::optional<int64_t> chain;
  /// Bodies that threads share; 1 for a layer that one thread does alone.
  int64_t ranges = 1;
  /// Sums with a residual: two multiplications proved on all pairs, or the
  /// definition's steps.
  int64_t scaledSums = 0, otherSums = 0;
  /// Bytes of the packed filter.
  int64_t weightBytes = 0;
  /// Bytes of the function's code; nothing where no object was made.
  std::optional<uint64_t> codeBytes;
};

/// The chains of kernels that run by bands in one variant.
struct BandExplanation {
  std::string variant;
  kernel::BandNotes notes;
};

/// The chains of `main`, after phase `buffers`.
kernel::BandNotes explainBands(mlir::ModuleOp module);

/// The layers of `main` in order, after phase `buffers`, without code sizes.
std::vector<LayerExplanation> explainKernels(mlir::ModuleOp module);

/// Gives layers whose function became one with another's, in phase `loops`, the
/// name of that.
void followSharedFunctions(mlir::ModuleOp module,
                           llvm::MutableArrayRef<LayerExplanation> layers);

} // namespace qopt

#endif // QOPT_PIPELINES_EXPLAINKERNELS_H
