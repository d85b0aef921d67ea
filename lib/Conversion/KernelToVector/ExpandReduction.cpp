// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// kernel.mean and kernel.arg_max.
//
// A reduction over any set of axes is brought to alternating groups of kept and
// reduced elements: neighbouring dimensions of one kind are one dimension. If
// the innermost group is kept, lanes are its elements and every lane reduces on
// its own; if it is reduced, lanes are partial results of one sum.

#include "qopt/Conversion/KernelToVector/KernelExpansion.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::emit;

namespace {

/// One group of dimensions, with its steps in elements of input and output.
struct Group {
  int64_t size;
  bool reduced;
  int64_t inputStep = 1, outputStep = 1;
};

class MeanExpansion : public KernelExpansion<kernel::MeanOp> {
public:
  using KernelExpansion::KernelExpansion;

protected:
  bool acceptsGaps(kernel::MeanOp op, OpOperand &operand) const override {
    return &operand == &op.getInputMutable();
  }
  LogicalResult expand(kernel::MeanOp op, VectorEmitter &e,
                       PatternRewriter &rewriter) const override;
};

class ArgMaxExpansion : public KernelExpansion<kernel::ArgMaxOp> {
public:
  using KernelExpansion::KernelExpansion;

protected:
  LogicalResult expand(kernel::ArgMaxOp op, VectorEmitter &e,
                       PatternRewriter &rewriter) const override;
};

} // namespace

static SmallVector<Group> groupDimensions(ShapedType type,
                                          ArrayRef<int64_t> axes) {
  SmallVector<Group> groups;
  SmallVector<int64_t> strides = kernel::getElementStrides(type);
  for (auto [d, size] : llvm::enumerate(type.getShape())) {
    bool reduced = llvm::is_contained(axes, static_cast<int64_t>(d));
    if (size == 1)
      continue;
    if (!groups.empty() && groups.back().reduced == reduced &&
        groups.back().inputStep == size * strides[d])
      groups.back() = {groups.back().size * size, reduced, strides[d]};
    else
      groups.push_back({size, reduced, strides[d]});
  }
  if (groups.empty())
    groups.push_back({1, false, 1});
  int64_t outputStep = 1;
  for (Group &group : llvm::reverse(groups)) {
    if (group.reduced)
      continue;
    group.outputStep = outputStep;
    outputStep *= group.size;
  }
  return groups;
}

/// offset + sum of position times step
static Value locate(VectorEmitter &e, Value offset, ValueRange position,
                    ArrayRef<int64_t> steps) {
  for (auto [i, step] : llvm::zip_equal(position, steps))
    offset = e.add(offset, e.mul(i, step));
  return offset;
}

/// Loops over a box with one carried value.
static Value accumulate(VectorEmitter &e, ArrayRef<int64_t> sizes,
                        ArrayRef<int64_t> steps, Value offset, Value start,
                        function_ref<Value(Value offset, Value sum)> body) {
  if (sizes.empty())
    return body(offset, start);
  return e.loop(e.index(0), e.index(sizes.front()), 1, start,
                [&](Value i, ValueRange carried) -> SmallVector<Value> {
                  return {accumulate(e, sizes.drop_front(), steps.drop_front(),
                                     e.add(offset, e.mul(i, steps.front())),
                                     carried[0], body)};
                })[0];
}

LogicalResult MeanExpansion::expand(kernel::MeanOp op, VectorEmitter &e,
                                    PatternRewriter &rewriter) const {
  auto inputType = cast<MemRefType>(op.getInput().getType());
  auto outputType = cast<MemRefType>(op.getInit().getType());
  Type storage = inputType.getElementType();
  Type result = outputType.getElementType();
  bool isFloat = isa<FloatType>(storage);
  Type element = isFloat        ? storage
                 : op.getWide() ? Type(e.getI64Type())
                                : Type(e.getI32Type());
  int64_t lanes = e.facts.vectorBytes * 8 / element.getIntOrFloatBitWidth();
  StageEmitter stages(e, cast<kernel::StagedOpInterface>(op.getOperation()));
  Value input = e.flatten(op.getInput()), output = e.flatten(op.getInit());

  SmallVector<Group> groups = groupDimensions(inputType, op.getAxes());
  Group innermost = groups.back();
  SmallVector<int64_t> keptSizes, keptInputSteps, keptOutputSteps;
  SmallVector<int64_t> reducedSizes, reducedSteps;
  for (const Group &group : ArrayRef(groups).drop_back()) {
    if (group.reduced) {
      reducedSizes.push_back(group.size);
      reducedSteps.push_back(group.inputStep);
    } else {
      keptSizes.push_back(group.size);
      keptInputSteps.push_back(group.inputStep);
      keptOutputSteps.push_back(group.outputStep);
    }
  }
  int64_t count = inputType.getNumElements() /
                  std::max<int64_t>(outputType.getNumElements(), 1);

  auto load = [&](Value offset, int64_t n) {
    Value value = e.load(input, offset, n);
    return isFloat ? value : e.toInteger(value, element, op.getInputUnsigned());
  };
  auto finish = [&](Value value, Value offset, int64_t n) {
    if (isFloat)
      value = e.divide(value, e.constant(value.getType(), double(count)));
    value = stages.apply(stages.prepare(Value(), n), value, nullptr);
    if (result.isInteger())
      value = e.toInteger(value, result);
    e.store(value, output, offset);
  };
  auto initial = [&](Type type) {
    return e.constant(type, isFloat ? int64_t(0) : int64_t(op.getInitial()));
  };

  e.nest(keptSizes, [&](ValueRange position) {
    Value zero = e.index(0);
    Value from = locate(e, zero, position, keptInputSteps);
    Value to = locate(e, zero, position, keptOutputSteps);
    if (innermost.reduced) {
      Value sum = accumulate(
          e, reducedSizes, reducedSteps, from, initial(element),
          [&](Value offset, Value sum) {
            Value part = e.reduce(
                innermost.size, lanes, vector::CombiningKind::ADD,
                [&](Value i, int64_t n) { return load(e.add(offset, i), n); });
            return e.add(sum, part);
          });
      finish(sum, to, 0);
      return;
    }
    e.vectorLoop(innermost.size, lanes, [&](Value i, int64_t n) {
      Value sum = accumulate(
          e, reducedSizes, reducedSteps, e.add(from, i),
          initial(e.vector(n, element)),
          [&](Value offset, Value sum) { return e.add(sum, load(offset, n)); });
      finish(sum, e.add(to, i), n);
    });
  });
  rewriter.eraseOp(op);
  return success();
}

//===----------------------------------------------------------------------===//
// arg_max
//===----------------------------------------------------------------------===//

namespace {
/// arg_max over `size` elements `step` apart, seen from one output element.
struct ArgMax {
  VectorEmitter &e;
  Value input, output;
  int64_t size, step;
  Type result;
  bool isUnsigned;

  /// An element as a value that signed comparisons order.
  Value load(Value offset, int64_t lanes) const {
    Value value = e.load(input, offset, lanes);
    Type element = getElementTypeOrSelf(value.getType());
    if (element.isInteger() && element.getIntOrFloatBitWidth() < 32)
      value = e.toInteger(value, e.getI32Type(), isUnsigned);
    return value;
  }
  Value isGreater(Value a, Value b) const {
    if (isa<FloatType>(getElementTypeOrSelf(a.getType())))
      return arith::CmpFOp::create(e, arith::CmpFPredicate::OGT, a, b);
    return e.compare(arith::CmpIPredicate::sgt, a, b);
  }

  /// Lanes are different outputs, each with its own scan.
  void acrossOutputs(Value from, Value to, int64_t lanes) const {
    Value first = load(from, lanes);
    Type indices = VectorEmitter::withElement(first.getType(), e.getI32Type());
    SmallVector<Value> best = e.loop(
        e.index(1), e.index(size), 1, {first, e.constant(indices, int64_t(0))},
        [&](Value i, ValueRange carried) -> SmallVector<Value> {
          Value value = load(e.add(from, e.mul(i, step)), lanes);
          Value greater = isGreater(value, carried[0]);
          Value number = arith::IndexCastOp::create(e, e.getI32Type(), i);
          return {e.select(greater, value, carried[0]),
                  e.select(greater, e.broadcast(number, lanes), carried[1])};
        });
    e.store(e.toInteger(best[1], result), output, to);
  }

  /// Lanes are neighbours of one scan: first the maximum, then the lowest
  /// position that holds it.
  void alongAxis(Value from, Value to) const {
    Type i32 = e.getI32Type();
    int64_t lanes = e.lanes32();
    auto kind =
        isa<FloatType>(cast<MemRefType>(input.getType()).getElementType())
            ? vector::CombiningKind::MAXNUMF
            : vector::CombiningKind::MAXSI;
    Value largest = e.reduce(size, lanes, kind, [&](Value i, int64_t n) {
      return load(e.add(from, i), n);
    });
    Value position = e.reduce(
        size, lanes, vector::CombiningKind::MINSI, [&](Value i, int64_t n) {
          Value value = load(e.add(from, i), n);
          Value smaller = isGreater(e.broadcast(largest, n), value);
          SmallVector<int32_t> lane;
          for (int64_t k = 0; k < n; ++k)
            lane.push_back(static_cast<int32_t>(k));
          Type type = e.vector(n, i32);
          Value number = arith::ConstantOp::create(
              e,
              DenseElementsAttr::get(cast<ShapedType>(type), ArrayRef(lane)));
          Value base = arith::IndexCastOp::create(e, i32, i);
          number = e.add(number, e.broadcast(base, n));
          return e.select(smaller, e.constant(type, int64_t(INT32_MAX)),
                          number);
        });
    e.store(e.toInteger(position, result), output, to);
  }
};
} // namespace

LogicalResult ArgMaxExpansion::expand(kernel::ArgMaxOp op, VectorEmitter &e,
                                      PatternRewriter &rewriter) const {
  auto inputType = cast<MemRefType>(op.getInput().getType());
  auto outputType = cast<MemRefType>(op.getInit().getType());
  int64_t size = inputType.getDimSize(op.getAxis());
  int64_t inner = 1;
  for (int64_t dimension : inputType.getShape().drop_front(op.getAxis() + 1))
    inner *= dimension;
  int64_t outer = outputType.getNumElements() / std::max<int64_t>(inner, 1);
  bool is64Bit = inputType.getElementTypeBitWidth() == 64;
  if (is64Bit)
    return rewriter.notifyMatchFailure(op, "64-bit input");
  ArgMax argMax{
      e,     e.flatten(op.getInput()),    e.flatten(op.getInit()), size,
      inner, outputType.getElementType(), op.getInputUnsigned()};
  e.loop(0, outer, 1, [&](Value i) {
    Value from = e.mul(i, size * inner), to = e.mul(i, inner);
    if (inner == 1)
      return argMax.alongAxis(from, to);
    e.vectorLoop(inner, e.lanes32(), [&](Value j, int64_t n) {
      argMax.acrossOutputs(e.add(from, j), e.add(to, j), n);
    });
  });
  rewriter.eraseOp(op);
  return success();
}

void qopt::emit::populateReductionExpansions(RewritePatternSet &patterns,
                                             const ExpansionContext &shared) {
  patterns.add<MeanExpansion, ArgMaxExpansion>(patterns.getContext(), shared);
}
