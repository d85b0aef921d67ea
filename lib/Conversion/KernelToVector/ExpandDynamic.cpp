// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// kernel.dynamic_range and kernel.dynamic_parameter.
//
// Minimum and maximum are found in vectors whose lanes are compared at the end.
// The last vector is moved back and looks at some elements twice, which does
// not change either. Both start as +0 and only ever become what is strictly
// beyond, so neither the order nor the sign of zeros matters.

#include "qopt/Conversion/KernelToVector/KernelExpansion.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::emit;

namespace {
class DynamicRangeExpansion : public KernelExpansion<kernel::DynamicRangeOp> {
public:
  using KernelExpansion::KernelExpansion;

protected:
  LogicalResult expand(kernel::DynamicRangeOp op, VectorEmitter &e,
                       PatternRewriter &rewriter) const override;
};

class DynamicParameterExpansion
    : public KernelExpansion<kernel::DynamicParameterOp> {
public:
  using KernelExpansion::KernelExpansion;

protected:
  LogicalResult expand(kernel::DynamicParameterOp op, VectorEmitter &e,
                       PatternRewriter &rewriter) const override;
};
} // namespace

/// The lanes of a vector as one number.
static Value reduceLanes(VectorEmitter &e, Value vector,
                         llvm::function_ref<Value(Value, Value)> combine) {
  for (int64_t lanes = VectorEmitter::lanesOf(vector); lanes > 1; lanes /= 2)
    vector = combine(e.slice(vector, 0, lanes / 2),
                     e.slice(vector, lanes / 2, lanes / 2));
  return vector::ExtractOp::create(e, vector, ArrayRef<int64_t>{0});
}

LogicalResult DynamicRangeExpansion::expand(kernel::DynamicRangeOp op,
                                            VectorEmitter &e,
                                            PatternRewriter &rewriter) const {
  Value input = e.flatten(op.getInput());
  int64_t size = op.getInput().getType().getNumElements();
  int64_t lanes = e.lanes32();
  auto widen = [&](ValueRange range, Value x) -> SmallVector<Value> {
    return {e.min(range[0], x), e.max(range[1], x)};
  };
  auto scan = [&](int64_t count, int64_t step, int64_t width) {
    Type type = width ? Type(e.vector(width, e.getF32Type())) : e.getF32Type();
    Value zero = e.constant(type, 0.0);
    SmallVector<Value> start = {zero, zero};
    return e.loop(e.index(0), e.index(count), step, start,
                  [&](Value i, ValueRange range) {
                    return widen(range, e.load(input, i, width));
                  });
  };
  SmallVector<Value> range;
  if (size < lanes) {
    range = scan(size, 1, 0);
  } else {
    range = scan(size - size % lanes, lanes, lanes);
    if (size % lanes)
      range = widen(range, e.load(input, e.index(size - lanes), lanes));
    range = {
        reduceLanes(e, range[0], [&](Value a, Value b) { return e.min(a, b); }),
        reduceLanes(e, range[1],
                    [&](Value a, Value b) { return e.max(a, b); })};
  }
  e.store(range[0], op.getInit(), e.index(0));
  e.store(range[1], op.getInit(), e.index(1));
  rewriter.eraseOp(op);
  return success();
}

LogicalResult
DynamicParameterExpansion::expand(kernel::DynamicParameterOp op,
                                  VectorEmitter &e,
                                  PatternRewriter &rewriter) const {
  Type f32 = e.getF32Type();
  Value low = e.load(op.getRange(), e.index(0), 0);
  Value high = e.load(op.getRange(), e.index(1), 0);
  Value scale = e.divide(e.sub(high, low), e.constant(f32, 255.0));
  Value zero = e.constant(f32, 0.0);
  Value isZero =
      arith::CmpFOp::create(e, arith::CmpFPredicate::OEQ, scale, zero);
  scale = e.select(isZero, e.constant(f32, 1.0), scale);
  Value result = scale;
  if (op.getInit().getType().getElementType().isInteger()) {
    Value least = e.constant(f32, -128.0);
    Value zeroPoint = e.sub(least, e.divide(low, scale));
    // This order of operands turns NaN into the minimum.
    Value above =
        arith::CmpFOp::create(e, arith::CmpFPredicate::OGT, zeroPoint, least);
    zeroPoint =
        e.min(e.select(above, zeroPoint, least), e.constant(f32, 127.0));
    result = e.toInt32(emitRoundToEven(e, zeroPoint));
  }
  e.store(result, op.getInit(), e.index(0));
  rewriter.eraseOp(op);
  return success();
}

void qopt::emit::populateDynamicExpansions(RewritePatternSet &patterns,
                                           const ExpansionContext &shared) {
  patterns.add<DynamicRangeExpansion, DynamicParameterExpansion>(
      patterns.getContext(), shared);
}
