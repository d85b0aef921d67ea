// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// #kernel.scaled_sum: two multiplications, additions, and a shift.

#include "qopt/Conversion/KernelToVector/EmitStages.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::emit;

static Value emitScaledSum(kernel::ScaledSumAttr stage, Value v,
                           const StageInputs &inputs) {
  VectorEmitter &e = inputs.e;
  Value r =
      e.toInteger(inputs.operand(), e.getI32Type(), stage.getIsUnsigned());
  // What the operand gives does not wait for the running value.
  Value t =
      e.add(e.mul(r, int64_t(stage.getOperand())), int64_t(stage.getOffset()));
  t = e.add(e.mul(v, int64_t(stage.getValue())), t);
  return e.shiftRight(t, int64_t(stage.getShift()));
}

void qopt::emit::addSumStages(StageEmissions &emissions) {
  emissions.add(emitScaledSum);
}
