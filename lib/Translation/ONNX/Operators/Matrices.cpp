//===- Matrices.cpp - Gemm, MatMul ----------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Matrix products, whose right side is the weights of a fully connected op.
//
//===----------------------------------------------------------------------===//

#include "Registry.h"

using namespace qopt;
using namespace qopt::onnx_import;
using mlir::failure;
using mlir::FailureOr;
using mlir::LogicalResult;

/// `value` times a number: a constant where it is one.
static mlir::Value scale(NodeImporter &op, mlir::Value value, double factor) {
  if (factor == 1)
    return value;
  if (auto constant = value.getDefiningOp<nn::ConstantOp>())
    if (auto elements =
            mlir::dyn_cast<mlir::DenseFPElementsAttr>(constant.getValue())) {
      auto scaled = elements.mapValues(
          op.builder.getF32Type(), [&](const llvm::APFloat &element) {
            return llvm::APFloat(element.convertToFloat() * float(factor))
                .bitcastToAPInt();
          });
      return op.makeConstant(mlir::cast<mlir::DenseElementsAttr>(scaled));
    }
  return nn::MulOp::create(op.builder, op.loc, value.getType(), value,
                           op.makeReal(factor));
}

/// The addend of a product as a bias: one number per column, or null when it
/// is anything else.
static mlir::Value getBias(NodeImporter &op, mlir::Value addend,
                           int64_t columns) {
  mlir::RankedTensorType type = getType(addend);
  if (type.getNumElements() == columns &&
      (type.getRank() == 0 || type.getShape().back() == columns))
    return op.reshape(addend, {columns});
  auto constant = addend.getDefiningOp<nn::ConstantOp>();
  if (!constant || type.getNumElements() != 1)
    return {};
  auto elements = mlir::cast<mlir::DenseElementsAttr>(constant.getValue());
  return op.makeConstant(mlir::DenseElementsAttr::get(
      type.clone({columns}), elements.getValues<mlir::Attribute>()[0]));
}

static FailureOr<mlir::Value> getMatrix(NodeImporter &op, unsigned i,
                                        llvm::StringRef role, bool transposed) {
  auto value = op.getInput(i, role);
  if (failed(value))
    return failure();
  if (getType(*value).getRank() != 2)
    return op.error() << "the " << role << " is " << value->getType()
                      << ", expected rank 2";
  if (transposed)
    return op.transpose(*value, {1, 0}, value->getLoc());
  return *value;
}

static LogicalResult importGemm(NodeImporter &op) {
  if (failed(op.expectInputs(2, 3)) || failed(op.expectOneOutput()))
    return failure();
  auto transA = op.getFlag("transA", false);
  auto transB = op.getFlag("transB", false);
  auto alpha = op.getFloat("alpha", 1);
  auto beta = op.getFloat("beta", 1);
  if (failed(transA) || failed(transB) || failed(alpha) || failed(beta))
    return failure();
  auto input = getMatrix(op, 0, "left matrix", *transA);
  // Weights have a row for every output.
  auto weights = getMatrix(op, 1, "right matrix", !*transB);
  auto addend = op.getOptionalInput(2, "addend");
  if (failed(input) || failed(weights) || failed(addend))
    return failure();
  int64_t rows = getType(*input).getDimSize(0);
  int64_t columns = getType(*weights).getDimSize(0);
  if (getType(*input).getDimSize(1) != getType(*weights).getDimSize(1))
    return op.error() << "the left matrix has " << getType(*input).getDimSize(1)
                      << " columns and the right one "
                      << getType(*weights).getDimSize(1)
                      << " rows, expected as many";
  mlir::Value bias;
  if (*addend) {
    *addend = scale(op, *addend, *beta);
    bias = getBias(op, *addend, columns);
  }
  mlir::RankedTensorType type = getType(*input).clone({rows, columns});
  mlir::Value result = nn::FullyConnectedOp::create(
      op.builder, op.loc, type, *input, scale(op, *weights, *alpha), bias);
  if (*addend && !bias)
    result = nn::AddOp::create(op.builder, op.loc, type, result, *addend);
  return op.setOutput(result);
}

static LogicalResult importMatMul(NodeImporter &op) {
  if (failed(op.expectInputs(2, 2)) || failed(op.expectOneOutput()))
    return failure();
  auto input = op.getInput(0, "left matrix");
  auto matrix = op.getInput(1, "right matrix");
  if (failed(input) || failed(matrix))
    return failure();
  llvm::ArrayRef<int64_t> shape = getType(*matrix).getShape();
  llvm::ArrayRef<int64_t> inputShape = getType(*input).getShape();
  // Batches of one are the matrix itself.
  size_t batches = shape.size() > 2 ? shape.size() - 2 : 0;
  if (shape.empty() || inputShape.empty() ||
      llvm::any_of(shape.take_front(batches),
                   [](int64_t size) { return size != 1; }) ||
      shape.size() > std::max<size_t>(inputShape.size(), 2))
    return op.error() << "the right matrix is " << matrix->getType()
                      << " and the left one " << input->getType()
                      << "; batches of matrices on the right are not "
                         "supported, expected one matrix";
  // A vector on the right is a matrix of one column, which the result lacks.
  bool isVector = shape.size() == 1;
  int64_t depth = isVector ? shape[0] : shape[shape.size() - 2];
  int64_t columns = isVector ? 1 : shape.back();
  if (inputShape.back() != depth)
    return op.error() << "the left matrix has " << inputShape.back()
                      << " columns and the right one " << depth
                      << " rows, expected as many";
  mlir::Value weights = op.transpose(op.reshape(*matrix, {depth, columns}),
                                     {1, 0}, matrix->getLoc());
  auto resultShape = llvm::to_vector(inputShape);
  resultShape.back() = columns;
  mlir::Value result = nn::FullyConnectedOp::create(
      op.builder, op.loc, getType(*input).clone(resultShape), *input, weights,
      mlir::Value());
  if (isVector)
    resultShape.pop_back();
  return op.setOutput(op.reshape(result, resultShape));
}

void onnx_import::populateMatrices(Registry &registry) {
  registry["Gemm"] = importGemm;
  registry["MatMul"] = importMatMul;
}
