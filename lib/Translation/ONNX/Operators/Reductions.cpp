//===- Reductions.cpp - ReduceMean, ReduceSum, GlobalAveragePool, ArgMax --===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reductions along constant axes.
//
//===----------------------------------------------------------------------===//

#include "Registry.h"

using namespace qopt;
using namespace qopt::onnx_import;
using mlir::failure;
using mlir::FailureOr;
using mlir::LogicalResult;

static mlir::Value makeMean(NodeImporter &op, mlir::Value input,
                            llvm::ArrayRef<int64_t> axes, bool keepsDims) {
  llvm::SmallVector<int64_t> shape;
  for (auto [d, size] : llvm::enumerate(getType(input).getShape())) {
    bool isReduced = llvm::is_contained(axes, int64_t(d));
    if (!isReduced || keepsDims)
      shape.push_back(isReduced ? 1 : size);
  }
  return nn::MeanOp::create(op.builder, op.loc, getType(input).clone(shape),
                            input, axes, keepsDims);
}

/// ReduceMean, and ReduceSum as that times the number of elements. Axes are an
/// attribute first, an input from `inputOpset` on. None are all.
template <bool isSum, int64_t inputOpset>
static LogicalResult importReduction(NodeImporter &op) {
  if (failed(op.expectInputs(1, op.getOpset() < inputOpset ? 1 : 2)) ||
      failed(op.expectOneOutput()))
    return failure();
  auto input = op.getInput(0, "input");
  auto keepsDims = op.getFlag("keepdims", true);
  auto isNothing = op.getFlag("noop_with_empty_axes", false);
  auto numbers =
      op.hasInput(1) ? op.getIntegers(1, "axes") : op.getInts("axes", {});
  if (failed(input) || failed(keepsDims) || failed(isNothing) ||
      failed(numbers))
    return failure();
  mlir::RankedTensorType type = getType(*input);
  auto axes = op.normalizeAxes(*numbers, type.getRank());
  if (failed(axes))
    return failure();
  if (axes->empty() && *isNothing)
    return op.setOutput(*input);
  if (axes->empty())
    axes->append(llvm::to_vector(llvm::seq<int64_t>(0, type.getRank())));
  mlir::Value mean = makeMean(op, *input, *axes, *keepsDims);
  if (!isSum)
    return op.setOutput(mean);
  double count = 1;
  for (int64_t axis : *axes)
    count *= double(type.getDimSize(axis));
  return op.setOutput(nn::MulOp::create(op.builder, op.loc, mean.getType(),
                                        mean, op.makeReal(count)));
}

static LogicalResult importGlobalAveragePool(NodeImporter &op) {
  if (failed(op.expectInputs(1, 1)) || failed(op.expectOneOutput()))
    return failure();
  auto input = op.getInput(0, "input");
  if (failed(input))
    return failure();
  int64_t rank = getType(*input).getRank();
  if (rank < 3)
    return op.error() << "the input is " << input->getType()
                      << ", expected rank 3 or more";
  return op.setOutput(makeMean(op, *input,
                               llvm::to_vector(llvm::seq<int64_t>(2, rank)),
                               /*keepsDims=*/true));
}

static LogicalResult importArgMax(NodeImporter &op) {
  if (failed(op.expectInputs(1, 1)) || failed(op.expectOneOutput()))
    return failure();
  auto input = op.getInput(0, "input");
  auto number = op.getInt("axis", 0);
  auto keepsDims = op.getFlag("keepdims", true);
  auto selectsLast = op.getFlag("select_last_index", false);
  if (failed(input) || failed(number) || failed(keepsDims) ||
      failed(selectsLast))
    return failure();
  if (*selectsLast)
    return op.error() << "attribute 'select_last_index' is 1, expected 0: the "
                         "first of equal elements";
  auto axis = op.normalizeAxis(*number, getType(*input).getRank());
  if (failed(axis))
    return failure();
  auto shape = llvm::to_vector(getType(*input).getShape());
  shape.erase(shape.begin() + *axis);
  mlir::Value result = nn::ArgMaxOp::create(
      op.builder, op.loc,
      mlir::RankedTensorType::get(shape, op.builder.getI64Type()), *input,
      *axis);
  if (*keepsDims)
    shape.insert(shape.begin() + *axis, 1);
  return op.setOutput(op.reshape(result, shape));
}

void onnx_import::populateReductions(Registry &registry) {
  registry["ReduceMean"] = importReduction</*isSum=*/false, 18>;
  registry["ReduceSum"] = importReduction</*isSum=*/true, 13>;
  registry["GlobalAveragePool"] = importGlobalAveragePool;
  registry["ArgMax"] = importArgMax;
}
