// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A transposition is made right behind what it reads, so that all who need it
// find it. Of a constant it is another constant, and where only dimensions of
// extent 1 move it is a reshape.

#include "TransposedValues.h"

#include "qopt/Dialect/NN/IR/NN.h"
#include "qopt/Dialect/NN/IR/PermuteElements.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;

static RankedTensorType typeOf(Value value) {
  return cast<RankedTensorType>(value.getType());
}

//===----------------------------------------------------------------------===//
// Permutations
//===----------------------------------------------------------------------===//

Permutation nn::compose(ArrayRef<int64_t> first, ArrayRef<int64_t> second) {
  return applyPermutation(first, second);
}

Permutation nn::identity(int64_t rank) {
  return llvm::to_vector(llvm::seq<int64_t>(0, rank));
}

bool nn::keepsOrder(ArrayRef<int64_t> shape, ArrayRef<int64_t> permutation) {
  int64_t last = -1;
  for (int64_t d : permutation) {
    if (shape[d] == 1)
      continue;
    if (d < last)
      return false;
    last = d;
  }
  return true;
}

/// Whether a reshape does what the transposition does.
static bool isReshape(RankedTensorType type, ArrayRef<int64_t> permutation) {
  return keepsOrder(type.getShape(), permutation) &&
         !isa<quant::UniformQuantizedPerAxisType>(type.getElementType());
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

static bool isConstant(Value value) {
  Operation *op = value.getDefiningOp();
  return op && op->hasTrait<OpTrait::ConstantLike>();
}

/// The ops on the way from a constant to the value, in order; none if it does
/// not follow from one. As many as weights have: a cast, or a pair of them.
static std::optional<SmallVector<Operation *, 2>> getWay(Value value) {
  SmallVector<Operation *, 2> way;
  while (!isConstant(value)) {
    Operation *op = value.getDefiningOp();
    if (!op || way.size() == 2 || !op->hasTrait<Pointwise>() ||
        op->getNumOperands() != 1)
      return std::nullopt;
    way.insert(way.begin(), op);
    value = op->getOperand(0);
  }
  return way;
}

bool nn::followsFromConstant(Value value) { return getWay(value).has_value(); }

Value nn::mapConstant(
    OpBuilder &builder, Value value, function_ref<Value(Value)> map,
    function_ref<RankedTensorType(RankedTensorType)> mapType) {
  SmallVector<Operation *, 2> way = *getWay(value);
  value = map(way.empty() ? value : way.front()->getOperand(0));
  for (Operation *op : way) {
    Operation *copy = builder.clone(*op);
    copy->setOperand(0, value);
    value = copy->getResult(0);
    value.setType(mapType(typeOf(value)));
  }
  return value;
}

//===----------------------------------------------------------------------===//
// Views
//===----------------------------------------------------------------------===//

bool View::isSource() const {
  return !reshaped && isIdentityPermutation(permutation);
}

View TransposedValues::get(Value value) const {
  auto found = views.find(value);
  if (found != views.end())
    return found->second;
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return {value, identity(type ? type.getRank() : 0), {}};
}

void TransposedValues::set(Value value, View view) {
  views[value] = std::move(view);
}

Value TransposedValues::materialize(Value value) {
  View view = get(value);
  if (view.isSource())
    return view.source;
  Value result = make(view.source, view.permutation, value.getLoc());
  if (view.reshaped) {
    OpBuilder builder(value.getContext());
    builder.setInsertionPointAfterValue(result);
    result =
        builder.createOrFold<ReshapeOp>(value.getLoc(), view.reshaped, result);
    set(value, {result, identity(view.reshaped.getRank()), {}});
  }
  return result;
}

Value TransposedValues::inOrder(Value value, ArrayRef<int64_t> permutation) {
  View view = get(value);
  if (view.reshaped)
    view = {materialize(value), identity(view.reshaped.getRank()), {}};
  return make(view.source,
              compose(view.permutation, invertPermutationVector(permutation)),
              value.getLoc());
}

int64_t TransposedValues::getCost(Value value,
                                  ArrayRef<int64_t> permutation) const {
  View view = get(value);
  int64_t size = typeOf(view.source).getNumElements();
  if (view.reshaped) {
    int64_t cost = find(view.source, view.permutation) ? 0 : size;
    return keepsOrder(view.reshaped.getShape(),
                      invertPermutationVector(permutation))
               ? cost
               : cost + size;
  }
  Permutation difference =
      compose(view.permutation, invertPermutationVector(permutation));
  bool isFree = isReshape(typeOf(view.source), difference) ||
                followsFromConstant(view.source) ||
                find(view.source, difference);
  return isFree ? 0 : size;
}

Value TransposedValues::find(Value source,
                             ArrayRef<int64_t> permutation) const {
  if (isIdentityPermutation(permutation))
    return source;
  auto found = made.find(source);
  if (found != made.end())
    for (const auto &[order, value] : found->second)
      if (ArrayRef(order) == permutation)
        return value;
  return {};
}

Value TransposedValues::make(Value source, ArrayRef<int64_t> permutation,
                             Location loc) {
  if (Value value = find(source, permutation))
    return value;
  OpBuilder builder(source.getContext());
  builder.setInsertionPointAfterValue(source);
  Value value;
  if (followsFromConstant(source))
    value = mapConstant(
        builder, source,
        [&](Value constant) {
          return builder.createOrFold<TransposeOp>(constant.getLoc(), constant,
                                                   permutation);
        },
        [&](RankedTensorType type) { return permuteType(type, permutation); });
  else if (isReshape(typeOf(source), permutation))
    value = builder.createOrFold<ReshapeOp>(
        loc, permuteType(typeOf(source), permutation), source);
  else
    value = TransposeOp::create(builder, loc, source, permutation);
  made[source].push_back({llvm::to_vector(permutation), value});
  return value;
}
