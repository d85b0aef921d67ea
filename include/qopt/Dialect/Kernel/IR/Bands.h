// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is known of kernels that run band by band (see kernel-fuse-bands) once
// they are calls in loops: their locations, and a note on the function.

#ifndef QOPT_DIALECT_KERNEL_IR_BANDS_H
#define QOPT_DIALECT_KERNEL_IR_BANDS_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Location.h"

#include <optional>
#include <string>
#include <vector>

namespace qopt::kernel {

/// Some kernels that run together.
struct BandNote {
  /// The tensors that the first and the last one make.
  std::string first, last;
  /// Kernels; bands, and rows of the last one's output in each of them.
  int64_t kernels = 0, bands = 0, rows = 0;
};

/// What the bands of a function are, and its arena without and with them.
struct BandNotes {
  std::vector<BandNote> chains;
  int64_t arenaBefore = 0, arena = 0;
};

/// The location of what is made for some bands: that of the kernel, and the
/// number of the bands in the function.
mlir::Location makeBandLocation(mlir::Location kernel, int64_t number);
/// The number; nothing for kernels that run as a whole.
std::optional<int64_t> getBandNumber(mlir::Location location);

void setBandNotes(mlir::Operation *function, const BandNotes &notes);
/// Nothing where no kernel runs by bands.
BandNotes getBandNotes(mlir::Operation *function);

} // namespace qopt::kernel

#endif // QOPT_DIALECT_KERNEL_IR_BANDS_H
