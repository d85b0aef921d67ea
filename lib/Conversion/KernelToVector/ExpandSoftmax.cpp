// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// kernel.softmax over the last axis, row by row: the maximum, the exponentials
// and their sum, then every element times the reciprocal of the sum. The
// formulas are those of Numerics/Softmax.cpp, which says why they are so; here
// the exponential of 8-bit storage is one table of 256 entries.

#include "qopt/Conversion/KernelToVector/EmitMath.h"
#include "qopt/Conversion/KernelToVector/KernelExpansion.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::emit;

namespace {

class SoftmaxExpansion : public KernelExpansion<kernel::SoftmaxOp> {
public:
  using KernelExpansion::KernelExpansion;

protected:
  LogicalResult expand(kernel::SoftmaxOp op, VectorEmitter &e,
                       PatternRewriter &rewriter) const override;
};

/// One row of `depth` elements of flat buffers.
struct SoftmaxRow {
  kernel::SoftmaxOp op;
  VectorEmitter &e;
  Value input, output;
  int64_t depth;
  SmallVector<Value> tables;

  void emit8(Value row);
  void emit8Through32BitFloats(Value row);
  void emit16(Value row);
  void emitFloat(Value row);

private:
  Value load32(Value offset, int64_t lanes) {
    return e.toInteger(e.load(input, offset, lanes), e.getI32Type(),
                       op.getInputUnsigned());
  }
  Value largest32(Value row) {
    return e.reduce(
        depth, e.lanes32(), vector::CombiningKind::MAXSI,
        [&](Value i, int64_t n) { return load32(e.add(row, i), n); });
  }
};

} // namespace

//===----------------------------------------------------------------------===//
// Scalar steps of the reciprocal
//===----------------------------------------------------------------------===//

static Value countLeadingZeros(VectorEmitter &e, Value x) {
  return LLVM::CountLeadingZerosOp::create(e, x.getType(), x,
                                           /*is_zero_poison=*/false);
}

/// x << exponent, saturated to 32 bits.
static Value saturatingLeftShift(VectorEmitter &e, Value x, int64_t exponent) {
  Value wide = e.shiftLeft(e.toInteger(x, e.getI64Type()), exponent);
  return e.toInteger(e.clamp(wide, int64_t(INT32_MIN), int64_t(INT32_MAX)),
                     e.getI32Type());
}

/// 1/(1+a) in Q0.31 for a in [0, 1) in Q0.31, by three Newton-Raphson steps.
static Value reciprocalOfOnePlus(VectorEmitter &e, Value a) {
  Type i32 = e.getI32Type(), i64 = e.getI64Type();
  Value sum = e.add(e.toInteger(a, i64), int64_t(INT32_MAX) + 1);
  Value half = e.toInteger(e.shiftRight(sum, 1), i32);
  auto times = [&](Value x, Value y) {
    return emitDoublingHighMultiply(e, x, y);
  };
  Value x =
      e.add(times(half, e.constant(i32, int64_t(-1010580540))), 1515870810);
  Value one = e.constant(i32, int64_t(1) << 29);
  for (int step = 0; step < 3; ++step) {
    Value error = e.sub(one, times(half, x));
    x = e.add(x, saturatingLeftShift(e, times(x, error), 2));
  }
  return saturatingLeftShift(e, x, 1);
}

//===----------------------------------------------------------------------===//
// 8 bits
//===----------------------------------------------------------------------===//

void SoftmaxRow::emit8(Value row) {
  Type i32 = e.getI32Type();
  int64_t lanes = e.lanes32();
  Value largest = largest32(row);
  auto exponential = [&](Value i, int64_t n) {
    Value difference = e.sub(e.broadcast(largest, n), load32(e.add(row, i), n));
    return e.lookUp(tables[0], difference);
  };
  Value sum = e.reduce(
      depth, lanes, vector::CombiningKind::ADD, [&](Value i, int64_t n) {
        return emitRoundingRightShift(e, exponential(i, n), 12);
      });
  Value headroom = countLeadingZeros(e, sum);
  // Without its leading one, which becomes bit 31, the sum is a in [0, 1).
  Value fraction = e.bitAnd(e.shiftLeft(sum, headroom), int64_t(INT32_MAX));
  Value reciprocal = reciprocalOfOnePlus(e, fraction);
  // One less than the right shift 12 - headroom + 31 - 8; products are below
  // 2^31, so from 32 on the result is 0 as it is for 32.
  Value shift = e.min(e.sub(e.constant(i32, int64_t(34)), headroom), 31);

  int64_t low = op.getOutputUnsigned() ? 0 : -128;
  e.vectorLoop(depth, lanes, [&](Value i, int64_t n) {
    Value product = emitDoublingHighMultiply(e, exponential(i, n),
                                             e.broadcast(reciprocal, n));
    Value rounded =
        e.shiftRight(e.add(e.shiftRight(product, e.broadcast(shift, n)), 1), 1);
    Value y = e.min(e.add(rounded, low), low + 255);
    e.store(e.toInteger(y, e.getI8Type()), output, e.add(row, i));
  });
}

/// In float32, with a table of its bits. The sum has one lane: its order is
/// part of the result.
void SoftmaxRow::emit8Through32BitFloats(Value row) {
  int64_t lanes = e.lanes32();
  Value largest = largest32(row);
  auto exponential = [&](Value i, int64_t n) {
    Value difference = e.sub(e.broadcast(largest, n), load32(e.add(row, i), n));
    return e.bitcastLanes(e.lookUp(tables[0], difference), e.getF32Type());
  };
  Value sum =
      e.reduce(depth, /*lanes=*/1, vector::CombiningKind::ADD, exponential);
  int64_t low = op.getOutputUnsigned() ? 0 : -128;
  e.vectorLoop(depth, lanes, [&](Value i, int64_t n) {
    Value steps = exponential(i, n);
    steps = e.mul(steps, e.constant(steps.getType(), 256.0));
    Value q = e.divide(steps, e.broadcast(sum, n));
    // Floats between 2^23 and 2^24 are the integers.
    Value shifter = e.constant(q.getType(), 12582912.0);
    Value rounded = e.toInt32(e.sub(e.add(q, shifter), shifter));
    Value y = e.min(e.add(rounded, low), low + 255);
    e.store(e.toInteger(y, e.getI8Type()), output, e.add(row, i));
  });
}

//===----------------------------------------------------------------------===//
// 16 bits
//===----------------------------------------------------------------------===//

/// Interpolates between entries 256 + (x >> 7) and the next of a table of 513
/// entries; \p x holds 16-bit values. The slope keeps 16 bits, as TFLite's.
static Value interpolate(VectorEmitter &e, Value table, Value x) {
  Type i16 = e.getI16Type(), i32 = e.getI32Type();
  Value index = e.add(e.shiftRight(x, 7), 256);
  Value base = e.lookUp(table, index);
  Value next = e.lookUp(table, e.add(index, 1));
  Value slope = e.toInteger(e.toInteger(e.sub(next, base), i16), i32);
  Value rise = e.mul(slope, e.bitAnd(x, 127));
  Value y = e.add(base, e.shiftRight(e.add(rise, 64), 7));
  return e.toInteger(e.toInteger(y, i16), i32);
}

void SoftmaxRow::emit16(Value row) {
  Type i16 = e.getI16Type(), i32 = e.getI32Type(), i64 = e.getI64Type();
  int64_t lanes = e.lanes32();
  Value largest = largest32(row);
  // The exponentials wait in the output for their sum.
  e.vectorLoop(depth, lanes, [&](Value i, int64_t n) {
    Value offset = e.add(row, i);
    Value difference = e.sub(load32(offset, n), e.broadcast(largest, n));
    PreparedMultiplier m = prepareMultiplier(e, numerics::RoundingMode::Double,
                                             difference.getType(),
                                             op.getMultiplier(), op.getShift());
    // Scaled differences reach down to -2^31; the sum may not wrap.
    Value scaled = e.max(emitMultiply(e, difference, m), -65535);
    Value y = interpolate(e, tables[0], e.min(e.add(scaled, 32767), 32767));
    e.store(e.toInteger(y, i16), output, offset);
  });
  auto loadExponential = [&](Value i, int64_t n) {
    return e.toInteger(e.load(output, e.add(row, i), n), i32);
  };
  Value sum =
      e.reduce(depth, lanes, vector::CombiningKind::ADD, loadExponential);
  // Shifted to 1 + a with 16 fractional bits; a, recentred, is the index.
  Value headroom = countLeadingZeros(e, sum);
  Value wide =
      e.shiftLeft(e.toInteger(sum, i64), e.toInteger(e.sub(headroom, 1), i64));
  Value shifted = e.shiftRight(e.add(wide, 1 << 13), 14);
  Value index = e.clamp(e.sub(shifted, (1 << 15) + (1 << 16)),
                        int64_t(INT16_MIN), int64_t(INT16_MAX));
  Value reciprocal = interpolate(e, tables[1], e.toInteger(index, i32));
  Value shift = e.sub(e.constant(i32, int64_t(31)), headroom);
  e.vectorLoop(depth, lanes, [&](Value i, int64_t n) {
    // Below 2^30; the largest exponential is nearly 2^15, so the shift is at
    // least 14.
    Value product = e.mul(loadExponential(i, n), e.broadcast(reciprocal, n));
    Value bits = e.sub(e.broadcast(shift, n), 1);
    Value rounded = e.shiftRight(e.add(e.shiftRight(product, bits), 1), 1);
    Value y = e.clamp(rounded, int64_t(0), int64_t(INT16_MAX));
    e.store(e.toInteger(y, i16), output, e.add(row, i));
  });
}

//===----------------------------------------------------------------------===//
// Float
//===----------------------------------------------------------------------===//

void SoftmaxRow::emitFloat(Value row) {
  int64_t lanes = e.lanes32();
  Value largest = e.reduce(
      depth, lanes, vector::CombiningKind::MAXNUMF,
      [&](Value i, int64_t n) { return e.load(input, e.add(row, i), n); });
  double beta = op.getBeta().convertToDouble();
  // The exponentials wait in the output for their sum.
  Value sum = e.reduce(
      depth, lanes, vector::CombiningKind::ADD, [&](Value i, int64_t n) {
        Value offset = e.add(row, i);
        Value difference =
            e.sub(e.load(input, offset, n), e.broadcast(largest, n));
        if (beta != 1)
          difference =
              e.mul(difference, e.constant(difference.getType(), beta));
        Value exponential = emitExp(e, difference);
        e.store(exponential, output, offset);
        return exponential;
      });
  // At least 1: the largest's own.
  Value reciprocal = e.divide(e.constant(sum.getType(), 1.0), sum);
  e.vectorLoop(depth, lanes, [&](Value i, int64_t n) {
    Value offset = e.add(row, i);
    e.store(e.mul(e.load(output, offset, n), e.broadcast(reciprocal, n)),
            output, offset);
  });
}

LogicalResult SoftmaxExpansion::expand(kernel::SoftmaxOp op, VectorEmitter &e,
                                       PatternRewriter &rewriter) const {
  auto type = cast<MemRefType>(op.getInput().getType());
  Type storage = type.getElementType();
  int64_t depth = type.getRank() ? type.getShape().back() : 1;
  SoftmaxRow rows{op,    e, e.flatten(op.getInput()), e.flatten(op.getInit()),
                  depth, {}};
  bool hasReals = false;
  if (ArrayAttr tables = op.getTablesAttr())
    for (Attribute attribute : tables) {
      // 32-bit entries can be gathered on x86.
      SmallVector<int32_t> wide;
      if (auto reals = dyn_cast<DenseFPElementsAttr>(attribute)) {
        hasReals = true;
        for (const APFloat &entry : reals.getValues<APFloat>())
          wide.push_back(
              static_cast<int32_t>(entry.bitcastToAPInt().getSExtValue()));
      } else {
        auto table = cast<DenseIntElementsAttr>(attribute);
        for (const APInt &entry : table.getValues<APInt>())
          wide.push_back(static_cast<int32_t>(entry.getSExtValue()));
      }
      auto wideType = RankedTensorType::get(static_cast<int64_t>(wide.size()),
                                            e.getI32Type());
      rows.tables.push_back(
          e.table(DenseElementsAttr::get(wideType, ArrayRef(wide))));
    }
  int64_t count = type.getNumElements() / std::max<int64_t>(depth, 1);
  e.loop(0, count, 1, [&](Value i) {
    Value row = e.mul(i, depth);
    if (isa<FloatType>(storage))
      rows.emitFloat(row);
    else if (hasReals)
      rows.emit8Through32BitFloats(row);
    else if (storage.isInteger(8))
      rows.emit8(row);
    else
      rows.emit16(row);
  });
  rewriter.eraseOp(op);
  return success();
}

void qopt::emit::populateSoftmaxExpansions(RewritePatternSet &patterns,
                                           const ExpansionContext &shared) {
  patterns.add<SoftmaxExpansion>(patterns.getContext(), shared);
}
