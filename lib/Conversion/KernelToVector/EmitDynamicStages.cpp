// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Stages on scales and zero points that are found at run time. Every step is
// one float32 or one integer operation: all targets compute the same bits.

#include "qopt/Conversion/KernelToVector/EmitStages.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::emit;

static Value emitDynamicQuantize(kernel::DynamicQuantizeAttr stage, Value v,
                                 const StageInputs &inputs) {
  VectorEmitter &e = inputs.e;
  Value scale = inputs.operand();
  Value zeroPoint = inputs.operand();
  Value quotient = e.divide(v, scale);
  // Clamped before the conversion, which is undefined beyond the integers. This
  // order of operands turns NaN into the minimum.
  Value zero = e.toFloat(zeroPoint);
  Value low = e.sub(e.constant(v.getType(), -128.0), zero);
  Value high = e.sub(e.constant(v.getType(), 127.0), zero);
  Value above =
      arith::CmpFOp::create(e, arith::CmpFPredicate::OGT, quotient, low);
  quotient = e.min(e.select(above, quotient, low), high);
  Value rounded = e.toInt32(emitRoundToEven(e, quotient));
  inputs.result = {-128 + int64_t(stage.getOffset()),
                   127 + int64_t(stage.getOffset())};
  return e.add(e.add(rounded, zeroPoint), int64_t(stage.getOffset()));
}

static Value emitSubProduct(kernel::SubProductAttr, Value v,
                            const StageInputs &inputs) {
  Value a = inputs.operand();
  Value b = inputs.operand();
  return inputs.e.sub(v, inputs.e.mul(a, b));
}

void qopt::emit::addDynamicStages(StageEmissions &emissions) {
  emissions.add(emitDynamicQuantize);
  emissions.add(emitSubProduct);
}
