// RUN: qopt %s --kernel-choose-schedules --split-input-file --verify-diagnostics

func.func @minus_128_in_pairs(%x: tensor<1x10x10x64xi8>, %y: tensor<1x8x8x64xi8>) -> tensor<1x8x8x64xi8> {
  %w = arith.constant dense<-128> : tensor<3x3x64xi8>
  %b = arith.constant dense<7> : tensor<64xi32>
  %m = arith.constant dense<1342177280> : tensor<64xi32>
  %s = arith.constant dense<-7> : tensor<64xi32>
  // expected-error @below {{schedule family 'tap_pairs' needs signed 8-bit inputs and constant weights of at least -127; 'plain' does not}}
  %r = kernel.depthwise_conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    schedule = #kernel.schedule<tap_pairs, lanes = 16>,
    stages = [#kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x10x10x64xi8>, tensor<3x3x64xi8>, tensor<64xi32>, tensor<64xi32>, tensor<64xi32>, tensor<1x8x8x64xi8>) -> tensor<1x8x8x64xi8>
  return %r : tensor<1x8x8x64xi8>
}

// -----

// expected-error @below {{unknown cpu 'z80' for target 'x86_64-linux-gnu'}}
module attributes {kernel.target = #kernel.target<triple = "x86_64-linux-gnu", cpu = "z80", features = "">} {}

// -----

// expected-error @below {{expected lanes to be a power of two up to 64, found 12}}
module attributes {a = #kernel.schedule<plain, lanes = 12>} {}

// -----

// expected-error @below {{expected 1 to 32 vectors and pixels, found 0 and 1}}
module attributes {a = #kernel.schedule<plain, lanes = 8, vectors = 0>} {}

// -----

// expected-error @below {{expected 1 to 32 vectors and pixels, found 1 and 33}}
module attributes {a = #kernel.schedule<plain, lanes = 8, pixels = 33>} {}
