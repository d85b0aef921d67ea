// On AArch64 packing notes which results fit 16 bits whatever the inputs are:
// 16 * 3 * 128 * 1.25 * 2^-8 does, a bias of 6.7 million does not.

// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=aarch64-linux-gnu features=+dotprod},kernel-choose-schedules,kernel-pack-weights)" | FileCheck %s
// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=x86_64-linux-gnu cpu=x86-64-v3},kernel-choose-schedules,kernel-pack-weights)" | FileCheck %s --check-prefix=X86

// X86-NOT: kernel.word_results

// CHECK-LABEL: @small(
// CHECK: kernel.word_results
func.func @small(%x: tensor<1x8x8x16xi8>, %y: tensor<1x8x8x32xi8>) -> tensor<1x8x8x32xi8> {
  %w = arith.constant dense<3> : tensor<32x1x1x16xi8>
  %b = arith.constant dense<7> : tensor<32xi32>
  %m = arith.constant dense<1342177280> : tensor<32xi32>
  %s = arith.constant dense<-7> : tensor<32xi32>
  %r = kernel.conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x8x8x16xi8>, tensor<32x1x1x16xi8>, tensor<32xi32>, tensor<32xi32>, tensor<32xi32>, tensor<1x8x8x32xi8>) -> tensor<1x8x8x32xi8>
  return %r : tensor<1x8x8x32xi8>
}

// A bias that alone makes more than 16 bits.
// CHECK-LABEL: @large(
// CHECK-NOT: kernel.word_results
func.func @large(%x: tensor<1x8x8x16xi8>, %y: tensor<1x8x8x32xi8>) -> tensor<1x8x8x32xi8> {
  %w = arith.constant dense<3> : tensor<32x1x1x16xi8>
  %b = arith.constant dense<6710000> : tensor<32xi32>
  %m = arith.constant dense<1342177280> : tensor<32xi32>
  %s = arith.constant dense<-7> : tensor<32xi32>
  %r = kernel.conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x8x8x16xi8>, tensor<32x1x1x16xi8>, tensor<32xi32>, tensor<32xi32>, tensor<32xi32>, tensor<1x8x8x32xi8>) -> tensor<1x8x8x32xi8>
  return %r : tensor<1x8x8x32xi8>
}

// CHECK-LABEL: @depthwise(
// CHECK: kernel.depthwise_conv_2d
// CHECK-SAME: kernel.word_results
func.func @depthwise(%x: tensor<1x10x10x64xi8>, %y: tensor<1x8x8x64xi8>) -> tensor<1x8x8x64xi8> {
  %w = arith.constant dense<3> : tensor<3x3x64xi8>
  %b = arith.constant dense<7> : tensor<64xi32>
  %m = arith.constant dense<1342177280> : tensor<64xi32>
  %s = arith.constant dense<-7> : tensor<64xi32>
  %r = kernel.depthwise_conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x10x10x64xi8>, tensor<3x3x64xi8>, tensor<64xi32>, tensor<64xi32>, tensor<64xi32>, tensor<1x8x8x64xi8>) -> tensor<1x8x8x64xi8>
  return %r : tensor<1x8x8x64xi8>
}
