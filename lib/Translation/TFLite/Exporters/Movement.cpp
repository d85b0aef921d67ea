//===- Movement.cpp - nn.reshape, slice, concat, transpose, resize --------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExportRegistry.h"

using namespace qopt;
using namespace qopt::tflite;
using mlir::failure;
using mlir::LogicalResult;

LogicalResult tflite::addReshapeOperator(OperatorExporter &op, int32_t input,
                                         llvm::ArrayRef<int64_t> shape) {
  llvm::SmallVector<int32_t> sizes(shape.begin(), shape.end());
  llvm::SmallVector<int32_t> inputs{input};
  // A scalar's list of sizes would be a constant without data.
  if (!sizes.empty())
    inputs.push_back(op.addIntegers(shape, "shape"));
  auto vector = op.getBuilder().CreateVector(sizes.data(), sizes.size());
  auto options = schema::CreateReshapeOptions(op.getBuilder(), vector);
  return op.addOperator(schema::BuiltinOperator::RESHAPE, {1, {1, 5, 0}},
                        inputs, schema::BuiltinOptions::ReshapeOptions,
                        options.Union());
}

static LogicalResult exportReshape(OperatorExporter &exporter,
                                   nn::ReshapeOp op) {
  auto input = exporter.getInput(op.getInput());
  if (failed(input))
    return failure();
  return addReshapeOperator(
      exporter, *input,
      mlir::cast<mlir::RankedTensorType>(op.getType()).getShape());
}

static LogicalResult exportConcat(OperatorExporter &exporter, nn::ConcatOp op) {
  if (op.getActivation() != nn::Activation::None)
    return exporter.error()
           << "a fused activation is not supported, expected 'none'";
  llvm::SmallVector<int32_t> inputs;
  for (mlir::Value value : op.getInputs()) {
    auto input = exporter.getInput(value);
    if (failed(input))
      return failure();
    inputs.push_back(*input);
  }
  auto options =
      schema::CreateConcatenationOptions(exporter.getBuilder(), op.getAxis());
  auto version = OperatorExporter::choose(
      op.getType(), {{1, {1, 5, 0}}, {2, {1, 14, 0}}, {3, {2, 3, 0}}});
  return exporter.addOperator(
      schema::BuiltinOperator::CONCATENATION, version, inputs,
      schema::BuiltinOptions::ConcatenationOptions, options.Union());
}

/// How many dimensions the kernel moves.
static constexpr int64_t maxTransposeRank = 6;

static LogicalResult exportTranspose(OperatorExporter &exporter,
                                     nn::TransposeOp op) {
  auto input = exporter.getInput(op.getInput());
  if (failed(input))
    return failure();
  int64_t rank = op.getPermutation().size();
  if (rank > maxTransposeRank)
    return exporter.error()
           << "transposition in rank " << rank
           << " is not supported by the kernel, expected at most "
           << maxTransposeRank;
  int32_t permutation = exporter.addIntegers(op.getPermutation(), "perm");
  OperatorVersion first{1, {1, 6, 0}}, second{2, {1, 14, 0}},
      third{4, {2, 3, 0}}, wide{5, {2, 4, 0}}, widest{6, {2, 12, 0}};
  auto version = rank == 6   ? widest
                 : rank == 5 ? wide
                             : OperatorExporter::choose(op.getType(),
                                                        {first, second, third});
  return exporter.addOperator(schema::BuiltinOperator::TRANSPOSE, version,
                              {*input, permutation});
}

static LogicalResult exportResizeBilinear(OperatorExporter &exporter,
                                          nn::ResizeBilinearOp op) {
  auto input = exporter.getInput(op.getInput());
  if (failed(input))
    return failure();
  auto shape = mlir::cast<mlir::RankedTensorType>(op.getType()).getShape();
  int32_t size = exporter.addIntegers({shape[1], shape[2]}, "size");
  OperatorVersion first{1, {1, 7, 0}}, second{2, {1, 14, 0}},
      half{3, {2, 2, 0}};
  bool isHalf = op.getHalfPixelCenters();
  auto version = OperatorExporter::choose(
      op.getType(),
      {isHalf ? half : first, isHalf ? half : second, {4, {2, 5, 0}}});
  auto options = schema::CreateResizeBilinearOptions(
      exporter.getBuilder(), op.getAlignCorners(), op.getHalfPixelCenters());
  return exporter.addOperator(
      schema::BuiltinOperator::RESIZE_BILINEAR, version, {*input, size},
      schema::BuiltinOptions::ResizeBilinearOptions, options.Union());
}

static LogicalResult exportStridedSlice(OperatorExporter &exporter,
                                        nn::SliceOp op, int32_t input) {
  llvm::SmallVector<int64_t> ends;
  int32_t endMask = 0;
  for (auto [d, count] : llvm::enumerate(
           mlir::cast<mlir::RankedTensorType>(op.getType()).getShape())) {
    ends.push_back(op.getOffsets()[d] + count * op.getStrides()[d]);
    // A negative end would count from the last element.
    if (ends.back() < 0) {
      ends.back() = 0;
      endMask |= 1 << d;
    }
  }
  int32_t begin = exporter.addIntegers(op.getOffsets(), "begin");
  int32_t end = exporter.addIntegers(ends, "end");
  int32_t strides = exporter.addIntegers(op.getStrides(), "strides");
  auto options = schema::CreateStridedSliceOptions(exporter.getBuilder(),
                                                   /*begin_mask=*/0, endMask);
  auto version = OperatorExporter::choose(
      op.getType(), {{1, {1, 6, 0}}, {2, {1, 14, 0}}, {4, {2, 1, 0}}});
  return exporter.addOperator(schema::BuiltinOperator::STRIDED_SLICE, version,
                              {input, begin, end, strides},
                              schema::BuiltinOptions::StridedSliceOptions,
                              options.Union());
}

/// How many dimensions the kernels take parts of.
static constexpr size_t maxSliceRank = 5;

static LogicalResult exportSlice(OperatorExporter &exporter, nn::SliceOp op) {
  auto input = exporter.getInput(op.getInput());
  if (failed(input))
    return failure();
  if (op.getOffsets().size() > maxSliceRank)
    return exporter.error()
           << "a slice in rank " << op.getOffsets().size()
           << " is not supported by the kernel, expected at most "
           << maxSliceRank;
  if (!llvm::all_of(op.getStrides(), [](int64_t s) { return s == 1; }))
    return exportStridedSlice(exporter, op, *input);
  int32_t begin = exporter.addIntegers(op.getOffsets(), "begin");
  int32_t size = exporter.addIntegers(
      mlir::cast<mlir::RankedTensorType>(op.getType()).getShape(), "size");
  auto version = OperatorExporter::choose(
      op.getType(), {{1, {1, 14, 0}}, {2, {1, 14, 0}}, {4, {2, 4, 0}}});
  return exporter.addOperator(schema::BuiltinOperator::SLICE, version,
                              {*input, begin, size});
}

void tflite::populateMovement(ExportRegistry &registry) {
  registry.add(exportReshape);
  registry.add(exportSlice);
  registry.add(exportConcat);
  registry.add(exportTranspose);
  registry.add(exportResizeBilinear);
}
