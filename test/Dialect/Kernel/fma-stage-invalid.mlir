// RUN: qopt %s --split-input-file --verify-diagnostics

// expected-error @below {{expected scale and offset together or neither}}
module attributes {a = #kernel.requantize_fma<scale = 0.25 : f32>} {}

// -----

// expected-error @below {{expected an f32 scale in [0, 5.000000e-01], found 2.500000e-01 : f64}}
module attributes {a = #kernel.requantize_fma<scale = 0.25, offset = 0.5>} {}

// -----

// expected-error @below {{expected an f32 offset in [0, 1.000000e+00], found -5.000000e-01 : f32}}
module attributes {a = #kernel.requantize_fma<scale = 0.25 : f32, offset = -0.5 : f32>} {}

// -----

// expected-error @below {{expected no rest without a scale; the rests of channels belong to is_split}}
module attributes {a = #kernel.requantize_fma<rest = 0.25 : f32>} {}

// -----

// expected-error @below {{expected is_split only without a scale}}
module attributes {a = #kernel.requantize_fma<scale = 0.25 : f32, offset = 0.5 : f32, is_split = true>} {}

// -----

func.func @rests_missing(%x: tensor<1x2x2x3xi8>, %w: tensor<2x1x1x3xi8>, %b: tensor<2xi32>, %m: tensor<2xi32>, %y: tensor<1x2x2x2xi8>) -> tensor<1x2x2x2xi8> {
  // expected-error @below {{expected multiplier with 4 elements, found 2}}
  %r = kernel.conv_2d %x, %w bias %b scale %m, %m outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.requantize_fma<is_split = true>]}
    : (tensor<1x2x2x3xi8>, tensor<2x1x1x3xi8>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>, tensor<1x2x2x2xi8>) -> tensor<1x2x2x2xi8>
  return %r : tensor<1x2x2x2xi8>
}
