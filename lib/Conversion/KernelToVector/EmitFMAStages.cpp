// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// #kernel.requantize_fma for AVX-512: a conversion, a multiply-add that carries
// its rounding mode (toward zero), and a truncation. Only 512-bit instructions
// can carry one, so shorter vectors are widened.

#include "qopt/Conversion/KernelToVector/EmitStages.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::emit;

/// Embedded rounding control of AVX-512: toward zero, without exceptions.
static constexpr int32_t kTowardZero = 11;

static Value emitRequantizeFMA(kernel::RequantizeFMAAttr stage, Value v,
                               const StageInputs &inputs) {
  VectorEmitter &e = inputs.e;
  Value scale = inputs.channelMultiplier.mantissa;
  Value offset = inputs.channelMultiplier.right;
  Value rest = stage.getIsSplit() ? inputs.channelMultiplier.left : Value();
  if (!stage.usesChannelScale()) {
    auto bitsOf = [&](FloatAttr number) {
      return e.constant(v.getType(),
                        number.getValue().bitcastToAPInt().getSExtValue());
    };
    scale = bitsOf(stage.getScale());
    offset = bitsOf(stage.getOffset());
    if (stage.getRest())
      rest = bitsOf(stage.getRest());
  }
  bool isScalar = !isa<VectorType>(v.getType());
  if (isScalar) {
    v = e.broadcast(v, 16);
    scale = e.broadcast(scale, 16);
    offset = e.broadcast(offset, 16);
    if (rest)
      rest = e.broadcast(rest, 16);
  }
  SmallVector<Value> operands = {v, scale, offset};
  if (rest)
    operands.push_back(rest);
  Type f32 = e.getF32Type();
  Value result = e.mapPieces(operands, 16, [&](ValueRange pieces) -> Value {
    Value addend = pieces[2];
    if (stage.getIsSigned()) {
      Value sign = e.bitAnd(pieces[0], int64_t(INT32_MIN));
      addend = arith::OrIOp::create(e, addend, sign);
    }
    Value rounding =
        arith::ConstantOp::create(e, e.getI32IntegerAttr(kTowardZero));
    Value real = e.toFloat(pieces[0]);
    addend = e.bitcastLanes(addend, f32);
    if (rest)
      addend = vector::FMAOp::create(e, real, e.bitcastLanes(pieces[3], f32),
                                     addend);
    Value product =
        e.intrinsic("llvm.x86.avx512.vfmadd.ps.512", e.vector(16, f32),
                    {real, e.bitcastLanes(pieces[1], f32), addend, rounding});
    return e.toInt32(product);
  });
  result = e.add(result, stage.getZeroPoint());
  if (isScalar)
    result = vector::ExtractOp::create(e, result, ArrayRef<int64_t>{0});
  return result;
}

void qopt::emit::addFMAStages(StageEmissions &emissions) {
  emissions.add(emitRequantizeFMA);
}
