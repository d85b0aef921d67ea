// RUN: qopt %s | qopt | FileCheck %s
// RUN: qopt %s --emit-bytecode | qopt | FileCheck %s

// CHECK-LABEL: func @conv_2d_per_channel
func.func @conv_2d_per_channel(%x: tensor<1x10x10x4xi8>, %w: tensor<8x3x3x4xi8>,
    %b: tensor<8xi32>, %m: tensor<8xi32>, %s: tensor<8xi32>,
    %init: tensor<1x8x8x8xi8>) -> tensor<1x8x8x8xi8> {
  // CHECK: kernel.conv_2d %{{.*}}, %{{.*}} bias %{{.*}} scale %{{.*}}, %{{.*}} outs %{{.*}} {
  // CHECK-SAME: stages = [#kernel.requantize<zero_point = -128, right_shifts = true>, #kernel.clamp<min = -128, max = 127>]
  %r = kernel.conv_2d %x, %w bias %b scale %m, %s outs %init {
    kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>,
    dilations = array<i64: 1, 1>,
    stages = [#kernel.requantize<zero_point = -128, right_shifts = true>,
              #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x10x10x4xi8>, tensor<8x3x3x4xi8>, tensor<8xi32>, tensor<8xi32>,
       tensor<8xi32>, tensor<1x8x8x8xi8>) -> tensor<1x8x8x8xi8>
  return %r : tensor<1x8x8x8xi8>
}

// CHECK-LABEL: func @conv_2d_unsigned_residual
func.func @conv_2d_unsigned_residual(%x: memref<1x8x8x4xi8>, %w: memref<8x1x1x2xi8>,
    %b: memref<8xi32>, %r: memref<1x8x8x8xi8>, %init: memref<1x4x4x8xi8>,
    %c: memref<1x4x4x8xi8>) {
  // CHECK: residuals
  // CHECK-SAME: filter_zero_point = 121 : i32
  kernel.conv_2d %x, %w bias %b residuals %c outs %init {
    kernel = array<i64: 1, 1>, strides = array<i64: 2, 2>,
    dilations = array<i64: 1, 1>, groups = 2 : i64, input_unsigned,
    filter_unsigned, filter_zero_point = 121 : i32,
    stages = [
      #kernel.requantize<rounding = single, multiplier = 1518500250, shift = -5, zero_point = 4>,
      #kernel.clamp<min = 0, max = 255>,
      #kernel.add<left_shift = 20,
        value = <offset = -4, multiplier = 1073741824, shift = -1>,
        operand = <offset = -5, multiplier = 1518500250, shift = 0>,
        output = <offset = 128, multiplier = 1347440720, shift = -18>,
        is_unsigned = true>,
      #kernel.clamp<min = 128, max = 255>]}
    : (memref<1x8x8x4xi8>, memref<8x1x1x2xi8>, memref<8xi32>,
       memref<1x4x4x8xi8>, memref<1x4x4x8xi8>) -> ()
  return
}

// CHECK-LABEL: func @conv_2d_wide
func.func @conv_2d_wide(%x: tensor<1x4x4x4xi16>, %w: tensor<8x1x1x4xi8>,
    %b: tensor<8xi64>, %m: tensor<8xi32>, %s: tensor<8xi32>,
    %init: tensor<1x4x4x8xi16>) -> tensor<1x4x4x8xi16> {
  // CHECK: #kernel.requantize<rounding = wide>
  %r = kernel.conv_2d %x, %w bias %b scale %m, %s outs %init {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>,
    dilations = array<i64: 1, 1>,
    stages = [#kernel.requantize<rounding = wide>,
              #kernel.clamp<min = -32768, max = 32767>]}
    : (tensor<1x4x4x4xi16>, tensor<8x1x1x4xi8>, tensor<8xi64>, tensor<8xi32>,
       tensor<8xi32>, tensor<1x4x4x8xi16>) -> tensor<1x4x4x8xi16>
  return %r : tensor<1x4x4x8xi16>
}

// CHECK-LABEL: func @conv_2d_packed
func.func @conv_2d_packed(%x: tensor<1x4x4x4xi8>, %w: tensor<64xi8>,
    %b: tensor<16xi32>, %init: tensor<1x4x4x8xi32>) -> tensor<1x4x4x8xi32> {
  // CHECK: packed
  // CHECK-SAME: schedule = #kernel.schedule<vpdpbusd, lanes = 16>
  %r = kernel.conv_2d %x, %w bias %b outs %init {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>,
    dilations = array<i64: 1, 1>, stages = [], packed,
    schedule = #kernel.schedule<vpdpbusd, lanes = 16>}
    : (tensor<1x4x4x4xi8>, tensor<64xi8>, tensor<16xi32>, tensor<1x4x4x8xi32>)
      -> tensor<1x4x4x8xi32>
  return %r : tensor<1x4x4x8xi32>
}

// CHECK-LABEL: func @depthwise_conv_2d_f32
func.func @depthwise_conv_2d_f32(%x: tensor<1x6x6x4xf32>, %w: tensor<3x3x8xf32>,
    %b: tensor<8xf32>, %init: tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xf32> {
  // CHECK: kernel.depthwise_conv_2d
  // CHECK-SAME: #kernel.clamp_f32<min = 0.000000e+00 : f32, max = 0x7F800000 : f32>
  %r = kernel.depthwise_conv_2d %x, %w bias %b outs %init {
    kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>,
    dilations = array<i64: 1, 1>,
    stages = [#kernel.clamp_f32<min = 0.0 : f32, max = 0x7F800000 : f32>]}
    : (tensor<1x6x6x4xf32>, tensor<3x3x8xf32>, tensor<8xf32>,
       tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xf32>
  return %r : tensor<1x4x4x8xf32>
}

// CHECK-LABEL: func @elementwise_integer
func.func @elementwise_integer(%x: tensor<2x8xi8>, %y: tensor<8xi8>,
    %init: tensor<2x8xi8>) -> tensor<2x8xi8> {
  // CHECK: kernel.elementwise %{{.*}} with %{{.*}}, %{{.*}} outs
  // CHECK-SAME: #kernel.mul<value_offset = 3, operand_offset = -4, output = <multiplier = 1073741824, shift = -8>>
  // CHECK-SAME: #kernel.sub<
  // CHECK-SAME: reversed = true>
  // CHECK-SAME: #kernel.table<entries = dense<7> : tensor<256xi8>>
  %r = kernel.elementwise %x with %y, %x outs %init {stages = [
    #kernel.mul<value_offset = 3, operand_offset = -4,
      output = <multiplier = 1073741824, shift = -8>>,
    #kernel.clamp<min = -128, max = 127>,
    #kernel.sub<left_shift = 20, value = <multiplier = 1, shift = 0>,
      operand = <multiplier = 1, shift = 0>, output = <multiplier = 1, shift = 0>,
      reversed = true>,
    #kernel.clamp<min = -128, max = 127>,
    #kernel.table<entries = dense<7> : tensor<256xi8>>]}
    : (tensor<2x8xi8>, tensor<8xi8>, tensor<2x8xi8>, tensor<2x8xi8>) -> tensor<2x8xi8>
  return %r : tensor<2x8xi8>
}

// CHECK-LABEL: func @elementwise_pot
func.func @elementwise_pot(%x: tensor<8xi16>, %init: tensor<8xi16>) -> tensor<8xi16> {
  // CHECK: #kernel.add_pot<operand_shift = 2, subtract = true>
  %r = kernel.elementwise %x with %x outs %init {stages = [
    #kernel.add_pot<operand_shift = 2, subtract = true>]}
    : (tensor<8xi16>, tensor<8xi16>, tensor<8xi16>) -> tensor<8xi16>
  return %r : tensor<8xi16>
}

// CHECK-LABEL: func @elementwise_float
func.func @elementwise_float(%x: tensor<8xi8>, %y: tensor<8xf32>,
    %init: tensor<8xi8>) -> tensor<8xi8> {
  // CHECK: #kernel.dequantize<scale = 5.000000e-01 : f32, zero_point = -1>
  // CHECK-SAME: #kernel.add_f32, #kernel.sub_f32<>, #kernel.mul_f32, #kernel.logistic_f32
  // CHECK-SAME: #kernel.quantize<scale = 2.500000e-01 : f32, min = 0, max = 255, ties_to_even = true>
  %r = kernel.elementwise %x with %y, %y, %y outs %init {stages = [
    #kernel.dequantize<scale = 0.5 : f32, zero_point = -1>, #kernel.add_f32,
    #kernel.sub_f32<>, #kernel.mul_f32, #kernel.logistic_f32,
    #kernel.quantize<scale = 0.25 : f32, min = 0, max = 255, ties_to_even = true>]}
    : (tensor<8xi8>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xi8>) -> tensor<8xi8>
  return %r : tensor<8xi8>
}

// CHECK-LABEL: func @float_functions
func.func @float_functions(%x: tensor<8xf32>, %init: tensor<8xf32>) -> tensor<8xf32> {
  // CHECK: stages = [#kernel.tanh_f32, #kernel.hard_swish_f32, #kernel.leaky_relu_f32<alpha = 2.500000e-01 : f32>]
  %r = kernel.elementwise %x outs %init {stages = [#kernel.tanh_f32,
    #kernel.hard_swish_f32, #kernel.leaky_relu_f32<alpha = 0.25 : f32>]}
    : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  return %r : tensor<8xf32>
}

// CHECK-LABEL: func @copy
func.func @copy(%x: memref<8xi8>, %y: memref<8xi8>) {
  // CHECK: kernel.elementwise %{{.*}} outs %{{.*}} {stages = []}
  kernel.elementwise %x outs %y {stages = []} : (memref<8xi8>, memref<8xi8>) -> ()
  return
}

// CHECK-LABEL: func @pools
func.func @pools(%x: tensor<1x8x8x4xi8>, %init: tensor<1x4x4x4xi8>)
    -> (tensor<1x4x4x4xi8>, tensor<1x4x4x4xi8>) {
  // CHECK: kernel.pool_2d max
  %0 = kernel.pool_2d max %x outs %init {
    kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>,
    padding = array<i64: 0, 0, 0, 0>, stages = []}
    : (tensor<1x8x8x4xi8>, tensor<1x4x4x4xi8>) -> tensor<1x4x4x4xi8>
  // CHECK: kernel.pool_2d average
  %1 = kernel.pool_2d average %x outs %init {
    kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>,
    padding = array<i64: 0, 1, 0, 1>, input_unsigned,
    stages = [#kernel.clamp<min = 3, max = 250>]}
    : (tensor<1x8x8x4xi8>, tensor<1x4x4x4xi8>) -> tensor<1x4x4x4xi8>
  return %0, %1 : tensor<1x4x4x4xi8>, tensor<1x4x4x4xi8>
}

// CHECK-LABEL: func @mean
func.func @mean(%x: tensor<1x4x4x8xi8>, %init: tensor<1x8xi8>) -> tensor<1x8xi8> {
  // CHECK: kernel.mean
  // CHECK-SAME: initial = 2048 : i64
  %r = kernel.mean %x outs %init {axes = array<i64: 1, 2>, initial = 2048 : i64,
    stages = [#kernel.requantize<multiplier = 1073741824, shift = -3, zero_point = -128>,
              #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x4x4x8xi8>, tensor<1x8xi8>) -> tensor<1x8xi8>
  return %r : tensor<1x8xi8>
}

// CHECK-LABEL: func @arg_max
func.func @arg_max(%x: tensor<1x10xi8>, %init: tensor<1xi32>) -> tensor<1xi32> {
  // CHECK: kernel.arg_max
  %r = kernel.arg_max %x outs %init {axis = 1 : i64}
    : (tensor<1x10xi8>, tensor<1xi32>) -> tensor<1xi32>
  return %r : tensor<1xi32>
}

// CHECK-LABEL: func @softmax
func.func @softmax(%x: tensor<1x10xi8>, %y: tensor<1x10xf32>, %z: tensor<1x10xi16>)
    -> (tensor<1x10xi8>, tensor<1x10xf32>, tensor<1x10xi16>) {
  %0 = tensor.empty() : tensor<1x10xi8>
  // CHECK: kernel.softmax
  // CHECK-SAME: tables = [dense<1> : tensor<256xi32>]
  %1 = kernel.softmax %x outs %0 {tables = [dense<1> : tensor<256xi32>]}
    : (tensor<1x10xi8>, tensor<1x10xi8>) -> tensor<1x10xi8>
  %2 = tensor.empty() : tensor<1x10xf32>
  // CHECK: kernel.softmax
  // CHECK-SAME: beta = 2.000000e+00 : f32
  %3 = kernel.softmax %y outs %2 {beta = 2.0 : f32}
    : (tensor<1x10xf32>, tensor<1x10xf32>) -> tensor<1x10xf32>
  %4 = tensor.empty() : tensor<1x10xi16>
  // CHECK: kernel.softmax
  %5 = kernel.softmax %z outs %4 {multiplier = 1342177280 : i32, shift = 3 : i32,
    tables = [dense<1> : tensor<513xi16>, dense<2> : tensor<513xi16>]}
    : (tensor<1x10xi16>, tensor<1x10xi16>) -> tensor<1x10xi16>
  return %1, %3, %5 : tensor<1x10xi8>, tensor<1x10xf32>, tensor<1x10xi16>
}

// CHECK-LABEL: func @movement
func.func @movement(%x: tensor<1x2x2x4xi8>, %p: tensor<1x4x4x4xi8>,
    %c: tensor<1x2x2x8xi8>, %i: tensor<1x8x8x4xi8>) -> tensor<32xi8> {
  // CHECK: kernel.pad
  // CHECK-SAME: value = -3 : i8
  %0 = kernel.pad %x outs %p {low = array<i64: 0, 1, 1, 0>,
    high = array<i64: 0, 1, 1, 0>, value = -3 : i8}
    : (tensor<1x2x2x4xi8>, tensor<1x4x4x4xi8>) -> tensor<1x4x4x4xi8>
  // CHECK: kernel.resize_bilinear
  %1 = kernel.resize_bilinear %0 outs %i {half_pixel_centers}
    : (tensor<1x4x4x4xi8>, tensor<1x8x8x4xi8>) -> tensor<1x8x8x4xi8>
  // CHECK: kernel.concat
  %2 = kernel.concat %x, %x outs %c {axis = 3 : i64}
    : (tensor<1x2x2x4xi8>, tensor<1x2x2x4xi8>, tensor<1x2x2x8xi8>) -> tensor<1x2x2x8xi8>
  // CHECK: kernel.strided_slice %{{.*}} {offsets = array<i64: 0, 1, 0, 4>, strides = array<i64: 1, -1, 1, 1>}
  %4 = kernel.strided_slice %2 outs %x {offsets = array<i64: 0, 1, 0, 4>, strides = array<i64: 1, -1, 1, 1>}
    : (tensor<1x2x2x8xi8>, tensor<1x2x2x4xi8>) -> tensor<1x2x2x4xi8>
  // CHECK: kernel.view %{{.*}} : tensor<1x2x2x8xi8> to tensor<32xi8>
  %3 = kernel.view %2 : tensor<1x2x2x8xi8> to tensor<32xi8>
  return %3 : tensor<32xi8>
}

// CHECK-LABEL: @transpose
func.func @transpose(%x: memref<2x3x4xi16>, %y: memref<4x2x3xi16>) {
  // CHECK: kernel.transpose %{{.*}} outs %{{.*}} {permutation = array<i64: 2, 0, 1>}
  kernel.transpose %x outs %y {permutation = array<i64: 2, 0, 1>}
    : (memref<2x3x4xi16>, memref<4x2x3xi16>) -> ()
  return
}

// CHECK-LABEL: @bytes
func.func @bytes(%x: tensor<4xi8>, %r: tensor<4xi8>, %o: tensor<4xi8>, %p: tensor<5xi8>) -> tensor<5xi8> {
  // CHECK: #kernel.scaled_sum<value = 5, operand = -4, offset = 7, shift = 3, is_unsigned = true>
  %0 = kernel.elementwise %x with %r outs %o {stages = [
    #kernel.scaled_sum<value = 5, operand = -4, offset = 7, shift = 3, is_unsigned = true>,
    #kernel.clamp<min = -128, max = 127>]} : (tensor<4xi8>, tensor<4xi8>, tensor<4xi8>) -> tensor<4xi8>
  // CHECK: kernel.pad %{{.*}} {flip, high
  %1 = kernel.pad %0 outs %p {flip, low = array<i64: 1>, high = array<i64: 0>, value = 0 : i8}
    : (tensor<4xi8>, tensor<5xi8>) -> tensor<5xi8>
  return %1 : tensor<5xi8>
}
