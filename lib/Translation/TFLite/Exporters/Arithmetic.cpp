//===- Arithmetic.cpp - nn.add, nn.sub, nn.mul ----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExportRegistry.h"
#include "ExportedTypes.h"

using namespace qopt;
using namespace qopt::tflite;
using mlir::failure;
using mlir::FailureOr;
using mlir::LogicalResult;

/// How many dimensions the kernels broadcast.
static constexpr int64_t maxBroadcastRank = 4;

using Inputs = llvm::SmallVector<int32_t, 2>;

template <typename Op>
static FailureOr<Inputs> getInputs(OperatorExporter &exporter, Op op) {
  if (failed(exporter.expectDoubleRounding(op.getRounding())) ||
      failed(exporter.expectBroadcast(maxBroadcastRank)))
    return failure();
  auto lhs = exporter.getInput(op.getLhs()),
       rhs = exporter.getInput(op.getRhs());
  if (failed(lhs) || failed(rhs))
    return failure();
  return Inputs{*lhs, *rhs};
}

/// The option's default is true, and only 16-bit kernels look at it.
template <typename Op>
static bool allowsPowerOfTwoKernel(Op op) {
  return op.getPotScale() ||
         getStorageType(op.getType()) != schema::TensorType::INT16;
}

static LogicalResult exportAdd(OperatorExporter &exporter, nn::AddOp op) {
  auto inputs = getInputs(exporter, op);
  if (failed(inputs))
    return failure();
  bool isPowerOfTwo = allowsPowerOfTwoKernel(op);
  OperatorVersion first{1, {1, 5, 0}}, general{3, {2, 4, 0}};
  auto version = OperatorExporter::choose(
      op.getType(), {first, {2, {1, 14, 0}}, isPowerOfTwo ? first : general});
  auto options = schema::CreateAddOptions(exporter.getBuilder(),
                                          exportActivation(op.getActivation()),
                                          isPowerOfTwo);
  return exporter.addOperator(schema::BuiltinOperator::ADD, version, *inputs,
                              schema::BuiltinOptions::AddOptions,
                              options.Union());
}

static LogicalResult exportSub(OperatorExporter &exporter, nn::SubOp op) {
  auto inputs = getInputs(exporter, op);
  if (failed(inputs))
    return failure();
  bool isPowerOfTwo = allowsPowerOfTwoKernel(op);
  OperatorVersion first{1, {1, 6, 0}}, general{5, {2, 4, 0}};
  auto version = OperatorExporter::choose(
      op.getType(), {first, {2, {1, 14, 0}}, isPowerOfTwo ? first : general});
  auto options = schema::CreateSubOptions(exporter.getBuilder(),
                                          exportActivation(op.getActivation()),
                                          isPowerOfTwo);
  return exporter.addOperator(schema::BuiltinOperator::SUB, version, *inputs,
                              schema::BuiltinOptions::SubOptions,
                              options.Union());
}

static double getScale(mlir::Value value) {
  auto quantized = mlir::dyn_cast<quant::UniformQuantizedType>(
      mlir::getElementTypeOrSelf(value.getType()));
  return quantized ? quantized.getScale() : 0;
}

static LogicalResult exportMul(OperatorExporter &exporter, nn::MulOp op) {
  auto inputs = getInputs(exporter, op);
  if (failed(inputs))
    return failure();
  bool isGrowing =
      getScale(op.getResult()) != 0 &&
      getScale(op.getLhs()) * getScale(op.getRhs()) >= getScale(op.getResult());
  OperatorVersion first{1, {1, 5, 0}}, second{2, {1, 14, 0}},
      growing{3, {1, 15, 0}};
  auto version =
      OperatorExporter::choose(op.getType(), {isGrowing ? growing : first,
                                              isGrowing ? growing : second,
                                              {4, {2, 3, 0}}});
  auto options = schema::CreateMulOptions(exporter.getBuilder(),
                                          exportActivation(op.getActivation()));
  return exporter.addOperator(schema::BuiltinOperator::MUL, version, *inputs,
                              schema::BuiltinOptions::MulOptions,
                              options.Union());
}

void tflite::populateArithmetic(ExportRegistry &registry) {
  registry.add(exportAdd);
  registry.add(exportSub);
  registry.add(exportMul);
}
