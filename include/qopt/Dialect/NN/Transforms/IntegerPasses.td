// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes on quantized ops, before they become kernels.

#ifndef QOPT_DIALECT_NN_TRANSFORMS_INTEGERPASSES_TD
#define QOPT_DIALECT_NN_TRANSFORMS_INTEGERPASSES_TD

include "mlir/Pass/PassBase.td"

def NNDecomposeTransposeConvPass : Pass<"nn-decompose-transpose-conv"> {
  let summary = "make convolutions of transposed convolutions";
  let description = [{
    The outputs of a transposed convolution whose rows and columns leave the
    same remainders by the strides are those of a convolution of stride 1 with a
    part of the weights, turned around; these results take turns.

    Where that is not possible (a size that the stride does not divide, a filter
    smaller than the stride, strides and dilations) it becomes one convolution
    of its input with zeros between the elements (zero points where it is
    quantized). Sums have the same terms either way, so integer results keep
    every bit.

    It is an error if the weights are no constant, or if the padding leaves less
    of the result than the latter convolution makes.

    Before:

    ```mlir
    func.func @before(%x: tensor<1x1x2x1xf32>) -> tensor<1x1x4x1xf32> {
      %w = nn.constant dense<[[[[1.0], [2.0]]]]> : tensor<1x1x2x1xf32>
      %0 = nn.transpose_conv_2d %x, %w {strides = array<i64: 1, 2>}
        : (tensor<1x1x2x1xf32>, tensor<1x1x2x1xf32>) -> tensor<1x1x4x1xf32>
      return %0 : tensor<1x1x4x1xf32>
    }
    ```

    After:

    ```mlir
    func.func @after(%x: tensor<1x1x2x1xf32>) -> tensor<1x1x4x1xf32> {
      %w0 = nn.constant dense<1.0> : tensor<1x1x1x1xf32>
      %0 = nn.conv_2d %x, %w0
        : (tensor<1x1x2x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x2x1xf32>
      %1 = nn.reshape %0 : (tensor<1x1x2x1xf32>) -> tensor<1x1x1x2x1x1xf32>
      %w1 = nn.constant dense<2.0> : tensor<1x1x1x1xf32>
      %2 = nn.conv_2d %x, %w1
        : (tensor<1x1x2x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x2x1xf32>
      %3 = nn.reshape %2 : (tensor<1x1x2x1xf32>) -> tensor<1x1x1x2x1x1xf32>
      %4 = nn.concat %1, %3 {axis = 4}
        : (tensor<1x1x1x2x1x1xf32>, tensor<1x1x1x2x1x1xf32>)
        -> tensor<1x1x1x2x2x1xf32>
      %5 = nn.reshape %4 : (tensor<1x1x1x2x2x1xf32>) -> tensor<1x1x4x1xf32>
      return %5 : tensor<1x1x4x1xf32>
    }
    ```
  }];
  let dependentDialects = ["::qopt::nn::NNDialect"];
  let statistics = [
    Statistic<"numDecomposed", "num-decomposed", "Transposed convolutions">
  ];
}

def NNUseStoredWeightsPass : Pass<"nn-use-stored-weights"> {
  let summary = "let float ops read weights as they are stored";
  let description = [{
    A linear op on floats whose weights are dequantized constants of 8 bits or
    fewer takes the integers: its kernel dequantizes them, so that the model
    stays as small. If it carries `quant.dynamic` it gets `dynamic_input`.

    Before:

    ```mlir
    !w = !quant.uniform<i8<-127:127>:f32, 0.25>
    func.func @before(%x: tensor<1x2xf32>) -> tensor<1x1xf32> {
      %w = nn.constant dense<[[4, -8]]> : tensor<1x2xi8> -> tensor<1x2x!w>
      %0 = quant.dcast %w : tensor<1x2x!w> to tensor<1x2xf32>
      %1 = nn.fully_connected %x, %0
        : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
      return %1 : tensor<1x1xf32>
    }
    ```

    After:

    ```mlir
    !w = !quant.uniform<i8<-127:127>:f32, 0.25>
    func.func @after(%x: tensor<1x2xf32>) -> tensor<1x1xf32> {
      %w = nn.constant dense<[[4, -8]]> : tensor<1x2xi8> -> tensor<1x2x!w>
      %0 = nn.fully_connected %x, %w
        : (tensor<1x2xf32>, tensor<1x2x!w>) -> tensor<1x1xf32>
      return %0 : tensor<1x1xf32>
    }
    ```
  }];
  let dependentDialects = ["::qopt::nn::NNDialect"];
  let statistics = [
    Statistic<"numStored", "num-stored", "Ops that read stored weights">,
    Statistic<"numDynamic", "num-dynamic", "Ops with a dynamic input">
  ];
}

def NNFoldGroupScalesPass : Pass<"nn-fold-group-scales"> {
  let summary = "make weights per channel of weights in groups";
  let description = [{
    Weights of a linear op with a quantized input whose groups have scales that
    are small multiples of one number are 8-bit weights of one scale a channel:

        (m * u) * q  =  u * (m * q)    with -127 <= m * q <= 127

    So what `nn-insert-fake-quantize` makes of 4-bit weights in groups, two
    levels of scales (Dai et al. 2021, arXiv 2102.04503), is computed exactly by
    the kernels that multiply bytes. It is an error if the scales are no such
    multiples.

    Before:

    ```mlir
    !x = !quant.uniform<i8:f32, 0.5>
    !w = !quant.uniform<i4<-7:7>:f32:{0:1, 1:2}, {{0.25, 0.5}}>
    func.func @before(%x: tensor<1x4x!x>) -> tensor<1x1x!x> {
      %w = nn.constant dense<[[7, -1, 2, 3]]> : tensor<1x4xi4> -> tensor<1x4x!w>
      %0 = nn.fully_connected %x, %w
        : (tensor<1x4x!x>, tensor<1x4x!w>) -> tensor<1x1x!x>
      return %0 : tensor<1x1x!x>
    }
    ```

    After:

    ```mlir
    !x = !quant.uniform<i8:f32, 0.5>
    !w = !quant.uniform<i8<-127:127>:f32:0, {0.25}>
    func.func @after(%x: tensor<1x4x!x>) -> tensor<1x1x!x> {
      %w = nn.constant dense<[[7, -1, 4, 6]]> : tensor<1x4xi8> -> tensor<1x4x!w>
      %0 = nn.fully_connected %x, %w
        : (tensor<1x4x!x>, tensor<1x4x!w>) -> tensor<1x1x!x>
      return %0 : tensor<1x1x!x>
    }
    ```
  }];
  let dependentDialects = ["::qopt::nn::NNDialect"];
  let statistics = [
    Statistic<"numFolded", "num-folded", "Linear ops whose groups were folded">
  ];
}

def NNExposeRequantizePass : Pass<"nn-expose-requantize"> {
  let summary = "split a quantized linear op into accumulator and requantize";
  let description = [{
    A quantized convolution or fully connected op becomes the same op with its
    accumulator as result, and a `quant.requantize` that scales and clamps it.
    The accumulator's scale is S_x * S_w in double precision, rounded to float32
    where the op says `f32_scale_product`; the rounding mode and the stored
    bounds of the activation move to the requantize.

    Before:

    ```mlir
    !x = !quant.uniform<i8:f32, 0.5:3>
    !w = !quant.uniform<i8:f32, 0.25>
    !y = !quant.uniform<i8:f32, 2.0:-1>
    func.func @before(%x: tensor<1x8x!x>, %w: tensor<4x8x!w>) -> tensor<1x4x!y> {
      %0 = nn.fully_connected %x, %w {activation = #nn.activation<relu>}
        : (tensor<1x8x!x>, tensor<4x8x!w>) -> tensor<1x4x!y>
      return %0 : tensor<1x4x!y>
    }
    ```

    After:

    ```mlir
    !x = !quant.uniform<i8:f32, 0.5:3>
    !w = !quant.uniform<i8:f32, 0.25>
    !acc = !quant.uniform<i32:f32, 0.125>
    !y = !quant.uniform<i8:f32, 2.0:-1>
    func.func @after(%x: tensor<1x8x!x>, %w: tensor<4x8x!w>) -> tensor<1x4x!y> {
      %0 = nn.fully_connected %x, %w
        : (tensor<1x8x!x>, tensor<4x8x!w>) -> tensor<1x4x!acc>
      %1 = quant.requantize %0 {
          max = 127 : i64, min = -1 : i64, rounding = #quant.rounding<double>}
        : tensor<1x4x!acc> to tensor<1x4x!y>
      return %1 : tensor<1x4x!y>
    }
    ```
  }];
  let dependentDialects = ["::qopt::quant::QuantDialect"];
  let statistics = [
    Statistic<"numExposed", "num-exposed", "Linear ops split">
  ];
}

def NNFoldZeroPointsPass : Pass<"nn-fold-zero-points"> {
  let summary = "move the input's zero point into the bias";
  let description = [{
    A linear op with a quantized accumulator that is read as plain integers
    becomes the op with plain integers as result:

        sum (q_x - Z_x) * (q_w - Z_w) + q_b
          = sum q_x * (q_w - Z_w) + (q_b - Z_x * sum (q_w - Z_w))

    The second bracket is the new bias, a constant. At the borders padding
    contributes q_x = Z_x, so the equation holds there too.

    An interval is computed for the accumulator of each channel from the
    weights and the range of the input's storage. Where 32 bits hold it the
    result is i32; where they do not, an op on 16-bit activations gets i64, and
    for any other the pass fails and names the op, the channel and the
    interval.

    Before:

    ```mlir
    !x = !quant.uniform<i8:f32, 0.5:3>
    !w = !quant.uniform<i8:f32, 0.25>
    !acc = !quant.uniform<i32:f32, 0.125>
    func.func @before(%x: tensor<1x3x!x>) -> tensor<1x2xi32> {
      %w = nn.constant dense<[[1, 2, 3], [4, -5, 0]]> : tensor<2x3xi8>
        -> tensor<2x3x!w>
      %0 = nn.fully_connected %x, %w
        : (tensor<1x3x!x>, tensor<2x3x!w>) -> tensor<1x2x!acc>
      %1 = quant.scast %0 : tensor<1x2x!acc> to tensor<1x2xi32>
      return %1 : tensor<1x2xi32>
    }
    ```

    After:

    ```mlir
    !x = !quant.uniform<i8:f32, 0.5:3>
    !w = !quant.uniform<i8:f32, 0.25>
    func.func @after(%x: tensor<1x3x!x>) -> tensor<1x2xi32> {
      %w = nn.constant dense<[[1, 2, 3], [4, -5, 0]]> : tensor<2x3xi8>
        -> tensor<2x3x!w>
      %b = nn.constant dense<[-18, 3]> : tensor<2xi32>
      %0 = nn.fully_connected %x, %w, %b
        : (tensor<1x3x!x>, tensor<2x3x!w>, tensor<2xi32>) -> tensor<1x2xi32>
      return %0 : tensor<1x2xi32>
    }
    ```
  }];
  let statistics = [
    Statistic<"numFolded", "num-folded", "Zero points folded">,
    Statistic<"numWidened", "num-widened", "Accumulators widened to i64">
  ];
}

#endif // QOPT_DIALECT_NN_TRANSFORMS_INTEGERPASSES_TD
