// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The questions that passes ask of an op instead of looking at its name: where
// its weights are, whether it can carry an activation, whether it is itself
// such an activation, whether it only moves stored values. An op of another
// dialect joins a pass by answering them.

#ifndef QOPT_INTERFACES_QUANTIZATIONINTERFACES_TD
#define QOPT_INTERFACES_QUANTIZATIONINTERFACES_TD

include "mlir/IR/OpBase.td"

def LinearOpInterface : OpInterface<"LinearOpInterface"> {
  let description = [{
    An op whose single result is linear in its input and in its weights, with
    an optional bias added per output channel:

        result[..., c] = sum_k input[k'] * weight[k, c] + bias[c]

    On quantized tensors it has three forms, told apart by the element type of
    the result:

    - quantized, 16 bits or less: the sum is requantized and clamped;
    - quantized i32 with scale S_x * S_w and zero point 0 (the accumulator):
      sum (q_x - Z_x) * (q_w - Z_w) + q_b, neither scaled nor clamped;
    - plain i32 or i64: sum q_x * (q_w - Z_w) + b, where padding contributes
      q_x = Z_x and the bias holds what removing Z_x would have subtracted.
  }];
  let cppNamespace = "::qopt";
  let methods = [
    InterfaceMethod<"The operand that holds the activations.",
      "::mlir::OpOperand &", "getInputOperand">,
    InterfaceMethod<"The operand that holds the weights.",
      "::mlir::OpOperand &", "getWeightOperand">,
    InterfaceMethod<"The dimension of the weights that counts output channels.",
      "int64_t", "getWeightChannelAxis">,
    InterfaceMethod<"The dimension of the result that counts output channels.",
      "int64_t", "getResultChannelAxis">,
    InterfaceMethod<"The bias, one number per output channel; null if absent.",
      "::mlir::Value", "getBiasValue">,
    InterfaceMethod<"Sets, replaces or (null) removes the bias.",
      "void", "setBiasValue", (ins "::mlir::Value":$bias)>,
    InterfaceMethod<[{
        The shape in which the op reads its input: the last dimension counts
        input channels.
      }],
      "::llvm::SmallVector<int64_t>", "getChannelInputShape", (ins), [{}], [{
        return ::llvm::to_vector(::llvm::cast<::mlir::ShapedType>(
            $_op.getInputOperand().get().getType()).getShape());
      }]>,
    InterfaceMethod<[{
        The input channel that an element of the weights, by its row-major
        number, is multiplied with.
      }],
      "int64_t", "getInputChannelOfWeight", (ins "int64_t":$element)>,
    InterfaceMethod<[{
        In how many groups input and output channels are split that do not mix.
      }],
      "int64_t", "getNumGroups", (ins), [{}], [{ return 1; }]>,
    InterfaceMethod<[{
        The dimension of the weights that counts a group's input channels; -1 if
        a group has one input channel and no dimension for it.
      }],
      "int64_t", "getWeightInputAxis">,
    InterfaceMethod<[{
        True if every element of the result, the border of zeros aside, is a sum
        over all weights of its channel: what is added to an input channel then
        adds the same everywhere.
      }],
      "bool", "sumsAllWeights", (ins), [{}], [{ return true; }]>,
    InterfaceMethod<"The zeros that the op puts around its input.",
      "::qopt::Border", "getBorder", (ins), [{}], [{ return {}; }]>,
    InterfaceMethod<[{
        Reads the input without a border: it has become part of the input.
      }],
      "void", "clearBorder", (ins), [{}], [{ return; }]>,
    InterfaceMethod<[{
        True if the product of the input's and the weights' scales is rounded
        to float32 before it is divided by the result's scale.
      }],
      "bool", "hasF32ScaleProduct">,
    InterfaceMethod<[{
        True if the op quantizes its float input by the range that it has at
        run time.
      }],
      "bool", "hasDynamicInput", (ins), [{}], [{ return false; }]>,
    InterfaceMethod<[{
        The rounding mode of the requantization, in the encoding of the dialect
        that defines it.
      }],
      "::mlir::Attribute", "getRequantizeRounding">,
    InterfaceMethod<[{
        Turns the op into an accumulator of the given result type: the result
        is neither scaled nor clamped, and the attributes that describe the
        scaling and the clamp are reset to their defaults.
      }],
      "void", "becomeAccumulator", (ins "::mlir::Type":$resultType)>
  ];
}

def ClampOpInterface : OpInterface<"ClampOpInterface"> {
  let description = [{
    An op that clamps every element of its first operand to a fixed interval of
    reals and does nothing else: relu, relu6, clip.
  }];
  let cppNamespace = "::qopt";
  let methods = [
    InterfaceMethod<"The interval; a bound may be infinite.",
      "::qopt::RealInterval", "getClampInterval">
  ];
}

def ActivationFusableOpInterface : OpInterface<"ActivationFusableOpInterface"> {
  let description = [{
    An op that can clamp its result to an interval of reals as its last step,
    on stored values: clamp(y, Z + round(low / S), Z + round(high / S)).
  }];
  let cppNamespace = "::qopt";
  let methods = [
    InterfaceMethod<"The interval that the result is clamped to now.",
      "::qopt::RealInterval", "getFusedInterval">,
    InterfaceMethod<[{
        Sets the interval. Fails, and changes nothing, if the op cannot express
        it.
      }],
      "::llvm::LogicalResult", "setFusedInterval",
      (ins "::qopt::RealInterval":$interval)>,
    InterfaceMethod<[{
        False in a form of the op that has no clamp (an accumulator).
      }],
      "bool", "canFuseActivation", (ins), [{}], [{ return true; }]>
  ];
}

def SameParametersOpInterface : OpInterface<"SameParametersOpInterface"> {
  let description = [{
    An op that moves, selects or averages stored values without scaling them:
    its quantized operands and its result share scale and zero point. A pass
    that chooses parameters chooses them together; a pass that changes one side
    changes the other.
  }];
  let cppNamespace = "::qopt";
  let methods = [
    InterfaceMethod<[{
        The operands that share the result's parameters.
      }],
      "::llvm::SmallVector<::mlir::OpOperand *>", "getSharedOperands", (ins),
      [{}], [{
        return {&$_op->getOpOperand(0)};
      }]>
  ];
}

def FixedOutputParametersOpInterface
    : OpInterface<"FixedOutputParametersOpInterface"> {
  let description = [{
    An op whose quantized result has the same scale and zero point whatever its
    operands are, because its real range is known (softmax, logistic).
  }];
  let cppNamespace = "::qopt";
  let methods = [
    InterfaceMethod<[{
        The scale and zero point required of a result with this storage.
        Nothing is required if the answer is empty.
      }],
      "::std::optional<::qopt::ScaleAndZeroPoint>", "getFixedOutputParameters",
      (ins "unsigned":$storageWidth, "bool":$isSigned)>
  ];
}

def QuantizableOpInterface : OpInterface<"QuantizableOpInterface"> {
  let description = [{
    An op on reals that has a quantized form: the same op on quantized operands
    with a quantized result. It says which of its operands are activations
    (their ranges are observed), weights and bias (their values are known), and
    by which name target profiles speak of it.
  }];
  let cppNamespace = "::qopt";
  let methods = [
    InterfaceMethod<[{
        The name of its kind in target profiles: by default the op's name
        without its dialect.
      }],
      "::llvm::StringRef", "getQuantizationKind", (ins), [{}], [{
        return $_op->getName().stripDialect();
      }]>,
    InterfaceMethod<[{
        The operands that are activations: by default all that hold floats.
      }],
      "::llvm::SmallVector<::mlir::OpOperand *>", "getActivationOperands",
      (ins), [{}], [{
        ::llvm::SmallVector<::mlir::OpOperand *> operands;
        for (::mlir::OpOperand &operand : $_op->getOpOperands())
          if (::llvm::isa<::mlir::FloatType>(
                  ::mlir::getElementTypeOrSelf(operand.get().getType())))
            operands.push_back(&operand);
        return operands;
      }]>,
    InterfaceMethod<[{
        True if the op has a quantized form with activations of this width.
      }],
      "bool", "hasQuantizedForm", (ins "unsigned":$activationBits), [{}], [{
        return activationBits == 8 || activationBits == 16;
      }]>,
    InterfaceMethod<[{
        Sets the rounding mode of the requantization that the quantized form
        contains, in the encoding of the dialect that defines it. An op that
        scales nothing ignores it.
      }],
      "void", "setQuantizationRounding", (ins "::mlir::Attribute":$rounding),
      [{}], [{
        if (::llvm::is_contained($_op->getName().getAttributeNames(),
                                 "rounding"))
          $_op->setAttr("rounding", rounding);
      }]>
  ];
}

#endif // QOPT_INTERFACES_QUANTIZATIONINTERFACES_TD
