//===- ByteSumLayout.cpp - Order of steps added up in 16 bits -------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "qopt/Dialect/Kernel/IR/ByteSumLayout.h"

#include "llvm/Support/Endian.h"

using namespace mlir;
using namespace qopt::kernel;

bool qopt::kernel::allowsByteSums(Conv2DOp op) {
  int64_t neighbours = op.getDilations()[1] == 1 ? op.getKernel()[1] : 1;
  return op.getGroups() == 1 &&
         op.getInput().getType().getElementType().isInteger(8) &&
         op.getBias().getType().getElementType().isInteger(32) &&
         op.getInput().getType().getDimSize(3) * neighbours >=
             getDotWidth(InstructionFamily::PMADDUBSW);
}

int64_t qopt::kernel::getStepOffset(Conv2DOp op,
                                    const ConvolutionLayout &layout,
                                    int64_t step) {
  ArrayRef<int64_t> in = op.getInput().getType().getShape();
  int64_t run = step / layout.steps;
  int64_t y = run / layout.runsX, x = run % layout.runsX;
  return (y * op.getDilations()[0] * in[2] + x * op.getDilations()[1]) * in[3] +
         layout.getStep(step % layout.steps).start;
}

int64_t qopt::kernel::getStepOffsetBytes(Conv2DOp op,
                                         const ConvolutionLayout &layout) {
  // The last run is the last in memory, and its last step there, too.
  int64_t last = getStepOffset(op, layout, layout.getStepsOfWindow() - 1);
  return last <= UINT16_MAX ? 2 : 4;
}

int64_t qopt::kernel::countByteSteps(Conv2DOp op,
                                     ArrayRef<int8_t> filterSteps) {
  ScheduleAttr schedule = op.getScheduleAttr();
  int64_t blocks = getConvolutionLayout(op, schedule).getNumBlocks();
  int64_t groups = 0;
  if (static_cast<int64_t>(filterSteps.size()) < blocks * kByteSumEntryBytes)
    return 0;
  for (int64_t block = 0; block < blocks; ++block)
    groups += llvm::support::endian::read32le(filterSteps.data() +
                                              block * kByteSumEntryBytes +
                                              kByteSumGroups * sizeof(int32_t));
  return groups * schedule.getSteps();
}
