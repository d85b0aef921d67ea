//===- Resizes.cpp - Resize, Upsample -------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Images of another size: bilinear interpolation, and whole numbers of copies
// of each element.
//
//===----------------------------------------------------------------------===//

#include "Registry.h"

#include "qopt/Dialect/NN/IR/Repetition.h"

#include <cmath>

using namespace qopt;
using namespace qopt::onnx_import;
using mlir::failure;
using mlir::FailureOr;
using mlir::LogicalResult;

/// The shape scaled to whole numbers. Positions depend on the quotient of the
/// sizes alone then.
static FailureOr<llvm::SmallVector<int64_t>>
scaleShape(NodeImporter &op, llvm::ArrayRef<int64_t> input,
           llvm::ArrayRef<double> scales) {
  auto shape = llvm::to_vector(input);
  if (scales.size() != shape.size())
    return op.error() << "expected " << shape.size() << " scales, found "
                      << scales.size();
  for (auto [size, scale] : llvm::zip_equal(shape, scales)) {
    double scaled = double(size) * scale;
    if (!(scaled >= 1 && scaled <= double(maxElements)) ||
        std::abs(scaled - std::round(scaled)) > 1e-4 * scaled)
      return op.error() << "scale " << scale << " of a dimension of " << size
                        << " leads to " << scaled
                        << ", expected a positive whole number; export the "
                           "model with sizes";
    size = int64_t(std::round(scaled));
  }
  return shape;
}

/// The constant scales of input `i`.
static FailureOr<llvm::SmallVector<int64_t>>
scaleShapeByInput(NodeImporter &op, llvm::ArrayRef<int64_t> shape, unsigned i) {
  auto scales = op.getConstant(i, "scales");
  if (failed(scales))
    return failure();
  if (!scales->getElementType().isF32())
    return op.error() << "expected scales of f32, found " << scales->getType();
  llvm::SmallVector<double> reals;
  for (double scale : getReals(*scales))
    reals.push_back(scale);
  return scaleShape(op, shape, reals);
}

/// The shape that a resize makes: from sizes or from scales.
static FailureOr<llvm::SmallVector<int64_t>>
getResizedShape(NodeImporter &op, llvm::ArrayRef<int64_t> shape) {
  if (op.hasInput(3)) {
    auto sizes = op.getIntegers(3, "sizes");
    if (failed(sizes))
      return failure();
    if (sizes->size() != shape.size())
      return op.error() << "expected " << shape.size() << " sizes, found "
                        << sizes->size();
    return *sizes;
  }
  // Opset 10 has no region of interest.
  return scaleShapeByInput(op, shape, op.getOpset() < 11 ? 1 : 2);
}

/// Each element as often as the result is larger.
static LogicalResult setRepeated(NodeImporter &op, mlir::Value input,
                                 llvm::ArrayRef<int64_t> shape) {
  mlir::RankedTensorType type = getType(input);
  for (unsigned d : {2, 3})
    if (shape[d] % type.getDimSize(d) != 0 ||
        shape[d] / type.getDimSize(d) > nn::maxElementCopies)
      return op.error() << "dimension " << d << " is resized from "
                        << type.getDimSize(d) << " to " << shape[d]
                        << ", expected up to " << nn::maxElementCopies
                        << " times as many for mode 'nearest'";
  mlir::Value image = op.toChannelsLast(input);
  image = nn::repeatElements(op.builder, op.loc, image, 2,
                             shape[3] / type.getDimSize(3));
  image = nn::repeatElements(op.builder, op.loc, image, 1,
                             shape[2] / type.getDimSize(2));
  return op.setOutput(op.toChannelsFirst(image));
}

static LogicalResult setInterpolated(NodeImporter &op, mlir::Value input,
                                     llvm::ArrayRef<int64_t> shape,
                                     llvm::StringRef positions) {
  bool isHalfPixel =
      positions == "half_pixel" || positions == "pytorch_half_pixel";
  if (!isHalfPixel && positions != "align_corners" && positions != "asymmetric")
    return op.error() << "attribute 'coordinate_transformation_mode' is '"
                      << printable(positions)
                      << "', expected half_pixel, pytorch_half_pixel, "
                         "align_corners or asymmetric";
  // PyTorch's variant differs where one pixel is left.
  if (positions == "pytorch_half_pixel" && (shape[2] == 1 || shape[3] == 1))
    return op.error() << "pytorch_half_pixel with a result of one pixel is not "
                         "supported";
  mlir::Value image = op.toChannelsLast(input);
  mlir::Value result = nn::ResizeBilinearOp::create(
      op.builder, op.loc,
      getType(input).clone({shape[0], shape[2], shape[3], shape[1]}), image,
      positions == "align_corners", isHalfPixel);
  return op.setOutput(op.toChannelsFirst(result));
}

/// Height and width of an image of rank 4 may change.
static LogicalResult checkResized(NodeImporter &op, mlir::Value input,
                                  llvm::ArrayRef<int64_t> shape) {
  llvm::ArrayRef<int64_t> from = getType(input).getShape();
  if (from.size() != 4)
    return op.error() << "expected an input of rank 4, found "
                      << input.getType();
  if (shape.take_front(2) != from.take_front(2))
    return op.error() << "resizes batch or channels, expected height and width "
                         "only";
  for (int64_t size : shape)
    if (size < 1)
      return op.error() << "a size of the result is " << size
                        << ", expected 1 or more";
  if (failed(countElements(shape, [&] { return op.error() << "the result "; })))
    return failure();
  return mlir::success();
}

/// Whether the nearest element of position i of an image that is n times as
/// large is element i / n.
static LogicalResult checkNearest(NodeImporter &op, llvm::StringRef positions,
                                  llvm::StringRef rounding) {
  bool isHalfPixel =
      positions == "half_pixel" || positions == "pytorch_half_pixel";
  if ((positions == "asymmetric" && rounding == "floor") ||
      (isHalfPixel &&
       (rounding == "round_prefer_floor" || rounding == "round_prefer_ceil")))
    return mlir::success();
  return op.error()
         << "mode 'nearest' with coordinate_transformation_mode '"
         << printable(positions) << "' and nearest_mode '"
         << printable(rounding)
         << "' is not supported, expected asymmetric and floor, or half_pixel "
            "and round_prefer_floor";
}

static LogicalResult importResize(NodeImporter &op) {
  if (failed(op.expectInputs(1, 4)) || failed(op.expectOneOutput()))
    return failure();
  bool isOld = op.getOpset() < 11;
  auto input = op.getInput(0, "input");
  auto mode = op.getString("mode", "nearest");
  auto positions = op.getString("coordinate_transformation_mode",
                                isOld ? "asymmetric" : "half_pixel");
  auto rounding =
      op.getString("nearest_mode", isOld ? "floor" : "round_prefer_floor");
  auto antialias = op.getFlag("antialias", false);
  auto axes = op.getInts("axes", {});
  auto policy = op.getString("keep_aspect_ratio_policy", "stretch");
  if (failed(input) || failed(mode) || failed(positions) || failed(rounding) ||
      failed(antialias) || failed(axes) || failed(policy))
    return failure();
  // These matter for other modes only.
  op.ignoreAttributes(
      {"cubic_coeff_a", "exclude_outside", "extrapolation_value"});
  if (*antialias || !axes->empty())
    return op.error() << "attributes 'antialias' and 'axes' are not supported";
  if (*policy != "stretch")
    return op.error() << "attribute 'keep_aspect_ratio_policy' is '"
                      << printable(*policy) << "', expected 'stretch'";
  auto shape = getResizedShape(op, getType(*input).getShape());
  if (failed(shape) || failed(checkResized(op, *input, *shape)))
    return failure();
  if (*mode == "linear")
    return setInterpolated(op, *input, *shape, *positions);
  if (*mode != "nearest")
    return op.error() << "attribute 'mode' is '" << printable(*mode)
                      << "', expected 'linear' or 'nearest'";
  if (failed(checkNearest(op, *positions, *rounding)))
    return failure();
  return setRepeated(op, *input, *shape);
}

/// What Resize was until opset 9: scales as an attribute, then as an input.
static LogicalResult importUpsample(NodeImporter &op) {
  bool isInput = op.getOpset() >= 9;
  if (failed(op.expectInputs(isInput ? 2 : 1, isInput ? 2 : 1)) ||
      failed(op.expectOneOutput()))
    return failure();
  auto input = op.getInput(0, "input");
  auto mode = op.getString("mode", "nearest");
  if (failed(input) || failed(mode))
    return failure();
  llvm::ArrayRef<int64_t> from = getType(*input).getShape();
  FailureOr<llvm::SmallVector<int64_t>> shape;
  if (isInput) {
    shape = scaleShapeByInput(op, from, 1);
  } else {
    llvm::SmallVector<double> scales;
    if (const auto *list = op.getAttribute("scales"))
      scales.assign(list->floats().begin(), list->floats().end());
    shape = scaleShape(op, from, scales);
  }
  if (failed(shape) || failed(checkResized(op, *input, *shape)))
    return failure();
  if (*mode == "linear")
    return setInterpolated(op, *input, *shape, "asymmetric");
  if (*mode != "nearest")
    return op.error() << "attribute 'mode' is '" << printable(*mode)
                      << "', expected 'linear' or 'nearest'";
  return setRepeated(op, *input, *shape);
}

void onnx_import::populateResizes(Registry &registry) {
  registry["Resize"] = importResize;
  registry["Upsample"] = importUpsample;
}
