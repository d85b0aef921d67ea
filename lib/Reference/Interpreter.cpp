// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Walks a function's single block: looks up operands, evaluates, remembers the
// result until its last use.

#include "qopt/Reference/Interpreter.h"

#include "Evaluate.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::reference;

llvm::Expected<ElementKind> reference::getElementKind(Type elementType) {
  Type type = elementType;
  bool isSigned = true;
  if (auto quantized = llvm::dyn_cast<quant::QuantizedType>(type)) {
    isSigned = quantized.isSigned();
    if (IntegerType storage = quantized.getStorageType())
      type = storage;
  }
  if (type.isF32())
    return ElementKind::Float32;
  if (type.isF64())
    return ElementKind::Float64;
  if (auto integer = llvm::dyn_cast<IntegerType>(type)) {
    unsigned width = integer.getWidth();
    if (width == 1 && type == elementType)
      return ElementKind::Bool;
    if (width <= 8)
      return isSigned ? ElementKind::Int8 : ElementKind::UInt8;
    if (width <= 16)
      return isSigned ? ElementKind::Int16 : ElementKind::UInt16;
    if (width <= 32)
      return isSigned ? ElementKind::Int32 : ElementKind::UInt32;
    if (width == 64)
      return ElementKind::Int64;
  }
  std::string text;
  llvm::raw_string_ostream(text) << elementType;
  return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                 "reference: no tensor element stands for " +
                                     text);
}

llvm::Expected<Tensor> reference::makeTensor(Type tensorType) {
  auto tensor = llvm::dyn_cast<RankedTensorType>(tensorType);
  if (!tensor || !tensor.hasStaticShape()) {
    std::string text;
    llvm::raw_string_ostream(text) << tensorType;
    return llvm::createStringError(
        llvm::inconvertibleErrorCode(),
        "reference: expected a tensor of static shape, found " + text);
  }
  llvm::Expected<ElementKind> kind = getElementKind(tensor.getElementType());
  if (!kind)
    return kind.takeError();
  return Tensor(*kind, tensor.getShape());
}

static Outcome dispatch(Operation *op, Operands operands) {
  auto run = [&](auto typed) { return evaluate(typed, operands); };
  return llvm::TypeSwitch<Operation *, Outcome>(op)
      .Case<quant::QuantizeCastOp, quant::DequantizeCastOp,
            quant::StorageCastOp, quant::RequantizeOp,
            quant::ApplyMultiplierOp>(run)
      .Case<nn::Conv2DOp, nn::DepthwiseConv2DOp, nn::FullyConnectedOp,
            nn::TransposeConv2DOp, nn::BatchNormOp>(run)
      .Case<nn::AddOp, nn::ResidualAddOp, nn::SubOp, nn::MulOp, nn::ReluOp,
            nn::Relu6Op, nn::ClipOp, nn::SoftmaxOp, nn::LogisticOp>(run)
      .Case<nn::TanhOp, nn::HardSwishOp, nn::LeakyReluOp>(run)
      .Case<nn::AveragePool2DOp, nn::MaxPool2DOp, nn::MeanOp, nn::ArgMaxOp>(run)
      .Case<nn::ConstantOp, arith::ConstantOp, nn::ReshapeOp, nn::TransposeOp,
            nn::PadOp, nn::SliceOp, nn::ConcatOp, nn::ResizeBilinearOp>(run)
      .Case<kernel::Conv2DOp, kernel::DepthwiseConv2DOp, kernel::ElementwiseOp,
            kernel::Pool2DOp, kernel::MeanOp, kernel::ArgMaxOp,
            kernel::SoftmaxOp, kernel::PadOp, kernel::StridedSliceOp,
            kernel::ConcatOp, kernel::TransposeOp, kernel::ResizeBilinearOp,
            kernel::ViewOp, kernel::DynamicRangeOp, kernel::DynamicParameterOp,
            kernel::UnpackOp, tensor::EmptyOp>(run)
      .Default([](Operation *other) -> Outcome {
        return makeError(other, "has no reference semantics");
      });
}

/// Checks inputs against the function's argument types.
static llvm::Error checkInputs(func::FuncOp function,
                               llvm::ArrayRef<Tensor> inputs) {
  auto error = [&](const llvm::Twine &message) {
    return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                   "reference: function '" +
                                       function.getName() + "' " + message);
  };
  if (function.isDeclaration() || !llvm::hasSingleElement(function.getBody()))
    return error("must have a body of one block");
  if (inputs.size() != function.getNumArguments())
    return error("takes " + llvm::Twine(function.getNumArguments()) +
                 " inputs, found " + llvm::Twine(inputs.size()));
  for (auto [i, type] : llvm::enumerate(function.getArgumentTypes())) {
    llvm::Expected<Tensor> expected = makeTensor(type);
    if (!expected)
      return expected.takeError();
    if (expected->kind != inputs[i].kind || expected->shape != inputs[i].shape)
      return error("input " + llvm::Twine(i) + " is " +
                   expected->describeType() + ", found " +
                   inputs[i].describeType());
  }
  return llvm::Error::success();
}

llvm::Expected<std::vector<Tensor>>
reference::interpret(func::FuncOp function, llvm::ArrayRef<Tensor> inputs,
                     TraceCallback trace) {
  if (llvm::Error error = checkInputs(function, inputs))
    return std::move(error);

  llvm::DenseMap<Value, Tensor> values;
  llvm::DenseMap<Value, unsigned> usesLeft;
  auto define = [&](Value value, Tensor tensor) {
    usesLeft[value] = std::distance(value.use_begin(), value.use_end());
    values[value] = std::move(tensor);
  };
  auto release = [&](Value value) {
    if (--usesLeft[value] == 0)
      values.erase(value);
  };
  for (auto [argument, input] : llvm::zip(function.getArguments(), inputs))
    define(argument, input);

  for (Operation &op : function.getBody().front()) {
    if (llvm::isa<func::ReturnOp>(op)) {
      std::vector<Tensor> results;
      for (Value operand : op.getOperands())
        results.push_back(values.at(operand));
      return results;
    }
    llvm::SmallVector<const Tensor *> operands;
    for (Value operand : op.getOperands())
      operands.push_back(&values.find(operand)->second);
    Outcome result = dispatch(&op, operands);
    if (!result)
      return result.takeError();
    if (trace)
      trace(&op, *result);
    for (Value operand : op.getOperands())
      release(operand);
    if (!op.getResult(0).use_empty())
      define(op.getResult(0), std::move(*result));
  }
  return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                 "reference: function '" + function.getName() +
                                     "' does not end in func.return");
}
