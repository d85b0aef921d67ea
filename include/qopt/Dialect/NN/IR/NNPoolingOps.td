// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops that make one element of many: pooling, mean, arg max.

#ifndef QOPT_DIALECT_NN_IR_NNPOOLINGOPS_TD
#define QOPT_DIALECT_NN_IR_NNPOOLINGOPS_TD

include "qopt/Dialect/NN/IR/NNAttributes.td"
include "qopt/Dialect/NN/IR/NNTypes.td"
include "qopt/Interfaces/ChannelInterfaces.td"
include "qopt/Interfaces/LayoutInterfaces.td"
include "qopt/Interfaces/QuantizationInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class NN_PoolOp<string mnemonic> : NN_Op<mnemonic, [
    Pure, DeclareOpInterfaceMethods<QuantizableOpInterface>,
    DeclareOpInterfaceMethods<SameParametersOpInterface>,
    DeclareOpInterfaceMethods<ActivationFusableOpInterface>,
    DeclareOpInterfaceMethods<ChannelwiseOpInterface, ["mapChannels"]>]> {
  let extraClassDefinition = NN_FusedActivationMethods;
  let arguments = (ins
    NN_Tensor:$input, DenseI64ArrayAttr:$kernel, NN_Strides:$strides,
    NN_Padding:$padding, NN_OptionalActivation:$activation);
  let results = (outs NN_Tensor:$result);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $input attr-dict `:` functional-type(operands, results)
  }];
}

def NN_AveragePool2DOp : NN_PoolOp<"average_pool_2d"> {
  let summary = "average over a window";
  let description = [{
    The padding is not counted.

    ```
    for n, y, x, c:
      (sum, count) = over the window's positions inside the input
      result = act(sum > 0 ? (sum + count / 2) / count
                           : (sum - count / 2) / count)
    ```

    Here `sum` adds stored values as they are and `/` rounds toward 0. That is
    rounding `double`; `float` is the other one, what ONNX Runtime does: all in
    float32, in row-major order,

    ```
    sum = sum of S * (q - Z) over the window's positions inside the input
    result = act(clamp(roundToEven(sum / count / S + Z)))
    ```

    and a window that is the whole image is the mean of `nn.mean`.

    Constraints:
    - rounding is `double` or `float`
    - input: [N, H, W, C]; kernel and strides: two positive numbers
    - padding: [top, bottom, left, right], not negative, less than the kernel
    - result: [N, (H + top + bottom - kernel[0]) / strides[0] + 1, likewise for
      W, C], the quotients rounded down
    - input and result have the same parameters

    Example:

    ```mlir
    func.func @average_pool_2d(%x: tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf32> {
      %y = nn.average_pool_2d %x {
          kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>}
        : (tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf32>
      return %y : tensor<1x4x4x4xf32>
    }
    ```
  }];
  let arguments = (ins
    NN_Tensor:$input, DenseI64ArrayAttr:$kernel, NN_Strides:$strides,
    NN_Padding:$padding, NN_OptionalActivation:$activation,
    NN_OptionalRounding:$rounding);
  let extraClassDeclaration = [{
    /// Whether there is one window, which is the whole image.
    bool coversImage();
  }];
}

def NN_MaxPool2DOp : NN_PoolOp<"max_pool_2d"> {
  let summary = "maximum over a window";
  let description = [{
    ```
    result[n, y, x, c] = act(max of q_input over the window's positions inside
                             the input)
    ```

    Constraints: those of `nn.average_pool_2d`.

    Example:

    ```mlir
    func.func @max_pool_2d(%x: tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf32> {
      %y = nn.max_pool_2d %x {
          kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>,
          padding = array<i64: 0, 1, 0, 1>}
        : (tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf32>
      return %y : tensor<1x4x4x4xf32>
    }
    ```
  }];
}

def NN_MeanOp : NN_Op<"mean", [
    Pure, DeclareOpInterfaceMethods<PermutableOpInterface,
        ["getResultPermutation", "permuteAttributes"]>,
    DeclareOpInterfaceMethods<QuantizableOpInterface>,
    DeclareOpInterfaceMethods<ChannelwiseOpInterface, ["mapChannels"]>]> {
  let summary = "mean over some dimensions";
  let description = [{
    `count` is the number of elements averaged; on quantized tensors the sum of
    stored values is scaled once:

    ```
    result = clamp(Z_result + multiply(sum - count * Z_input,
                                       S_input / (count * S_result)))
    ```

    with TFLite's integer arrangement of the same: the multiplier of
    S_input / S_result is divided by `count`, rounding `double` for 8 bits.
    Rounding `float`: the multiplier is S_input / (S_result * count) and all is
    float32.

    Constraints:
    - axes are distinct and inside the rank of the input
    - the result's shape is the input's with those dimensions 1 (`keep_dims`) or
      left out
    - input and result are both float or both quantized with one storage type
    - 16-bit tensors have zero point 0

    Example:

    ```mlir
    func.func @mean(%x: tensor<1x7x7x4xf32>) -> tensor<1x1x1x4xf32> {
      %y = nn.mean %x {axes = array<i64: 1, 2>, keep_dims = true}
        : (tensor<1x7x7x4xf32>) -> tensor<1x1x1x4xf32>
      return %y : tensor<1x1x1x4xf32>
    }
    ```
  }];
  let arguments = (ins
    NN_Tensor:$input, DenseI64ArrayAttr:$axes,
    DefaultValuedAttr<BoolAttr, "false">:$keep_dims,
    NN_OptionalRounding:$rounding);
  let results = (outs NN_Tensor:$result);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $input attr-dict `:` functional-type(operands, results)
  }];
}

def NN_ArgMaxOp : NN_Op<"arg_max", [
    Pure, DeclareOpInterfaceMethods<PermutableOpInterface,
        ["getResultPermutation", "permuteAttributes"]>,
    DeclareOpInterfaceMethods<QuantizableOpInterface>]> {
  let summary = "index of the greatest element along a dimension";
  let description = [{
    The first of equal elements counts. Stored values are compared.

    Constraints:
    - axis is inside the rank of the input
    - the result has the input's shape without that dimension

    Example:

    ```mlir
    func.func @arg_max(%x: tensor<2x10xf32>) -> tensor<2xi32> {
      %y = nn.arg_max %x {axis = 1 : i64}
        : (tensor<2x10xf32>) -> tensor<2xi32>
      return %y : tensor<2xi32>
    }
    ```
  }];
  let arguments = (ins NN_MovableTensor:$input, I64Attr:$axis);
  let results = (outs StaticShapeTensorOf<[I32, I64]>:$result);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $input attr-dict `:` functional-type(operands, results)
  }];
}

#endif // QOPT_DIALECT_NN_IR_NNPOOLINGOPS_TD
