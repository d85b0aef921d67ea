// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Wishes go from results to operands: an op that works in any order wants what
// the users of its result want, a transposition what it undoes, and all others
// the order that they have.

#include "WantedOrders.h"

#include "Reshaping.h"

#include "qopt/Dialect/NN/IR/NN.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;

SmallVector<OpOperand *> nn::getPermutableOperands(Operation *op) {
  if (op->getNumResults() != 1)
    return {};
  if (auto permutable = dyn_cast<PermutableOpInterface>(op))
    return permutable.getPermutableOperands();
  if (op->hasTrait<Pointwise>() && op->getNumOperands() == 1)
    return {&op->getOpOperand(0)};
  return {};
}

FailureOr<Permutation> nn::getResultPermutation(Operation *op,
                                                ArrayRef<int64_t> permutation) {
  if (auto permutable = dyn_cast<PermutableOpInterface>(op))
    return permutable.getResultPermutation(permutation);
  return llvm::to_vector(permutation);
}

WantedOrders::WantedOrders(Block &block) {
  for (Operation &op : llvm::reverse(block))
    visit(op);
}

ArrayRef<WantedOrders::Wish> WantedOrders::getWishes(Value value) const {
  auto found = wishes.find(value);
  return found == wishes.end() ? ArrayRef<Wish>() : ArrayRef(found->second);
}

std::optional<Permutation> WantedOrders::get(Value value) const {
  ArrayRef<Wish> all = getWishes(value);
  if (all.empty())
    return std::nullopt;
  return llvm::max_element(all,
                           [](const Wish &a, const Wish &b) {
                             return a.numUsers < b.numUsers;
                           })
      ->order;
}

int64_t WantedOrders::getNumUsers(Value value,
                                  ArrayRef<int64_t> permutation) const {
  for (const Wish &wish : getWishes(value))
    if (ArrayRef(wish.order) == permutation)
      return wish.numUsers;
  return 0;
}

void WantedOrders::vote(Value value, std::optional<Permutation> permutation) {
  if (!permutation)
    return;
  SmallVector<Wish, 1> &all = wishes[value];
  for (Wish &wish : all)
    if (wish.order == *permutation) {
      ++wish.numUsers;
      return;
    }
  all.push_back({std::move(*permutation), 1});
}

/// What an op wants of its only operand, a tensor of this shape, if its result
/// is wanted so.
static std::optional<Permutation> moveBefore(TransposeOp op,
                                             ArrayRef<int64_t> wanted) {
  return compose(wanted, invertPermutationVector(op.getPermutation()));
}

static std::optional<Permutation> moveBefore(ReshapeOp op,
                                             ArrayRef<int64_t> wanted) {
  // input = reshape(transpose(x, wanted), shape of the input)
  ArrayRef<int64_t> shape = op.getInput().getType().getShape();
  SmallVector<int64_t> source = applyPermutation(
      op.getType().getShape(), invertPermutationVector(wanted));
  auto moved = moveReshapeBefore(source, wanted, shape);
  return succeeded(moved) ? moved->permutation : identity(shape.size());
}

void WantedOrders::visit(Operation &op) {
  if (auto transpose = dyn_cast<TransposeOp>(op)) {
    auto wanted = get(transpose);
    return vote(transpose.getInput(),
                wanted ? moveBefore(transpose, *wanted) : std::nullopt);
  }
  if (auto reshape = dyn_cast<ReshapeOp>(op)) {
    auto wanted = get(reshape);
    return vote(reshape.getInput(),
                wanted ? moveBefore(reshape, *wanted) : std::nullopt);
  }
  // Weights that are known are permuted instead.
  auto connected = dyn_cast<FullyConnectedOp>(op);
  bool isContent = connected && followsFromConstant(connected.getFilter());

  SmallVector<OpOperand *> permutable = getPermutableOperands(&op);
  for (OpOperand &operand : op.getOpOperands()) {
    auto type = dyn_cast<RankedTensorType>(operand.get().getType());
    if (!type)
      continue;
    std::optional<Permutation> wanted = identity(type.getRank());
    if (isContent && operand.getOperandNumber() == 0) {
      wanted = std::nullopt;
    } else if (llvm::is_contained(permutable, &operand)) {
      auto result = cast<RankedTensorType>(op.getResult(0).getType());
      auto behind = get(op.getResult(0));
      // Dimensions that are reduced, or that broadcasting adds, are the op's
      // own business.
      if (!behind || type.getRank() != result.getRank())
        wanted = std::nullopt;
      else if (auto here = getResultPermutation(&op, *behind);
               succeeded(here) && *here == *behind)
        wanted = behind;
    }
    vote(operand.get(), wanted);
  }
}
