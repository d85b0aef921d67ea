// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// kernel.pool_2d: for each output pixel and vector of channels, a loop over the
// part of the window that lies inside of the input.

#include "qopt/Conversion/KernelToVector/KernelExpansion.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::emit;

namespace {
class Pool2DExpansion : public KernelExpansion<kernel::Pool2DOp> {
public:
  using KernelExpansion::KernelExpansion;

protected:
  LogicalResult expand(kernel::Pool2DOp op, VectorEmitter &e,
                       PatternRewriter &rewriter) const override;
};

/// The positions [first, last) of the input that a window covers on one axis,
/// and how many they are.
struct Window {
  Value first, last, count;
};
} // namespace

static Window cutWindow(VectorEmitter &e, Value output, int64_t outputs,
                        int64_t stride, int64_t padding, int64_t kernel,
                        int64_t size) {
  Value begin = e.sub(e.mul(output, stride), padding);
  Value end = e.add(begin, kernel);
  bool cutsFront = padding > 0;
  bool cutsBack = (outputs - 1) * stride - padding + kernel > size;
  Value first = cutsFront ? e.max(begin, 0) : begin;
  Value last = cutsBack ? e.min(end, size) : end;
  bool whole = !cutsFront && !cutsBack;
  return {first, last, whole ? e.index(kernel) : e.sub(last, first)};
}

/// The smallest value of the storage type.
static Value lowest(VectorEmitter &e, Type element, int64_t lanes,
                    bool isUnsigned) {
  Type type = e.vector(lanes, element);
  if (isa<FloatType>(element))
    return e.constant(type, -std::numeric_limits<double>::infinity());
  if (isUnsigned)
    return e.constant(type, int64_t(0));
  return e.constant(type,
                    -(int64_t(1) << (element.getIntOrFloatBitWidth() - 1)));
}

static Value maximum(VectorEmitter &e, Value a, Value b, bool isUnsigned) {
  if (isUnsigned)
    return arith::MaxUIOp::create(e, a, b);
  return e.max(a, b);
}

/// sum / count, rounded half away from zero. A float32 division truncates to
/// the right integer if both numbers are below 2^24: the quotient a/b is either
/// an integer or at least 1/b away from the next one, which is more than half a
/// unit in the last place of a number that is below a/b + 1.
static Value average(VectorEmitter &e, Value sum, Value count,
                     int64_t largestSum) {
  Type type = sum.getType();
  Value half = e.shiftRight(count, 1);
  Value positive = e.compare(arith::CmpIPredicate::sgt, sum, 0);
  Value dividend = e.select(positive, e.add(sum, half), e.sub(sum, half));
  if (largestSum < (1 << 24))
    return e.toInt32(e.divide(e.toFloat(dividend), e.toFloat(count)));
  return arith::DivSIOp::create(e, type, dividend, count);
}

LogicalResult Pool2DExpansion::expand(kernel::Pool2DOp op, VectorEmitter &e,
                                      PatternRewriter &rewriter) const {
  auto inputType = cast<MemRefType>(op.getInput().getType());
  auto outputType = cast<MemRefType>(op.getInit().getType());
  Type storage = inputType.getElementType();
  Type result = outputType.getElementType();
  int64_t height = inputType.getDimSize(1), width = inputType.getDimSize(2);
  int64_t channels = inputType.getDimSize(3);
  ArrayRef<int64_t> kernel = op.getKernel(), strides = op.getStrides();
  ArrayRef<int64_t> padding = op.getPadding();
  bool isUnsigned = op.getInputUnsigned();
  bool isFloat = isa<FloatType>(storage);
  bool isMax = op.getKind() == kernel::PoolKind::Max;

  StageEmitter stages(e, cast<kernel::StagedOpInterface>(op.getOperation()));
  // A maximum without stages never leaves the storage type.
  bool narrow = isMax && stages.empty() && storage == result;
  int64_t lanes =
      narrow ? e.facts.vectorBytes * 8 / storage.getIntOrFloatBitWidth()
             : e.lanes32();
  Type sumElement = isFloat ? storage : Type(e.getI32Type());
  int64_t area = kernel[0] * kernel[1];
  int64_t largestSum =
      isFloat ? 0 : (area << storage.getIntOrFloatBitWidth()) + area;

  Value input = op.getInput(), output = op.getInit();
  e.nest({outputType.getDimSize(0), outputType.getDimSize(1),
          outputType.getDimSize(2)},
         [&](ValueRange pixel) {
           Window rows = cutWindow(e, pixel[1], outputType.getDimSize(1),
                                   strides[0], padding[0], kernel[0], height);
           Window columns = cutWindow(e, pixel[2], outputType.getDimSize(2),
                                      strides[1], padding[2], kernel[1], width);
           Value countScalar;
           if (!isMax) {
             Value count = e.mul(rows.count, columns.count);
             countScalar = arith::IndexCastOp::create(e, e.getI32Type(), count);
           }
           e.vectorLoop(channels, lanes, [&](Value channel, int64_t n) {
             Value start =
                 isMax ? lowest(e, storage, n, isUnsigned)
                       : e.constant(e.vector(n, sumElement), int64_t(0));
             auto accumulate = [&](Value y, Value x, Value value) {
               Value element = e.load(input, {pixel[0], y, x, channel}, n);
               if (isMax)
                 return maximum(e, value, element, isUnsigned);
               if (!isFloat)
                 element = e.toInteger(element, sumElement, isUnsigned);
               return e.add(value, element);
             };
             Value value = e.loop(
                 rows.first, rows.last, 1, start,
                 [&](Value y, ValueRange carried) -> SmallVector<Value> {
                   return e.loop(
                       columns.first, columns.last, 1, carried,
                       [&](Value x, ValueRange inner) -> SmallVector<Value> {
                         return {accumulate(y, x, inner[0])};
                       });
                 })[0];
             if (isMax && !narrow && !isFloat)
               value = e.toInteger(value, e.getI32Type(), isUnsigned);
             if (!isMax) {
               Value count = e.broadcast(countScalar, n);
               value = isFloat ? e.divide(value, e.toFloat(count))
                               : average(e, value, count, largestSum);
             }
             value = stages.apply(stages.prepare(channel, n), value, nullptr);
             if (result.isInteger())
               value = e.toInteger(value, result);
             e.store(value, output, {pixel[0], pixel[1], pixel[2], channel});
           });
         });
  rewriter.eraseOp(op);
  return success();
}

void qopt::emit::populatePoolingExpansions(RewritePatternSet &patterns,
                                           const ExpansionContext &shared) {
  patterns.add<Pool2DExpansion>(patterns.getContext(), shared);
}
