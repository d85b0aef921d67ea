// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Registers attributes and ops, builds the constants that folds ask for, and
// checks the attributes that function arguments carry.

#include "qopt/Dialect/NN/IR/NN.h"

#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace qopt::nn;

#include "qopt/Dialect/NN/IR/NNDialect.cpp.inc"

#include "qopt/Dialect/NN/IR/NNEnums.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "qopt/Dialect/NN/IR/NNAttributes.cpp.inc"

void NNDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "qopt/Dialect/NN/IR/NNAttributes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "qopt/Dialect/NN/IR/NNOps.cpp.inc"
      >();
}

Operation *NNDialect::materializeConstant(OpBuilder &builder, Attribute value,
                                          Type type, Location loc) {
  auto elements = dyn_cast<ElementsAttr>(value);
  if (!elements || !isa<RankedTensorType>(type))
    return nullptr;
  return ConstantOp::create(builder, loc, type, elements);
}

/// `nn.name` is a tensor's name, `nn.type` the type that it had before it was
/// lowered to plain storage.
static LogicalResult verifyTensorAttribute(Operation *op,
                                           NamedAttribute attribute) {
  if (attribute.getName() == "nn.name" &&
      !isa<StringAttr>(attribute.getValue()))
    return op->emitOpError("has an 'nn.name' that is not a string: ")
           << attribute.getValue();
  if (attribute.getName() == "nn.type" && !isa<TypeAttr>(attribute.getValue()))
    return op->emitOpError("has an 'nn.type' that is not a type: ")
           << attribute.getValue();
  return success();
}

LogicalResult NNDialect::verifyRegionArgAttribute(Operation *op, unsigned,
                                                  unsigned,
                                                  NamedAttribute attribute) {
  return verifyTensorAttribute(op, attribute);
}

LogicalResult NNDialect::verifyRegionResultAttribute(Operation *op, unsigned,
                                                     unsigned,
                                                     NamedAttribute attribute) {
  return verifyTensorAttribute(op, attribute);
}

qopt::quant::QuantizedType qopt::nn::getQuantizedElementType(Type type) {
  return dyn_cast<quant::QuantizedType>(getElementTypeOrSelf(type));
}

bool qopt::nn::isAccumulator(Type type) {
  if (auto quantized = getQuantizedElementType(type))
    return quantized.getStorageTypeIntegralWidth() == 32;
  return isa<IntegerType>(getElementTypeOrSelf(type));
}

qopt::RealInterval qopt::nn::getActivationInterval(Activation activation) {
  RealInterval interval;
  switch (activation) {
  case Activation::None:
    break;
  case Activation::Relu:
    interval.low = 0;
    break;
  case Activation::Relu6:
    interval.low = 0;
    interval.high = 6;
    break;
  case Activation::ReluN1To1:
    interval.low = -1;
    interval.high = 1;
    break;
  }
  return interval;
}

std::optional<Activation> qopt::nn::getActivation(RealInterval interval) {
  for (Activation activation : {Activation::None, Activation::Relu,
                                Activation::Relu6, Activation::ReluN1To1})
    if (getActivationInterval(activation) == interval)
      return activation;
  return std::nullopt;
}
