// RUN: qopt --convert-nn-to-kernel --split-input-file %s | FileCheck %s

// An accumulator and its multiplier are one kernel, padding a kernel before it
// with the input's zero point. The types stay as attributes.

!x = !quant.uniform<i8:f32, 0.5:3>
!w = !quant.uniform<i8:f32:0, {0.5, 0.25}>
!y = !quant.uniform<i8:f32, 0.25:-1>

// CHECK-LABEL: func.func @conv_2d
// CHECK-SAME: (%[[X:[a-z0-9]+]]: tensor<1x4x4x8xi8> {nn.name = "x", nn.type = tensor<1x4x4x8x!quant.uniform<i8:f32, 5.000000e-01:3>>})
// CHECK-SAME: -> (tensor<1x4x4x2xi8> {nn.name = "y", nn.type = tensor<1x4x4x2x!quant.uniform<i8:f32, 2.500000e-01:-1>>})
// CHECK: %[[P:.*]] = kernel.pad %[[X]] {{.*}}high = array<i64: 0, 1, 1, 0>, low = array<i64: 0, 1, 1, 0>, value = 3 : i8
// CHECK: kernel.conv_2d %[[P]], %{{.*}} bias %{{.*}} scale %{{.*}}, %{{.*}} outs
// CHECK-SAME: kernel = array<i64: 3, 3>
// CHECK-SAME: #kernel.requantize<
// CHECK-SAME: zero_point = -1
// CHECK-SAME: #kernel.clamp<min = -128, max = 127>
func.func @conv_2d(%x: tensor<1x4x4x8x!x> {nn.name = "x"}) -> (tensor<1x4x4x2x!y> {nn.name = "y"}) {
  %w = nn.constant dense<1> : tensor<2x3x3x8xi8> -> tensor<2x3x3x8x!w>
  %b = nn.constant dense<[5, 7]> : tensor<2xi32>
  %a = nn.conv_2d %x, %w, %b {padding = array<i64: 1, 1, 1, 1>} : (tensor<1x4x4x8x!x>, tensor<2x3x3x8x!w>, tensor<2xi32>) -> tensor<1x4x4x2xi32>
  %y = quant.apply_multiplier %a {multiplier = #quant.multiplier<[1518500250, 1518500250], [-5, -4], axis = 3>, rounding = #quant.rounding<double>} : tensor<1x4x4x2xi32> to tensor<1x4x4x2x!y>
  return %y : tensor<1x4x4x2x!y>
}

// -----

// A fully connected layer is a convolution of 1x1, its multiplier an immediate.

!x = !quant.uniform<i8:f32, 0.5:3>
!w = !quant.uniform<i8:f32, 0.5>
!y = !quant.uniform<i8:f32, 0.25:-1>

// CHECK-LABEL: func.func @fully_connected
// CHECK: kernel.view %{{.*}} : tensor<2x8xi8> to tensor<1x1x2x8xi8>
// CHECK: kernel.conv_2d
// CHECK-SAME: #kernel.requantize<rounding = single, multiplier = 1518500250, shift = -5, zero_point = -1>
// CHECK-SAME: #kernel.clamp<min = 0, max = 100>
// CHECK: kernel.view %{{.*}} : tensor<1x1x2x4xi8> to tensor<2x4xi8>
func.func @fully_connected(%x: tensor<2x8x!x>) -> tensor<2x4x!y> {
  %w = nn.constant dense<1> : tensor<4x8xi8> -> tensor<4x8x!w>
  %b = nn.constant dense<5> : tensor<4xi32>
  %a = nn.fully_connected %x, %w, %b : (tensor<2x8x!x>, tensor<4x8x!w>, tensor<4xi32>) -> tensor<2x4xi32>
  %y = quant.apply_multiplier %a {multiplier = #quant.multiplier<[1518500250], [-5]>, rounding = #quant.rounding<single>, min = 0, max = 100} : tensor<2x4xi32> to tensor<2x4x!y>
  return %y : tensor<2x4x!y>
}

// -----

// Weights with a zero point keep it; unsigned storage becomes an attribute.

!u = !quant.uniform<u8:f32, 0.5:128>
!w = !quant.uniform<u8:f32, 0.5:121>

// CHECK-LABEL: func.func @unsigned
// CHECK: kernel.depthwise_conv_2d
// CHECK-SAME: filter_unsigned
// CHECK-SAME: filter_zero_point = 121 : i32
// CHECK-SAME: input_unsigned
// CHECK-SAME: #kernel.clamp<min = 0, max = 255>
func.func @unsigned(%x: tensor<1x4x4x2x!u>) -> tensor<1x4x4x2x!u> {
  %w = nn.constant dense<1> : tensor<1x1x1x2xi8> -> tensor<1x1x1x2x!w>
  %b = nn.constant dense<[5, 7]> : tensor<2xi32>
  %a = nn.depthwise_conv_2d %x, %w, %b : (tensor<1x4x4x2x!u>, tensor<1x1x1x2x!w>, tensor<2xi32>) -> tensor<1x4x4x2xi32>
  %y = quant.apply_multiplier %a {multiplier = #quant.multiplier<[1518500250], [-5]>, rounding = #quant.rounding<double>} : tensor<1x4x4x2xi32> to tensor<1x4x4x2x!u>
  return %y : tensor<1x4x4x2x!u>
}

// -----

// Floats need no epilogue but the activation.

// CHECK-LABEL: func.func @float
// CHECK: kernel.conv_2d
// CHECK-SAME: #kernel.clamp_f32<min = 0.000000e+00 : f32, max = 0x7F800000 : f32>
func.func @float(%x: tensor<1x4x4x2xf32>, %w: tensor<3x1x1x2xf32>, %b: tensor<3xf32>) -> tensor<1x4x4x3xf32> {
  %y = nn.conv_2d %x, %w, %b {activation = #nn.activation<relu>} : (tensor<1x4x4x2xf32>, tensor<3x1x1x2xf32>, tensor<3xf32>) -> tensor<1x4x4x3xf32>
  return %y : tensor<1x4x4x3xf32>
}

// -----

// Arithmetic takes its fixed-point constants along.

!a = !quant.uniform<i8:f32, 0.5:3>
!b = !quant.uniform<i8:f32, 0.25:-4>
!y = !quant.uniform<i8:f32, 0.75:5>

// CHECK-LABEL: func.func @arithmetic
// CHECK: kernel.elementwise %{{.*}} with %{{.*}} outs {{.*}}#kernel.add<left_shift = 20, value = <offset = -3,
// CHECK-SAME: operand = <offset = 4,
// CHECK-SAME: output = <offset = 5,
// CHECK: kernel.elementwise %{{.*}} with %{{.*}} outs {{.*}}#kernel.mul<value_offset = -3, operand_offset = 4,
func.func @arithmetic(%a: tensor<4x!a>, %b: tensor<4x!b>) -> (tensor<4x!y>, tensor<4x!y>) {
  %0 = nn.add %a, %b : (tensor<4x!a>, tensor<4x!b>) -> tensor<4x!y>
  %1 = nn.mul %a, %b : (tensor<4x!a>, tensor<4x!b>) -> tensor<4x!y>
  return %0, %1 : tensor<4x!y>, tensor<4x!y>
}

// -----

// Functions of one 8-bit value are tables; a reshape is a view.

!x = !quant.uniform<i8:f32, 0.5:3>
!p = !quant.uniform<i8:f32, 0.00390625:-128>

// CHECK-LABEL: func.func @tables
// CHECK: kernel.elementwise %{{.*}}#kernel.table<entries =
// CHECK: kernel.view %{{.*}} : tensor<4xi8> to tensor<2x2xi8>
func.func @tables(%x: tensor<4x!x>) -> tensor<2x2x!p> {
  %0 = nn.logistic %x : (tensor<4x!x>) -> tensor<4x!p>
  %1 = nn.reshape %0 : (tensor<4x!p>) -> tensor<2x2x!p>
  return %1 : tensor<2x2x!p>
}

// -----

// Tanh, hard swish and leaky relu are stages on floats, tables on 8 bits.

!x = !quant.uniform<i8:f32, 0.5:3>
!t = !quant.uniform<i8:f32, 0.0078125>

// CHECK-LABEL: func.func @more_functions
// CHECK: kernel.elementwise %{{.*}}#kernel.tanh_f32
// CHECK: kernel.elementwise %{{.*}}#kernel.hard_swish_f32
// CHECK: kernel.elementwise %{{.*}}#kernel.leaky_relu_f32<alpha = 2.500000e-01 : f32>
// CHECK-COUNT-3: kernel.elementwise %{{.*}}#kernel.table<entries =
func.func @more_functions(%x: tensor<4xf32>, %q: tensor<4x!x>) -> (tensor<4xf32>, tensor<4x!t>, tensor<4x!x>, tensor<4x!x>) {
  %0 = nn.tanh %x : (tensor<4xf32>) -> tensor<4xf32>
  %1 = nn.hard_swish %0 : (tensor<4xf32>) -> tensor<4xf32>
  %2 = nn.leaky_relu %1 {alpha = 0.25 : f64} : (tensor<4xf32>) -> tensor<4xf32>
  %3 = nn.tanh %q : (tensor<4x!x>) -> tensor<4x!t>
  %4 = nn.hard_swish %q : (tensor<4x!x>) -> tensor<4x!x>
  %5 = nn.leaky_relu %q {alpha = 0.25 : f64} : (tensor<4x!x>) -> tensor<4x!x>
  return %2, %3, %4, %5 : tensor<4xf32>, tensor<4x!t>, tensor<4x!x>, tensor<4x!x>
}

// -----

// What is left of quant: casts between stored and real values.

!x = !quant.uniform<i8:f32, 0.5:3>

// CHECK-LABEL: func.func @quantize_dequantize
// CHECK: kernel.elementwise %{{.*}}#kernel.quantize<scale = 5.000000e-01 : f32, zero_point = 3, min = -128, max = 127
// CHECK: kernel.elementwise %{{.*}}#kernel.dequantize<scale = 5.000000e-01 : f32, zero_point = 3>
func.func @quantize_dequantize(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = quant.qcast %x : tensor<4xf32> to tensor<4x!x>
  %1 = quant.dcast %0 : tensor<4x!x> to tensor<4xf32>
  return %1 : tensor<4xf32>
}

// -----

// Real multipliers: an immediate, or the bits of each channel's (0.5 is
// 0x3f000000 as a float32 and 0x3fe00000'00000000 as a float64).

!x = !quant.uniform<i8:f32, 0.5:3>
!w = !quant.uniform<i8:f32, 0.5>
!y = !quant.uniform<i8:f32, 0.25:-1>

// CHECK-LABEL: func.func @real_multipliers
// CHECK: %[[FLOAT:.*]] = arith.constant dense<[1056964608, 1048576000]> : tensor<2xi32>
// CHECK: %[[ZERO:.*]] = arith.constant dense<0> : tensor<2xi32>
// CHECK: kernel.conv_2d {{.*}} scale %[[FLOAT]], %[[ZERO]] {{.*}}stages = [#kernel.requantize_real<rounding = float, zero_point = -1, min = -1, max = 127>]
// CHECK: %[[HIGH:.*]] = arith.constant dense<[1071644672, 1069128089]> : tensor<2xi32>
// CHECK: %[[LOW:.*]] = arith.constant dense<[0, -1717986918]> : tensor<2xi32>
// CHECK: kernel.conv_2d {{.*}} scale %[[HIGH]], %[[LOW]] {{.*}}stages = [#kernel.requantize_real<rounding = real, zero_point = -1, min = -128, max = 127>]
// CHECK: kernel.conv_2d {{.*}}stages = [#kernel.requantize_real<rounding = float, multiplier = 5.000000e-01 : f64, zero_point = -1, min = -128, max = 127>]
func.func @real_multipliers(%x: tensor<1x4x4x8x!x>) -> (tensor<1x4x4x2x!y>, tensor<1x4x4x2x!y>, tensor<1x4x4x2x!y>) {
  %w = nn.constant dense<1> : tensor<2x1x1x8xi8> -> tensor<2x1x1x8x!w>
  %a = nn.conv_2d %x, %w : (tensor<1x4x4x8x!x>, tensor<2x1x1x8x!w>) -> tensor<1x4x4x2xi32>
  %f = quant.apply_multiplier %a {multiplier = #quant.real_multiplier<[0.5, 0.25], axis = 3>, rounding = #quant.rounding<float>, min = -1} : tensor<1x4x4x2xi32> to tensor<1x4x4x2x!y>
  %b = nn.conv_2d %x, %w : (tensor<1x4x4x8x!x>, tensor<2x1x1x8x!w>) -> tensor<1x4x4x2xi32>
  %r = quant.apply_multiplier %b {multiplier = #quant.real_multiplier<[0.5, 0.1], axis = 3>, rounding = #quant.rounding<real>} : tensor<1x4x4x2xi32> to tensor<1x4x4x2x!y>
  %c = nn.conv_2d %x, %w : (tensor<1x4x4x8x!x>, tensor<2x1x1x8x!w>) -> tensor<1x4x4x2xi32>
  %i = quant.apply_multiplier %c {multiplier = #quant.real_multiplier<[0.5]>, rounding = #quant.rounding<float>} : tensor<1x4x4x2xi32> to tensor<1x4x4x2x!y>
  return %f, %r, %i : tensor<1x4x4x2x!y>, tensor<1x4x4x2x!y>, tensor<1x4x4x2x!y>
}

// -----

// On stored values of 8 bits the modes are tables like the others.
!a = !quant.uniform<i8:f32, 1.0>
!b = !quant.uniform<i8:f32, 2.0>
// CHECK-LABEL: func.func @real_tables
// 1 and 3 halved: 0 and 2 with ties to even, 1 and 2 away from zero.
// CHECK: #kernel.table<entries = dense<"0x0000010202
// CHECK: #kernel.table<entries = dense<"0x0001010202
func.func @real_tables(%x: tensor<4x!a>) -> (tensor<4x!b>, tensor<4x!b>) {
  %i = quant.scast %x : tensor<4x!a> to tensor<4xi8>
  %0 = quant.apply_multiplier %i {multiplier = #quant.real_multiplier<[0.5]>, rounding = #quant.rounding<float>} : tensor<4xi8> to tensor<4x!b>
  %1 = quant.apply_multiplier %i {multiplier = #quant.real_multiplier<[0.5]>, rounding = #quant.rounding<real>} : tensor<4xi8> to tensor<4x!b>
  return %0, %1 : tensor<4x!b>, tensor<4x!b>
}

// -----

// Stored integers are taken as they are.
// CHECK-LABEL: func.func @slice
// CHECK: kernel.strided_slice %{{.*}} outs %{{.*}} {offsets = array<i64: 0, 3, 0, 4>, strides = array<i64: 1, -1, 2, 1>} : (tensor<1x4x4x8xi8>, tensor<1x4x2x4xi8>) -> tensor<1x4x2x4xi8>
func.func @slice(%x: tensor<1x4x4x8x!quant.uniform<i8:f32, 0.5:3>>) -> tensor<1x4x2x4x!quant.uniform<i8:f32, 0.5:3>> {
  %0 = nn.slice %x {offsets = array<i64: 0, 3, 0, 4>, strides = array<i64: 1, -1, 2, 1>}
    : (tensor<1x4x4x8x!quant.uniform<i8:f32, 0.5:3>>) -> tensor<1x4x2x4x!quant.uniform<i8:f32, 0.5:3>>
  return %0 : tensor<1x4x2x4x!quant.uniform<i8:f32, 0.5:3>>
}
