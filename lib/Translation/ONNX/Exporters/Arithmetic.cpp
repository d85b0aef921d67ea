//===- Arithmetic.cpp - nn.add, nn.sub, nn.mul out ------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// On reals, between DequantizeLinear and QuantizeLinear where tensors are
// quantized, in both formats. ONNX Runtime would make QLinearAdd and QLinearMul
// of Add and Mul there, whose arithmetic is another one on every kind of CPU
// (multiply-add on x86, fixed point on ARM). It leaves Sum alone, which is the
// same sum, and a Mul whose result is not quantized at once.
//
//===----------------------------------------------------------------------===//

#include "ExportRegistry.h"

#include "qopt/Dialect/NN/IR/PermuteElements.h"

using namespace qopt;
using namespace qopt::onnx_export;
using mlir::LogicalResult;
using mlir::success;

/// The reals of an operand that is broadcast to an image with channels first,
/// or nothing if a node would have to reorder them.
static std::string getBroadcast(GraphWriter &writer, mlir::Value value) {
  if (isImage(value))
    return writer.getReals(value, Layout::ChannelsFirst);
  mlir::DenseElementsAttr elements = getConstantElements(value);
  if (!elements || nn::getQuantizedElementType(value.getType()))
    return getType(value).getNumElements() == 1 ? writer.getReals(value) : "";
  llvm::SmallVector<int64_t> shape(4 - getType(value).getRank(), 1);
  llvm::append_range(shape, getType(value).getShape());
  auto wide = nn::permuteElements(elements.reshape(getType(value).clone(shape)),
                                  {0, 3, 1, 2});
  return writer.addConstant(writer.getName(value), wide);
}

namespace {
struct RealOperands {
  Layout layout = Layout::Plain;
  llvm::SmallVector<std::string> tensors;
};
} // namespace

/// In the layout that some image is in already.
static RealOperands getOperands(GraphWriter &writer, mlir::Operation *op) {
  RealOperands operands;
  bool isChannelsFirst =
      isImage(op->getResult(0)) &&
      llvm::any_of(op->getOperands(), [&](mlir::Value operand) {
        return isImage(operand) &&
               writer.getLayout(operand) == Layout::ChannelsFirst;
      });
  if (isChannelsFirst) {
    operands.layout = Layout::ChannelsFirst;
    for (mlir::Value operand : op->getOperands())
      operands.tensors.push_back(getBroadcast(writer, operand));
  }
  if (!isChannelsFirst || llvm::is_contained(operands.tensors, "")) {
    operands.layout = Layout::Plain;
    operands.tensors.clear();
    for (mlir::Value operand : op->getOperands())
      operands.tensors.push_back(writer.getReals(operand));
  }
  return operands;
}

template <typename Op>
static LogicalResult exportArithmetic(GraphWriter &writer, Op op,
                                      llvm::StringRef node) {
  bool isQuantized = bool(nn::getQuantizedElementType(op.getType()));
  if (isQuantized)
    checkFloatRounding(writer, op, op.getRounding());
  std::string name = writer.getName(op.getResult());
  RealOperands operands = getOperands(writer, op);
  if (isQuantized && node == "Add")
    node = "Sum";
  std::string result = writer.makeNode(node, operands.tensors, name);
  if (isQuantized && node == "Mul")
    result = writer.makeNode("Sum", {result}, name);
  writer.setReals(op.getResult(), operands.layout, result, op.getActivation());
  return success();
}

static LogicalResult exportAdd(GraphWriter &writer, nn::AddOp op) {
  return exportArithmetic(writer, op, "Add");
}
static LogicalResult exportSub(GraphWriter &writer, nn::SubOp op) {
  return exportArithmetic(writer, op, "Sub");
}
static LogicalResult exportMul(GraphWriter &writer, nn::MulOp op) {
  return exportArithmetic(writer, op, "Mul");
}

void onnx_export::populateArithmeticExporters(ExportRegistry &registry) {
  addExporter<nn::AddOp, exportAdd>(registry);
  addExporter<nn::SubOp, exportSub>(registry);
  addExporter<nn::MulOp, exportMul>(registry);
}
