//===- Pooling.cpp - MaxPool, AveragePool, GlobalMaxPool, ... -------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Pooling of rows and images. Padding that an average counts becomes a pad
// before it; the rest is what nn's pooling leaves out of the average.
//
//===----------------------------------------------------------------------===//

#include "Registry.h"
#include "Window.h"

using namespace qopt;
using namespace qopt::onnx_import;
using mlir::failure;
using mlir::FailureOr;
using mlir::LogicalResult;

namespace {
struct PoolOperands {
  mlir::Value input, image;
  Window window;
};
} // namespace

static FailureOr<PoolOperands> getOperands(NodeImporter &op) {
  if (failed(op.expectInputs(1, 1)) || failed(op.expectOneOutput()))
    return failure();
  auto input = op.getInput(0, "input");
  if (failed(input))
    return failure();
  auto image = getImage(op, *input);
  if (failed(image))
    return failure();
  auto window =
      getWindow(op, getType(*input), /*kernel=*/{}, /*canRoundUp=*/true);
  if (failed(window))
    return failure();
  if (window->dilations != std::array<int64_t, 2>{1, 1})
    return op.error() << "attribute 'dilations' is not supported for pooling, "
                         "expected ones";
  return PoolOperands{*input, *image, *window};
}

template <typename Op>
static LogicalResult setPooled(NodeImporter &op, const PoolOperands &operands,
                               mlir::Value image,
                               std::array<int64_t, 4> padding) {
  mlir::RankedTensorType type = getType(image);
  const Window &window = operands.window;
  mlir::Value result =
      Op::create(op.builder, op.loc,
                 type.clone({type.getDimSize(0), window.outputs[0],
                             window.outputs[1], type.getDimSize(3)}),
                 image, window.kernel, window.strides, padding);
  return op.setOutput(fromImage(op, result, operands.input));
}

static LogicalResult importMaxPool(NodeImporter &op) {
  auto operands = getOperands(op);
  if (failed(operands))
    return failure();
  // The order of indices, which only the second output tells.
  op.ignoreAttributes({"storage_order"});
  return setPooled<nn::MaxPool2DOp>(op, *operands, operands->image,
                                    operands->window.getWholePadding());
}

static LogicalResult importAveragePool(NodeImporter &op) {
  auto operands = getOperands(op);
  auto countsPadding = op.getFlag("count_include_pad", false);
  if (failed(operands) || failed(countsPadding))
    return failure();
  const Window &window = operands->window;
  if (!*countsPadding)
    return setPooled<nn::AveragePool2DOp>(op, *operands, operands->image,
                                          window.getWholePadding());
  auto [top, bottom, left, right] = window.padding;
  mlir::Value image = operands->image;
  if (top || bottom || left || right) {
    mlir::RankedTensorType type = getType(image);
    auto padded = llvm::to_vector(type.getShape());
    padded[1] += top + bottom;
    padded[2] += left + right;
    llvm::SmallVector<int64_t> low{0, top, left, 0}, high{0, bottom, right, 0};
    image = nn::PadOp::create(op.builder, op.loc, type.clone(padded), image,
                              low, high, llvm::APFloat(0.0));
  }
  // What rounding up adds is not counted.
  return setPooled<nn::AveragePool2DOp>(
      op, *operands, image, {0, window.extra[0], 0, window.extra[1]});
}

static LogicalResult importGlobalMaxPool(NodeImporter &op) {
  if (failed(op.expectInputs(1, 1)) || failed(op.expectOneOutput()))
    return failure();
  auto input = op.getInput(0, "input");
  if (failed(input))
    return failure();
  auto image = getImage(op, *input);
  if (failed(image))
    return failure();
  PoolOperands operands{*input, *image, {}};
  operands.window.kernel = {getType(*image).getDimSize(1),
                            getType(*image).getDimSize(2)};
  operands.window.outputs = {1, 1};
  return setPooled<nn::MaxPool2DOp>(op, operands, *image, {0, 0, 0, 0});
}

void onnx_import::populatePooling(Registry &registry) {
  registry["MaxPool"] = importMaxPool;
  registry["AveragePool"] = importAveragePool;
  registry["GlobalMaxPool"] = importGlobalMaxPool;
}
