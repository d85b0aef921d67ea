//===- PackBytes.h - Results of four vectors as bytes -----------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// x86 packs vectors of 32-bit lanes to bytes two by two, with saturation, in
// units of 128 bits: four vectors a, b, c, d become a0-3 b0-3 c0-3 d0-3 a4-7 …
// Saturation is the clamp of the last stage, and a zero point is added to twice
// as many lanes in between.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_CONVERSION_KERNELTOVECTOR_PACKBYTES_H
#define QOPT_LIB_CONVERSION_KERNELTOVECTOR_PACKBYTES_H

#include "qopt/Conversion/KernelToVector/EmitStages.h"

#include <array>

namespace qopt::kernel {

/// Four vectors of 4, 8 or 16 lanes of i32, with `tail` applied, as one vector
/// of i8 in the order above.
mlir::Value packBytes(emit::VectorEmitter &e,
                      const std::array<mlir::Value, 4> &vectors,
                      const emit::ByteTail &tail);

/// The same in the order of channels: those of the first vector, of the second
/// one and so on. On x86 that takes one more instruction.
mlir::Value packNeighbours(emit::VectorEmitter &e,
                           const std::array<mlir::Value, 4> &vectors,
                           const emit::ByteTail &tail);

} // namespace qopt::kernel

#endif // QOPT_LIB_CONVERSION_KERNELTOVECTOR_PACKBYTES_H
