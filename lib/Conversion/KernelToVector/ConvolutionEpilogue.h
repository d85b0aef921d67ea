//===- ConvolutionEpilogue.h - From accumulators to the output --*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The end of every convolution kernel: stages on accumulators, residuals, and
// the store. Positions are linear, in elements of the output.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_CONVERSION_KERNELTOVECTOR_CONVOLUTIONEPILOGUE_H
#define QOPT_LIB_CONVERSION_KERNELTOVECTOR_CONVOLUTIONEPILOGUE_H

#include "qopt/Conversion/KernelToVector/EmitStages.h"
#include "qopt/Dialect/Kernel/IR/ConvolutionLayout.h"

namespace qopt::kernel {

/// The elements of a buffer of any rank as a memref of rank 1.
mlir::Value flatten(emit::VectorEmitter &e, mlir::Value buffer);

class ConvolutionEpilogue {
public:
  /// What depends on the channels, but not on the pixel.
  struct Channels : emit::StageEmitter::Channels {
    /// Of each residual, where it was loaded already.
    llvm::SmallVector<mlir::Value> residuals;
  };

  /// For kernel.conv_2d and kernel.depthwise_conv_2d.
  template <typename ConvOp>
  ConvolutionEpilogue(emit::VectorEmitter &e, ConvOp op)
      : ConvolutionEpilogue(e, llvm::cast<StagedOpInterface>(op.getOperation()),
                            op.getInit()) {}

  /// Loads what belongs to output channels [channel, channel + lanes); `lanes`
  /// is 0 for scalar code.
  Channels prepare(mlir::Value channel, int64_t lanes) {
    return {stages.prepare(channel, lanes), {}};
  }
  /// The same where constants lie in the order of the output's channels: those
  /// of residuals that are equal for all pixels are loaded, too.
  Channels prepareInOrder(mlir::Value channel, int64_t lanes);
  /// The value to be stored at `position` and behind, not yet truncated.
  mlir::Value apply(mlir::Value accumulator, const Channels &channels,
                    mlir::Value position);
  /// Leaves the last stages to who packs the results to bytes.
  std::optional<emit::ByteTail> takeByteTail() { return stages.takeByteTail(); }
  /// Truncates and stores.
  void store(mlir::Value value, mlir::Value position);

  void finish(mlir::Value accumulator, const Channels &channels,
              mlir::Value position) {
    store(apply(accumulator, channels, position), position);
  }

private:
  ConvolutionEpilogue(emit::VectorEmitter &e, StagedOpInterface op,
                      mlir::Value init);
  mlir::Value loadResidual(mlir::Value residual, mlir::Value flat,
                           mlir::Value position, int64_t lanes);

  emit::VectorEmitter &e;
  emit::StageEmitter stages;
  llvm::SmallVector<mlir::Value> residuals, flatResiduals;
  mlir::MemRefType outputType;
  mlir::Value output;
};

} // namespace qopt::kernel

#endif // QOPT_LIB_CONVERSION_KERNELTOVECTOR_CONVOLUTIONEPILOGUE_H
