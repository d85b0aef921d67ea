// RUN: qopt %s | qopt | FileCheck %s
// RUN: qopt %s --emit-bytecode | qopt | FileCheck %s

// CHECK-LABEL: @dynamic_quantization
// CHECK: kernel.dynamic_range %arg0 outs %{{.*}} : (tensor<1x4xf32>, tensor<2xf32>) -> tensor<2xf32>
// CHECK: kernel.dynamic_parameter %{{.*}} outs %{{.*}} : (tensor<2xf32>, tensor<1xf32>) -> tensor<1xf32>
// CHECK: kernel.dynamic_parameter %{{.*}} outs %{{.*}} : (tensor<2xf32>, tensor<1xi32>) -> tensor<1xi32>
// CHECK: kernel.elementwise %arg0 with %{{.*}} {stages = [#kernel.dynamic_quantize<>]}
// CHECK: stages = [#kernel.dynamic_quantize<offset = 128>]
// CHECK: stages = [#kernel.sub_product]
func.func @dynamic_quantization(%x: tensor<1x4xf32>, %sums: tensor<4xi32>, %acc: tensor<1x4xi32>) -> tensor<1x4xi32> {
  %range = tensor.empty() : tensor<2xf32>
  %scale = tensor.empty() : tensor<1xf32>
  %zero = tensor.empty() : tensor<1xi32>
  %bytes = tensor.empty() : tensor<1x4xi8>
  %wide = tensor.empty() : tensor<1x4xi32>
  %r = kernel.dynamic_range %x outs %range : (tensor<1x4xf32>, tensor<2xf32>) -> tensor<2xf32>
  %s = kernel.dynamic_parameter %r outs %scale : (tensor<2xf32>, tensor<1xf32>) -> tensor<1xf32>
  %z = kernel.dynamic_parameter %r outs %zero : (tensor<2xf32>, tensor<1xi32>) -> tensor<1xi32>
  %q = kernel.elementwise %x with %s, %z outs %bytes {stages = [#kernel.dynamic_quantize<>]}
    : (tensor<1x4xf32>, tensor<1xf32>, tensor<1xi32>, tensor<1x4xi8>) -> tensor<1x4xi8>
  %u = kernel.elementwise %x with %s, %z outs %bytes {stages = [#kernel.dynamic_quantize<offset = 128>]}
    : (tensor<1x4xf32>, tensor<1xf32>, tensor<1xi32>, tensor<1x4xi8>) -> tensor<1x4xi8>
  %y = kernel.elementwise %acc with %z, %sums outs %wide {stages = [#kernel.sub_product]}
    : (tensor<1x4xi32>, tensor<1xi32>, tensor<4xi32>, tensor<1x4xi32>) -> tensor<1x4xi32>
  return %y : tensor<1x4xi32>
}

// CHECK-LABEL: @stored_weights
// CHECK: kernel.conv_2d %arg0, %arg1 scales %arg2 bias %arg3 outs %{{.*}} {dilations = array<i64: 1, 1>, filter_bits = 4 : i64, group_size = 2 : i64
func.func @stored_weights(%x: tensor<1x1x1x4xf32>, %w: tensor<8x1x1x4xi8>, %s: tensor<8x2xf32>, %b: tensor<8xf32>) -> tensor<1x1x1x8xf32> {
  %init = tensor.empty() : tensor<1x1x1x8xf32>
  %0 = kernel.conv_2d %x, %w scales %s bias %b outs %init {
      kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      filter_bits = 4, group_size = 2, stages = []}
    : (tensor<1x1x1x4xf32>, tensor<8x1x1x4xi8>, tensor<8x2xf32>, tensor<8xf32>, tensor<1x1x1x8xf32>) -> tensor<1x1x1x8xf32>
  return %0 : tensor<1x1x1x8xf32>
}
