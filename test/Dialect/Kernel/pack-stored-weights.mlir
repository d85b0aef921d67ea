// RUN: qopt --kernel-pack-weights --split-input-file %s | FileCheck %s

// Two steps a byte: 1 and 2 of the first channel are 0x21, -1 and -2 of the
// second one 0xEF. Scales lie as the lanes of one step for each group.
// CHECK-LABEL: @halves_and_groups
// CHECK-DAG: arith.constant dense<[33, -17, 67, -51]> : tensor<4xi8>
// CHECK-DAG: arith.constant dense<[5.000000e-01, 2.000000e+00, 2.500000e-01, 4.000000e+00]> : tensor<4xf32>
// CHECK: kernel.conv_2d
// CHECK-SAME: filter_bits = 4 : i64, group_size = 2 : i64
// CHECK-SAME: packed
func.func @halves_and_groups(%x: tensor<1x1x1x4xf32>, %y: tensor<1x1x1x2xf32>) -> tensor<1x1x1x2xf32> {
  %w = arith.constant dense<[[[[1, 2, 3, 4]]], [[[-1, -2, -3, -4]]]]> : tensor<2x1x1x4xi8>
  %s = arith.constant dense<[[0.5, 0.25], [2.0, 4.0]]> : tensor<2x2xf32>
  %b = arith.constant dense<0.0> : tensor<2xf32>
  %r = kernel.conv_2d %x, %w scales %s bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    filter_bits = 4, group_size = 2, schedule = #kernel.schedule<plain, lanes = 2>, stages = []}
    : (tensor<1x1x1x4xf32>, tensor<2x1x1x4xi8>, tensor<2x2xf32>, tensor<2xf32>, tensor<1x1x1x2xf32>) -> tensor<1x1x1x2xf32>
  return %r : tensor<1x1x1x2xf32>
}

// -----

// Halves of the third step have no partner.
// CHECK-LABEL: @odd_steps
// CHECK: arith.constant dense<[33, -17, 3, 13]> : tensor<4xi8>
func.func @odd_steps(%x: tensor<1x1x1x3xf32>, %y: tensor<1x1x1x2xf32>) -> tensor<1x1x1x2xf32> {
  %w = arith.constant dense<[[[[1, 2, 3]]], [[[-1, -2, -3]]]]> : tensor<2x1x1x3xi8>
  %b = arith.constant dense<0.0> : tensor<2xf32>
  %r = kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    filter_bits = 4, schedule = #kernel.schedule<plain, lanes = 2>, stages = []}
    : (tensor<1x1x1x3xf32>, tensor<2x1x1x3xi8>, tensor<2xf32>, tensor<1x1x1x2xf32>) -> tensor<1x1x1x2xf32>
  return %r : tensor<1x1x1x2xf32>
}

// -----

// A vector of one lane would be torn apart, and so would a group of three.
// CHECK-LABEL: @no_halves_of_odd_groups
// CHECK: arith.constant dense<[1, -1, 2, -2, 3, -3]> : tensor<6xi8>
func.func @no_halves_of_odd_groups(%x: tensor<1x1x1x3xf32>, %y: tensor<1x1x1x2xf32>) -> tensor<1x1x1x2xf32> {
  %w = arith.constant dense<[[[[1, 2, 3]]], [[[-1, -2, -3]]]]> : tensor<2x1x1x3xi8>
  %s = arith.constant dense<[[0.5], [2.0]]> : tensor<2x1xf32>
  %b = arith.constant dense<0.0> : tensor<2xf32>
  %r = kernel.conv_2d %x, %w scales %s bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    filter_bits = 4, group_size = 3, schedule = #kernel.schedule<plain, lanes = 2>, stages = []}
    : (tensor<1x1x1x3xf32>, tensor<2x1x1x3xi8>, tensor<2x1xf32>, tensor<2xf32>, tensor<1x1x1x2xf32>) -> tensor<1x1x1x2xf32>
  return %r : tensor<1x1x1x2xf32>
}
