// RUN: qopt %s --convert-kernel-to-vector --split-input-file --verify-diagnostics

func.func @no_vnni(%x: memref<1x2x2x4xi8>, %w: memref<64xi8>,
    %b: memref<16xi32>, %y: memref<1x2x2x16xi32>) {
  // expected-error @below {{schedule family 'vpdpbusd' with 16 lanes needs a target with avx512vnni}}
  // expected-error @below {{has no expansion into vectors}}
  kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>,
    dilations = array<i64: 1, 1>, stages = [], packed,
    schedule = #kernel.schedule<vpdpbusd, lanes = 16>}
    : (memref<1x2x2x4xi8>, memref<64xi8>, memref<16xi32>, memref<1x2x2x16xi32>) -> ()
  return
}

// -----

func.func @no_avxvnni(%x: memref<1x2x2x4xi8>, %w: memref<64xi8>,
    %b: memref<16xi32>, %y: memref<1x2x2x16xi32>) {
  // expected-error @below {{schedule family 'vpdpbusd' with 8 lanes needs a target with avx512vnni or avxvnni}}
  // expected-error @below {{has no expansion into vectors}}
  kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>,
    dilations = array<i64: 1, 1>, stages = [], packed,
    schedule = #kernel.schedule<vpdpbusd, lanes = 8>}
    : (memref<1x2x2x4xi8>, memref<64xi8>, memref<16xi32>, memref<1x2x2x16xi32>) -> ()
  return
}

// -----

func.func @no_sse(%x: memref<1x2x2x4xi8>, %w: memref<64xi8>, %t: memref<64xi8>,
    %b: memref<16xi32>, %y: memref<1x2x2x16xi32>) {
  // expected-error @below {{schedule family 'pmaddubsw' with 4 lanes needs a target with sse4.1}}
  // expected-error @below {{has no expansion into vectors}}
  kernel.conv_2d %x, %w steps %t bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>,
    dilations = array<i64: 1, 1>, stages = [], packed,
    schedule = #kernel.schedule<pmaddubsw, lanes = 4>}
    : (memref<1x2x2x4xi8>, memref<64xi8>, memref<64xi8>, memref<16xi32>, memref<1x2x2x16xi32>) -> ()
  return
}

// -----

module attributes {kernel.target = #kernel.target<triple = "x86_64-linux-gnu", cpu = "x86-64-v3", features = "">} {
func.func @short_order_of_steps(%x: memref<1x2x2x4xi8>, %w: memref<64xi8>, %t: memref<20xi8>,
    %b: memref<16xi32>, %y: memref<1x2x2x16xi32>) {
  // expected-error @below {{expected an order of steps of at least 24 bytes, found 'memref<20xi8>'}}
  // expected-error @below {{has no expansion into vectors}}
  kernel.conv_2d %x, %w steps %t bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>,
    dilations = array<i64: 1, 1>, stages = [], packed,
    schedule = #kernel.schedule<pmaddubsw, lanes = 8>}
    : (memref<1x2x2x4xi8>, memref<64xi8>, memref<20xi8>, memref<16xi32>, memref<1x2x2x16xi32>) -> ()
  return
}
}

// -----

func.func @no_x86(%x: memref<1x2x2x4xi8>, %w: memref<64xi8>,
    %b: memref<16xi32>, %y: memref<1x2x2x16xi32>) {
  // expected-error @below {{schedule family 'pmaddwd' with 4 lanes needs a target with x86}}
  // expected-error @below {{has no expansion into vectors}}
  kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>,
    dilations = array<i64: 1, 1>, stages = [], packed,
    schedule = #kernel.schedule<pmaddwd, lanes = 4>}
    : (memref<1x2x2x4xi8>, memref<64xi8>, memref<16xi32>, memref<1x2x2x16xi32>) -> ()
  return
}

// -----

module attributes {kernel.target = #kernel.target<triple = "x86_64-linux-gnu", cpu = "x86-64-v4", features = "+avx512vnni">} {
func.func @no_dotprod(%x: memref<1x2x2x4xi8>, %w: memref<64xi8>,
    %b: memref<16xi32>, %y: memref<1x2x2x16xi32>) {
  // expected-error @below {{schedule family 'sdot' with 4 lanes needs a target with dotprod}}
  // expected-error @below {{has no expansion into vectors}}
  kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>,
    dilations = array<i64: 1, 1>, stages = [], packed,
    schedule = #kernel.schedule<sdot, lanes = 4>}
    : (memref<1x2x2x4xi8>, memref<64xi8>, memref<16xi32>, memref<1x2x2x16xi32>) -> ()
  return
}
}

// -----

module attributes {kernel.target = #kernel.target<triple = "x86_64-linux-gnu", cpu = "x86-64-v4", features = "+avx512vnni">} {
func.func @no_such_lanes(%x: memref<1x2x2x4xi8>, %w: memref<64xi8>,
    %b: memref<16xi32>, %y: memref<1x2x2x16xi32>) {
  // expected-error @below {{schedule family 'vpdpbusd' has no 2 lanes}}
  // expected-error @below {{has no expansion into vectors}}
  kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>,
    dilations = array<i64: 1, 1>, stages = [], packed,
    schedule = #kernel.schedule<vpdpbusd, lanes = 2>}
    : (memref<1x2x2x4xi8>, memref<64xi8>, memref<16xi32>, memref<1x2x2x16xi32>) -> ()
  return
}
}

// -----

module attributes {kernel.target = #kernel.target<triple = "x86_64-linux-gnu", cpu = "x86-64-v4", features = "+avx512vnni">} {
func.func @wide_input(%x: memref<1x2x2x4xi16>, %w: memref<64xi8>,
    %b: memref<16xi32>, %y: memref<1x2x2x16xi32>) {
  // expected-error @below {{schedule family 'vpdpbusd' cannot accumulate 'i16' in 'i32'; 'plain' can}}
  // expected-error @below {{has no expansion into vectors}}
  kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>,
    dilations = array<i64: 1, 1>, stages = [], packed,
    schedule = #kernel.schedule<vpdpbusd, lanes = 16>}
    : (memref<1x2x2x4xi16>, memref<64xi8>, memref<16xi32>, memref<1x2x2x16xi32>) -> ()
  return
}
}

// -----

module attributes {kernel.target = #kernel.target<triple = "x86_64-linux-gnu", cpu = "x86-64-v4", features = "+avx512vnni">} {
func.func @packed_size(%x: memref<1x2x2x4xi8>, %w: memref<65xi8>,
    %b: memref<16xi32>, %y: memref<1x2x2x16xi32>) {
  // expected-error @below {{expected a packed filter of 64 elements, found 'memref<65xi8>'}}
  // expected-error @below {{has no expansion into vectors}}
  kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>,
    dilations = array<i64: 1, 1>, stages = [], packed,
    schedule = #kernel.schedule<vpdpbusd, lanes = 16>}
    : (memref<1x2x2x4xi8>, memref<65xi8>, memref<16xi32>, memref<1x2x2x16xi32>) -> ()
  return
}
}

// -----

module attributes {kernel.target = #kernel.target<triple = "x86_64-linux-gnu", cpu = "x86-64-v4", features = "+avx512vnni">} {
func.func @depthwise_family(%x: memref<1x5x2x16xi8>, %w: memref<3x1x16xi8>,
    %b: memref<16xi32>, %y: memref<1x3x2x16xi32>) {
  // expected-error @below {{schedule family 'sdot' is not one of depthwise convolution with plain weights}}
  // expected-error @below {{has no expansion into vectors}}
  kernel.depthwise_conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 3, 1>, strides = array<i64: 1, 1>,
    dilations = array<i64: 1, 1>, stages = [], schedule = #kernel.schedule<sdot, lanes = 4>}
    : (memref<1x5x2x16xi8>, memref<3x1x16xi8>, memref<16xi32>, memref<1x3x2x16xi32>) -> ()
  return
}
}

// -----

module attributes {kernel.target = #kernel.target<triple = "x86_64-linux-gnu", cpu = "x86-64-v4", features = "+avx512vnni">} {
func.func @depthwise_packed(%x: memref<1x5x2x16xi8>, %w: memref<48xi8>,
    %b: memref<16xi32>, %y: memref<1x3x2x16xi32>) {
  // expected-error @below {{schedule family 'plain' wants plain weights, found packed ones}}
  // expected-error @below {{has no expansion into vectors}}
  kernel.depthwise_conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 3, 1>, strides = array<i64: 1, 1>,
    dilations = array<i64: 1, 1>, stages = [], packed,
    schedule = #kernel.schedule<plain, lanes = 4>}
    : (memref<1x5x2x16xi8>, memref<48xi8>, memref<16xi32>, memref<1x3x2x16xi32>) -> ()
  return
}
}

// -----

module attributes {kernel.target = #kernel.target<triple = "x86_64-linux-gnu", cpu = "x86-64-v4", features = "+avx512vnni">} {
func.func @depthwise_few_channels(%x: memref<1x5x2x8xi8>, %w: memref<48xi8>,
    %b: memref<8xi32>, %y: memref<1x3x2x8xi32>) {
  // expected-error @below {{schedule family 'vpdpbusd' needs at least 16 channels or rows that fill registers, a channel multiplier of 1, an 8-bit output, no residual, and weights minus the zero point of at most 254}}
  // expected-error @below {{has no expansion into vectors}}
  kernel.depthwise_conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 3, 1>, strides = array<i64: 1, 1>,
    dilations = array<i64: 1, 1>, stages = [], packed,
    schedule = #kernel.schedule<vpdpbusd, lanes = 16>}
    : (memref<1x5x2x8xi8>, memref<48xi8>, memref<8xi32>, memref<1x3x2x8xi32>) -> ()
  return
}
}

// -----

module attributes {kernel.target = #kernel.target<triple = "x86_64-linux-gnu", cpu = "x86-64-v3", features = "">} {
func.func @interleaved_words(%x: memref<1x2x2x2xi8>, %w: memref<16xi8>, %b: memref<8xi32>, %y: memref<1x2x2x8xi16>) {
  // expected-error @below {{interleaved schedule needs an 8-bit output, a bias of i32, and a last stage that clamps to bytes}}
  // expected-error @below {{has no expansion into vectors}}
  kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.clamp<min = -128, max = 127>], packed, schedule = #kernel.schedule<pmaddwd, lanes = 8, interleaved = true>}
    : (memref<1x2x2x2xi8>, memref<16xi8>, memref<8xi32>, memref<1x2x2x8xi16>) -> ()
  return
}
}

// -----

module attributes {kernel.target = #kernel.target<triple = "x86_64-linux-gnu", cpu = "x86-64-v3", features = "">} {
func.func @interleaved_no_clamp(%x: memref<1x2x2x2xi8>, %w: memref<16xi8>, %b: memref<8xi32>, %y: memref<1x2x2x8xi8>) {
  // expected-error @below {{interleaved schedule needs an 8-bit output, a bias of i32, and a last stage that clamps to bytes}}
  // expected-error @below {{has no expansion into vectors}}
  kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [], packed, schedule = #kernel.schedule<pmaddwd, lanes = 8, interleaved = true>}
    : (memref<1x2x2x2xi8>, memref<16xi8>, memref<8xi32>, memref<1x2x2x8xi8>) -> ()
  return
}
}

// -----

module attributes {kernel.target = #kernel.target<triple = "x86_64-linux-gnu", cpu = "x86-64-v3", features = "">} {
func.func @interleaved_bias_size(%x: memref<1x2x2x2xi8>, %w: memref<16xi8>, %b: memref<9xi32>, %y: memref<1x2x2x8xi8>) {
  // expected-error @below {{expected a bias of 8 elements, found}}
  // expected-error @below {{has no expansion into vectors}}
  kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.clamp<min = -128, max = 127>], packed, schedule = #kernel.schedule<pmaddwd, lanes = 8, interleaved = true>}
    : (memref<1x2x2x2xi8>, memref<16xi8>, memref<9xi32>, memref<1x2x2x8xi8>) -> ()
  return
}
}

// -----

func.func @no_amx(%x: memref<1x2x2x4xi8>, %w: memref<64xi8>,
    %b: memref<16xi32>, %y: memref<1x2x2x16xi32>) {
  // expected-error @below {{schedule family 'tdpb' with 16 lanes needs a target with amx-int8}}
  // expected-error @below {{has no expansion into vectors}}
  kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>,
    dilations = array<i64: 1, 1>, stages = [], packed,
    schedule = #kernel.schedule<tdpb, lanes = 16, pixels = 4>}
    : (memref<1x2x2x4xi8>, memref<64xi8>, memref<16xi32>, memref<1x2x2x16xi32>) -> ()
  return
}

// -----

module attributes {kernel.target = #kernel.target<triple = "x86_64-linux-gnu", cpu = "x86-64-v4", features = "+amx-int8">} {
  func.func @too_many_tiles(%x: memref<1x2x32x4xi8>, %w: memref<256xi8>,
      %b: memref<64xi32>, %y: memref<1x2x32x64xi32>) {
    // expected-error @below {{schedule family 'tdpb' needs runs of at least 4 elements and a block that fits eight tile registers, found runs of 4 and blocks of 4 vectors times 32 pixels}}
    // expected-error @below {{has no expansion into vectors}}
    kernel.conv_2d %x, %w bias %b outs %y {
      kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>,
      dilations = array<i64: 1, 1>, stages = [], packed,
      schedule = #kernel.schedule<tdpb, lanes = 16, vectors = 4, pixels = 32>}
      : (memref<1x2x32x4xi8>, memref<256xi8>, memref<64xi32>, memref<1x2x32x64xi32>) -> ()
    return
  }
}

// -----

func.func @packed_scales(%x: memref<1x1x1x4xf32>, %w: memref<8xi8>, %s: memref<3xf32>,
    %b: memref<2xf32>, %y: memref<1x1x1x2xf32>) {
  // expected-error @below {{expected 4 packed scales, found 'memref<3xf32>'}}
  // expected-error @below {{has no expansion into vectors}}
  kernel.conv_2d %x, %w scales %s bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    group_size = 2, packed, schedule = #kernel.schedule<plain, lanes = 2>, stages = []}
    : (memref<1x1x1x4xf32>, memref<8xi8>, memref<3xf32>, memref<2xf32>, memref<1x1x1x2xf32>) -> ()
  return
}
