// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=x86_64-linux-gnu cpu=x86-64-v4},kernel-use-fma-requantize)" | FileCheck %s
// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=x86_64-linux-gnu cpu=x86-64-v3},kernel-use-fma-requantize)" | FileCheck %s --check-prefix=NEAREST
// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=x86_64-linux-gnu cpu=x86-64-v2},kernel-use-fma-requantize)" | FileCheck %s --check-prefix=INTEGER
// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=aarch64-linux-gnu},kernel-use-fma-requantize)" | FileCheck %s --check-prefix=INTEGER
// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=x86_64-linux-gnu cpu=x86-64-v4},kernel-use-fma-requantize)" --pass-statistics -o /dev/null 2>&1 | FileCheck %s --check-prefix=STATS

// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=x86_64-linux-gnu cpu=x86-64-v4},kernel-use-fma-requantize{split=0})" | FileCheck %s --check-prefix=NOSPLIT

// STATS-DAG: kernel-use-fma-requantize: num-refused = 1
// STATS-DAG: kernel-use-fma-requantize: num-replaced = 9
// STATS-DAG: kernel-use-fma-requantize: num-split = 1

// Only AVX-512 has instructions that carry their rounding mode; on AArch64 the
// integer form is as fast.
// INTEGER-NOT: requantize_fma

// All results are at or above the zero point. 0x3BA00000 is 1.25 * 2^-8.
// CHECK-LABEL: @relu(
// CHECK-DAG: %[[SCALE:.*]] = arith.constant dense<1000341504> : tensor<2xi32>
// CHECK: scale %[[SCALE]], %{{.*}} stages = [#kernel.requantize_fma<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]
// NEAREST-LABEL: @relu(
// NEAREST: stages = [#kernel.requantize_fma<zero_point = -128, to_nearest = true>, #kernel.clamp<min = -128, max = 127>]
func.func @relu(%x: tensor<1x2x2x3xi8>, %y: tensor<1x2x2x2xi8>) -> tensor<1x2x2x2xi8> {
  %w = arith.constant dense<3> : tensor<2x1x1x3xi8>
  %b = arith.constant dense<7> : tensor<2xi32>
  %m = arith.constant dense<1342177280> : tensor<2xi32>
  %s = arith.constant dense<-7> : tensor<2xi32>
  %r = kernel.conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x2x2x3xi8>, tensor<2x1x1x3xi8>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>, tensor<1x2x2x2xi8>) -> tensor<1x2x2x2xi8>
  return %r : tensor<1x2x2x2xi8>
}

// Results of both signs: the offset takes the sign.
// CHECK-LABEL: @both_signs(
// CHECK: #kernel.requantize_fma<zero_point = 5, is_signed = true>
func.func @both_signs(%x: tensor<1x2x2x3xi8>, %y: tensor<1x2x2x2xi8>) -> tensor<1x2x2x2xi8> {
  %w = arith.constant dense<3> : tensor<2x1x1x3xi8>
  %b = arith.constant dense<7> : tensor<2xi32>
  %m = arith.constant dense<1518500250> : tensor<2xi32>
  %s = arith.constant dense<-7> : tensor<2xi32>
  %r = kernel.conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.requantize<zero_point = 5>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x2x2x3xi8>, tensor<2x1x1x3xi8>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>, tensor<1x2x2x2xi8>) -> tensor<1x2x2x2xi8>
  return %r : tensor<1x2x2x2xi8>
}

// CHECK-LABEL: @depthwise(
// CHECK: kernel.depthwise_conv_2d
// CHECK-SAME: #kernel.requantize_fma<zero_point = -128>
func.func @depthwise(%x: tensor<1x5x2x16xi8>, %y: tensor<1x3x2x16xi8>) -> tensor<1x3x2x16xi8> {
  %w = arith.constant dense<3> : tensor<3x1x16xi8>
  %b = arith.constant dense<7> : tensor<16xi32>
  %m = arith.constant dense<1342177280> : tensor<16xi32>
  %s = arith.constant dense<-7> : tensor<16xi32>
  %r = kernel.depthwise_conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 3, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x5x2x16xi8>, tensor<3x1x16xi8>, tensor<16xi32>, tensor<16xi32>, tensor<16xi32>, tensor<1x3x2x16xi8>) -> tensor<1x3x2x16xi8>
  return %r : tensor<1x3x2x16xi8>
}

// One multiplier for all channels is part of the stage.
// CHECK-LABEL: @one_multiplier(
// CHECK: #kernel.requantize_fma<scale = 0.0048828125 : f32, offset = 0.50390625 : f32, zero_point = -128>
func.func @one_multiplier(%x: tensor<1x2x2x3xi8>, %y: tensor<1x2x2x2xi8>) -> tensor<1x2x2x2xi8> {
  %w = arith.constant dense<3> : tensor<2x1x1x3xi8>
  %b = arith.constant dense<7> : tensor<2xi32>
  %r = kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.requantize<multiplier = 1342177280, shift = -7, zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x2x2x3xi8>, tensor<2x1x1x3xi8>, tensor<2xi32>, tensor<1x2x2x2xi8>) -> tensor<1x2x2x2xi8>
  return %r : tensor<1x2x2x2xi8>
}

// A shift to the left has no float form: no channel is replaced.
// CHECK-LABEL: @left_shift(
// CHECK: #kernel.requantize<zero_point = -128>
func.func @left_shift(%x: tensor<1x2x2x3xi8>, %y: tensor<1x2x2x2xi8>) -> tensor<1x2x2x2xi8> {
  %w = arith.constant dense<3> : tensor<2x1x1x3xi8>
  %b = arith.constant dense<7> : tensor<2xi32>
  %m = arith.constant dense<1342177280> : tensor<2xi32>
  %s = arith.constant dense<[-7, 1]> : tensor<2xi32>
  %r = kernel.conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x2x2x3xi8>, tensor<2x1x1x3xi8>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>, tensor<1x2x2x2xi8>) -> tensor<1x2x2x2xi8>
  return %r : tensor<1x2x2x2xi8>
}

// One rounding instead of two: other steps.
// CHECK-LABEL: @single(
// CHECK: #kernel.requantize_fma<
func.func @single(%x: tensor<1x2x2x3xi8>, %y: tensor<1x2x2x2xi8>) -> tensor<1x2x2x2xi8> {
  %w = arith.constant dense<3> : tensor<2x1x1x3xi8>
  %b = arith.constant dense<7> : tensor<2xi32>
  %m = arith.constant dense<1518500249> : tensor<2xi32>
  %s = arith.constant dense<-7> : tensor<2xi32>
  %r = kernel.conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.requantize<rounding = single>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x2x2x3xi8>, tensor<2x1x1x3xi8>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>, tensor<1x2x2x2xi8>) -> tensor<1x2x2x2xi8>
  return %r : tensor<1x2x2x2xi8>
}

// Without a clamp there would be more than 255 steps.
// CHECK-LABEL: @no_clamp(
// CHECK: #kernel.requantize<zero_point = -128>
func.func @no_clamp(%x: tensor<1x2x2x3xi8>, %y: tensor<1x2x2x2xi32>) -> tensor<1x2x2x2xi32> {
  %w = arith.constant dense<3> : tensor<2x1x1x3xi8>
  %b = arith.constant dense<7> : tensor<2xi32>
  %m = arith.constant dense<1342177280> : tensor<2xi32>
  %s = arith.constant dense<-7> : tensor<2xi32>
  %r = kernel.conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.requantize<zero_point = -128>]}
    : (tensor<1x2x2x3xi8>, tensor<2x1x1x3xi8>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>, tensor<1x2x2x2xi32>) -> tensor<1x2x2x2xi32>
  return %r : tensor<1x2x2x2xi32>
}

// A multiplier that no one scale serves: the op gets a second term, and the
// other channel a rest of 0.
// CHECK-LABEL: @second_term(
// CHECK: #kernel.requantize_fma<zero_point = 5, is_signed = true, is_split = true>
// CHECK-SAME: tensor<4xi32>, tensor<2xi32>, tensor<1x2x2x2xi8>
// NOSPLIT: #kernel.requantize<zero_point = 5>
func.func @second_term(%x: tensor<1x2x2x512xi8>, %y: tensor<1x2x2x2xi8>) -> tensor<1x2x2x2xi8> {
  %w = arith.constant dense<127> : tensor<2x1x1x512xi8>
  %b = arith.constant dense<7> : tensor<2xi32>
  %m = arith.constant dense<[1155677227, 1518500250]> : tensor<2xi32>
  %s = arith.constant dense<[-14, -8]> : tensor<2xi32>
  %r = kernel.conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.requantize<zero_point = 5>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x2x2x512xi8>, tensor<2x1x1x512xi8>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>, tensor<1x2x2x2xi8>) -> tensor<1x2x2x2xi8>
  return %r : tensor<1x2x2x2xi8>
}

// A channel of zero weights whose multiplier is tiny and whose bias is large:
// only the accumulators that occur are asked for.
// CHECK-LABEL: @dead_channel(
// CHECK: #kernel.requantize_fma<zero_point = 5, is_signed = true>
func.func @dead_channel(%x: tensor<1x2x2x3xi8>, %y: tensor<1x2x2x2xi8>) -> tensor<1x2x2x2xi8> {
  %w = arith.constant dense<[[[[1, 2, 3]]], [[[0, 0, 0]]]]> : tensor<2x1x1x3xi8>
  %b = arith.constant dense<[7, -1900000000]> : tensor<2xi32>
  %m = arith.constant dense<[1518500250, 1234567890]> : tensor<2xi32>
  %s = arith.constant dense<[-7, -27]> : tensor<2xi32>
  %r = kernel.conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.requantize<zero_point = 5>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x2x2x3xi8>, tensor<2x1x1x3xi8>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>, tensor<1x2x2x2xi8>) -> tensor<1x2x2x2xi8>
  return %r : tensor<1x2x2x2xi8>
}

// Weights of both signs and unsigned inputs: accumulators lie on both sides of
// zero, and all of them matter.
// CHECK-LABEL: @unsigned_inputs(
// CHECK-DAG: %[[OFFSET:.*]] = arith.constant dense<1056997321> : tensor<1xi32>
// CHECK: scale %{{.*}}, %[[OFFSET]] outs
func.func @unsigned_inputs(%x: tensor<1x1x1x6xi8>, %y: tensor<1x1x1x1xi8>) -> tensor<1x1x1x1xi8> {
  %w = arith.constant dense<[[[[-127, 127, -127, 127, -127, 127]]]]> : tensor<1x1x1x6xi8>
  %b = arith.constant dense<11237> : tensor<1xi32>
  %m = arith.constant dense<1251884844> : tensor<1xi32>
  %s = arith.constant dense<-8> : tensor<1xi32>
  %r = kernel.conv_2d %x, %w bias %b scale %m, %s outs %y {input_unsigned,
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.requantize<right_shifts = true>, #kernel.clamp<min = 0, max = 255>]}
    : (tensor<1x1x1x6xi8>, tensor<1x1x1x6xi8>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1x1x1x1xi8>) -> tensor<1x1x1x1xi8>
  return %r : tensor<1x1x1x1xi8>
}

// A product of bytes, as of squeeze and excitation: it is scaled by one, and then
// by a multiply-add.
// CHECK-LABEL: @product(
// CHECK: #kernel.mul<value_offset = 37, operand_offset = 128, output = <multiplier = 1073741824, shift = 1>>
// CHECK-SAME: #kernel.requantize_fma<scale = {{.*}} : f32, offset = {{.*}} : f32, zero_point = 95, is_signed = true>
// CHECK-SAME: #kernel.clamp<min = -128, max = 127>
func.func @product(%x: tensor<1x4x4x20xi8>, %s: tensor<1x1x1x20xi8>, %y: tensor<1x4x4x20xi8>) -> tensor<1x4x4x20xi8> {
  %r = kernel.elementwise %x with %s outs %y {stages = [
    #kernel.mul<value_offset = 37, operand_offset = 128, output = <offset = 95, multiplier = 1122409088, shift = -6>>,
    #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x4x4x20xi8>, tensor<1x1x1x20xi8>, tensor<1x4x4x20xi8>) -> tensor<1x4x4x20xi8>
  return %r : tensor<1x4x4x20xi8>
}

// Products of words stay.
// CHECK-LABEL: @product_of_words(
// CHECK: output = <multiplier = 1122409088, shift = -16>
func.func @product_of_words(%x: tensor<20xi16>, %s: tensor<20xi16>, %y: tensor<20xi16>) -> tensor<20xi16> {
  %r = kernel.elementwise %x with %s outs %y {stages = [
    #kernel.mul<output = <multiplier = 1122409088, shift = -16>>,
    #kernel.clamp<min = -32768, max = 32767>]} : (tensor<20xi16>, tensor<20xi16>, tensor<20xi16>) -> tensor<20xi16>
  return %r : tensor<20xi16>
}
