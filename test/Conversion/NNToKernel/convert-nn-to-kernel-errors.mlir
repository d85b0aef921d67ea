// RUN: qopt --convert-nn-to-kernel --split-input-file --verify-diagnostics %s

!x = !quant.uniform<i8:f32, 0.5:3>
!y = !quant.uniform<u8:f32, 0.00390625>

func.func @softmax_storage(%a: tensor<4x!x>) -> tensor<4x!y> {
  // expected-error @below {{needs one storage type on both sides to become a kernel, found}}
  // expected-error @below {{failed to legalize operation 'nn.softmax'}}
  %0 = nn.softmax %a : (tensor<4x!x>) -> tensor<4x!y>
  return %0 : tensor<4x!y>
}

// -----

!x = !quant.uniform<i8:f32, 0.5:3>
!w = !quant.uniform<i8:f32, 0.5>
!y = !quant.uniform<i8:f32, 0.25:-1>

func.func @still_quantized(%x: tensor<2x8x!x>, %w: tensor<4x8x!w>) -> tensor<2x4x!y> {
  // expected-error @below {{still has a quantized result; run nn-expose-requantize, quant-legalize-multipliers and nn-fold-zero-points first}}
  // expected-error @below {{failed to legalize operation 'nn.fully_connected'}}
  %0 = nn.fully_connected %x, %w : (tensor<2x8x!x>, tensor<4x8x!w>) -> tensor<2x4x!y>
  return %0 : tensor<2x4x!y>
}

// -----

!x = !quant.uniform<i8:f32, 0.5:3>
!w = !quant.uniform<i8:f32:0, {0.5:1, 0.5:2}>
!y = !quant.uniform<i8:f32, 0.25:-1>

func.func @filter_zero_points(%x: tensor<2x8x!x>, %w: tensor<2x8x!w>, %b: tensor<2xi32>) -> tensor<2x2xi32> {
  // expected-error @below {{has weights whose zero points differ from channel to channel, which no kernel supports}}
  // expected-error @below {{failed to legalize operation 'nn.fully_connected'}}
  %0 = nn.fully_connected %x, %w, %b : (tensor<2x8x!x>, tensor<2x8x!w>, tensor<2xi32>) -> tensor<2x2xi32>
  return %0 : tensor<2x2xi32>
}

// -----

func.func @batch_norm(%x: tensor<1x4x4x2xf32>, %v: tensor<2xf32>) -> tensor<1x4x4x2xf32> {
  // expected-error @below {{needs constant parameters to become a kernel}}
  // expected-error @below {{failed to legalize operation 'nn.batch_norm'}}
  %0 = nn.batch_norm %x, %v, %v, %v, %v : (tensor<1x4x4x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x4x4x2xf32>
  return %0 : tensor<1x4x4x2xf32>
}

// -----

!x = !quant.uniform<i8:f32, 0.5:3>
!y = !quant.uniform<i8:f32, 0.25:3>

func.func @requantize(%a: tensor<2x!x>) -> tensor<2x!y> {
  // expected-error @below {{has no multiplier yet; run quant-legalize-multipliers first}}
  // expected-error @below {{failed to legalize operation 'quant.requantize'}}
  %0 = quant.requantize %a {rounding = #quant.rounding<double>} : tensor<2x!x> to tensor<2x!y>
  return %0 : tensor<2x!y>
}

// -----

!y = !quant.uniform<i8:f32, 0.25:3>

func.func @multiplier_zero_point(%a: tensor<2xi32>) -> tensor<2x!y> {
  // expected-error @below {{has an input of 32 bits with zero point 3, which no kernel supports}}
  // expected-error @below {{failed to legalize operation 'quant.apply_multiplier'}}
  %0 = quant.apply_multiplier %a {multiplier = #quant.multiplier<[1518500250], [-5]>, rounding = #quant.rounding<double>, input_zero_point = 3} : tensor<2xi32> to tensor<2x!y>
  return %0 : tensor<2x!y>
}

// -----

!x = !quant.uniform<i16:f32, 0.5>
!y = !quant.uniform<i16:f32, 0.25>

func.func @mean_overflow(%a: tensor<1x400x400x1x!x>) -> tensor<1x1x!y> {
  // expected-error @below {{sums up 160000 elements of 16 bits, which may overflow 32 bits}}
  // expected-error @below {{failed to legalize operation 'nn.mean'}}
  %0 = nn.mean %a {axes = array<i64: 1, 2>} : (tensor<1x400x400x1x!x>) -> tensor<1x1x!y>
  return %0 : tensor<1x1x!y>
}
