// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// #kernel.requantize_fma: a conversion, a multiply-add, and a truncation. On
// AVX-512 the multiply-add carries its rounding mode (toward zero); only
// 512-bit instructions can, so shorter vectors are widened.

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
  // What one multiply-add takes.
  int64_t width = 16;
  if (stage.getToNearest())
    width = std::min(e.lanes32(), std::max<int64_t>(e.lanesOf(v), 4));
  bool isScalar = !isa<VectorType>(v.getType());
  if (isScalar) {
    v = e.broadcast(v, width);
    scale = e.broadcast(scale, width);
    offset = e.broadcast(offset, width);
    if (rest)
      rest = e.broadcast(rest, width);
  }
  SmallVector<Value> operands = {v, scale, offset};
  if (rest)
    operands.push_back(rest);
  Type f32 = e.getF32Type();
  Value result = e.mapPieces(operands, width, [&](ValueRange pieces) -> Value {
    Value addend = pieces[2];
    if (stage.getIsSigned()) {
      Value sign = e.bitAnd(pieces[0], int64_t(INT32_MIN));
      addend = arith::OrIOp::create(e, addend, sign);
    }
    Value real = e.toFloat(pieces[0]);
    addend = e.bitcastLanes(addend, f32);
    if (rest)
      addend = e.fusedMultiplyAdd(real, e.bitcastLanes(pieces[3], f32), addend);
    if (stage.getToNearest())
      return e.toInt32(
          e.fusedMultiplyAdd(real, e.bitcastLanes(pieces[1], f32), addend));
    Value rounding =
        arith::ConstantOp::create(e, e.getI32IntegerAttr(kTowardZero));
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
