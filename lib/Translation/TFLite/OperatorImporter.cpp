//===- OperatorImporter.cpp - One operator on its way into IR -------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OperatorImporter.h"

#include "qopt/Dialect/NN/IR/NN.h"

using namespace qopt;
using namespace qopt::tflite;
using mlir::failure;
using mlir::FailureOr;
using mlir::LogicalResult;
using mlir::success;

mlir::Location tflite::getNameLoc(const Container &model, unsigned tensor) {
  return mlir::NameLoc::get(
      mlir::StringAttr::get(model.getContext(), model.getTensorName(tensor)));
}

/// The names of the tensors that an operator makes.
static mlir::Location getResultLoc(const Container &model, unsigned index) {
  llvm::SmallVector<mlir::Location> names;
  for (int32_t output : toArray(model.getOperator(index).outputs()))
    names.push_back(getNameLoc(model, output));
  if (names.empty())
    return model.getLoc();
  return names.size() == 1 ? names.front()
                           : mlir::FusedLoc::get(model.getContext(), names);
}

OperatorImporter::OperatorImporter(mlir::OpBuilder &builder, Tensors &tensors,
                                   ValueMap &values, unsigned index)
    : builder(builder), loc(getResultLoc(tensors.getModel(), index)),
      model(tensors.getModel()), tensors(tensors), values(values), index(index),
      inputs(toArray(model.getOperator(index).inputs())),
      outputs(toArray(model.getOperator(index).outputs())) {}

mlir::InFlightDiagnostic OperatorImporter::error() const {
  return model.error() << model.describeOperator(index) << ": ";
}

mlir::InFlightDiagnostic OperatorImporter::warning() const {
  return model.warning() << model.describeOperator(index) << ": ";
}

//===----------------------------------------------------------------------===//
// Operands
//===----------------------------------------------------------------------===//

LogicalResult OperatorImporter::expectOperands(unsigned minInputs,
                                               unsigned maxInputs,
                                               unsigned numOutputs) const {
  if (getNumInputs() < minInputs || getNumInputs() > maxInputs) {
    auto diagnostic = error();
    diagnostic << "expected " << minInputs;
    if (maxInputs != minInputs)
      diagnostic << " to " << maxInputs;
    return diagnostic << " inputs, found " << getNumInputs();
  }
  if (getNumOutputs() != numOutputs)
    return error() << "expected " << numOutputs << " outputs, found "
                   << getNumOutputs();
  return success();
}

bool OperatorImporter::isConstant(unsigned i) const {
  return tensors.isConstant(inputs[i]);
}

schema::TensorType OperatorImporter::getInputType(unsigned i) const {
  return model.getTensor(inputs[i]).type();
}

std::string OperatorImporter::describeInput(unsigned i) const {
  return model.describeTensor(inputs[i]);
}

FailureOr<mlir::Value> OperatorImporter::getInput(unsigned i,
                                                  llvm::StringRef role) {
  if (!hasInput(i))
    return error() << "the " << role << " (input " << i << ") is missing";
  unsigned tensor = inputs[i];
  if (mlir::Value value = values.lookup(tensor))
    return value;
  if (!tensors.isConstant(tensor))
    return error() << "the " << role << " is " << model.describeTensor(tensor)
                   << ", which no earlier operator makes and which has no "
                      "constant data: the graph is cyclic, out of order or "
                      "incomplete";
  auto type = tensors.getType(tensor);
  auto constant = tensors.getConstant(tensor);
  if (failed(type) || failed(constant))
    return failure();
  mlir::Value value = nn::ConstantOp::create(builder, getNameLoc(model, tensor),
                                             *type, *constant);
  values[tensor] = value;
  return value;
}

FailureOr<mlir::Value>
OperatorImporter::getOptionalInput(unsigned i, llvm::StringRef role) {
  if (!hasInput(i))
    return mlir::Value();
  return getInput(i, role);
}

FailureOr<llvm::SmallVector<int64_t>>
OperatorImporter::getIntegers(unsigned i, llvm::StringRef role) {
  if (!hasInput(i))
    return error() << "the " << role << " (input " << i << ") is missing";
  if (!isConstant(i))
    return error() << "expected constant " << role << ", found "
                   << describeInput(i) << " without constant data";
  return tensors.getIntegers(inputs[i]);
}

FailureOr<mlir::DenseElementsAttr>
OperatorImporter::getConstant(unsigned i, llvm::StringRef role) {
  if (!hasInput(i))
    return error() << "the " << role << " (input " << i << ") is missing";
  if (!isConstant(i))
    return error() << "expected a constant " << role << ", found "
                   << describeInput(i) << " without constant data";
  return tensors.getConstant(inputs[i]);
}

//===----------------------------------------------------------------------===//
// Options and results
//===----------------------------------------------------------------------===//

FailureOr<nn::Activation>
OperatorImporter::getActivation(schema::ActivationFunctionType type) const {
  switch (type) {
  case schema::ActivationFunctionType::NONE:
    return nn::Activation::None;
  case schema::ActivationFunctionType::RELU:
    return nn::Activation::Relu;
  case schema::ActivationFunctionType::RELU_N1_TO_1:
    return nn::Activation::ReluN1To1;
  case schema::ActivationFunctionType::RELU6:
    return nn::Activation::Relu6;
  default:
    return error() << "fused activation " << int(type)
                   << " is not supported, expected NONE (0), RELU (1), "
                      "RELU_N1_TO_1 (2) or RELU6 (3)";
  }
}

FailureOr<mlir::RankedTensorType> OperatorImporter::getOutputType(unsigned i) {
  return tensors.getType(outputs[i]);
}

mlir::Location OperatorImporter::getOutputLoc(unsigned i) const {
  return getNameLoc(model, outputs[i]);
}

LogicalResult OperatorImporter::setOutput(mlir::Value value, unsigned i) {
  unsigned tensor = outputs[i];
  if (tensors.isConstant(tensor))
    return error() << "output " << i << " is " << model.describeTensor(tensor)
                   << ", which has constant data";
  if (!values.try_emplace(tensor, value).second)
    return error() << "output " << i << " is " << model.describeTensor(tensor)
                   << ", which an earlier operator makes or which is an input "
                      "of the graph";
  return success();
}

FailureOr<int64_t> OperatorImporter::normalizeAxis(int64_t axis,
                                                   int64_t rank) const {
  if (axis < -rank || axis >= rank)
    return error() << "axis is " << axis << ", expected " << -rank << " to "
                   << rank - 1;
  return axis < 0 ? axis + rank : axis;
}
