//===- Shapes.cpp - The shapes that reshaping operators make --------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Shapes.h"

#include "llvm/Support/MathExtras.h"

using namespace qopt;
using namespace qopt::onnx_import;
using mlir::failure;
using mlir::FailureOr;

/// The shape of the first input, which must be known by now.
static FailureOr<llvm::SmallVector<int64_t>> getInputShape(NodeImporter &op) {
  if (auto shape = op.getShape(0))
    return *shape;
  // Says why.
  auto input = op.getInput(0, "input");
  if (failed(input))
    return failure();
  return llvm::to_vector(getType(*input).getShape());
}

FailureOr<llvm::SmallVector<int64_t>>
onnx_import::getReshapedShape(NodeImporter &op) {
  auto from = getInputShape(op);
  auto wanted = op.getIntegers(1, "shape");
  auto allowsZero = op.getFlag("allowzero", false);
  if (failed(from) || failed(wanted) || failed(allowsZero))
    return failure();
  auto count = countElements(*from, [&] { return op.error() << "the input "; });
  if (failed(count))
    return failure();
  int64_t known = 1, rest = -1;
  for (auto [i, size] : llvm::enumerate(*wanted)) {
    if (size == 0 && !*allowsZero) {
      if (i >= from->size())
        return op.error() << "dimension " << i
                          << " of the shape is 0, which "
                             "stands for the input's, but the input has "
                          << from->size() << " dimensions";
      size = (*from)[i];
    }
    if (size == -1) {
      if (rest != -1)
        return op.error() << "the shape has -1 for dimensions " << rest
                          << " and " << i << ", expected at most one";
      rest = int64_t(i);
      continue;
    }
    if (size < 0 || llvm::MulOverflow(known, size, known) ||
        known > maxElements)
      return op.error() << "dimension " << i << " of the shape is " << size
                        << ", expected -1 or a size that the input's " << *count
                        << " elements fill";
  }
  if (rest != -1 && known != 0)
    (*wanted)[rest] = *count / known;
  int64_t total = rest != -1 && known != 0 ? *count / known * known : known;
  if ((rest != -1 && known == 0) || total != *count) {
    auto diagnostic = op.error();
    diagnostic << "the shape is [";
    llvm::interleaveComma(*wanted, diagnostic);
    return diagnostic << "], which the input's " << *count
                      << " elements do not fill";
  }
  return wanted;
}

/// The axes of Squeeze and Unsqueeze as the file has them.
static FailureOr<llvm::SmallVector<int64_t>> getAxes(NodeImporter &op) {
  if (op.getOpset() < 13)
    return op.getInts("axes", {});
  if (!op.hasInput(1))
    return llvm::SmallVector<int64_t>{};
  return op.getIntegers(1, "axes");
}

FailureOr<llvm::SmallVector<int64_t>>
onnx_import::getSqueezedShape(NodeImporter &op) {
  auto shape = getInputShape(op);
  auto numbers = getAxes(op);
  if (failed(shape) || failed(numbers))
    return failure();
  auto axes = op.normalizeAxes(*numbers, int64_t(shape->size()));
  if (failed(axes))
    return failure();
  llvm::SmallVector<int64_t> result;
  for (auto [d, size] : llvm::enumerate(*shape)) {
    bool isNamed = llvm::is_contained(*axes, int64_t(d));
    if (isNamed && size != 1)
      return op.error() << "dimension " << d << " is " << size
                        << ", expected 1 to squeeze";
    // Without axes all ones go.
    if (!isNamed && (size != 1 || !axes->empty()))
      result.push_back(size);
  }
  return result;
}

FailureOr<llvm::SmallVector<int64_t>>
onnx_import::getUnsqueezedShape(NodeImporter &op) {
  auto shape = getInputShape(op);
  auto numbers = getAxes(op);
  if (failed(shape) || failed(numbers))
    return failure();
  auto axes =
      op.normalizeAxes(*numbers, int64_t(shape->size() + numbers->size()));
  if (failed(axes))
    return failure();
  for (int64_t axis : *axes)
    shape->insert(shape->begin() + axis, 1);
  return shape;
}
