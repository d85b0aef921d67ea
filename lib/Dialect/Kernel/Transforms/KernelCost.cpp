// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Multiplications at the rate of the schedule's instructions, stages at a fixed
// number of instructions a vector, bytes at what a core reads from its second
// cache. What decides is the order of magnitude.

#include "KernelCost.h"

#include "qopt/Dialect/Kernel/IR/ConvolutionLayout.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::kernel;

/// Bytes a cycle, and cycles of a stage on one vector.
static constexpr double kBytes = 32;
static constexpr double kStage = 4;
/// What an output of softmax costs.
static constexpr double kSoftmax = 4;

static int64_t getBytes(Type type) {
  auto shaped = cast<ShapedType>(type);
  return shaped.getNumElements() * shaped.getElementTypeBitWidth() / 8;
}

/// Multiply-accumulates that one instruction does; several a cycle make up for
/// what is loaded.
static double getProductsPerCycle(ScheduleAttr schedule) {
  if (!schedule)
    return 1;
  // A product of full tiles every 16 cycles.
  if (schedule.getFamily() == InstructionFamily::TDPB)
    return 1024;
  return schedule.getLanes() * getDotWidth(schedule.getFamily());
}

template <typename ConvOp>
static double getProducts(ConvOp op, int64_t channels) {
  auto output = cast<ShapedType>(op.getInit().getType());
  return double(output.getNumElements()) * op.getKernel()[0] *
         op.getKernel()[1] * channels /
         getProductsPerCycle(op.getScheduleAttr());
}

double kernel::estimateCycles(Operation *op, const cpu::TargetFacts &facts) {
  double cycles = 0;
  // In place, only what lies around the input is written.
  if (auto pad = dyn_cast<PadOp>(op); pad && hasGaps(pad.getInput().getType()))
    return (getBytes(pad.getInit().getType()) -
            getBytes(pad.getInput().getType())) /
           kBytes;
  for (Type type : op->getOperandTypes())
    cycles += getBytes(type) / kBytes;
  auto output =
      cast<ShapedType>(op->getOperand(op->getNumOperands() - 1).getType());
  double elements = output.getNumElements();
  if (auto conv = dyn_cast<Conv2DOp>(op))
    cycles += getProducts(conv, conv.getInput().getType().getDimSize(3) /
                                    conv.getGroups());
  else if (auto depthwise = dyn_cast<DepthwiseConv2DOp>(op))
    cycles += getProducts(depthwise, 1);
  if (auto staged = dyn_cast<StagedOpInterface>(op))
    cycles += elements / std::max<int64_t>(facts.vectorBytes / 4, 1) * kStage *
              staged.getStagesAttr().size();
  else if (isa<SoftmaxOp>(op))
    cycles += elements * kSoftmax;
  return cycles;
}
