// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Neural network ops on float or quantized tensors: dialect, attributes, ops.

#ifndef QOPT_DIALECT_NN_IR_NN_H
#define QOPT_DIALECT_NN_IR_NN_H

#include "qopt/Dialect/Quant/IR/Quant.h"
#include "qopt/Interfaces/ChannelInterfaces.h"
#include "qopt/Interfaces/LayoutInterfaces.h"
#include "qopt/Interfaces/Pointwise.h"
#include "qopt/Interfaces/QuantizationInterfaces.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace qopt::nn {
namespace detail {
/// Checks the tensors of an op for what holds in every nn op: at most
/// 2^63 - 1 elements, and parameters that fit the shape.
llvm::LogicalResult verifySoundTensors(mlir::Operation *op);

template <typename ConcreteType>
struct SoundTensors : mlir::OpTrait::TraitBase<ConcreteType, SoundTensors> {
  static llvm::LogicalResult verifyTrait(mlir::Operation *op) {
    return verifySoundTensors(op);
  }
};
} // namespace detail
} // namespace qopt::nn

#include "qopt/Dialect/NN/IR/NNEnums.h.inc"

#include "qopt/Dialect/NN/IR/NNDialect.h.inc"

#define GET_ATTRDEF_CLASSES
#include "qopt/Dialect/NN/IR/NNAttributes.h.inc"

#define GET_OP_CLASSES
#include "qopt/Dialect/NN/IR/NNOps.h.inc"

namespace qopt::nn {

/// The quantized element type of a tensor type, or null.
quant::QuantizedType getQuantizedElementType(mlir::Type type);

/// True if the tensor type is one of a linear op's accumulator forms: plain
/// integers, or quantized with 32-bit storage.
bool isAccumulator(mlir::Type type);

/// The interval that an activation clamps to.
RealInterval getActivationInterval(Activation activation);

/// The activation that clamps to an interval, if there is one.
std::optional<Activation> getActivation(RealInterval interval);

/// The padding attribute's numbers by name.
struct Padding {
  int64_t top, bottom, left, right;
  explicit Padding(llvm::ArrayRef<int64_t> p)
      : top(p[0]), bottom(p[1]), left(p[2]), right(p[3]) {}
};

} // namespace qopt::nn

#endif // QOPT_DIALECT_NN_IR_NN_H
