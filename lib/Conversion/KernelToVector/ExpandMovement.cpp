// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels that move elements: pad, slice, concat, view.

#include "qopt/Conversion/KernelToVector/KernelExpansion.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::emit;

namespace {

/// One dimension of a padded box, in units of its inner dimensions.
struct PaddedDimension {
  int64_t low, size, high;
  int64_t outer() const { return low + size + high; }
};

/// Emits a pad dimension by dimension: a run of padding, the input's part, a
/// run of padding. All offsets are into flat buffers.
class PadEmitter {
public:
  PadEmitter(VectorEmitter &e, kernel::PadOp op);
  void emit(size_t dimension, Value inputOffset, Value outputOffset);

private:
  void copy(Value inputOffset, Value outputOffset, int64_t count);
  void emitAround(Value outputOffset);

  VectorEmitter &e;
  bool flip;
  /// The input is the interior of the output.
  bool isInPlace;
  SmallVector<PaddedDimension> dimensions;
  /// Elements of input and output below each dimension.
  SmallVector<int64_t> inputSteps, outputSteps;
  Value input, output, value;
};

class PadExpansion : public KernelExpansion<kernel::PadOp> {
public:
  using KernelExpansion::KernelExpansion;

protected:
  bool acceptsGaps(kernel::PadOp op, OpOperand &operand) const override {
    return &operand == &op.getInputMutable();
  }
  LogicalResult expand(kernel::PadOp op, VectorEmitter &e,
                       PatternRewriter &rewriter) const override {
    PadEmitter(e, op).emit(0, e.index(0), e.index(0));
    rewriter.eraseOp(op);
    return success();
  }
};

class SliceExpansion : public KernelExpansion<kernel::StridedSliceOp> {
public:
  using KernelExpansion::KernelExpansion;

protected:
  LogicalResult expand(kernel::StridedSliceOp op, VectorEmitter &e,
                       PatternRewriter &rewriter) const override;
};

class ConcatExpansion : public KernelExpansion<kernel::ConcatOp> {
public:
  using KernelExpansion::KernelExpansion;

protected:
  LogicalResult expand(kernel::ConcatOp op, VectorEmitter &e,
                       PatternRewriter &rewriter) const override;
};

class ViewExpansion : public KernelExpansion<kernel::ViewOp> {
public:
  using KernelExpansion::KernelExpansion;

protected:
  LogicalResult expand(kernel::ViewOp op, VectorEmitter &e,
                       PatternRewriter &rewriter) const override {
    rewriter.replaceOp(
        op, e.reshape(op.getSource(),
                      cast<MemRefType>(op.getResult().getType()).getShape()));
    return success();
  }
};

} // namespace

PadEmitter::PadEmitter(VectorEmitter &e, kernel::PadOp op)
    : e(e), flip(op.getFlip()),
      isInPlace(kernel::hasGaps(op.getInput().getType())),
      input(e.flatten(op.getInput())), output(e.flatten(op.getInit())) {
  value = arith::ConstantOp::create(e, cast<TypedAttr>(op.getValue()));
  ArrayRef<int64_t> shape =
      cast<MemRefType>(op.getInput().getType()).getShape();
  // An unpadded dimension joins the one before it.
  for (auto [low, size, high] :
       llvm::zip_equal(op.getLow(), shape, op.getHigh())) {
    if (low == 0 && high == 0 && !dimensions.empty()) {
      PaddedDimension &last = dimensions.back();
      last = {last.low * size, last.size * size, last.high * size};
    } else {
      dimensions.push_back({low, size, high});
    }
  }
  if (dimensions.empty())
    dimensions.push_back({0, 1, 0});
  inputSteps.assign(dimensions.size(), 1);
  outputSteps.assign(dimensions.size(), 1);
  for (size_t d = dimensions.size() - 1; d > 0; --d) {
    inputSteps[d - 1] = inputSteps[d] * dimensions[d].size;
    outputSteps[d - 1] = outputSteps[d] * dimensions[d].outer();
  }
}

void PadEmitter::copy(Value inputOffset, Value outputOffset, int64_t count) {
  if (isInPlace)
    return;
  if (!flip)
    return e.copy(input, inputOffset, output, outputOffset, count);
  e.vectorLoop(count, e.facts.vectorBytes, [&](Value i, int64_t lanes) {
    Value bytes = e.load(input, e.add(inputOffset, i), lanes);
    bytes = arith::XOrIOp::create(
        e, bytes, e.constant(bytes.getType(), int64_t(INT8_MIN)));
    e.store(bytes, output, e.add(outputOffset, i));
  });
}

/// The padding of the last two dimensions without what is inside of it: what
/// ends a row and begins the next is one stretch.
void PadEmitter::emitAround(Value outputOffset) {
  PaddedDimension rows = dimensions[dimensions.size() - 2];
  PaddedDimension row = dimensions.back();
  int64_t step = row.outer();
  e.fill(value, output, outputOffset, rows.low * step + row.low);
  Value end = e.add(outputOffset, rows.low * step + row.low + row.size);
  e.loop(0, rows.size - 1, 1, [&](Value i) {
    e.fill(value, output, e.add(end, e.mul(i, step)), row.high + row.low);
  });
  e.fill(value, output, e.add(end, (rows.size - 1) * step),
         row.high + rows.high * step);
}

void PadEmitter::emit(size_t dimension, Value inputOffset, Value outputOffset) {
  PaddedDimension d = dimensions[dimension];
  if (isInPlace && dimension + 2 == dimensions.size() && d.size > 0)
    return emitAround(outputOffset);
  int64_t step = outputSteps[dimension];
  e.fill(value, output, outputOffset, d.low * step);
  Value middle = e.add(outputOffset, d.low * step);
  if (dimension + 1 == dimensions.size())
    copy(inputOffset, middle, d.size);
  else
    e.loop(0, d.size, 1, [&](Value i) {
      emit(dimension + 1, e.add(inputOffset, e.mul(i, inputSteps[dimension])),
           e.add(middle, e.mul(i, step)));
    });
  e.fill(value, output, e.add(middle, d.size * step), d.high * step);
}

namespace {
/// Where a slice reads and writes, in elements.
struct SliceOffsets {
  Value input, output;
};
} // namespace

/// Loops over dimensions until what is left is one stretch of the input: some
/// neighbours of this dimension with all that lies below them.
static void emitSlice(kernel::StridedSliceOp op, VectorEmitter &e, size_t d,
                      SliceOffsets at, Value input, Value output) {
  ArrayRef<int64_t> from = op.getInput().getType().getShape();
  ArrayRef<int64_t> to = op.getInit().getType().getShape();
  if (d == to.size())
    return e.copy(input, at.input, output, at.output, 1);
  int64_t inputStep = ShapedType::getNumElements(from.drop_front(d + 1));
  int64_t outputStep = ShapedType::getNumElements(to.drop_front(d + 1));
  int64_t stride = op.getStrides()[d];
  Value begin = e.add(at.input, op.getOffsets()[d] * inputStep);
  bool isAllBelow = inputStep == outputStep;
  for (int64_t below : op.getStrides().drop_front(d + 1))
    isAllBelow &= below > 0;
  if (isAllBelow && (stride == 1 || to[d] == 1))
    return e.copy(input, begin, output, at.output, to[d] * outputStep);
  e.loop(0, to[d], 1, [&](Value i) {
    emitSlice(op, e, d + 1,
              {e.add(begin, e.mul(i, stride * inputStep)),
               e.add(at.output, e.mul(i, outputStep))},
              input, output);
  });
}

LogicalResult SliceExpansion::expand(kernel::StridedSliceOp op,
                                     VectorEmitter &e,
                                     PatternRewriter &rewriter) const {
  if (op.getInit().getType().getNumElements() > 0)
    emitSlice(op, e, 0, {e.index(0), e.index(0)}, e.flatten(op.getInput()),
              e.flatten(op.getInit()));
  rewriter.eraseOp(op);
  return success();
}

LogicalResult ConcatExpansion::expand(kernel::ConcatOp op, VectorEmitter &e,
                                      PatternRewriter &rewriter) const {
  auto outputType = cast<MemRefType>(op.getInit().getType());
  size_t axis = op.getAxis();
  // Each input contributes one run for every position of the outer dimensions.
  auto runOf = [&](MemRefType type) {
    int64_t run = 1;
    for (int64_t size : type.getShape().drop_front(axis))
      run *= size;
    return run;
  };
  int64_t outputRun = runOf(outputType);
  int64_t turns = outputType.getNumElements() / std::max<int64_t>(outputRun, 1);
  Value output = e.flatten(op.getInit());
  SmallVector<std::pair<Value, int64_t>> inputs;
  for (Value input : op.getInputs())
    inputs.push_back(
        {e.flatten(input), runOf(cast<MemRefType>(input.getType()))});
  e.loop(0, turns, 1, [&](Value i) {
    Value offset = e.mul(i, outputRun);
    for (auto [input, run] : inputs) {
      e.copy(input, e.mul(i, run), output, offset, run);
      offset = e.add(offset, run);
    }
  });
  rewriter.eraseOp(op);
  return success();
}

void qopt::emit::populateMovementExpansions(RewritePatternSet &patterns,
                                            const ExpansionContext &shared) {
  patterns.add<PadExpansion, SliceExpansion, ConcatExpansion, ViewExpansion>(
      patterns.getContext(), shared);
}
