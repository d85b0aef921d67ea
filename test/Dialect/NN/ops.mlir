// RUN: qopt %s | qopt | FileCheck %s
// RUN: qopt %s --mlir-print-op-generic | qopt | FileCheck %s
// RUN: qopt %s --emit-bytecode | qopt | FileCheck %s

!x = !quant.uniform<i8:f32, 0.5:-3>
!x16 = !quant.uniform<i16:f32, 0.5>
!w = !quant.uniform<i8<-127:127>:f32:0, {0.5, 0.25}>
!wd = !quant.uniform<i8<-127:127>:f32:3, {0.5, 0.25, 1.0, 2.0}>
!acc = !quant.uniform<i32:f32:3, {0.25, 0.125}>
!b = !quant.uniform<i32:f32:0, {0.25, 0.125}>
!y = !quant.uniform<i8:f32, 2.0>
!u = !quant.uniform<u8:f32, 0.5:128>
!p = !quant.uniform<i8:f32, 0.00390625:-128>
!p16 = !quant.uniform<i16:f32, 3.0517578125E-5>

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

// CHECK-LABEL: @constant_float
func.func @constant_float() -> tensor<2xf32> {
  // CHECK: nn.constant dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf32>{{$}}
  %0 = nn.constant dense<[1.0, 2.0]> : tensor<2xf32>
  return %0 : tensor<2xf32>
}

// CHECK-LABEL: @constant_quantized
func.func @constant_quantized() -> tensor<2x!x> {
  // CHECK: nn.constant dense<[-3, 7]> : tensor<2xi8> -> tensor<2x!quant.uniform<i8:f32, 5.000000e-01:-3>>
  %0 = nn.constant dense<[-3, 7]> : tensor<2xi8> -> tensor<2x!x>
  return %0 : tensor<2x!x>
}

// Stored unsigned integers are signless in the attribute.
// CHECK-LABEL: @constant_unsigned
func.func @constant_unsigned() -> tensor<2x!u> {
  // CHECK: nn.constant dense<[127, -1]> : tensor<2xi8> -> tensor<2x!quant.uniform<u8:f32, 5.000000e-01:128>>
  %0 = nn.constant dense<[127, 255]> : tensor<2xi8> -> tensor<2x!u>
  return %0 : tensor<2x!u>
}

// CHECK-LABEL: @constant_resource
func.func @constant_resource() -> tensor<4x!x> {
  // CHECK: nn.constant dense_resource<weights> : tensor<4xi8> -> tensor<4x!quant.uniform<i8:f32, 5.000000e-01:-3>>
  %0 = nn.constant dense_resource<weights> : tensor<4xi8> -> tensor<4x!x>
  return %0 : tensor<4x!x>
}

//===----------------------------------------------------------------------===//
// Linear ops
//===----------------------------------------------------------------------===//

// CHECK-LABEL: @conv_2d_float
func.func @conv_2d_float(%x: tensor<1x8x8x3xf32>, %w: tensor<16x3x3x3xf32>, %b: tensor<16xf32>) -> tensor<1x4x4x16xf32> {
  // CHECK: nn.conv_2d %{{.*}}, %{{.*}}, %{{.*}} {activation = #nn.activation<relu6>, padding = array<i64: 0, 1, 0, 1>, strides = array<i64: 2, 2>} : (tensor<1x8x8x3xf32>, tensor<16x3x3x3xf32>, tensor<16xf32>) -> tensor<1x4x4x16xf32>
  %y = nn.conv_2d %x, %w, %b {strides = array<i64: 2, 2>, padding = array<i64: 0, 1, 0, 1>, activation = #nn.activation<relu6>}
    : (tensor<1x8x8x3xf32>, tensor<16x3x3x3xf32>, tensor<16xf32>) -> tensor<1x4x4x16xf32>
  return %y : tensor<1x4x4x16xf32>
}

// CHECK-LABEL: @conv_2d_quantized_grouped_dilated
func.func @conv_2d_quantized_grouped_dilated(%x: tensor<1x8x8x4x!x>, %w: tensor<2x3x3x2x!w>, %b: tensor<2x!b>) -> tensor<1x4x4x2x!y> {
  // CHECK: nn.conv_2d {{.*}} {dilations = array<i64: 2, 2>, f32_scale_product, groups = 2 : i64, rounding = #quant.rounding<single>}
  %y = nn.conv_2d %x, %w, %b {dilations = array<i64: 2, 2>, groups = 2, rounding = #quant.rounding<single>, f32_scale_product}
    : (tensor<1x8x8x4x!x>, tensor<2x3x3x2x!w>, tensor<2x!b>) -> tensor<1x4x4x2x!y>
  return %y : tensor<1x4x4x2x!y>
}

// CHECK-LABEL: @conv_2d_quantized_accumulator
func.func @conv_2d_quantized_accumulator(%x: tensor<1x4x4x3x!x>, %w: tensor<2x1x1x3x!w>) -> tensor<1x4x4x2x!acc> {
  // CHECK: nn.conv_2d %{{.*}}, %{{.*}} : (
  %y = nn.conv_2d %x, %w : (tensor<1x4x4x3x!x>, tensor<2x1x1x3x!w>) -> tensor<1x4x4x2x!acc>
  return %y : tensor<1x4x4x2x!acc>
}

// CHECK-LABEL: @conv_2d_plain_accumulators
func.func @conv_2d_plain_accumulators(%x: tensor<1x4x4x3x!x16>, %w: tensor<2x1x1x3x!w>, %b: tensor<2xi32>, %c: tensor<2xi64>) {
  // CHECK: -> tensor<1x4x4x2xi32>
  %0 = nn.conv_2d %x, %w, %b : (tensor<1x4x4x3x!x16>, tensor<2x1x1x3x!w>, tensor<2xi32>) -> tensor<1x4x4x2xi32>
  // CHECK: -> tensor<1x4x4x2xi64>
  %1 = nn.conv_2d %x, %w, %c : (tensor<1x4x4x3x!x16>, tensor<2x1x1x3x!w>, tensor<2xi64>) -> tensor<1x4x4x2xi64>
  return
}

// The bias of 16-bit activations may be plain 64-bit integers.
// CHECK-LABEL: @conv_2d_wide_bias
func.func @conv_2d_wide_bias(%x: tensor<1x4x4x3x!x16>, %w: tensor<2x1x1x3x!w>, %b: tensor<2xi64>) -> tensor<1x4x4x2x!x16> {
  // CHECK: nn.conv_2d {{.*}} {rounding = #quant.rounding<wide>}
  %y = nn.conv_2d %x, %w, %b {rounding = #quant.rounding<wide>} : (tensor<1x4x4x3x!x16>, tensor<2x1x1x3x!w>, tensor<2xi64>) -> tensor<1x4x4x2x!x16>
  return %y : tensor<1x4x4x2x!x16>
}

// CHECK-LABEL: @depthwise_conv_2d_channel_multiplier
func.func @depthwise_conv_2d_channel_multiplier(%x: tensor<1x8x8x2x!x>, %w: tensor<1x3x3x4x!wd>) -> tensor<1x8x8x4x!y> {
  // CHECK: nn.depthwise_conv_2d %{{.*}}, %{{.*}} {padding = array<i64: 1, 1, 1, 1>} :
  %y = nn.depthwise_conv_2d %x, %w {padding = array<i64: 1, 1, 1, 1>}
    : (tensor<1x8x8x2x!x>, tensor<1x3x3x4x!wd>) -> tensor<1x8x8x4x!y>
  return %y : tensor<1x8x8x4x!y>
}

// CHECK-LABEL: @fully_connected_flattens
func.func @fully_connected_flattens(%x: tensor<2x2x8xf32>, %w: tensor<4x16xf32>, %b: tensor<4xf32>) -> tensor<2x4xf32> {
  // CHECK: nn.fully_connected %{{.*}}, %{{.*}}, %{{.*}} : (
  %y = nn.fully_connected %x, %w, %b : (tensor<2x2x8xf32>, tensor<4x16xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// CHECK-LABEL: @batch_norm
func.func @batch_norm(%x: tensor<1x8x8x4xf32>, %v: tensor<4xf32>) -> tensor<1x8x8x4xf32> {
  // CHECK: nn.batch_norm %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} {epsilon = 5.000000e-01 : f64}
  %y = nn.batch_norm %x, %v, %v, %v, %v {epsilon = 0.5 : f64}
    : (tensor<1x8x8x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<1x8x8x4xf32>
  return %y : tensor<1x8x8x4xf32>
}

//===----------------------------------------------------------------------===//
// Element-wise ops
//===----------------------------------------------------------------------===//

// CHECK-LABEL: @binary_float_broadcast
func.func @binary_float_broadcast(%a: tensor<1x4x4x8xf32>, %b: tensor<8xf32>, %c: tensor<2x1x1x1xf32>) {
  // CHECK: nn.add %{{.*}}, %{{.*}} {activation = #nn.activation<relu>} :
  %0 = nn.add %a, %b {activation = #nn.activation<relu>} : (tensor<1x4x4x8xf32>, tensor<8xf32>) -> tensor<1x4x4x8xf32>
  // CHECK: nn.sub {{.*}} -> tensor<2x4x4x8xf32>
  %1 = nn.sub %a, %c : (tensor<1x4x4x8xf32>, tensor<2x1x1x1xf32>) -> tensor<2x4x4x8xf32>
  // CHECK: nn.mul
  %2 = nn.mul %a, %a : (tensor<1x4x4x8xf32>, tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xf32>
  return
}

// CHECK-LABEL: @binary_quantized
func.func @binary_quantized(%a: tensor<4x!x>, %b: tensor<4x!y>, %c: tensor<4x!x16>) {
  // CHECK: nn.add
  %0 = nn.add %a, %b : (tensor<4x!x>, tensor<4x!y>) -> tensor<4x!y>
  // CHECK: nn.add %{{.*}}, %{{.*}} {pot_scale}
  %1 = nn.add %c, %c {pot_scale} : (tensor<4x!x16>, tensor<4x!x16>) -> tensor<4x!x16>
  // CHECK: nn.mul
  %2 = nn.mul %a, %b : (tensor<4x!x>, tensor<4x!y>) -> tensor<4x!y>
  return
}

// CHECK-LABEL: @clamps
func.func @clamps(%a: tensor<4x!x>, %f: tensor<4xf32>) {
  // CHECK: nn.relu
  %0 = nn.relu %a : (tensor<4x!x>) -> tensor<4x!y>
  // CHECK: nn.relu6
  %1 = nn.relu6 %f : (tensor<4xf32>) -> tensor<4xf32>
  // CHECK: nn.clip %{{.*}} {max = 1.000000e+00 : f64, min = -1.000000e+00 : f64}
  %2 = nn.clip %f {min = -1.0 : f64, max = 1.0 : f64} : (tensor<4xf32>) -> tensor<4xf32>
  // CHECK: nn.clip %{{.*}} {max = 0x7FF0000000000000 : f64, min = 0.000000e+00 : f64}
  %3 = nn.clip %f {min = 0.0 : f64, max = 0x7FF0000000000000 : f64} : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// CHECK-LABEL: @functions
func.func @functions(%a: tensor<2x4x!x>, %b: tensor<2x4x!x16>, %f: tensor<2x4xf32>) {
  // CHECK: nn.softmax %{{.*}} {beta = 5.000000e-01 : f64} :
  %0 = nn.softmax %a {beta = 0.5 : f64} : (tensor<2x4x!x>) -> tensor<2x4x!p>
  // CHECK: nn.softmax %{{.*}} : (tensor<2x4x!quant.uniform<i16:f32
  %1 = nn.softmax %b : (tensor<2x4x!x16>) -> tensor<2x4x!p16>
  // CHECK: nn.logistic
  %2 = nn.logistic %a : (tensor<2x4x!x>) -> tensor<2x4x!p>
  // CHECK: nn.logistic
  %3 = nn.logistic %f : (tensor<2x4xf32>) -> tensor<2x4xf32>
  return
}

//===----------------------------------------------------------------------===//
// Pooling and reductions
//===----------------------------------------------------------------------===//

// CHECK-LABEL: @pooling
func.func @pooling(%a: tensor<1x8x8x4x!x>) {
  // CHECK: nn.average_pool_2d %{{.*}} {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} :
  %0 = nn.average_pool_2d %a {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<1x8x8x4x!x>) -> tensor<1x4x4x4x!x>
  // CHECK: nn.max_pool_2d %{{.*}} {activation = #nn.activation<relu>, kernel = array<i64: 3, 3>, padding = array<i64: 0, 1, 0, 1>, strides = array<i64: 2, 2>} :
  %1 = nn.max_pool_2d %a {kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, padding = array<i64: 0, 1, 0, 1>, activation = #nn.activation<relu>} : (tensor<1x8x8x4x!x>) -> tensor<1x4x4x4x!x>
  return
}

// CHECK-LABEL: @reductions
func.func @reductions(%a: tensor<1x7x7x4x!x>) {
  // CHECK: nn.mean %{{.*}} {axes = array<i64: 1, 2>, keep_dims = true} :
  %0 = nn.mean %a {axes = array<i64: 1, 2>, keep_dims = true} : (tensor<1x7x7x4x!x>) -> tensor<1x1x1x4x!y>
  // CHECK: nn.mean %{{.*}} {axes = array<i64: 2, 1>} :
  %1 = nn.mean %a {axes = array<i64: 2, 1>} : (tensor<1x7x7x4x!x>) -> tensor<1x4x!y>
  // CHECK: nn.arg_max %{{.*}} {axis = 3 : i64} :
  %2 = nn.arg_max %a {axis = 3} : (tensor<1x7x7x4x!x>) -> tensor<1x7x7xi32>
  return
}

//===----------------------------------------------------------------------===//
// Moves
//===----------------------------------------------------------------------===//

// CHECK-LABEL: @moves
func.func @moves(%a: tensor<1x4x4x2x!x>, %i: tensor<2x3xi32>, %u: tensor<1x2x!u>) {
  // CHECK: nn.reshape
  %0 = nn.reshape %a : (tensor<1x4x4x2x!x>) -> tensor<32x!x>
  // CHECK: nn.pad %{{.*}} {high = array<i64: 0, 1, 1, 0>, low = array<i64: 0, 1, 1, 0>} :
  %1 = nn.pad %a {low = array<i64: 0, 1, 1, 0>, high = array<i64: 0, 1, 1, 0>} : (tensor<1x4x4x2x!x>) -> tensor<1x6x6x2x!x>
  // CHECK: nn.pad %{{.*}} {high = array<i64: 0, 0>, low = array<i64: 1, 0>, value = 7.000000e+00 : f64} :
  %2 = nn.pad %i {low = array<i64: 1, 0>, high = array<i64: 0, 0>, value = 7.0 : f64} : (tensor<2x3xi32>) -> tensor<3x3xi32>
  // CHECK: nn.slice %{{.*}} {offsets = array<i64: 0, 3, 0, 1>, strides = array<i64: 1, -1, 2, 1>} :
  %8 = nn.slice %a {offsets = array<i64: 0, 3, 0, 1>, strides = array<i64: 1, -1, 2, 1>} : (tensor<1x4x4x2x!x>) -> tensor<1x4x2x1x!x>
  // CHECK: nn.concat %{{.*}}, %{{.*}} {axis = 3 : i64} :
  %3 = nn.concat %a, %a {axis = 3} : (tensor<1x4x4x2x!x>, tensor<1x4x4x2x!x>) -> tensor<1x4x4x4x!x>
  // CHECK: nn.transpose %{{.*}} {permutation = array<i64: 0, 3, 1, 2>} :
  %5 = nn.transpose %a {permutation = array<i64: 0, 3, 1, 2>} : (tensor<1x4x4x2x!x>) -> tensor<1x2x4x4x!x>
  // CHECK: nn.transpose %{{.*}} {permutation = array<i64: 1, 0>} : (tensor<2x3xi32>) -> tensor<3x2xi32>
  %6 = nn.transpose %i {permutation = array<i64: 1, 0>} : (tensor<2x3xi32>) -> tensor<3x2xi32>
  // CHECK: nn.resize_bilinear %{{.*}} {half_pixel_centers = true} :
  %4 = nn.resize_bilinear %a {half_pixel_centers = true} : (tensor<1x4x4x2x!x>) -> tensor<1x8x8x2x!x>
  return
}

// CHECK-LABEL: @functions_of_one_variable
func.func @functions_of_one_variable(%f: tensor<4xf32>, %q: tensor<4x!x>) {
  // CHECK: nn.tanh %{{.*}} : (tensor<4xf32>) -> tensor<4xf32>
  %0 = nn.tanh %f : (tensor<4xf32>) -> tensor<4xf32>
  // CHECK: nn.tanh
  %1 = nn.tanh %q : (tensor<4x!x>) -> tensor<4x!quant.uniform<i8:f32, 0.0078125>>
  // CHECK: nn.hard_swish
  %2 = nn.hard_swish %q : (tensor<4x!x>) -> tensor<4x!quant.uniform<i8:f32, 0.25:7>>
  // CHECK: nn.leaky_relu %{{.*}} {alpha = 1.000000e-01 : f64}
  %3 = nn.leaky_relu %q {alpha = 0.1 : f64} : (tensor<4x!x>) -> tensor<4x!quant.uniform<i8:f32, 0.25:7>>
  return
}

// Padding below zero: the last row and column hold the bias.
// CHECK-LABEL: @transposed_convolution
func.func @transposed_convolution(%x: tensor<1x2x2x4x!x>, %w: tensor<6x2x2x2xi8>) {
  // CHECK: nn.transpose_conv_2d %{{.*}} {groups = 2 : i64, padding = array<i64: 0, -1, 1, -1>, strides = array<i64: 2, 2>}
  %f = nn.constant dense<1> : tensor<6x2x2x2xi8> -> tensor<6x2x2x2x!quant.uniform<i8:f32, 0.25>>
  %0 = nn.transpose_conv_2d %x, %f {strides = array<i64: 2, 2>, padding = array<i64: 0, -1, 1, -1>, groups = 2 : i64} : (tensor<1x2x2x4x!x>, tensor<6x2x2x2x!quant.uniform<i8:f32, 0.25>>) -> tensor<1x5x4x6x!x>
  return
}

// Unsigned 8-bit inputs of a concat may have parameters of their own.
// CHECK-LABEL: @concat_rescales_unsigned
func.func @concat_rescales_unsigned(%a: tensor<1x2x!u>, %b: tensor<1x2x!quant.uniform<u8:f32, 0.25:7>>) -> tensor<1x4x!u> {
  // CHECK: nn.concat
  %0 = nn.concat %a, %b {axis = 1} : (tensor<1x2x!u>, tensor<1x2x!quant.uniform<u8:f32, 0.25:7>>) -> tensor<1x4x!u>
  return %0 : tensor<1x4x!u>
}

// CHECK-LABEL: @tensor_names
// CHECK-SAME: {nn.name = "image", nn.type = tensor<4x!quant.uniform<i8:f32, 5.000000e-01:-3>>}
func.func @tensor_names(%a: tensor<4xi8> {nn.name = "image", nn.type = tensor<4x!x>}) -> (tensor<4xi8> {nn.name = "scores"}) {
  return %a : tensor<4xi8>
}

{-#
  dialect_resources: {
    builtin: {
      weights: "0x0100000001020304"
    }
  }
#-}
