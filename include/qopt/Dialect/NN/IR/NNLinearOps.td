// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops that multiply by weights: convolution, depthwise convolution, fully
// connected, and the batch norm that training leaves behind them.

#ifndef QOPT_DIALECT_NN_IR_NNLINEAROPS_TD
#define QOPT_DIALECT_NN_IR_NNLINEAROPS_TD

include "qopt/Dialect/NN/IR/NNAttributes.td"
include "qopt/Dialect/NN/IR/NNTypes.td"
include "qopt/Interfaces/ChannelInterfaces.td"
include "qopt/Interfaces/LayoutInterfaces.td"
include "qopt/Interfaces/QuantizationInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

/// `weightAxis` is the dimension of the filter that counts output channels.
class NN_LinearOp<string mnemonic, int weightAxis,
                  list<string> linearMethods = []> : NN_Op<mnemonic, [
    Pure, DeclareOpInterfaceMethods<LinearOpInterface, linearMethods>,
    DeclareOpInterfaceMethods<QuantizableOpInterface,
                              ["getActivationOperands"]>,
    DeclareOpInterfaceMethods<ActivationFusableOpInterface,
                              ["canFuseActivation"]>]> {
  let results = (outs NN_LinearResult:$result);
  let hasVerifier = 1;
  let extraClassDefinition = NN_FusedActivationMethods # [{
    bool $cppClass::canFuseActivation() {
      return !::qopt::nn::isAccumulator(getType());
    }
    ::mlir::OpOperand &$cppClass::getInputOperand() { return getInputMutable(); }
    ::mlir::OpOperand &$cppClass::getWeightOperand() {
      return getFilterMutable();
    }
    ::llvm::SmallVector<::mlir::OpOperand *> $cppClass::getActivationOperands() {
      return {&getInputMutable()};
    }
    int64_t $cppClass::getWeightChannelAxis() { return }] # weightAxis # [{; }
    int64_t $cppClass::getResultChannelAxis() { return getType().getRank() - 1; }
    ::mlir::Value $cppClass::getBiasValue() { return getBias(); }
    void $cppClass::setBiasValue(::mlir::Value bias) {
      if (bias)
        getBiasMutable().assign(bias);
      else
        getBiasMutable().clear();
    }
    bool $cppClass::hasF32ScaleProduct() { return getF32ScaleProduct(); }
    ::mlir::Attribute $cppClass::getRequantizeRounding() {
      return getRoundingAttr();
    }
    void $cppClass::becomeAccumulator(::mlir::Type resultType) {
      getResult().setType(::llvm::cast<::mlir::RankedTensorType>(resultType));
      setActivation(::qopt::nn::Activation::None);
      setRounding(::qopt::quant::RoundingMode::Double);
      setF32ScaleProduct(false);
    }
  }];
  let assemblyFormat = [{
    $input `,` $filter (`,` $bias^)? attr-dict `:`
    functional-type(operands, results)
  }];
}

def NN_Conv2DOp : NN_LinearOp<"conv_2d", 0,
    ["getNumGroups", "getBorder", "clearBorder", "hasDynamicInput"]> {
  let summary = "two-dimensional convolution";
  let description = [{
    Convolves an NHWC image with OHWI weights; `groups` splits the channels of
    input and output into that many independent convolutions.

    ```
    for n, y, x, o:
      acc = bias[o]
      for ky, kx, i:
        iy = y * strides[0] + ky * dilations[0] - padding.top
        ix = x * strides[1] + kx * dilations[1] - padding.left
        c = (o / (O / groups)) * I + i
        if (n, iy, ix, c) lies inside the input:
          acc += (q_input[n, iy, ix, c] - Z_input)
                 * (q_filter[o, ky, kx, i] - Z_filter[o])
      result[n, y, x, o] = act(Z_result + multiply(acc, M[o]))
      M[o] = S_input * S_filter[o] / S_result
    ```

    M is computed in double precision. With `f32_scale_product` the product
    S_input * S_filter is first rounded to float32.

    Accumulator forms: a result quantized as i32 with scale
    S_input * S_filter and zero point 0 holds `acc`; a plain i32 or i64 result
    holds the sum of `q_input * (q_filter - Z_filter)` where padding
    contributes `q_input = Z_input`, plus `bias`.

    Integer weights with an input and a result of f32 stand for the reals that
    they mean:

    ```
    result[n, y, x, o] = act(bias[o] + sum of input * S_filter * (q - Z_filter))
    ```

    in float32, the terms in any order, the scale applied to a weight or to a
    sum of products with one scale. They may be quantized in groups, too:
    blocks of one output channel and some input channels share a scale. With
    `dynamic_input` the input is quantized by the range of its values at run
    time, and the products are summed up as integers, exactly:

    ```
    low = min(0, least input), high = max(0, greatest input)
    S = (high - low) / 255, or 1 if that is 0
    Z = clamp(roundToEven(-128 - low / S), -128, 127)
    q = clamp(roundToEven(input / S) + Z, -128, 127)
    acc = sum of (q - Z) * q_filter, padding contributes 0
    result = act(float(acc) * S * S_filter[o] + bias[o])
    ```

    Each step is one float32 operation, from left to right, none contracted.

    Constraints:
    - input: [N, H, W, C]; filter: [O, KH, KW, C / groups]; bias: [O]
    - result: [N, (H + top + bottom - (KH - 1) * dilations[0] - 1) / strides[0]
      + 1, likewise for W, O], the quotients rounded down
    - strides, dilations and groups are positive, padding is not negative
    - groups divides C and O
    - a filter quantized per channel is so along dimension 0
    - a quantized bias has zero point 0
    - an accumulator form has no activation
    - a filter quantized in groups has blocks of one output channel, the whole
      window and a divisor of the input channels
    - `dynamic_input` needs an f32 input and 8-bit weights per tensor or per
      channel with zero point 0

    Example:

    ```mlir
    func.func @conv_2d(%x: tensor<1x8x8x3xf32>, %w: tensor<16x3x3x3xf32>,
                       %b: tensor<16xf32>) -> tensor<1x4x4x16xf32> {
      %y = nn.conv_2d %x, %w, %b {
          strides = array<i64: 2, 2>, padding = array<i64: 0, 1, 0, 1>,
          activation = #nn.activation<relu6>}
        : (tensor<1x8x8x3xf32>, tensor<16x3x3x3xf32>, tensor<16xf32>)
        -> tensor<1x4x4x16xf32>
      return %y : tensor<1x4x4x16xf32>
    }
    ```
  }];
  let arguments = (ins
    NN_Tensor:$input, NN_WeightTensor:$filter, Optional<NN_BiasTensor>:$bias,
    NN_Strides:$strides, NN_Dilations:$dilations, NN_Padding:$padding,
    DefaultValuedAttr<I64Attr, "1">:$groups,
    NN_OptionalActivation:$activation, NN_OptionalRounding:$rounding,
    UnitAttr:$f32_scale_product, UnitAttr:$dynamic_input);
}

def NN_DepthwiseConv2DOp : NN_LinearOp<"depthwise_conv_2d", 3,
    ["getNumGroups", "getBorder", "clearBorder", "hasDynamicInput"]> {
  let summary = "two-dimensional convolution of every channel by itself";
  let description = [{
    A convolution that does not mix channels: channel c of the input makes the
    O / C channels of the result that start at c * (O / C).

    ```
    result[n, y, x, o]: as in nn.conv_2d with
      acc = bias[o] + sum over ky, kx of
            (q_input[n, iy, ix, o / (O / C)] - Z_input)
            * (q_filter[0, ky, kx, o] - Z_filter[o])
    ```

    Scales, activation, accumulator forms, float results and `dynamic_input` are
    those of `nn.conv_2d`; there are no groups of input channels.

    Constraints:
    - input: [N, H, W, C]; filter: [1, KH, KW, O]; bias: [O]; C divides O
    - result: as in `nn.conv_2d`
    - a filter quantized per channel is so along dimension 3
    - strides and dilations are positive, padding is not negative

    Example:

    ```mlir
    func.func @depthwise_conv_2d(%x: tensor<1x8x8x4xf32>,
                                 %w: tensor<1x3x3x8xf32>)
        -> tensor<1x8x8x8xf32> {
      %y = nn.depthwise_conv_2d %x, %w {padding = array<i64: 1, 1, 1, 1>}
        : (tensor<1x8x8x4xf32>, tensor<1x3x3x8xf32>) -> tensor<1x8x8x8xf32>
      return %y : tensor<1x8x8x8xf32>
    }
    ```
  }];
  let arguments = (ins
    NN_Tensor:$input, NN_WeightTensor:$filter, Optional<NN_BiasTensor>:$bias,
    NN_Strides:$strides, NN_Dilations:$dilations, NN_Padding:$padding,
    NN_OptionalActivation:$activation, NN_OptionalRounding:$rounding,
    UnitAttr:$f32_scale_product, UnitAttr:$dynamic_input);
}

def NN_FullyConnectedOp : NN_LinearOp<"fully_connected", 0,
    ["getChannelInputShape", "hasDynamicInput"]> {
  let summary = "matrix product with constant weights";
  let description = [{
    ```
    result[..., o] = act(Z_result + multiply(acc, M[o]))
      acc = bias[o] + sum over k of
            (q_input[..., k] - Z_input) * (q_filter[o, k] - Z_filter[o])
    ```

    Scales, activation, accumulator forms, float results, groups of input
    channels and `dynamic_input` are those of `nn.conv_2d`. The input may have
    any shape whose elements divide into rows of K: TFLite
    flattens it.

    Constraints:
    - filter: [O, K]; bias: [O]
    - K divides the number of elements of the input; the result has
      elements(input) / K * O elements and its last dimension is O
    - a filter quantized per channel is so along dimension 0

    Example:

    ```mlir
    func.func @fully_connected(%x: tensor<2x16xf32>, %w: tensor<4x16xf32>,
                               %b: tensor<4xf32>) -> tensor<2x4xf32> {
      %y = nn.fully_connected %x, %w, %b
        : (tensor<2x16xf32>, tensor<4x16xf32>, tensor<4xf32>) -> tensor<2x4xf32>
      return %y : tensor<2x4xf32>
    }
    ```
  }];
  let arguments = (ins
    NN_Tensor:$input, NN_WeightTensor:$filter, Optional<NN_BiasTensor>:$bias,
    NN_OptionalActivation:$activation, NN_OptionalRounding:$rounding,
    UnitAttr:$f32_scale_product, UnitAttr:$dynamic_input);
}

def NN_TransposeConv2DOp : NN_LinearOp<"transpose_conv_2d", 0,
    ["getNumGroups", "sumsAllWeights"]> {
  let summary = "transposed two-dimensional convolution";
  let description = [{
    Every element of the input adds its product with the weights to a window of
    the result; windows of neighbours lie a stride apart.

    ```
    acc[n, y, x, o] = bias[o] + sum over ky, kx, i and those iy, ix with
        y = iy * strides[0] + ky * dilations[0] - padding.top
        x = ix * strides[1] + kx * dilations[1] - padding.left of
      (q_input[n, iy, ix, c] - Z_input) * (q_filter[o, ky, kx, i] - Z_filter[o])
      with c = (o / (O / groups)) * I + i
    result = act(Z_result + multiply(acc, M[o]))
    ```

    Padding is what is cut off the windows' union. At the bottom and on the
    right it may be negative: the rows and columns that no window reaches hold
    the bias. Scales, activation and accumulator forms are those of
    `nn.conv_2d`.

    Constraints:
    - input: [N, H, W, C]; filter: [O, KH, KW, C / groups]; bias: [O]
    - result: [N, (H - 1) * strides[0] + (KH - 1) * dilations[0] + 1 - top
      - bottom, likewise for W, O]
    - strides, dilations and groups are positive; top and left are not negative
    - groups divides C and O
    - a filter quantized per channel is so along dimension 0

    Example:

    ```mlir
    func.func @transpose_conv_2d(%x: tensor<1x4x4x3xf32>,
                                 %w: tensor<8x3x3x3xf32>)
        -> tensor<1x8x8x8xf32> {
      %y = nn.transpose_conv_2d %x, %w {
          strides = array<i64: 2, 2>, padding = array<i64: 0, 1, 0, 1>}
        : (tensor<1x4x4x3xf32>, tensor<8x3x3x3xf32>) -> tensor<1x8x8x8xf32>
      return %y : tensor<1x8x8x8xf32>
    }
    ```
  }];
  let arguments = (ins
    NN_Tensor:$input, NN_WeightTensor:$filter, Optional<NN_BiasTensor>:$bias,
    NN_Strides:$strides, NN_Dilations:$dilations, NN_Padding:$padding,
    DefaultValuedAttr<I64Attr, "1">:$groups,
    NN_OptionalActivation:$activation, NN_OptionalRounding:$rounding,
    UnitAttr:$f32_scale_product);
}

def NN_BatchNormOp : NN_Op<"batch_norm", [
    Pure, AllTypesMatch<["input", "result"]>,
    DeclareOpInterfaceMethods<PermutableOpInterface, ["getResultPermutation"]>,
    DeclareOpInterfaceMethods<ChannelFunctionOpInterface>,
    DeclareOpInterfaceMethods<EvaluableOpInterface>]> {
  let summary = "batch normalization with fixed statistics";
  let description = [{
    ```
    result[..., c] = (input[..., c] - mean[c]) * scale[c]
                     / sqrt(variance[c] + epsilon) + offset[c]
    ```

    Float only: it is folded into the weights before a graph is quantized.

    Constraints:
    - scale, offset, mean and variance: [C], C the last dimension of the input
    - epsilon is not negative

    Example:

    ```mlir
    func.func @batch_norm(%x: tensor<1x8x8x4xf32>, %scale: tensor<4xf32>,
                          %offset: tensor<4xf32>, %mean: tensor<4xf32>,
                          %variance: tensor<4xf32>) -> tensor<1x8x8x4xf32> {
      %y = nn.batch_norm %x, %scale, %offset, %mean, %variance
          {epsilon = 1.0e-3 : f64}
        : (tensor<1x8x8x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>,
           tensor<4xf32>) -> tensor<1x8x8x4xf32>
      return %y : tensor<1x8x8x4xf32>
    }
    ```
  }];
  let arguments = (ins
    StaticShapeTensorOf<[F32]>:$input, StaticShapeTensorOf<[F32]>:$scale,
    StaticShapeTensorOf<[F32]>:$offset, StaticShapeTensorOf<[F32]>:$mean,
    StaticShapeTensorOf<[F32]>:$variance,
    DefaultValuedAttr<F64Attr, "1.0e-3">:$epsilon);
  let results = (outs StaticShapeTensorOf<[F32]>:$result);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $input `,` $scale `,` $offset `,` $mean `,` $variance attr-dict `:`
    functional-type(operands, results)
  }];
}

#endif // QOPT_DIALECT_NN_IR_NNLINEAROPS_TD
