//===- Normalization.cpp - BatchNormalization -----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Batch normalization with the statistics of training.
//
//===----------------------------------------------------------------------===//

#include "Registry.h"

using namespace qopt;
using namespace qopt::onnx_import;
using mlir::failure;
using mlir::LogicalResult;

static LogicalResult importBatchNormalization(NodeImporter &op) {
  if (failed(op.expectInputs(5, 5)) || failed(op.expectOneOutput()))
    return failure();
  auto epsilon = op.getFloat("epsilon", 1e-5f);
  auto training = op.getInt("training_mode", 0);
  auto spatial = op.getInt("spatial", 1);
  if (failed(epsilon) || failed(training) || failed(spatial))
    return failure();
  // How statistics are gathered does not matter when they are fixed.
  op.ignoreAttributes({"momentum"});
  if (*training != 0)
    return op.error() << "attribute 'training_mode' is " << *training
                      << ", expected 0; export the model for inference";
  if (*spatial != 1)
    return op.error() << "attribute 'spatial' is " << *spatial
                      << ", expected 1: statistics per channel";
  llvm::SmallVector<mlir::Value> operands;
  for (llvm::StringRef role :
       {"input", "scale", "offset", "mean", "variance"}) {
    auto operand = op.getInput(operands.size(), role);
    if (failed(operand))
      return failure();
    operands.push_back(*operand);
  }
  int64_t rank = getType(operands[0]).getRank();
  if (rank < 2)
    return op.error() << "the input is " << operands[0].getType()
                      << ", expected rank 2 or more";
  mlir::Value input = op.toChannelsLast(operands[0]);
  mlir::Value result = nn::BatchNormOp::create(
      op.builder, op.loc, input.getType(), input, operands[1], operands[2],
      operands[3], operands[4], llvm::APFloat(*epsilon));
  return op.setOutput(op.toChannelsFirst(result));
}

void onnx_import::populateNormalization(Registry &registry) {
  registry["BatchNormalization"] = importBatchNormalization;
}
