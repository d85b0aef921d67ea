// RUN: qopt --kernel-pack-half-bytes=min-bytes=4 --split-input-file %s | FileCheck %s
// RUN: qopt --kernel-pack-half-bytes --split-input-file %s | FileCheck %s --check-prefix=SMALL

// SMALL-NOT: kernel.unpack

// The last of 20 weights stands 16 bytes behind the fourth: 7 and -8 are 0x87.
// What fills the block up is zero.
// CHECK-LABEL: @halves
// CHECK: %[[H:.+]] = arith.constant dense<[17, 34, 51, -121, 5, 6, 7, 0, 15, 14, 13, 12, 11, 10, 9, 8]> : tensor<16xi8>
// CHECK: %[[E:.+]] = tensor.empty() : tensor<32xi8>
// CHECK: %[[W:.+]] = kernel.unpack %[[H]] outs %[[E]]
// CHECK: kernel.conv_2d %arg0, %[[W]]
func.func @halves(%x: tensor<1x1x1x4xi8>, %y: tensor<1x1x1x4xi32>) -> tensor<1x1x1x4xi32> {
  %w = arith.constant dense<[1, 2, 3, 7, 5, 6, 7, 0, -1, -2, -3, -4, -5, -6, -7, -8, 1, 2, 3, -8]> : tensor<20xi8>
  %b = arith.constant dense<0> : tensor<4xi32>
  %r = kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    packed, schedule = #kernel.schedule<plain, lanes = 4>, stages = []}
    : (tensor<1x1x1x4xi8>, tensor<20xi8>, tensor<4xi32>, tensor<1x1x1x4xi32>) -> tensor<1x1x1x4xi32>
  return %r : tensor<1x1x1x4xi32>
}

// -----

// 8 needs a fifth bit.
// CHECK-LABEL: @bytes
// CHECK-NOT: kernel.unpack
func.func @bytes(%x: tensor<1x1x1x4xi8>, %y: tensor<1x1x1x4xi32>) -> tensor<1x1x1x4xi32> {
  %w = arith.constant dense<8> : tensor<16xi8>
  %b = arith.constant dense<0> : tensor<4xi32>
  %r = kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    packed, schedule = #kernel.schedule<plain, lanes = 4>, stages = []}
    : (tensor<1x1x1x4xi8>, tensor<16xi8>, tensor<4xi32>, tensor<1x1x1x4xi32>) -> tensor<1x1x1x4xi32>
  return %r : tensor<1x1x1x4xi32>
}

// -----

// Kernels of floats unpack where they multiply.
// CHECK-LABEL: @floats
// CHECK-NOT: kernel.unpack
func.func @floats(%x: tensor<1x1x1x4xf32>, %y: tensor<1x1x1x4xf32>) -> tensor<1x1x1x4xf32> {
  %w = arith.constant dense<1> : tensor<16xi8>
  %b = arith.constant dense<0.0> : tensor<4xf32>
  %r = kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    packed, schedule = #kernel.schedule<plain, lanes = 4>, stages = []}
    : (tensor<1x1x1x4xf32>, tensor<16xi8>, tensor<4xf32>, tensor<1x1x1x4xf32>) -> tensor<1x1x1x4xf32>
  return %r : tensor<1x1x1x4xf32>
}
