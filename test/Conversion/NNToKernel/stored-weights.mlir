// RUN: qopt --convert-nn-to-kernel --split-input-file %s | FileCheck %s

!w = !quant.uniform<i4<-7:7>:f32:0, {0.25, 0.5}>

// The scale of a channel comes behind the sum, then the bias, then the clamp.
// CHECK-LABEL: @weights_per_channel
// CHECK-DAG: %[[W:.*]] = arith.constant dense<{{.*}}> : tensor<2x1x1x2xi8>
// CHECK-DAG: %[[S:.*]] = arith.constant dense<[2.500000e-01, 5.000000e-01]> : tensor<2xf32>
// CHECK-DAG: %[[B:.*]] = arith.constant dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf32>
// CHECK-DAG: %[[ZERO:.*]] = arith.constant dense<0.000000e+00> : tensor<2xf32>
// CHECK: kernel.conv_2d %{{.*}}, %[[W]] bias %[[ZERO]] residuals %[[S]], %[[B]] outs
// CHECK-SAME: filter_bits = 4 : i64
// CHECK-SAME: stages = [#kernel.mul_f32, #kernel.add_f32, #kernel.clamp_f32<
func.func @weights_per_channel(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %w = nn.constant dense<[[1, 2], [3, 4]]> : tensor<2x2xi4> -> tensor<2x2x!w>
  %b = nn.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %0 = nn.fully_connected %x, %w, %b {activation = #nn.activation<relu6>}
    : (tensor<1x2xf32>, tensor<2x2x!w>, tensor<2xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

// -----

!w = !quant.uniform<i8:f32:{0:1, 1:2}, {{0.25, 0.5}}>

// CHECK-LABEL: @weights_in_groups
// CHECK-DAG: %[[S:.*]] = arith.constant dense<{{\[}}[2.500000e-01, 5.000000e-01]]> : tensor<1x2xf32>
// CHECK-DAG: %[[B:.*]] = arith.constant dense<1.000000e+00> : tensor<1xf32>
// CHECK: kernel.conv_2d %{{.*}}, %{{.*}} scales %[[S]] bias %[[B]] outs
// CHECK-SAME: group_size = 2 : i64
// CHECK-SAME: stages = []
func.func @weights_in_groups(%x: tensor<1x4xf32>) -> tensor<1x1xf32> {
  %w = nn.constant dense<[[1, 2, 3, 4]]> : tensor<1x4xi8> -> tensor<1x4x!w>
  %b = nn.constant dense<[1.0]> : tensor<1xf32>
  %0 = nn.fully_connected %x, %w, %b
    : (tensor<1x4xf32>, tensor<1x4x!w>, tensor<1xf32>) -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}

// -----

!w = !quant.uniform<i8:f32, 0.25>

// The border is real zeros; the range is that of the picture without it.
// CHECK-LABEL: @dynamic_input
// CHECK: %[[R:.*]] = kernel.dynamic_range %arg0
// CHECK-DAG: %[[S:.*]] = kernel.dynamic_parameter %[[R]] outs %{{.*}} -> tensor<1xf32>
// CHECK-DAG: %[[Z:.*]] = kernel.dynamic_parameter %[[R]] outs %{{.*}} -> tensor<1xi32>
// CHECK: %[[P:.*]] = kernel.pad %arg0
// CHECK-SAME: value = 0.000000e+00 : f32
// CHECK: %[[Q:.*]] = kernel.elementwise %[[P]] with %[[S]], %[[Z]] outs %{{.*}} {stages = [#kernel.dynamic_quantize<>]}
// CHECK: kernel.conv_2d %[[Q]], %{{.*}} residuals %[[Z]], %{{.*}}, %[[S]], %{{.*}} outs
// CHECK-SAME: stages = [#kernel.sub_product, #kernel.dequantize<scale = 1.000000e+00 : f32>, #kernel.mul_f32, #kernel.mul_f32]
func.func @dynamic_input(%x: tensor<1x2x2x1xf32>) -> tensor<1x2x2x1xf32> {
  %w = nn.constant dense<[[[[1], [2]], [[3], [-4]]]]> : tensor<1x2x2x1xi8> -> tensor<1x2x2x1x!w>
  %0 = nn.conv_2d %x, %w {padding = array<i64: 0, 1, 0, 1>, dynamic_input}
    : (tensor<1x2x2x1xf32>, tensor<1x2x2x1x!w>) -> tensor<1x2x2x1xf32>
  return %0 : tensor<1x2x2x1xf32>
}
