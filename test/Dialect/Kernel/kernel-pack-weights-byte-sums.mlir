// Steps of four inputs in an order in which sums of products fit 16 bits.

// RUN: qopt %s --pass-pipeline="builtin.module(kernel-pack-weights)" | FileCheck %s
// RUN: qopt %s --pass-pipeline="builtin.module(kernel-pack-weights)" --pass-statistics -o /dev/null 2>&1 | FileCheck %s --check-prefix=STATS

// STATS: num-byte-steps = 6
// STATS: num-split-steps = 2

// Steps 0 and 1 together would reach 2 * 100 * 255; each goes with one of the
// others. One block: two groups, whose offsets begin at 12 and whose weights at
// 0; then the offsets, 16 bits each.
// CHECK-LABEL: @sorted(
// CHECK-DAG: arith.constant dense<[2, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 12, 0, 4, 0, 8, 0]> : tensor<20xi8>
// CHECK: kernel.conv_2d %{{.*}}, %{{.*}} steps %{{.*}} bias
// CHECK-SAME: packed
func.func @sorted(%x: tensor<1x1x4x16xi8>, %y: tensor<1x1x4x4xi8>) -> tensor<1x1x4x4xi8> {
  %w = arith.constant dense<[[[[100, 0, 0, 0, 100, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0]]],
                             [[[100, 0, 0, 0, 100, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0]]],
                             [[[100, 0, 0, 0, 100, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0]]],
                             [[[100, 0, 0, 0, 100, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0]]]]> : tensor<4x1x1x16xi8>
  %b = arith.constant dense<0> : tensor<4xi32>
  %r = kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, input_unsigned,
    schedule = #kernel.schedule<pmaddubsw, lanes = 4, vectors = 1, pixels = 4, steps = 2>,
    stages = [#kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x1x4x16xi8>, tensor<4x1x1x16xi8>, tensor<4xi32>, tensor<1x1x4x4xi8>) -> tensor<1x1x4x4xi8>
  return %r : tensor<1x1x4x4xi8>
}

// A pair of 127 is more than 128: a second step has the rest of it. Signed
// inputs are flipped, which the bias takes off.
// CHECK-LABEL: @split(
// CHECK-DAG: arith.constant dense<-65280> : tensor<4xi32>
// CHECK-DAG: arith.constant dense<[4, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 4, 0]> : tensor<20xi8>
// CHECK: kernel.conv_2d %{{.*}}, %{{.*}} steps %{{.*}} bias
func.func @split(%x: tensor<1x1x4x8xi8>, %y: tensor<1x1x4x4xi8>) -> tensor<1x1x4x4xi8> {
  %w = arith.constant dense<[[[[127, 127, 0, 0, 0, 0, -128, -128]]], [[[127, 127, 0, 0, 0, 0, -128, -128]]],
                             [[[127, 127, 0, 0, 0, 0, -128, -128]]], [[[127, 127, 0, 0, 0, 0, -128, -128]]]]> : tensor<4x1x1x8xi8>
  %b = arith.constant dense<0> : tensor<4xi32>
  %r = kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, filter_unsigned,
    schedule = #kernel.schedule<pmaddubsw, lanes = 4, vectors = 1, pixels = 4>,
    stages = [#kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x1x4x8xi8>, tensor<4x1x1x8xi8>, tensor<4xi32>, tensor<1x1x4x4xi8>) -> tensor<1x1x4x4xi8>
  return %r : tensor<1x1x4x4xi8>
}
