//===- Convolutions.cpp - Conv, ConvTranspose -----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Convolutions of rows and images. One input channel a group is a depthwise
// convolution.
//
//===----------------------------------------------------------------------===//

#include "Registry.h"
#include "Window.h"

using namespace qopt;
using namespace qopt::onnx_import;
using mlir::failure;
using mlir::FailureOr;
using mlir::LogicalResult;

/// The operands of a convolution; the input also as an image.
namespace {
struct ConvOperands {
  mlir::Value input, image, filter, bias;
  int64_t getChannels() const { return getType(input).getDimSize(1); }
};
} // namespace

static FailureOr<ConvOperands> getOperands(NodeImporter &op) {
  if (failed(op.expectInputs(2, 3)) || failed(op.expectOneOutput()))
    return failure();
  auto input = op.getInput(0, "input");
  auto filter = op.getInput(1, "filter");
  auto bias = op.getOptionalInput(2, "bias");
  if (failed(input) || failed(filter) || failed(bias))
    return failure();
  auto image = getImage(op, *input);
  if (failed(image))
    return failure();
  if (getType(*filter).getRank() != getType(*input).getRank())
    return op.error() << "expected a filter of the input's rank, found "
                      << getType(*filter) << " for an input "
                      << getType(*input);
  return ConvOperands{*input, *image, *filter, *bias};
}

/// The number of groups, which divides the channels of input and result.
static FailureOr<int64_t> getGroups(NodeImporter &op, int64_t channels,
                                    mlir::RankedTensorType filter) {
  auto groups = op.getInt("group", 1);
  if (failed(groups))
    return failure();
  if (*groups < 1 || channels % *groups != 0 ||
      filter.getDimSize(0) % *groups != 0)
    return op.error() << "attribute 'group' is " << *groups
                      << ", expected a divisor of the input's " << channels
                      << " and the result's " << filter.getDimSize(0)
                      << " channels";
  if (filter.getDimSize(1) != channels / *groups)
    return op.error() << "the filter has " << filter.getDimSize(1)
                      << " input channels, expected " << channels / *groups
                      << ": the input's " << channels << " by " << *groups
                      << " groups";
  return groups;
}

static LogicalResult importConv(NodeImporter &op) {
  auto operands = getOperands(op);
  if (failed(operands))
    return failure();
  auto [input, image, filter, bias] = *operands;
  llvm::ArrayRef<int64_t> filterShape = getType(filter).getShape();
  auto groups = getGroups(op, operands->getChannels(), getType(filter));
  auto window = getWindow(op, getType(input), filterShape.drop_front(2),
                          /*canRoundUp=*/false);
  if (failed(groups) || failed(window))
    return failure();

  // The filter of a row gets a height as well.
  llvm::SmallVector<int64_t> shape{filterShape[0], filterShape[1],
                                   window->kernel[0], window->kernel[1]};
  mlir::Value weights = op.reshape(filter, shape);
  auto imageType = getType(image);
  auto resultType =
      imageType.clone({imageType.getDimSize(0), window->outputs[0],
                       window->outputs[1], filterShape[0]});
  mlir::Value result;
  if (*groups > 1 && filterShape[1] == 1) {
    // O x 1 x H x W to 1 x H x W x O.
    weights = op.transpose(weights, {1, 2, 3, 0}, filter.getLoc());
    result = nn::DepthwiseConv2DOp::create(
        op.builder, op.loc, resultType, image, weights, bias, window->strides,
        window->dilations, window->padding);
  } else {
    weights = op.transpose(weights, {0, 2, 3, 1}, filter.getLoc());
    result = nn::Conv2DOp::create(op.builder, op.loc, resultType, image,
                                  weights, bias, window->strides,
                                  window->dilations, window->padding, *groups);
  }
  return op.setOutput(fromImage(op, result, input));
}

/// The filter is [C, O / groups, KH, KW]: its first dimension is the input's.
static LogicalResult importConvTranspose(NodeImporter &op) {
  auto operands = getOperands(op);
  auto groups = op.getInt("group", 1);
  if (failed(operands) || failed(groups))
    return failure();
  auto [input, image, filter, bias] = *operands;
  llvm::ArrayRef<int64_t> filterShape = getType(filter).getShape();
  int64_t channels = operands->getChannels();
  if (filterShape[0] != channels)
    return op.error() << "the filter has " << filterShape[0]
                      << " input channels, expected the input's " << channels;
  if (*groups < 1 || channels % *groups != 0)
    return op.error() << "attribute 'group' is " << *groups
                      << ", expected a divisor of the input's " << channels
                      << " channels";
  auto window =
      getTransposedWindow(op, getType(input), filterShape.drop_front(2));
  if (failed(window))
    return failure();

  // [G, C / G, O / G, KH, KW] to [G, O / G, KH, KW, C / G].
  int64_t perGroup = channels / *groups, outputs = filterShape[1] * *groups;
  mlir::Value weights =
      op.reshape(filter, {*groups, perGroup, filterShape[1], window->kernel[0],
                          window->kernel[1]});
  weights = op.transpose(weights, {0, 2, 3, 4, 1}, filter.getLoc());
  weights = op.reshape(
      weights, {outputs, window->kernel[0], window->kernel[1], perGroup});
  auto imageType = getType(image);
  mlir::Value result = nn::TransposeConv2DOp::create(
      op.builder, op.loc,
      imageType.clone({imageType.getDimSize(0), window->outputs[0],
                       window->outputs[1], outputs}),
      image, weights, bias, window->strides, window->dilations, window->padding,
      *groups);
  return op.setOutput(fromImage(op, result, input));
}

void onnx_import::populateConvolutions(Registry &registry) {
  registry["Conv"] = importConv;
  registry["ConvTranspose"] = importConvTranspose;
}
