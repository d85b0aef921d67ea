// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One walk in the order of the ops. A transposition is not made but remembered:
// its result is a view of its operand. An op that works in any order takes
// views as they are, in the order that moves the fewest elements, and its
// result is a view again; views of views are one view, so inverses cancel. Ops
// that need an order get it, by a transposition that all users of the value
// share. Where a flattening ends the way, the weights of the fully connected
// op behind it are permuted instead.
//
// Each op is visited once: time is linear in the number of ops.

#include "Reshaping.h"
#include "TransposedValues.h"
#include "WantedOrders.h"

#include "qopt/Dialect/NN/IR/NN.h"
#include "qopt/Dialect/NN/IR/PermuteElements.h"
#include "qopt/Dialect/NN/Transforms/Passes.h"
#include "qopt/Support/PassStatistics.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"

namespace qopt::nn {
#define GEN_PASS_DEF_NNPROPAGATETRANSPOSESPASS
#include "qopt/Dialect/NN/Transforms/Passes.h.inc"
} // namespace qopt::nn

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;

static RankedTensorType typeOf(Value value) {
  return cast<RankedTensorType>(value.getType());
}

static bool isPerAxis(RankedTensorType type) {
  return isa<quant::UniformQuantizedPerAxisType>(type.getElementType());
}

/// Blocks of scales lie in a grid over the dimensions.
static bool hasSubChannels(Value value) {
  return isa<quant::UniformQuantizedSubChannelType>(
      getElementTypeOrSelf(value.getType()));
}

namespace {

/// The ops of one block.
class Mover {
public:
  explicit Mover(Block &block) : block(block), wanted(block) {}

  void run() {
    for (Operation &op : llvm::make_early_inc_range(block))
      visit(&op);
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
      if (isOpTriviallyDead(&op))
        op.erase();
  }

private:
  void visit(Operation *op);
  void visitTranspose(TransposeOp op);
  void visitReshape(ReshapeOp op);
  bool visitFullyConnected(FullyConnectedOp op);
  bool visitPermutable(Operation *op);
  bool visitBehindReshape(Operation *op);
  void materializeOperands(Operation *op);

  struct Choice {
    Permutation operands, result;
  };
  std::optional<Choice> choose(Operation *op, ArrayRef<OpOperand *> operands,
                               int64_t rank);
  int64_t getOperandCost(Value operand, ArrayRef<int64_t> permutation) const;
  int64_t getResultCost(Value result, ArrayRef<int64_t> permutation) const;
  Value getOperand(OpBuilder &builder, Value operand,
                   ArrayRef<int64_t> permutation);

  Block &block;
  WantedOrders wanted;
  TransposedValues values;
};

} // namespace

void Mover::visit(Operation *op) {
  if (auto transpose = dyn_cast<TransposeOp>(op);
      transpose && !hasSubChannels(transpose))
    visitTranspose(transpose);
  else if (auto reshape = dyn_cast<ReshapeOp>(op))
    visitReshape(reshape);
  else if (auto connected = dyn_cast<FullyConnectedOp>(op);
           !connected || !visitFullyConnected(connected))
    if (!visitBehindReshape(op) && !visitPermutable(op))
      materializeOperands(op);

  // Who reads it in another block finds the value itself.
  for (Value result : op->getResults()) {
    if (values.get(result).source == result && values.get(result).isSource())
      continue;
    if (!llvm::any_of(result.getUsers(), [&](Operation *user) {
          return user->getBlock() != &block;
        }))
      continue;
    Value value = values.materialize(result);
    result.replaceUsesWithIf(value, [&](OpOperand &use) {
      return use.getOwner()->getBlock() != &block;
    });
  }
}

void Mover::materializeOperands(Operation *op) {
  for (OpOperand &operand : op->getOpOperands())
    operand.set(values.materialize(operand.get()));
}

//===----------------------------------------------------------------------===//
// Moves
//===----------------------------------------------------------------------===//

void Mover::visitTranspose(TransposeOp op) {
  View view = values.get(op.getInput());
  if (view.reshaped)
    view = {values.materialize(op.getInput()),
            identity(view.reshaped.getRank()),
            {}};
  view.permutation = compose(view.permutation, op.getPermutation());
  values.set(op, view);
}

// reshape(transpose(x)) -> transpose(reshape(x)), if dimensions that are merged
// or split together are neighbours in x; a view until somebody reads it, if
// not.
void Mover::visitReshape(ReshapeOp op) {
  View view = values.get(op.getInput());
  RankedTensorType type = op.getType();
  if (view.isSource() || isPerAxis(type) || hasSubChannels(op))
    return materializeOperands(op);
  auto moved = moveReshapeBefore(typeOf(view.source).getShape(),
                                 view.permutation, type.getShape());
  if (failed(moved)) {
    view.reshaped = type;
    return values.set(op, view);
  }
  OpBuilder builder(op);
  Value inner = builder.createOrFold<ReshapeOp>(
      op.getLoc(), type.clone(moved->shape), view.source);
  values.set(op, {inner, moved->permutation, {}});
}

//===----------------------------------------------------------------------===//
// Through ops
//===----------------------------------------------------------------------===//

// An element-wise op on reshape(transpose(x)) may as well be on x.
bool Mover::visitBehindReshape(Operation *op) {
  if (!op->hasTrait<Pointwise>() || op->getNumOperands() != 1 ||
      op->getNumResults() != 1)
    return false;
  View view = values.get(op->getOperand(0));
  Value result = op->getResult(0);
  RankedTensorType type = typeOf(result);
  if (!view.reshaped || isPerAxis(type) || hasSubChannels(result))
    return false;
  op->setOperand(0, view.source);
  result.setType(type.clone(typeOf(view.source).getShape()));
  values.set(result, {result, view.permutation, type});
  return true;
}

/// Elements to be moved; all users that want that order share them.
int64_t Mover::getOperandCost(Value operand,
                              ArrayRef<int64_t> permutation) const {
  int64_t rank = typeOf(operand).getRank();
  int64_t missing = permutation.size() - rank;
  if (typeOf(operand).getNumElements() == 1)
    return 0;
  if (missing == 0)
    return values.getCost(operand, permutation) /
           std::max<int64_t>(1, wanted.getNumUsers(operand, permutation));
  // One that broadcasts gets leading dimensions first.
  int64_t cost = values.getCost(operand, identity(rank));
  View view = values.get(operand);
  SmallVector<int64_t> shape(missing, 1);
  if (view.reshaped)
    llvm::append_range(shape, view.reshaped.getShape());
  else
    llvm::append_range(shape, applyPermutation(typeOf(view.source).getShape(),
                                               view.permutation));
  if (followsFromConstant(view.source) ||
      keepsOrder(shape, invertPermutationVector(permutation)))
    return cost;
  return cost + typeOf(operand).getNumElements();
}

/// Elements to be moved behind the op, once for each order that users want.
int64_t Mover::getResultCost(Value result,
                             ArrayRef<int64_t> permutation) const {
  SmallVector<int64_t> shape = applyPermutation(
      typeOf(result).getShape(), invertPermutationVector(permutation));
  int64_t cost = 0;
  for (const WantedOrders::Wish &wish : wanted.getWishes(result))
    if (!keepsOrder(shape,
                    compose(permutation, invertPermutationVector(wish.order))))
      cost += typeOf(result).getNumElements();
  return cost;
}

/// The order that moves the fewest elements. Of equals, one that moves
/// transpositions on: where they go, ops meet that can be fused.
std::optional<Mover::Choice>
Mover::choose(Operation *op, ArrayRef<OpOperand *> operands, int64_t rank) {
  SmallVector<Permutation, 4> candidates;
  for (OpOperand *operand : operands) {
    View view = values.get(operand->get());
    if (!view.reshaped && !view.isSource() &&
        int64_t(view.permutation.size()) == rank)
      candidates.push_back(view.permutation);
  }
  candidates.push_back(identity(rank));
  Value result = op->getResult(0);
  if (auto order = wanted.get(result); order && int64_t(order->size()) == rank)
    candidates.push_back(*order);

  std::optional<Choice> best;
  int64_t least = 0;
  for (auto [index, candidate] : llvm::enumerate(candidates)) {
    if (llvm::is_contained(ArrayRef(candidates).take_front(index), candidate))
      continue;
    FailureOr<Permutation> behind = getResultPermutation(op, candidate);
    if (failed(behind))
      continue;
    int64_t cost = getResultCost(result, *behind);
    for (OpOperand *operand : operands)
      cost += getOperandCost(operand->get(), candidate);
    if (best && cost >= least)
      continue;
    best = Choice{candidate, *behind};
    least = cost;
  }
  return best;
}

/// x of operand = transpose(x, permutation), with the leading dimensions that
/// broadcasting gives it.
Value Mover::getOperand(OpBuilder &builder, Value operand,
                        ArrayRef<int64_t> permutation) {
  RankedTensorType type = typeOf(operand);
  int64_t missing = permutation.size() - type.getRank();
  if (missing == 0)
    return values.inOrder(operand, permutation);
  Value value = values.materialize(operand);
  if (type.getNumElements() == 1 || isIdentityPermutation(permutation))
    return value;
  SmallVector<int64_t> shape(missing, 1);
  llvm::append_range(shape, typeOf(value).getShape());
  Value reshaped = builder.createOrFold<ReshapeOp>(operand.getLoc(),
                                                   type.clone(shape), value);
  return values.inOrder(reshaped, permutation);
}

// op(transpose(x)) -> transpose(op'(x))
bool Mover::visitPermutable(Operation *op) {
  SmallVector<OpOperand *> operands = getPermutableOperands(op);
  if (operands.empty() || hasSubChannels(op->getResult(0)))
    return false;
  int64_t rank = 0;
  for (OpOperand *operand : operands) {
    if (hasSubChannels(operand->get()))
      return false;
    rank = std::max(rank, typeOf(operand->get()).getRank());
  }
  std::optional<Choice> choice = choose(op, operands, rank);
  if (!choice || isIdentityPermutation(choice->operands))
    return false;

  OpBuilder builder(op);
  for (OpOperand &operand : op->getOpOperands())
    operand.set(llvm::is_contained(operands, &operand)
                    ? getOperand(builder, operand.get(), choice->operands)
                    : values.materialize(operand.get()));
  if (auto permutable = dyn_cast<PermutableOpInterface>(op))
    permutable.permuteAttributes(choice->operands);
  Value result = op->getResult(0);
  result.setType(
      permuteType(typeOf(result), invertPermutationVector(choice->result)));
  values.set(result, {result, choice->result, {}});
  return true;
}

//===----------------------------------------------------------------------===//
// Into weights
//===----------------------------------------------------------------------===//

/// How the columns of a fully connected op's filter stand behind a
/// transposition of its operand to `shape`: the dimensions of a row; failure if
/// the transposition moves elements between rows.
static FailureOr<int64_t> getFirstOfRow(ArrayRef<int64_t> shape,
                                        ArrayRef<int64_t> permutation,
                                        int64_t depth) {
  int64_t first = shape.size(), size = 1;
  while (first > 0 && size < depth)
    size *= shape[--first];
  // Extents of 1 may stand anywhere.
  for (int64_t d = 0; d < first; ++d)
    if (permutation[d] != d)
      return failure();
  if (size != depth)
    return failure();
  return first;
}

// fully_connected(reshape(transpose(x)), w) -> fully_connected(reshape(x), w')
// where each row of w' is permuted like the elements of each row of x.
bool Mover::visitFullyConnected(FullyConnectedOp op) {
  View view = values.get(op.getInput());
  Value filter = values.materialize(op.getFilter());
  RankedTensorType type = typeOf(filter);
  if (isIdentityPermutation(view.permutation) || !followsFromConstant(filter) ||
      hasSubChannels(filter))
    return false;
  SmallVector<int64_t> shape =
      applyPermutation(typeOf(view.source).getShape(), view.permutation);
  auto first = getFirstOfRow(shape, view.permutation, type.getDimSize(1));
  if (failed(first))
    return false;

  // The filter's rows as the transposed tensor has them, then as x has them.
  SmallVector<int64_t> rows{type.getDimSize(0)}, order{0};
  llvm::append_range(rows, ArrayRef(shape).drop_front(*first));
  for (int64_t d : invertPermutationVector(view.permutation))
    if (d >= *first)
      order.push_back(d - *first + 1);
  OpBuilder builder(op);
  auto permuteColumns = [&](Value weights) {
    Location loc = weights.getLoc();
    RankedTensorType before = typeOf(weights);
    weights = builder.createOrFold<ReshapeOp>(loc, before.clone(rows), weights);
    weights = builder.createOrFold<TransposeOp>(loc, weights, order);
    return builder.createOrFold<ReshapeOp>(loc, before, weights);
  };
  filter = mapConstant(builder, filter, permuteColumns,
                       [](RankedTensorType before) { return before; });
  Value input = view.source;
  if (view.reshaped)
    input = builder.createOrFold<ReshapeOp>(op.getInput().getLoc(),
                                            view.reshaped, input);
  op.getInputMutable().assign(input);
  op.getFilterMutable().assign(filter);
  if (op.getBias())
    op.getBiasMutable().assign(values.materialize(op.getBias()));
  return true;
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

namespace {
struct NNPropagateTransposes
    : nn::impl::NNPropagateTransposesPassBase<NNPropagateTransposes> {
  using NNPropagateTransposesPassBase::NNPropagateTransposesPassBase;

  void runOnOperation() override {
    auto countTransposes = [&] {
      int64_t count = 0;
      getOperation()->walk([&](TransposeOp) { ++count; });
      return count;
    };
    int64_t before = countTransposes();
    if (before == 0)
      return;
    SmallVector<Block *> blocks;
    getOperation()->walk([&](Block *block) { blocks.push_back(block); });
    for (Block *block : blocks)
      if (!isa<ModuleOp>(block->getParentOp()))
        Mover(*block).run();
    int64_t after = countTransposes();
    recordStatistic(*this, "num-removed", std::max<int64_t>(0, before - after));
  }
};
} // namespace
