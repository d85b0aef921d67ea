// RUN: qopt %s --kernel-pack-weights --split-input-file --verify-diagnostics

func.func @depthwise_zero_point(%x: tensor<1x5x2x16xi8>, %y: tensor<1x3x2x16xi8>) -> tensor<1x3x2x16xi8> {
  %w = arith.constant dense<3> : tensor<3x1x16xi8>
  %b = arith.constant dense<7> : tensor<16xi32>
  %m = arith.constant dense<1342177280> : tensor<16xi32>
  %s = arith.constant dense<-7> : tensor<16xi32>
  // expected-error @below {{schedule family 'vpdpbusd' needs a constant bias, and a constant filter whose weights minus the zero point are at most 254}}
  %r = kernel.depthwise_conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 3, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    filter_zero_point = -128 : i32, schedule = #kernel.schedule<vpdpbusd, lanes = 16>,
    stages = [#kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x5x2x16xi8>, tensor<3x1x16xi8>, tensor<16xi32>, tensor<16xi32>, tensor<16xi32>, tensor<1x3x2x16xi8>) -> tensor<1x3x2x16xi8>
  return %r : tensor<1x3x2x16xi8>
}

// -----

func.func @short_runs(%x: tensor<1x2x2x3xi8>, %y: tensor<1x2x2x4xi8>) -> tensor<1x2x2x4xi8> {
  %w = arith.constant dense<3> : tensor<4x1x1x3xi8>
  %b = arith.constant dense<7> : tensor<4xi32>
  // expected-error @below {{schedule family 'pmaddubsw' needs one group, inputs of i8, a bias of i32 and runs of at least four inputs; 'pmaddwd' does not}}
  %r = kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    schedule = #kernel.schedule<pmaddubsw, lanes = 4>,
    stages = [#kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x2x2x3xi8>, tensor<4x1x1x3xi8>, tensor<4xi32>, tensor<1x2x2x4xi8>) -> tensor<1x2x2x4xi8>
  return %r : tensor<1x2x2x4xi8>
}

// -----

func.func @computed_bias(%x: tensor<1x2x2x3xi8>, %y: tensor<1x2x2x1xi8>, %b: tensor<1xi32>) -> tensor<1x2x2x1xi8> {
  %w = arith.constant dense<3> : tensor<1x1x1x3xi8>
  %m = arith.constant dense<1342177280> : tensor<1xi32>
  %s = arith.constant dense<-7> : tensor<1xi32>
  // expected-error @below {{schedule family 'vpdpbusd' needs a constant bias, into which the sign of the input is folded}}
  %r = kernel.conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    schedule = #kernel.schedule<vpdpbusd, lanes = 4>,
    stages = [#kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x2x2x3xi8>, tensor<1x1x1x3xi8>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1x2x2x1xi8>) -> tensor<1x2x2x1xi8>
  return %r : tensor<1x2x2x1xi8>
}

// -----

func.func @computed_multipliers(%x: tensor<1x5x2x16xi8>, %y: tensor<1x3x2x16xi8>, %m: tensor<16xi32>) -> tensor<1x3x2x16xi8> {
  %w = arith.constant dense<3> : tensor<3x1x16xi8>
  %b = arith.constant dense<7> : tensor<16xi32>
  %s = arith.constant dense<-7> : tensor<16xi32>
  // expected-error @below {{schedule family 'vpdpbusd' needs constant multipliers and shifts}}
  %r = kernel.depthwise_conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 3, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    schedule = #kernel.schedule<vpdpbusd, lanes = 16>,
    stages = [#kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x5x2x16xi8>, tensor<3x1x16xi8>, tensor<16xi32>, tensor<16xi32>, tensor<16xi32>, tensor<1x3x2x16xi8>) -> tensor<1x3x2x16xi8>
  return %r : tensor<1x3x2x16xi8>
}

// -----

func.func @interleaved_few(%x: tensor<1x2x2x2xi8>, %y: tensor<1x2x2x3xi8>) -> tensor<1x2x2x3xi8> {
  %w = arith.constant dense<3> : tensor<3x1x1x2xi8>
  %b = arith.constant dense<3> : tensor<3xi32>
  // expected-error @below {{interleaved schedule needs at least 8 output channels a group, found 3}}
  %r = kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    schedule = #kernel.schedule<pmaddwd, lanes = 8, interleaved = true>,
    stages = [#kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x2x2x2xi8>, tensor<3x1x1x2xi8>, tensor<3xi32>, tensor<1x2x2x3xi8>) -> tensor<1x2x2x3xi8>
  return %r : tensor<1x2x2x3xi8>
}

// -----

func.func @unknown_scales(%x: tensor<1x1x1x4xf32>, %s: tensor<2x2xf32>, %y: tensor<1x1x1x2xf32>) -> tensor<1x1x1x2xf32> {
  %w = arith.constant dense<1> : tensor<2x1x1x4xi8>
  %b = arith.constant dense<0.0> : tensor<2xf32>
  // expected-error @below {{needs constant scales of its filter's groups}}
  %r = kernel.conv_2d %x, %w scales %s bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    group_size = 2, schedule = #kernel.schedule<plain, lanes = 2>, stages = []}
    : (tensor<1x1x1x4xf32>, tensor<2x1x1x4xi8>, tensor<2x2xf32>, tensor<2xf32>, tensor<1x1x1x2xf32>) -> tensor<1x1x1x2xf32>
  return %r : tensor<1x1x1x2xf32>
}
