// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Constants, and ops that move elements: reshape, transpose, pad, slice,
// concat, resize.

#ifndef QOPT_DIALECT_NN_IR_NNMOVEMENTOPS_TD
#define QOPT_DIALECT_NN_IR_NNMOVEMENTOPS_TD

include "qopt/Dialect/NN/IR/NNAttributes.td"
include "qopt/Dialect/NN/IR/NNTypes.td"
include "qopt/Interfaces/ChannelInterfaces.td"
include "qopt/Interfaces/LayoutInterfaces.td"
include "qopt/Interfaces/QuantizationInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def NN_ConstantOp : NN_Op<"constant", [ConstantLike, Pure]> {
  let summary = "a constant tensor";
  let description = [{
    The value holds stored integers where the result is quantized, and elements
    of the result's type otherwise. Large tensors use `dense_resource`.

    Constraints:
    - value and result have one shape
    - the value's element type is the result's, or its storage type
    - every stored integer lies inside the quantized type's storage range

    Example:

    ```mlir
    func.func @constants() {
      %0 = nn.constant dense<[1.0, 2.0]> : tensor<2xf32>
      %1 = nn.constant dense<[-3, 7]> : tensor<2xi8>
        -> tensor<2x!quant.uniform<i8:f32, 0.5>>
      return
    }
    ```
  }];
  let arguments = (ins ElementsAttr:$value);
  let results = (outs NN_ConstantTensor:$result);
  let hasVerifier = 1;
  let hasFolder = 1;
  let assemblyFormat =
      "$value `` custom<ConstantResult>(ref($value), type($result)) attr-dict";
}

def NN_ReshapeOp : NN_Op<"reshape", [
    Pure, DeclareOpInterfaceMethods<QuantizableOpInterface>,
    DeclareOpInterfaceMethods<SameParametersOpInterface>,
    DeclareOpInterfaceMethods<ChannelwiseOpInterface, ["mapChannels"]>,
    DeclareOpInterfaceMethods<EvaluableOpInterface>]> {
  let summary = "the same elements in another shape";
  let description = [{
    Row-major order is kept.

    Constraints:
    - as many elements in the result as in the input
    - one element type, hence the same parameters
    - quantized per channel: elements stay in their channel

    Example:

    ```mlir
    func.func @reshape(%x: tensor<1x4x4x2xf32>) -> tensor<1x32xf32> {
      %y = nn.reshape %x : (tensor<1x4x4x2xf32>) -> tensor<1x32xf32>
      return %y : tensor<1x32xf32>
    }
    ```
  }];
  let arguments = (ins NN_MovableTensor:$input);
  let results = (outs NN_MovableTensor:$result);
  let hasVerifier = 1;
  let hasFolder = 1;
  let assemblyFormat = [{
    $input attr-dict `:` functional-type(operands, results)
  }];
}

def NN_TransposeOp : NN_Op<"transpose", [
    Pure, DeclareOpInterfaceMethods<QuantizableOpInterface>,
    DeclareOpInterfaceMethods<SameParametersOpInterface>,
    DeclareOpInterfaceMethods<ChannelwiseOpInterface, ["mapChannels"]>]> {
  let summary = "the dimensions in another order";
  let description = [{
    Dimension i of the result is dimension `permutation[i]` of the input.

    Constraints:
    - permutation: every dimension of the input once
    - result: [input[permutation[0]], input[permutation[1]] ...]
    - one element type, hence the same parameters; those per channel move with
      the dimension of their channels

    Example:

    ```mlir
    func.func @transpose(%x: tensor<1x3x8x6xf32>) -> tensor<1x8x6x3xf32> {
      %y = nn.transpose %x {permutation = array<i64: 0, 2, 3, 1>}
        : (tensor<1x3x8x6xf32>) -> tensor<1x8x6x3xf32>
      return %y : tensor<1x8x6x3xf32>
    }
    ```
  }];
  let arguments = (ins NN_MovableTensor:$input, DenseI64ArrayAttr:$permutation);
  let results = (outs NN_MovableTensor:$result);
  let builders = [
    OpBuilder<(ins "::mlir::Value":$input,
                   "::llvm::ArrayRef<int64_t>":$permutation)>
  ];
  let hasVerifier = 1;
  let hasFolder = 1;
  let assemblyFormat = [{
    $input attr-dict `:` functional-type(operands, results)
  }];
}

def NN_PadOp : NN_Op<"pad", [
    Pure,
    DeclareOpInterfaceMethods<PermutableOpInterface, ["permuteAttributes"]>,
    DeclareOpInterfaceMethods<QuantizableOpInterface>,
    DeclareOpInterfaceMethods<SameParametersOpInterface>,
    DeclareOpInterfaceMethods<ChannelwiseOpInterface,
                              ["mapChannels", "commuteWith"]>,
    DeclareOpInterfaceMethods<EvaluableOpInterface>]> {
  let summary = "a border of one value";
  let description = [{
    `low[d]` elements before and `high[d]` after in dimension d. The value is a
    real; a quantized tensor gets clamp(Z_result + round(value / S_result)),
    so 0 is the zero point.

    Constraints:
    - low and high: one number per dimension, not negative
    - result: [low[d] + input[d] + high[d] ...]
    - input and result have the same parameters
    - value is finite unless elements are float, whole where they are integers

    Example:

    ```mlir
    func.func @pad(%x: tensor<1x4x4x2xf32>) -> tensor<1x6x6x2xf32> {
      %y = nn.pad %x {low = array<i64: 0, 1, 1, 0>, high = array<i64: 0, 1, 1, 0>}
        : (tensor<1x4x4x2xf32>) -> tensor<1x6x6x2xf32>
      return %y : tensor<1x6x6x2xf32>
    }
    ```
  }];
  let arguments = (ins
    NN_MovableTensor:$input, DenseI64ArrayAttr:$low, DenseI64ArrayAttr:$high,
    DefaultValuedAttr<F64Attr, "0.0">:$value);
  let results = (outs NN_MovableTensor:$result);
  let hasVerifier = 1;
  let hasFolder = 1;
  let assemblyFormat = [{
    $input attr-dict `:` functional-type(operands, results)
  }];
}

def NN_SliceOp : NN_Op<"slice", [
    Pure,
    DeclareOpInterfaceMethods<PermutableOpInterface, ["permuteAttributes"]>,
    DeclareOpInterfaceMethods<QuantizableOpInterface>,
    DeclareOpInterfaceMethods<SameParametersOpInterface>,
    DeclareOpInterfaceMethods<ChannelwiseOpInterface, ["mapChannels"]>,
    DeclareOpInterfaceMethods<EvaluableOpInterface>]> {
  let summary = "a box of elements, at regular distances";
  let description = [{
    Element i of the result in dimension d is element
    `offsets[d] + i * strides[d]` of the input. Negative strides run backwards.

    Constraints:
    - offsets and strides: one number per dimension; no stride is 0
    - every element of the result lies inside of the input
    - input and result have the same parameters

    Example:

    ```mlir
    func.func @slice(%x: tensor<1x4x4x6xf32>) -> tensor<1x2x4x3xf32> {
      %y = nn.slice %x {offsets = array<i64: 0, 0, 0, 3>,
                        strides = array<i64: 1, 2, 1, 1>}
        : (tensor<1x4x4x6xf32>) -> tensor<1x2x4x3xf32>
      return %y : tensor<1x2x4x3xf32>
    }
    ```
  }];
  let arguments = (ins
    NN_MovableTensor:$input, DenseI64ArrayAttr:$offsets,
    DenseI64ArrayAttr:$strides);
  let results = (outs NN_MovableTensor:$result);
  let hasVerifier = 1;
  let hasFolder = 1;
  let assemblyFormat = [{
    $input attr-dict `:` functional-type(operands, results)
  }];
}

def NN_ConcatOp : NN_Op<"concat", [
    Pure, DeclareOpInterfaceMethods<PermutableOpInterface,
        ["getPermutableOperands", "permuteAttributes"]>,
    DeclareOpInterfaceMethods<QuantizableOpInterface>,
    DeclareOpInterfaceMethods<SameParametersOpInterface,
                                    ["getSharedOperands"]>,
    DeclareOpInterfaceMethods<EvaluableOpInterface>]> {
  let summary = "tensors one after another along a dimension";
  let description = [{
    Inputs with the result's parameters are moved. An unsigned 8-bit input with
    other parameters is rescaled in float32, as TFLite does:
    `clamp(round(q * s - Z_input * s) + Z_result)` with s = S_input * (1 /
    S_result), ties away from zero.

    Constraints:
    - at least one input; all have the result's rank, and its extents outside
      `axis`; along `axis` they add up to the result's
    - one element type up to scale and zero point, which may differ from the
      result's for unsigned 8-bit storage only

    Example:

    ```mlir
    func.func @concat(%a: tensor<1x4xf32>, %b: tensor<1x2xf32>)
        -> tensor<1x6xf32> {
      %y = nn.concat %a, %b {axis = 1 : i64}
        : (tensor<1x4xf32>, tensor<1x2xf32>) -> tensor<1x6xf32>
      return %y : tensor<1x6xf32>
    }
    ```
  }];
  let arguments = (ins
    Variadic<NN_MovableTensor>:$inputs, I64Attr:$axis,
    NN_OptionalActivation:$activation);
  let results = (outs NN_MovableTensor:$result);
  let hasVerifier = 1;
  let hasFolder = 1;
  let assemblyFormat = [{
    $inputs attr-dict `:` functional-type(operands, results)
  }];
}

def NN_ResizeBilinearOp : NN_Op<"resize_bilinear", [
    Pure, DeclareOpInterfaceMethods<QuantizableOpInterface>,
    DeclareOpInterfaceMethods<SameParametersOpInterface>,
    DeclareOpInterfaceMethods<ChannelwiseOpInterface, ["mapChannels"]>]> {
  let summary = "bilinear interpolation to another image size";
  let description = [{
    On quantized tensors positions are fixed point with 10 fractional bits and
    the four neighbours are weighed in integers, as TFLite's
    ResizeBilinearInteger does; the sum of weights is 2^20 and the division by
    it rounds half away from zero.

    Constraints:
    - input: [N, H, W, C]; result: [N, H', W', C]
    - align_corners and half_pixel_centers are not both set
    - input and result have the same parameters

    Example:

    ```mlir
    func.func @resize_bilinear(%x: tensor<1x4x4x2xf32>) -> tensor<1x8x8x2xf32> {
      %y = nn.resize_bilinear %x {half_pixel_centers = true}
        : (tensor<1x4x4x2xf32>) -> tensor<1x8x8x2xf32>
      return %y : tensor<1x8x8x2xf32>
    }
    ```
  }];
  let arguments = (ins
    NN_Tensor:$input, DefaultValuedAttr<BoolAttr, "false">:$align_corners,
    DefaultValuedAttr<BoolAttr, "false">:$half_pixel_centers);
  let results = (outs NN_Tensor:$result);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $input attr-dict `:` functional-type(operands, results)
  }];
}

#endif // QOPT_DIALECT_NN_IR_NNMOVEMENTOPS_TD
