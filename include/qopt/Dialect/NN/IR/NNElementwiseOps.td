// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Arithmetic on two tensors, clamps, and the functions that TFLite computes
// element by element or row by row: logistic, softmax.

#ifndef QOPT_DIALECT_NN_IR_NNELEMENTWISEOPS_TD
#define QOPT_DIALECT_NN_IR_NNELEMENTWISEOPS_TD

include "qopt/Dialect/NN/IR/NNAttributes.td"
include "qopt/Dialect/NN/IR/NNTypes.td"
include "qopt/Interfaces/ChannelInterfaces.td"
include "qopt/Interfaces/LayoutInterfaces.td"
include "qopt/Interfaces/Pointwise.td"
include "qopt/Interfaces/QuantizationInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

//===----------------------------------------------------------------------===//
// Two operands
//===----------------------------------------------------------------------===//

class NN_BinaryOp<string mnemonic> : NN_Op<mnemonic, [
    Pure, DeclareOpInterfaceMethods<QuantizableOpInterface>,
    DeclareOpInterfaceMethods<ActivationFusableOpInterface>,
    DeclareOpInterfaceMethods<PermutableOpInterface,
                              ["getPermutableOperands"]>,
    DeclareOpInterfaceMethods<ChannelFunctionOpInterface>,
    DeclareOpInterfaceMethods<EvaluableOpInterface>]> {
  let results = (outs NN_Tensor:$result);
  let hasVerifier = 1;
  let extraClassDefinition = NN_FusedActivationMethods;
  let assemblyFormat = [{
    $lhs `,` $rhs attr-dict `:` functional-type(operands, results)
  }];
}

def NN_AddOp : NN_BinaryOp<"add"> {
  let summary = "element-wise addition";
  let description = [{
    On quantized tensors of 8 bits (L = 20) and of 16 bits (L = 15):

    ```
    T = 2 * max(S_lhs, S_rhs)
    a = multiply((q_lhs - Z_lhs) << L, S_lhs / T)
    b = multiply((q_rhs - Z_rhs) << L, S_rhs / T)
    result = act(Z_result + multiply(a + b, T / (2^L * S_result)))
    ```

    T and the quotients are computed in double precision. With `pot_scale` (16
    bits only) all scales are powers of two: one operand has the result's scale,
    the other is shifted right to it with ties away from zero, and the sum
    saturates to 16 bits before `act`.

    Constraints:
    - the operands broadcast to the shape of the result (numpy's rule)
    - operands and result are all float or all quantized with one storage type
    - 16-bit tensors have zero point 0
    - with `pot_scale`: 16-bit tensors, scales that are powers of two, one
      operand's scale equal to the result's and the other's not above it

    Example:

    ```mlir
    func.func @add(%a: tensor<1x4x4x8xf32>, %b: tensor<8xf32>)
        -> tensor<1x4x4x8xf32> {
      %y = nn.add %a, %b {activation = #nn.activation<relu>}
        : (tensor<1x4x4x8xf32>, tensor<8xf32>) -> tensor<1x4x4x8xf32>
      return %y : tensor<1x4x4x8xf32>
    }
    ```
  }];
  let arguments = (ins
    NN_Tensor:$lhs, NN_Tensor:$rhs, NN_OptionalActivation:$activation,
    NN_OptionalRounding:$rounding, UnitAttr:$pot_scale);
}

def NN_ResidualAddOp : NN_Op<"residual_add", [
    Pure, DeclareOpInterfaceMethods<ActivationFusableOpInterface>]> {
  let summary = "addition to a sum that has not been narrowed yet";
  let description = [{
    Adds a residual to the result of a linear op before it is rounded to its
    storage. The sum is quantized as i32 with a scale much finer than the
    result's (`quant.requantize` of an accumulator makes it), so conv + add +
    activation round to 8 or 16 bits once, at the end.

    ```
    t = q_sum + multiply(q_residual - Z_residual, S_residual / S_sum)
    result = act(Z_result + multiply(t, S_sum / S_result))
    ```

    Both factors are computed in double precision; `rounding` is `single` by
    default.

    Constraints:
    - all three tensors have one shape
    - the sum is quantized per tensor as i32 with zero point 0 and a storage
      range within ±2^30; the residual and the result as 8 or 16 bits
    - the scaled residual lies within ±2^30

    Example:

    ```mlir
    !sum = !quant.uniform<i32<-1073741824:1073741823>:f32, 0.0001>
    !x = !quant.uniform<i8:f32, 0.1:-5>
    !y = !quant.uniform<i8:f32, 0.2:-128>
    func.func @residual_add(%a: tensor<1x4x4x8x!sum>, %b: tensor<1x4x4x8x!x>)
        -> tensor<1x4x4x8x!y> {
      %y = nn.residual_add %a, %b {activation = #nn.activation<relu>}
        : (tensor<1x4x4x8x!sum>, tensor<1x4x4x8x!x>) -> tensor<1x4x4x8x!y>
      return %y : tensor<1x4x4x8x!y>
    }
    ```
  }];
  let arguments = (ins
    NN_Tensor:$sum, NN_Tensor:$residual, NN_OptionalActivation:$activation,
    DefaultValuedAttr<NN_RoundingAttr,
                      "::qopt::quant::RoundingMode::Single">:$rounding);
  let results = (outs NN_Tensor:$result);
  let hasVerifier = 1;
  let extraClassDefinition = NN_FusedActivationMethods;
  let assemblyFormat = [{
    $sum `,` $residual attr-dict `:` functional-type(operands, results)
  }];
}

def NN_SubOp : NN_BinaryOp<"sub"> {
  let summary = "element-wise subtraction";
  let description = [{
    As `nn.add`, with `a - b` in the place of `a + b`.

    Constraints: those of `nn.add`.

    Example:

    ```mlir
    func.func @sub(%a: tensor<2x8xf32>, %b: tensor<2x1xf32>)
        -> tensor<2x8xf32> {
      %y = nn.sub %a, %b : (tensor<2x8xf32>, tensor<2x1xf32>) -> tensor<2x8xf32>
      return %y : tensor<2x8xf32>
    }
    ```
  }];
  let arguments = (ins
    NN_Tensor:$lhs, NN_Tensor:$rhs, NN_OptionalActivation:$activation,
    NN_OptionalRounding:$rounding, UnitAttr:$pot_scale);
}

def NN_MulOp : NN_BinaryOp<"mul"> {
  let summary = "element-wise multiplication";
  let description = [{
    ```
    result = act(Z_result + multiply((q_lhs - Z_lhs) * (q_rhs - Z_rhs),
                                     S_lhs * S_rhs / S_result))
    ```

    The factor is computed in float32, product first.

    Constraints:
    - the operands broadcast to the shape of the result (numpy's rule)
    - operands and result are all float or all quantized with one storage type
    - 16-bit tensors have zero point 0

    Example:

    ```mlir
    func.func @mul(%a: tensor<2x8xf32>, %b: tensor<1x8xf32>)
        -> tensor<2x8xf32> {
      %y = nn.mul %a, %b : (tensor<2x8xf32>, tensor<1x8xf32>) -> tensor<2x8xf32>
      return %y : tensor<2x8xf32>
    }
    ```
  }];
  let arguments = (ins
    NN_Tensor:$lhs, NN_Tensor:$rhs, NN_OptionalActivation:$activation,
    NN_OptionalRounding:$rounding);
}

//===----------------------------------------------------------------------===//
// Clamps
//===----------------------------------------------------------------------===//

class NN_ClampOp<string mnemonic> : NN_Op<mnemonic, [
    Pure, Pointwise, DeclareOpInterfaceMethods<QuantizableOpInterface>,
    DeclareOpInterfaceMethods<ClampOpInterface>,
    DeclareOpInterfaceMethods<ChannelwiseOpInterface>,
    DeclareOpInterfaceMethods<EvaluableOpInterface>]> {
  let results = (outs NN_Tensor:$result);
  let hasVerifier = 1;
  let hasFolder = 1;
  let assemblyFormat = [{
    $input attr-dict `:` functional-type(operands, results)
  }];
}

def NN_ReluOp : NN_ClampOp<"relu"> {
  let summary = "max(x, 0)";
  let description = [{
    ```
    v = Z_result + multiply(q_input - Z_input, S_input / S_result)
    result = clamp(v, max(storage_min, Z_result), storage_max)
    ```

    The quotient of the scales is taken in float32; the multiplication rounds as
    `double`. Where input and result have the same parameters v is q_input.

    Constraints:
    - input and result have one shape, and are both float or both quantized with
      one storage type
    - 16-bit tensors have zero point 0

    Example:

    ```mlir
    func.func @relu(%x: tensor<4xf32>) -> tensor<4xf32> {
      %y = nn.relu %x : (tensor<4xf32>) -> tensor<4xf32>
      return %y : tensor<4xf32>
    }
    ```
  }];
  let arguments = (ins NN_Tensor:$input);
}

def NN_Relu6Op : NN_ClampOp<"relu6"> {
  let summary = "min(max(x, 0), 6)";
  let description = [{
    ```
    v = Z_result + multiply(q_input - Z_input, S_input / S_result)
    result = clamp(v, max(storage_min, Z_result),
                   min(storage_max, Z_result + round(6 / S_result)))
    ```

    Constraints: those of `nn.relu`.

    Example:

    ```mlir
    func.func @relu6(%x: tensor<4xf32>) -> tensor<4xf32> {
      %y = nn.relu6 %x : (tensor<4xf32>) -> tensor<4xf32>
      return %y : tensor<4xf32>
    }
    ```
  }];
  let arguments = (ins NN_Tensor:$input);
}

def NN_ClipOp : NN_ClampOp<"clip"> {
  let summary = "x clamped to an interval";
  let description = [{
    ```
    v = Z_result + multiply(q_input - Z_input, S_input / S_result)
    result = clamp(v, max(storage_min, Z_result + round(min / S_result)),
                   min(storage_max, Z_result + round(max / S_result)))
    ```

    The bounds are reals and may be infinite.

    Constraints:
    - min is not above max, neither is a NaN
    - those of `nn.relu`

    Example:

    ```mlir
    func.func @clip(%x: tensor<4xf32>) -> tensor<4xf32> {
      %y = nn.clip %x {min = -1.0 : f64, max = 1.0 : f64}
        : (tensor<4xf32>) -> tensor<4xf32>
      return %y : tensor<4xf32>
    }
    ```
  }];
  let arguments = (ins NN_Tensor:$input, F64Attr:$min, F64Attr:$max);
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

class NN_FunctionOp<string mnemonic, list<Trait> traits = []>
    : NN_Op<mnemonic, [
    Pure, DeclareOpInterfaceMethods<QuantizableOpInterface>,
    DeclareOpInterfaceMethods<FixedOutputParametersOpInterface>] # traits> {
  let results = (outs NN_Tensor:$result);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $input attr-dict `:` functional-type(operands, results)
  }];
}

def NN_SoftmaxOp : NN_FunctionOp<"softmax", [
    DeclareOpInterfaceMethods<PermutableOpInterface,
                              ["getResultPermutation"]>]> {
  let summary = "softmax along the last dimension";
  let description = [{
    Float: `exp(beta * (x - max(x))) / sum(exp(beta * (x - max(x))))`.

    Quantized: TFLite's integer algorithm for the storage type. 8 bits: the
    differences to the row's maximum are scaled by beta * S_input into a fixed
    point with 5 integer bits, exponentiated with gemmlowp's exp, summed with 12
    integer bits, and multiplied by the sum's reciprocal. 16 bits: exp and the
    reciprocal are interpolated in tables of 513 entries.

    With rounding `float`, 8 bits are what ONNX Runtime makes of them: exp of
    the differences, times a factor that uses the range of float32, is a table
    of float32 numbers computed in float64; with their sum in order,
    `clamp(roundToEven(exp * 256 / sum) + Z_result)`.

    Constraints:
    - rounding is `double` or `float`
    - input and result have one shape, and are both float or both quantized
    - a signed 8-bit result has scale 1/256 (to a thousandth) and zero point
      -128, an unsigned one 1/256 and 0, a 16-bit one 1/32768 and 0
    - a 16-bit input has zero point 0
    - beta is finite

    Example:

    ```mlir
    func.func @softmax(%x: tensor<1x10xf32>) -> tensor<1x10xf32> {
      %y = nn.softmax %x {beta = 1.0 : f64}
        : (tensor<1x10xf32>) -> tensor<1x10xf32>
      return %y : tensor<1x10xf32>
    }
    ```
  }];
  let arguments = (ins
    NN_Tensor:$input, DefaultValuedAttr<F64Attr, "1.0">:$beta,
    NN_OptionalRounding:$rounding);
}

def NN_LogisticOp : NN_FunctionOp<"logistic", [
    Pointwise, DeclareOpInterfaceMethods<EvaluableOpInterface>]> {
  let summary = "1 / (1 + exp(-x))";
  let description = [{
    Quantized to 8 bits: a table of 256 entries computed in float32,
    `clamp(round(logistic(S_input * (q - Z_input)) * (1 / S_result))
    + Z_result)`, ties away from zero. 16 bits: TFLite's interpolated table.

    Constraints:
    - input and result have one shape, and are both float or both quantized with
      one storage type
    - an 8-bit result has scale 1/256, a 16-bit one 1/32768 and zero point 0;
      `getFixedOutputParameters` has the zero points that use the whole range
    - a 16-bit input has zero point 0

    Example:

    ```mlir
    func.func @logistic(%x: tensor<4xf32>) -> tensor<4xf32> {
      %y = nn.logistic %x : (tensor<4xf32>) -> tensor<4xf32>
      return %y : tensor<4xf32>
    }
    ```
  }];
  let arguments = (ins NN_Tensor:$input);
}

def NN_TanhOp : NN_Op<"tanh", [
    Pure, Pointwise,
    DeclareOpInterfaceMethods<QuantizableOpInterface, ["hasQuantizedForm"]>,
    DeclareOpInterfaceMethods<FixedOutputParametersOpInterface>,
    DeclareOpInterfaceMethods<EvaluableOpInterface>]> {
  let summary = "hyperbolic tangent";
  let description = [{
    Quantized to 8 bits: a table of 256 entries computed in float32,
    `clamp(round(tanh(S_input * (q - Z_input)) * (1 / S_result)) + Z_result)`,
    ties away from zero.

    Constraints:
    - input and result have one shape, and are both float or both quantized with
      one 8-bit storage type
    - a quantized result has scale 1/128

    Example:

    ```mlir
    func.func @tanh(%x: tensor<4xf32>) -> tensor<4xf32> {
      %y = nn.tanh %x : (tensor<4xf32>) -> tensor<4xf32>
      return %y : tensor<4xf32>
    }
    ```
  }];
  let arguments = (ins NN_Tensor:$input);
  let results = (outs NN_Tensor:$result);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $input attr-dict `:` functional-type(operands, results)
  }];
}

def NN_HardSwishOp : NN_Op<"hard_swish", [
    Pure, Pointwise,
    DeclareOpInterfaceMethods<QuantizableOpInterface, ["hasQuantizedForm"]>,
    DeclareOpInterfaceMethods<EvaluableOpInterface>]> {
  let summary = "x * clamp(x + 3, 0, 6) / 6";
  let description = [{
    Quantized to 8 bits: TFLite's kernel in 16-bit integers. With
    h = (q_input - Z_input) * 128 and 16-bit multipliers m (of S_input / (128 *
    S_result)) and r (of S_input / (128 * 3 / 32768)), each with an exponent:

    ```
    v = high(h, m)
    g = h scaled by r, saturating;  g = (g + 32768) >> 1
    result = clamp(Z_result + round_shift(truncate(g * v / 2^15), m's exponent))
    ```

    where `high(a, b)` is a b / 2^15, ties up, saturating, and the last shift
    rounds ties away from zero.

    Constraints:
    - input and result have one shape, and are both float or both quantized with
      one 8-bit storage type
    - S_input is less than 128 times S_result

    Example:

    ```mlir
    func.func @hard_swish(%x: tensor<4xf32>) -> tensor<4xf32> {
      %y = nn.hard_swish %x : (tensor<4xf32>) -> tensor<4xf32>
      return %y : tensor<4xf32>
    }
    ```
  }];
  let arguments = (ins NN_Tensor:$input);
  let results = (outs NN_Tensor:$result);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $input attr-dict `:` functional-type(operands, results)
  }];
}

def NN_LeakyReluOp : NN_Op<"leaky_relu", [
    Pure, Pointwise,
    DeclareOpInterfaceMethods<QuantizableOpInterface, ["hasQuantizedForm"]>,
    DeclareOpInterfaceMethods<ChannelwiseOpInterface>,
    DeclareOpInterfaceMethods<EvaluableOpInterface>]> {
  let summary = "x where it is positive, else alpha * x";
  let description = [{
    ```
    v = multiply(q_input - Z_input, S_input / S_result)            if q >= Z
        multiply(q_input - Z_input, S_input * alpha / S_result)    else
    result = clamp(Z_result + v)
    ```

    The factors are computed in float32; the multiplication rounds as `double`.

    Constraints:
    - input and result have one shape, and are both float or both quantized with
      one 8-bit storage type
    - alpha is finite

    Example:

    ```mlir
    func.func @leaky_relu(%x: tensor<4xf32>) -> tensor<4xf32> {
      %y = nn.leaky_relu %x {alpha = 0.1 : f64}
        : (tensor<4xf32>) -> tensor<4xf32>
      return %y : tensor<4xf32>
    }
    ```
  }];
  let arguments = (ins NN_Tensor:$input, F64Attr:$alpha);
  let results = (outs NN_Tensor:$result);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $input attr-dict `:` functional-type(operands, results)
  }];
}

#endif // QOPT_DIALECT_NN_IR_NNELEMENTWISEOPS_TD
