// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The pass from neural network ops to kernels.

#ifndef QOPT_CONVERSION_NNTOKERNEL_PASSES
#define QOPT_CONVERSION_NNTOKERNEL_PASSES

include "mlir/Pass/PassBase.td"

def ConvertNNToKernelPass : Pass<"convert-nn-to-kernel", "::mlir::ModuleOp"> {
  let summary = "convert nn and quant ops to kernels on plain storage";
  let description = [{
    Every op of the `nn` and `quant` dialects becomes a `kernel` op whose
    attributes hold its exact fixed-point constants; quantized tensors become
    tensors of their storage type. A function keeps the type that an argument
    or result had in the attribute `nn.type` beside `nn.name`.

    Integer convolutions are expected in the form that
    `nn-fold-zero-points` makes: a plain accumulator and a
    `quant.apply_multiplier`, which together become one kernel. Padding becomes
    a `kernel.pad` with the input's zero point, a fully connected layer a
    convolution of 1x1, an 8-bit function of one variable (logistic, relu with
    other parameters, requantization) a table of 256 entries.

    An op that has no kernel is an error.

    ```mlir
    %acc = nn.conv_2d %x, %w, %b : (tensor<1x4x4x8x!quant.uniform<i8:f32, 0.5:3>>, …) -> tensor<1x4x4x16xi32>
    %y = quant.apply_multiplier %acc {multiplier = #quant.multiplier<[1518500250], [-5]>, rounding = #quant.rounding<double>}
      : tensor<1x4x4x16xi32> to tensor<1x4x4x16x!quant.uniform<i8:f32, 0.25:-1>>
    // becomes
    %y = kernel.conv_2d %x, %w bias %b outs %init {…,
      stages = [#kernel.requantize<multiplier = 1518500250, shift = -5, zero_point = -1>,
                #kernel.clamp<min = -128, max = 127>]} : (tensor<1x4x4x8xi8>, …) -> tensor<1x4x4x16xi8>
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::tensor::TensorDialect",
    "::qopt::kernel::KernelDialect"
  ];
}

#endif // QOPT_CONVERSION_NNTOKERNEL_PASSES
