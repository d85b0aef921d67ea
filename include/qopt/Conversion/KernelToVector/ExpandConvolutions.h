//===- ExpandConvolutions.h - Convolutions as vector code -------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each function emits the loops of one kernel op on memrefs before the
// insertion point of the emitter. The op itself is left to the caller. Failure
// was reported, and nothing emitted.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_CONVERSION_KERNELTOVECTOR_EXPANDCONVOLUTIONS_H
#define QOPT_CONVERSION_KERNELTOVECTOR_EXPANDCONVOLUTIONS_H

#include "qopt/Conversion/KernelToVector/KernelExpansion.h"

namespace qopt::kernel {

/// A convolution with packed weights by register tiles, see ExpandConv2D.cpp;
/// one with plain weights element by element.
mlir::LogicalResult expandConv2D(emit::VectorEmitter &e, Conv2DOp op);

/// A depthwise convolution as its schedule says: vectors of channels, see
/// ExpandDepthwiseConv2D.cpp, or columns of packed taps.
mlir::LogicalResult expandDepthwiseConv2D(emit::VectorEmitter &e,
                                          DepthwiseConv2DOp op);

/// The `vpdpbusd` family of depthwise convolution, see
/// ExpandDepthwiseColumns.cpp.
mlir::LogicalResult expandDepthwiseColumns(emit::VectorEmitter &e,
                                           DepthwiseConv2DOp op,
                                           ScheduleAttr schedule);

/// One output element after the other: what is left where a filter is no
/// constant.
mlir::LogicalResult expandPlainConvolution(emit::VectorEmitter &e, Conv2DOp op);

/// All of these.
void populateConvolutionExpansions(mlir::RewritePatternSet &patterns,
                                   const emit::ExpansionContext &shared);

} // namespace qopt::kernel

#endif // QOPT_CONVERSION_KERNELTOVECTOR_EXPANDCONVOLUTIONS_H
