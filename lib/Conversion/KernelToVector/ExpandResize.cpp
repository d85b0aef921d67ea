// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// kernel.resize_bilinear: which rows and columns are mixed with which weights
// is known now, so it becomes tables; the loops run over output pixels with
// vectors of channels.

#include "qopt/Conversion/KernelToVector/KernelExpansion.h"
#include "qopt/Numerics/Pooling.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::emit;

namespace {

class ResizeBilinearExpansion
    : public KernelExpansion<kernel::ResizeBilinearOp> {
public:
  using KernelExpansion::KernelExpansion;

protected:
  LogicalResult expand(kernel::ResizeBilinearOp op, VectorEmitter &e,
                       PatternRewriter &rewriter) const override;
};

/// The taps of one axis as tables.
struct AxisTables {
  Value lower, upper, weight;
};

/// The tap of one output position.
struct Tap {
  Value lower, upper;
  /// Scalar weights of the two, i32 out of 2^10, or f32.
  Value lowerWeight, upperWeight;
};

} // namespace

static AxisTables makeTables(VectorEmitter &e,
                             ArrayRef<numerics::ResizeTap> taps, bool isFloat) {
  SmallVector<int32_t> lower, upper, weight;
  SmallVector<float> floatWeight;
  for (const numerics::ResizeTap &tap : taps) {
    lower.push_back(static_cast<int32_t>(tap.lower));
    upper.push_back(static_cast<int32_t>(tap.upper));
    weight.push_back(tap.weight);
    floatWeight.push_back(tap.floatWeight);
  }
  auto size = static_cast<int64_t>(taps.size());
  auto integers = RankedTensorType::get(size, e.getI32Type());
  auto floats = RankedTensorType::get(size, e.getF32Type());
  auto table = [&](ArrayRef<int32_t> values) {
    return e.table(DenseElementsAttr::get(integers, values));
  };
  return {table(lower), table(upper),
          isFloat
              ? e.table(DenseElementsAttr::get(floats, ArrayRef(floatWeight)))
              : table(weight)};
}

static Tap loadTap(VectorEmitter &e, const AxisTables &tables, Value position,
                   bool isFloat) {
  auto loadIndex = [&](Value table) -> Value {
    return arith::IndexCastOp::create(e, e.getIndexType(),
                                      e.load(table, position, 0));
  };
  Value weight = e.load(tables.weight, position, 0);
  Value one = e.constant(weight.getType(), int64_t(isFloat ? 1 : 1 << 10));
  return {loadIndex(tables.lower), loadIndex(tables.upper), e.sub(one, weight),
          weight};
}

LogicalResult ResizeBilinearExpansion::expand(kernel::ResizeBilinearOp op,
                                              VectorEmitter &e,
                                              PatternRewriter &rewriter) const {
  auto inputType = cast<MemRefType>(op.getInput().getType());
  auto outputType = cast<MemRefType>(op.getInit().getType());
  Type storage = inputType.getElementType();
  bool isUnsigned = op.getInputUnsigned();
  bool isFloat = isa<FloatType>(storage) || isUnsigned;
  // Sums of the integer kernel have 20 fractional bits and a sign more than the
  // storage type, and weights beyond [0, 1] at the borders.
  Type element = isFloat                ? Type(e.getF32Type())
                 : storage.isInteger(8) ? Type(e.getI32Type())
                                        : Type(e.getI64Type());
  auto taps = [&](unsigned axis) {
    int64_t from = inputType.getDimSize(axis), to = outputType.getDimSize(axis);
    auto *compute =
        isFloat ? numerics::resizeTapsFloat : numerics::resizeTapsInteger;
    return makeTables(
        e, compute(from, to, op.getAlignCorners(), op.getHalfPixelCenters()),
        isFloat);
  };
  AxisTables rows = taps(1), columns = taps(2);
  Value input = op.getInput(), output = op.getInit();
  int64_t lanes = e.facts.vectorBytes * 8 / element.getIntOrFloatBitWidth();

  e.nest(
      {outputType.getDimSize(0), outputType.getDimSize(1)},
      [&](ValueRange line) {
        Tap row = loadTap(e, rows, line[1], isFloat);
        e.loop(0, outputType.getDimSize(2), 1, [&](Value x) {
          Tap column = loadTap(e, columns, x, isFloat);
          e.vectorLoop(inputType.getDimSize(3), lanes, [&](Value c, int64_t n) {
            // (value · row weight) · column weight, in this order for floats.
            auto term = [&](bool upperRow, bool upperColumn) {
              Value value =
                  e.load(input,
                         {line[0], upperRow ? row.upper : row.lower,
                          upperColumn ? column.upper : column.lower, c},
                         n);
              if (!isFloat)
                value = e.toInteger(value, element);
              else if (isUnsigned)
                value = e.toFloat(e.toInteger(value, e.getI32Type(), true));
              auto weight = [&](Value w) {
                return e.broadcast(isFloat ? w : e.toInteger(w, element), n);
              };
              value = e.mul(
                  value, weight(upperRow ? row.upperWeight : row.lowerWeight));
              return e.mul(value, weight(upperColumn ? column.upperWeight
                                                     : column.lowerWeight));
            };
            Value sum =
                e.add(e.add(e.add(term(false, false), term(true, false)),
                            term(false, true)),
                      term(true, true));
            if (!isFloat)
              sum = emitRoundingRightShift(e, sum, 20);
            else if (isUnsigned)
              sum = e.toInt32(e.add(sum, e.constant(sum.getType(), 0.5)));
            if (!isa<FloatType>(storage))
              sum = e.toInteger(sum, storage);
            e.store(sum, output, {line[0], line[1], x, c});
          });
        });
      });
  rewriter.eraseOp(op);
  return success();
}

void qopt::emit::populateResizeExpansions(RewritePatternSet &patterns,
                                          const ExpansionContext &shared) {
  patterns.add<ResizeBilinearExpansion>(patterns.getContext(), shared);
}
