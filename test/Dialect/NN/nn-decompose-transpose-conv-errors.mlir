// RUN: qopt %s --nn-decompose-transpose-conv -split-input-file -verify-diagnostics

func.func @weights(%x: tensor<1x1x1x1xf32>, %w: tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32> {
  // expected-error @+1 {{has weights that are not a constant, expected one}}
  %0 = nn.transpose_conv_2d %x, %w : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
  return %0 : tensor<1x1x1x1xf32>
}

// -----

func.func @cut_too_far(%x: tensor<1x4x1x1xf32>) -> tensor<1x2x1x1xf32> {
  %w = nn.constant dense<1.0> : tensor<1x2x1x1xf32>
  // expected-error @+1 {{has padding [2, 1, 0, 0], which leaves less than a convolution of its filter makes; crop the result after the op instead}}
  %0 = nn.transpose_conv_2d %x, %w {padding = array<i64: 2, 1, 0, 0>} : (tensor<1x4x1x1xf32>, tensor<1x2x1x1xf32>) -> tensor<1x2x1x1xf32>
  return %0 : tensor<1x2x1x1xf32>
}
