//===- ByteSumLayout.h - Order of steps added up in 16 bits -----*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What packing and expansion of the family `pmaddubsw` share.
//
// The steps of a block of channels are added up in an order of the block's own,
// `schedule.steps` at a time (ByteSums.h). Its filter is the weights of those
// steps, block after block: [step][channel of the block][dot]. The bytes of
// `filter_steps` say where the inputs of a step are: for each block an entry of
// three integers of 32 bits, then for each step of each block the offset of its
// inputs from the first of the window, of 16 bits where all fit, else of 32.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_DIALECT_KERNEL_IR_BYTESUMLAYOUT_H
#define QOPT_DIALECT_KERNEL_IR_BYTESUMLAYOUT_H

#include "qopt/Dialect/Kernel/IR/ConvolutionLayout.h"

namespace qopt::kernel {

/// The integers of a block's entry: how many groups of steps it has, and where
/// in `filter_steps` and in the filter they begin, in bytes.
enum ByteSumEntry { kByteSumGroups, kByteSumOffsets, kByteSumWeights };
inline constexpr int64_t kByteSumEntryBytes = 3 * sizeof(int32_t);

/// Whether the family can compute the op on a target that has it: one group,
/// inputs of bytes, sums of 32 bits, and runs of at least one step.
bool allowsByteSums(Conv2DOp op);

/// Offset of the inputs of step `step` of the window from the window's first,
/// and how many bytes such offsets are stored in.
int64_t getStepOffset(Conv2DOp op, const ConvolutionLayout &layout,
                      int64_t step);
int64_t getStepOffsetBytes(Conv2DOp op, const ConvolutionLayout &layout);

/// Steps of all blocks by an op's `filter_steps`, those of zeros included; the
/// window has layout.getStepsOfWindow() for each block.
int64_t countByteSteps(Conv2DOp op, llvm::ArrayRef<int8_t> filterSteps);

} // namespace qopt::kernel

#endif // QOPT_DIALECT_KERNEL_IR_BYTESUMLAYOUT_H
