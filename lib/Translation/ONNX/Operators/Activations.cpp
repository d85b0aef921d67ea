//===- Activations.cpp - Relu, PRelu, Clip, Sigmoid, Softmax --------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Functions of one tensor.
//
//===----------------------------------------------------------------------===//

#include "Registry.h"

#include "mlir/Dialect/Traits.h"

#include <cmath>

using namespace qopt;
using namespace qopt::onnx_import;
using mlir::failure;
using mlir::FailureOr;
using mlir::LogicalResult;

static FailureOr<mlir::Value> getOnlyInput(NodeImporter &op) {
  if (failed(op.expectInputs(1, 1)) || failed(op.expectOneOutput()))
    return failure();
  return op.getInput(0, "input");
}

template <typename Op>
static LogicalResult importUnary(NodeImporter &op) {
  auto input = getOnlyInput(op);
  if (failed(input))
    return failure();
  op.ignoreAttributes({"consumed_inputs"});
  return op.setOutput(Op::create(op.builder, op.loc, input->getType(), *input));
}

/// Attributes until opset 10, inputs from 11 on.
static FailureOr<double> getBound(NodeImporter &op, llvm::StringRef name,
                                  unsigned input, double absent) {
  if (op.getOpset() < 11)
    return op.getFloat(name, absent);
  if (!op.hasInput(input))
    return absent;
  auto bound = op.getReal(input, name);
  if (succeeded(bound) && std::isnan(*bound))
    return op.error() << name << " is not a number";
  return bound;
}

static LogicalResult importClip(NodeImporter &op) {
  if (failed(op.expectInputs(1, op.getOpset() < 11 ? 1 : 3)) ||
      failed(op.expectOneOutput()))
    return failure();
  auto input = op.getInput(0, "input");
  auto min = getBound(op, "min", 1, -INFINITY);
  auto max = getBound(op, "max", 2, INFINITY);
  if (failed(input) || failed(min) || failed(max))
    return failure();
  mlir::Type type = input->getType();
  // The names that other passes and formats have for these two.
  if (*min == 0 && *max == 6)
    return op.setOutput(nn::Relu6Op::create(op.builder, op.loc, type, *input));
  if (*min == 0 && std::isinf(*max))
    return op.setOutput(nn::ReluOp::create(op.builder, op.loc, type, *input));
  // The standard: where min is above max, the result is max.
  return op.setOutput(nn::ClipOp::create(op.builder, op.loc, type, *input,
                                         llvm::APFloat(std::min(*min, *max)),
                                         llvm::APFloat(*max)));
}

/// max(0, min(1, alpha * x + beta)).
static LogicalResult importHardSigmoid(NodeImporter &op) {
  auto input = getOnlyInput(op);
  auto alpha = op.getFloat("alpha", 0.2f);
  auto beta = op.getFloat("beta", 0.5f);
  if (failed(input) || failed(alpha) || failed(beta))
    return failure();
  mlir::Type type = input->getType();
  mlir::Value scaled =
      nn::MulOp::create(op.builder, op.loc, type, *input, op.makeReal(*alpha));
  mlir::Value shifted =
      nn::AddOp::create(op.builder, op.loc, type, scaled, op.makeReal(*beta));
  return op.setOutput(nn::ClipOp::create(op.builder, op.loc, type, shifted,
                                         llvm::APFloat(0.0),
                                         llvm::APFloat(1.0)));
}

/// Until opset 12 the dimensions from the axis on are one.
static LogicalResult importFlatSoftmax(NodeImporter &op, mlir::Value input,
                                       int64_t axis) {
  llvm::ArrayRef<int64_t> shape = getType(input).getShape();
  int64_t rows = mlir::ShapedType::getNumElements(shape.take_front(axis));
  int64_t columns = mlir::ShapedType::getNumElements(shape.drop_front(axis));
  mlir::Value flat = op.reshape(input, {rows, columns});
  mlir::Value result = nn::SoftmaxOp::create(op.builder, op.loc, flat.getType(),
                                             flat, llvm::APFloat(1.0));
  return op.setOutput(op.reshape(result, shape));
}

static LogicalResult importSoftmax(NodeImporter &op) {
  auto input = getOnlyInput(op);
  bool isFlat = op.getOpset() < 13;
  auto number = op.getInt("axis", isFlat ? 1 : -1);
  if (failed(input) || failed(number))
    return failure();
  int64_t rank = getType(*input).getRank();
  auto axis = op.normalizeAxis(*number, rank);
  if (failed(axis))
    return failure();
  if (isFlat)
    return importFlatSoftmax(op, *input, *axis);
  // The axis and the last dimension change places, and back.
  auto swap = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  std::swap(swap[*axis], swap.back());
  mlir::Value last = op.transpose(*input, swap, input->getLoc());
  mlir::Value result = nn::SoftmaxOp::create(op.builder, op.loc, last.getType(),
                                             last, llvm::APFloat(1.0));
  return op.setOutput(op.transpose(result, swap, op.loc));
}

static LogicalResult importLeakyRelu(NodeImporter &op) {
  auto input = getOnlyInput(op);
  auto alpha = op.getFloat("alpha", 0.01f);
  if (failed(input) || failed(alpha))
    return failure();
  return op.setOutput(nn::LeakyReluOp::create(
      op.builder, op.loc, input->getType(), *input, llvm::APFloat(*alpha)));
}

/// max(x, 0) + slope * min(x, 0), with numpy's broadcasting to the input.
static LogicalResult importPRelu(NodeImporter &op) {
  if (failed(op.expectInputs(2, 2)) || failed(op.expectOneOutput()))
    return failure();
  auto input = op.getInput(0, "input");
  auto slopes = op.getConstant(1, "slope");
  if (failed(input) || failed(slopes))
    return failure();
  if (!slopes->getElementType().isF32())
    return op.error() << "expected slopes of f32, found " << slopes->getType();
  mlir::RankedTensorType type = getType(*input);
  if (slopes->isSplat())
    return op.setOutput(nn::LeakyReluOp::create(
        op.builder, op.loc, type, *input,
        llvm::APFloat(double(slopes->getSplatValue<float>()))));
  llvm::SmallVector<int64_t> shape;
  if (!mlir::OpTrait::util::getBroadcastedShape(
          type.getShape(), slopes->getType().getShape(), shape) ||
      llvm::ArrayRef(shape) != type.getShape())
    return op.error() << "the slopes " << slopes->getType()
                      << " do not broadcast to the input " << type;
  mlir::Value positive = nn::ReluOp::create(op.builder, op.loc, type, *input);
  mlir::Value negative =
      nn::ClipOp::create(op.builder, op.loc, type, *input,
                         llvm::APFloat(-INFINITY), llvm::APFloat(0.0));
  mlir::Value scaled = nn::MulOp::create(op.builder, op.loc, type, negative,
                                         op.makeConstant(*slopes));
  return op.setOutput(
      nn::AddOp::create(op.builder, op.loc, type, positive, scaled));
}

/// The least or the greatest of a tensor and constants, one number each.
template <bool isMin>
static LogicalResult importMinMax(NodeImporter &op) {
  if (failed(op.expectInputs(1, 1024)) || failed(op.expectOneOutput()))
    return failure();
  double bound = isMin ? INFINITY : -INFINITY;
  unsigned tensor = op.getNumInputs();
  for (unsigned i = 0; i != op.getNumInputs(); ++i) {
    if (!op.getConstantOrNull(i) && tensor == op.getNumInputs()) {
      tensor = i;
      continue;
    }
    auto number = op.getReal(i, "bound");
    if (failed(number))
      return failure();
    bound = isMin ? std::min(bound, *number) : std::max(bound, *number);
  }
  auto input = op.getInput(tensor == op.getNumInputs() ? 0 : tensor, "input");
  if (failed(input))
    return failure();
  if (!isMin && bound == 0)
    return op.setOutput(
        nn::ReluOp::create(op.builder, op.loc, input->getType(), *input));
  return op.setOutput(
      nn::ClipOp::create(op.builder, op.loc, input->getType(), *input,
                         llvm::APFloat(isMin ? -INFINITY : bound),
                         llvm::APFloat(isMin ? bound : INFINITY)));
}

void onnx_import::populateActivations(Registry &registry) {
  registry["Relu"] = importUnary<nn::ReluOp>;
  registry["LeakyRelu"] = importLeakyRelu;
  registry["PRelu"] = importPRelu;
  registry["Tanh"] = importUnary<nn::TanhOp>;
  registry["HardSwish"] = importUnary<nn::HardSwishOp>;
  registry["Sigmoid"] = importUnary<nn::LogisticOp>;
  registry["Clip"] = importClip;
  registry["Min"] = importMinMax<true>;
  registry["Max"] = importMinMax<false>;
  registry["HardSigmoid"] = importHardSigmoid;
  registry["Softmax"] = importSoftmax;
}
