//===- Movement.cpp - Reshape, transpose, pad, slice, concat, resize out --===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Stored values move as they are.
//
//===----------------------------------------------------------------------===//

#include "ExportRegistry.h"

#include <cmath>

using namespace qopt;
using namespace qopt::onnx_export;
using mlir::LogicalResult;
using mlir::success;

static LogicalResult exportReshape(GraphWriter &writer, nn::ReshapeOp op) {
  // Where only dimensions of 1 move, both orders have the elements in one.
  auto from = getType(op.getInput()).getShape();
  bool isOneOrder =
      from.size() == 4 && (from[3] == 1 || from[1] * from[2] == 1);
  Layout inputLayout =
      isOneOrder ? writer.getLayout(op.getInput()) : Layout::Plain;
  std::string input = writer.getTensor(op.getInput(), inputLayout);
  llvm::SmallVector<int64_t> present(from);
  if (inputLayout == Layout::ChannelsFirst)
    present = toChannelsFirst(from);
  llvm::SmallVector<int64_t> shape(getType(op.getResult()).getShape());
  // Where only dimensions of 1 move, the elements are in both orders at once,
  // and what reads an image wants channels first.
  Layout layout = Layout::Plain;
  if (shape.size() == 4 && (shape[3] == 1 || shape[1] * shape[2] == 1)) {
    layout = Layout::ChannelsFirst;
    shape = toChannelsFirst(shape);
  }
  if (present == shape)
    writer.alias(op.getResult(), layout, input);
  else
    writer.addNode("Reshape", {input, writer.addInts("shape", shape)},
                   writer.define(op.getResult(), layout));
  return success();
}

static LogicalResult exportTranspose(GraphWriter &writer, nn::TransposeOp op) {
  if (op.getPermutation() == llvm::ArrayRef<int64_t>{0, 3, 1, 2})
    writer.alias(op.getResult(), Layout::Plain,
                 writer.getTensor(op.getInput(), Layout::ChannelsFirst));
  else if (op.getPermutation() == llvm::ArrayRef<int64_t>{0, 2, 3, 1})
    writer.alias(op.getResult(), Layout::ChannelsFirst,
                 writer.getTensor(op.getInput()));
  else
    writer.addNode("Transpose", {writer.getTensor(op.getInput())},
                   writer.define(op.getResult()),
                   {Attribute("perm", op.getPermutation())});
  return success();
}

/// The border's value as an element of the tensor.
static std::string getBorder(GraphWriter &writer, nn::PadOp op) {
  double value = op.getValue().convertToDouble();
  mlir::Type element = getType(op.getResult()).getElementType();
  if (element.isF32())
    return writer.addReal("border", value);
  auto quantized = mlir::dyn_cast<quant::UniformQuantizedType>(element);
  // Clamped before the conversion: a border may be infinite.
  int64_t stored;
  if (quantized) {
    double steps = std::round(float(value) / float(quantized.getScale())) +
                   double(quantized.getZeroPoint());
    stored = int64_t(std::clamp(steps, double(quantized.getStorageTypeMin()),
                                double(quantized.getStorageTypeMax())));
    element = quantized.getStorageType();
  } else {
    double most = std::ldexp(1.0, int(element.getIntOrFloatBitWidth()) - 1);
    stored = value >= most ? int64_t(std::min(most - 1, 0x1p62))
                           : int64_t(std::max(value, -most));
  }
  auto type = mlir::RankedTensorType::get({}, element);
  llvm::APInt bits(64, uint64_t(stored));
  return writer.addConstant(
      "border",
      mlir::DenseElementsAttr::get(type,
                                   bits.trunc(element.getIntOrFloatBitWidth())),
      quantized && !quantized.isSigned());
}

static LogicalResult exportPad(GraphWriter &writer, nn::PadOp op) {
  Layout layout = writer.getLayout(op.getInput());
  llvm::SmallVector<int64_t> low(op.getLow()), high(op.getHigh());
  if (layout == Layout::ChannelsFirst) {
    low = toChannelsFirst(low);
    high = toChannelsFirst(high);
  }
  llvm::append_range(low, high);
  std::string input = writer.getTensor(op.getInput(), layout);
  std::string pads = writer.addInts("pads", low);
  std::string border = getBorder(writer, op);
  writer.addNode("Pad", {input, pads, border},
                 writer.define(op.getResult(), layout));
  return success();
}

static LogicalResult exportSlice(GraphWriter &writer, nn::SliceOp op) {
  Layout layout = writer.getLayout(op.getInput());
  llvm::SmallVector<int64_t> starts(op.getOffsets()), steps(op.getStrides());
  llvm::SmallVector<int64_t> ends;
  for (auto [start, step, count] :
       llvm::zip_equal(starts, steps, getType(op.getResult()).getShape())) {
    int64_t end = start + step * count;
    // A negative end counts from the last element: one before the first.
    ends.push_back(end < 0 ? std::numeric_limits<int32_t>::min() : end);
  }
  if (layout == Layout::ChannelsFirst) {
    starts = toChannelsFirst(starts);
    ends = toChannelsFirst(ends);
    steps = toChannelsFirst(steps);
  }
  auto axes = llvm::to_vector(llvm::seq<int64_t>(0, starts.size()));
  writer.addNode("Slice",
                 {writer.getTensor(op.getInput(), layout),
                  writer.addInts("starts", starts),
                  writer.addInts("ends", ends), writer.addInts("axes", axes),
                  writer.addInts("steps", steps)},
                 writer.define(op.getResult(), layout));
  return success();
}

static LogicalResult exportConcat(GraphWriter &writer, nn::ConcatOp op) {
  Layout layout = Layout::Plain;
  if (isImage(op.getResult()) &&
      llvm::any_of(op.getInputs(), [&](mlir::Value input) {
        return writer.getLayout(input) == Layout::ChannelsFirst;
      }))
    layout = Layout::ChannelsFirst;
  mlir::Type element = getType(op.getResult()).getElementType();
  bool moves = op.getActivation() == nn::Activation::None &&
               llvm::all_of(op.getInputs(), [&](mlir::Value input) {
                 return getType(input).getElementType() == element;
               });
  llvm::SmallVector<std::string> inputs;
  for (mlir::Value input : op.getInputs())
    inputs.push_back(moves ? writer.getTensor(input, layout)
                           : writer.getReals(input, layout));
  const int64_t moved[] = {0, 2, 3, 1};
  int64_t axis = layout == Layout::Plain ? op.getAxis() : moved[op.getAxis()];
  if (moves) {
    writer.addNode("Concat", inputs, writer.define(op.getResult(), layout),
                   {Attribute("axis", axis)});
    return success();
  }
  std::string name = writer.getName(op.getResult());
  if (nn::getQuantizedElementType(op.getType()))
    writer.noteInexact(op, "it concatenates tensors of other parameters");
  std::string result =
      writer.makeNode("Concat", inputs, name, {Attribute("axis", axis)});
  writer.setReals(op.getResult(), layout, result, op.getActivation());
  return success();
}

static LogicalResult exportResize(GraphWriter &writer,
                                  nn::ResizeBilinearOp op) {
  if (nn::getQuantizedElementType(op.getType()))
    writer.noteInexact(op, "it interpolates in float32");
  std::string input = writer.getReals(op.getInput(), Layout::ChannelsFirst);
  std::string sizes = writer.addInts(
      "sizes", toChannelsFirst(getType(op.getResult()).getShape()));
  llvm::StringRef positions = op.getAlignCorners()       ? "align_corners"
                              : op.getHalfPixelCenters() ? "half_pixel"
                                                         : "asymmetric";
  writer.setReals(
      op.getResult(), Layout::ChannelsFirst,
      writer.makeNode("Resize", {input, "", "", sizes},
                      writer.getName(op.getResult()),
                      {Attribute::makeString("mode", "linear"),
                       Attribute::makeString("coordinate_transformation_mode",
                                             positions)}));
  return success();
}

void onnx_export::populateMovementExporters(ExportRegistry &registry) {
  addExporter<nn::ReshapeOp, exportReshape>(registry);
  addExporter<nn::TransposeOp, exportTranspose>(registry);
  addExporter<nn::PadOp, exportPad>(registry);
  addExporter<nn::SliceOp, exportSlice>(registry);
  addExporter<nn::ConcatOp, exportConcat>(registry);
  addExporter<nn::ResizeBilinearOp, exportResize>(registry);
}
