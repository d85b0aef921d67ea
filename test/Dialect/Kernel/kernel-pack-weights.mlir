// RUN: qopt %s --pass-pipeline="builtin.module(kernel-pack-weights)" | FileCheck %s
// RUN: qopt %s --kernel-pack-weights --pass-statistics -o /dev/null 2>&1 | FileCheck %s --check-prefix=STATS

// STATS: kernel-pack-weights: num-packed = 17

// The layout is [group][panel][run][step][channel of the panel][dot]; a schedule is all
// that packing asks for, so no target is needed here.

// One input at a time: channels next to each other.
// CHECK-LABEL: @plain(
// CHECK: arith.constant dense<[1, 4, 2, 5, 3, 6]> : tensor<6xi8>
// CHECK: kernel.conv_2d {{.*}} packed
func.func @plain(%x: tensor<1x2x2x3xi8>, %y: tensor<1x2x2x2xi8>) -> tensor<1x2x2x2xi8> {
  %w = arith.constant dense<[[[[1, 2, 3]]], [[[4, 5, 6]]]]> : tensor<2x1x1x3xi8>
  %b = arith.constant dense<7> : tensor<2xi32>
  %m = arith.constant dense<1342177280> : tensor<2xi32>
  %s = arith.constant dense<-7> : tensor<2xi32>
  %r = kernel.conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    schedule = #kernel.schedule<plain, lanes = 2>,
    stages = [#kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x2x2x3xi8>, tensor<2x1x1x3xi8>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>, tensor<1x2x2x2xi8>) -> tensor<1x2x2x2xi8>
  return %r : tensor<1x2x2x2xi8>
}

// Three inputs in steps of two: the second step begins one back, and what it
// reads again has weight 0.
// CHECK-LABEL: @moved_back(
// CHECK: arith.constant dense<[1, 2, 4, 5, 0, 3, 0, 6]> : tensor<8xi8>
func.func @moved_back(%x: tensor<1x2x2x3xi8>, %y: tensor<1x2x2x2xi8>) -> tensor<1x2x2x2xi8> {
  %w = arith.constant dense<[[[[1, 2, 3]]], [[[4, 5, 6]]]]> : tensor<2x1x1x3xi8>
  %b = arith.constant dense<7> : tensor<2xi32>
  %m = arith.constant dense<1342177280> : tensor<2xi32>
  %s = arith.constant dense<-7> : tensor<2xi32>
  %r = kernel.conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    schedule = #kernel.schedule<pmaddwd, lanes = 2>,
    stages = [#kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x2x2x3xi8>, tensor<2x1x1x3xi8>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>, tensor<1x2x2x2xi8>) -> tensor<1x2x2x2xi8>
  return %r : tensor<1x2x2x2xi8>
}

// A row of the window is one run: 2 x 2 taps of one channel, steps of two.
// CHECK-LABEL: @rows_are_runs(
// CHECK: arith.constant dense<[1, 2, 3, 4]> : tensor<4xi8>
func.func @rows_are_runs(%x: tensor<1x3x3x1xi8>, %y: tensor<1x2x2x1xi8>) -> tensor<1x2x2x1xi8> {
  %w = arith.constant dense<[[[[1], [2]], [[3], [4]]]]> : tensor<1x2x2x1xi8>
  %b = arith.constant dense<7> : tensor<1xi32>
  %m = arith.constant dense<1342177280> : tensor<1xi32>
  %s = arith.constant dense<-7> : tensor<1xi32>
  %r = kernel.conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 2, 2>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    schedule = #kernel.schedule<pmaddwd, lanes = 1>,
    stages = [#kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x3x3x1xi8>, tensor<1x2x2x1xi8>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1x2x2x1xi8>) -> tensor<1x2x2x1xi8>
  return %r : tensor<1x2x2x1xi8>
}

// With a dilated row every tap is a run, shorter than a step.
// CHECK-LABEL: @taps_are_runs(
// CHECK: arith.constant dense<[1, 0, 2, 0, 3, 0, 4, 0]> : tensor<8xi8>
func.func @taps_are_runs(%x: tensor<1x3x5x1xi8>, %y: tensor<1x2x3x1xi8>) -> tensor<1x2x3x1xi8> {
  %w = arith.constant dense<[[[[1], [2]], [[3], [4]]]]> : tensor<1x2x2x1xi8>
  %b = arith.constant dense<7> : tensor<1xi32>
  %m = arith.constant dense<1342177280> : tensor<1xi32>
  %s = arith.constant dense<-7> : tensor<1xi32>
  %r = kernel.conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 2, 2>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 2>,
    schedule = #kernel.schedule<pmaddwd, lanes = 1>,
    stages = [#kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x3x5x1xi8>, tensor<1x2x2x1xi8>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1x2x3x1xi8>) -> tensor<1x2x3x1xi8>
  return %r : tensor<1x2x3x1xi8>
}

// Three channels in vectors of two: the last vector begins one back.
// CHECK-LABEL: @overlapping_vectors(
// CHECK: arith.constant dense<[1, 2, 2, 3]> : tensor<4xi8>
func.func @overlapping_vectors(%x: tensor<1x2x2x1xi8>, %y: tensor<1x2x2x3xi8>) -> tensor<1x2x2x3xi8> {
  %w = arith.constant dense<[[[[1]]], [[[2]]], [[[3]]]]> : tensor<3x1x1x1xi8>
  %b = arith.constant dense<7> : tensor<3xi32>
  %m = arith.constant dense<1342177280> : tensor<3xi32>
  %s = arith.constant dense<-7> : tensor<3xi32>
  %r = kernel.conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    schedule = #kernel.schedule<plain, lanes = 2>,
    stages = [#kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x2x2x1xi8>, tensor<3x1x1x1xi8>, tensor<3xi32>, tensor<3xi32>, tensor<3xi32>, tensor<1x2x2x3xi8>) -> tensor<1x2x2x3xi8>
  return %r : tensor<1x2x2x3xi8>
}

// One channel in vectors of two: a lane without a channel.
// CHECK-LABEL: @unused_lane(
// CHECK: arith.constant dense<[1, 0]> : tensor<2xi8>
func.func @unused_lane(%x: tensor<1x2x2x1xi8>, %y: tensor<1x2x2x1xi8>) -> tensor<1x2x2x1xi8> {
  %w = arith.constant dense<1> : tensor<1x1x1x1xi8>
  %b = arith.constant dense<7> : tensor<1xi32>
  %m = arith.constant dense<1342177280> : tensor<1xi32>
  %s = arith.constant dense<-7> : tensor<1xi32>
  %r = kernel.conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    schedule = #kernel.schedule<plain, lanes = 2>,
    stages = [#kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x2x2x1xi8>, tensor<1x1x1x1xi8>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1x2x2x1xi8>) -> tensor<1x2x2x1xi8>
  return %r : tensor<1x2x2x1xi8>
}

// Blocks of two vectors: the steps of the second block follow those of the first.
// CHECK-LABEL: @blocks(
// CHECK: arith.constant dense<[1, 3, 2, 4, 5, 6]> : tensor<6xi8>
func.func @blocks(%x: tensor<1x2x2x2xi8>, %y: tensor<1x2x2x3xi8>) -> tensor<1x2x2x3xi8> {
  %w = arith.constant dense<[[[[1, 2]]], [[[3, 4]]], [[[5, 6]]]]> : tensor<3x1x1x2xi8>
  %b = arith.constant dense<7> : tensor<3xi32>
  %m = arith.constant dense<1342177280> : tensor<3xi32>
  %s = arith.constant dense<-7> : tensor<3xi32>
  %r = kernel.conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    schedule = #kernel.schedule<plain, lanes = 1, vectors = 2>,
    stages = [#kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x2x2x2xi8>, tensor<3x1x1x2xi8>, tensor<3xi32>, tensor<3xi32>, tensor<3xi32>, tensor<1x2x2x3xi8>) -> tensor<1x2x2x3xi8>
  return %r : tensor<1x2x2x3xi8>
}

// Groups one after the other.
// CHECK-LABEL: @groups(
// CHECK: arith.constant dense<[1, 2, 3, 4]> : tensor<4xi8>
func.func @groups(%x: tensor<1x2x2x4xi8>, %y: tensor<1x2x2x2xi8>) -> tensor<1x2x2x2xi8> {
  %w = arith.constant dense<[[[[1, 2]]], [[[3, 4]]]]> : tensor<2x1x1x2xi8>
  %b = arith.constant dense<7> : tensor<2xi32>
  %m = arith.constant dense<1342177280> : tensor<2xi32>
  %s = arith.constant dense<-7> : tensor<2xi32>
  %r = kernel.conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    groups = 2 : i64,
    schedule = #kernel.schedule<plain, lanes = 1>,
    stages = [#kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x2x2x4xi8>, tensor<2x1x1x2xi8>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>, tensor<1x2x2x2xi8>) -> tensor<1x2x2x2xi8>
  return %r : tensor<1x2x2x2xi8>
}

// Signed inputs become unsigned by adding 128: bias 7 - 128 * (1 + 2 + 3) = -761.
// CHECK-LABEL: @flipped_input(
// CHECK-DAG: arith.constant dense<-761> : tensor<1xi32>
// CHECK-DAG: arith.constant dense<[1, 2, 3, 0]> : tensor<4xi8>
func.func @flipped_input(%x: tensor<1x2x2x3xi8>, %y: tensor<1x2x2x1xi8>) -> tensor<1x2x2x1xi8> {
  %w = arith.constant dense<[[[[1, 2, 3]]]]> : tensor<1x1x1x3xi8>
  %b = arith.constant dense<7> : tensor<1xi32>
  %m = arith.constant dense<1342177280> : tensor<1xi32>
  %s = arith.constant dense<-7> : tensor<1xi32>
  %r = kernel.conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    schedule = #kernel.schedule<vpdpbusd, lanes = 1>,
    stages = [#kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x2x2x3xi8>, tensor<1x1x1x3xi8>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1x2x2x1xi8>) -> tensor<1x2x2x1xi8>
  return %r : tensor<1x2x2x1xi8>
}

// Unsigned inputs stay, and the bias too.
// CHECK-LABEL: @unsigned_input(
// CHECK: arith.constant dense<7> : tensor<1xi32>
func.func @unsigned_input(%x: tensor<1x2x2x3xi8>, %y: tensor<1x2x2x1xi8>) -> tensor<1x2x2x1xi8> {
  %w = arith.constant dense<[[[[1, 2, 3]]]]> : tensor<1x1x1x3xi8>
  %b = arith.constant dense<7> : tensor<1xi32>
  %m = arith.constant dense<1342177280> : tensor<1xi32>
  %s = arith.constant dense<-7> : tensor<1xi32>
  %r = kernel.conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    input_unsigned, schedule = #kernel.schedule<vpdpbusd, lanes = 1>,
    stages = [#kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x2x2x3xi8>, tensor<1x1x1x3xi8>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1x2x2x1xi8>) -> tensor<1x2x2x1xi8>
  return %r : tensor<1x2x2x1xi8>
}

// An unsigned filter is packed signed: 130 - 128. The bias takes the whole zero
// point: 7 - 128 * (130 - 120).
// CHECK-LABEL: @unsigned_filter(
// CHECK-DAG: arith.constant dense<-1273> : tensor<1xi32>
// CHECK-DAG: arith.constant dense<[2, 0, 0, 0]> : tensor<4xi8>
func.func @unsigned_filter(%x: tensor<1x2x2x1xi8>, %y: tensor<1x2x2x1xi8>) -> tensor<1x2x2x1xi8> {
  %w = arith.constant dense<-126> : tensor<1x1x1x1xi8>
  %b = arith.constant dense<7> : tensor<1xi32>
  %m = arith.constant dense<1342177280> : tensor<1xi32>
  %s = arith.constant dense<-7> : tensor<1xi32>
  %r = kernel.conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    filter_unsigned, filter_zero_point = 120 : i32,
    schedule = #kernel.schedule<vpdpbusd, lanes = 1>,
    stages = [#kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x2x2x1xi8>, tensor<1x1x1x1xi8>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1x2x2x1xi8>) -> tensor<1x2x2x1xi8>
  return %r : tensor<1x2x2x1xi8>
}

// Sixteen bits hold the difference to the zero point: 255 - 3.
// CHECK-LABEL: @wide_weights(
// CHECK: arith.constant dense<[252, 0]> : tensor<2xi16>
func.func @wide_weights(%x: tensor<1x2x2x1xi8>, %y: tensor<1x2x2x1xi8>) -> tensor<1x2x2x1xi8> {
  %w = arith.constant dense<-1> : tensor<1x1x1x1xi8>
  %b = arith.constant dense<7> : tensor<1xi32>
  %m = arith.constant dense<1342177280> : tensor<1xi32>
  %s = arith.constant dense<-7> : tensor<1xi32>
  %r = kernel.conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    filter_unsigned, filter_zero_point = 3 : i32,
    schedule = #kernel.schedule<pmaddwd, lanes = 1>,
    stages = [#kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x2x2x1xi8>, tensor<1x1x1x1xi8>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1x2x2x1xi8>) -> tensor<1x2x2x1xi8>
  return %r : tensor<1x2x2x1xi8>
}

// CHECK-LABEL: @floats(
// CHECK: arith.constant dense<[1.000000e+00, 3.000000e+00, 2.000000e+00, 4.000000e+00]> : tensor<4xf32>
func.func @floats(%x: tensor<1x2x2x2xf32>, %y: tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32> {
  %w = arith.constant dense<[[[[1.0, 2.0]]], [[[3.0, 4.0]]]]> : tensor<2x1x1x2xf32>
  %b = arith.constant dense<7.0> : tensor<2xf32>
  %r = kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    schedule = #kernel.schedule<plain, lanes = 2>,
    stages = []}
    : (tensor<1x2x2x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>, tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32>
  return %r : tensor<1x2x2x2xf32>
}

// Without a schedule nothing is packed.
// CHECK-LABEL: @no_schedule(
// CHECK-NOT: packed
func.func @no_schedule(%x: tensor<1x2x2x3xi8>, %y: tensor<1x2x2x1xi8>) -> tensor<1x2x2x1xi8> {
  %w = arith.constant dense<3> : tensor<1x1x1x3xi8>
  %b = arith.constant dense<7> : tensor<1xi32>
  %m = arith.constant dense<1342177280> : tensor<1xi32>
  %s = arith.constant dense<-7> : tensor<1xi32>
  %r = kernel.conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x2x2x3xi8>, tensor<1x1x1x3xi8>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1x2x2x1xi8>) -> tensor<1x2x2x1xi8>
  return %r : tensor<1x2x2x1xi8>
}

// Shifts are in sight here for the last time: all of them go to the right.
// CHECK-LABEL: @shift_range(
// CHECK: kernel.shift_range = array<i32: -31, -1>
func.func @shift_range(%x: tensor<1x2x2x3xi8>, %y: tensor<1x2x2x1xi8>) -> tensor<1x2x2x1xi8> {
  %w = arith.constant dense<3> : tensor<1x1x1x3xi8>
  %b = arith.constant dense<7> : tensor<1xi32>
  %m = arith.constant dense<1342177280> : tensor<1xi32>
  %s = arith.constant dense<-7> : tensor<1xi32>
  %r = kernel.conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x2x2x3xi8>, tensor<1x1x1x3xi8>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1x2x2x1xi8>) -> tensor<1x2x2x1xi8>
  return %r : tensor<1x2x2x1xi8>
}

// Depthwise in columns: each lane of 32 bits has the three rows of a channel and
// a zero; channels go 0, 1, 2, 3, 4, … in units of 128 bits. The bias loses
// 128 * (1 + 2 + 3).
// CHECK-LABEL: @depthwise_columns(
// CHECK-DAG: arith.constant dense<-761> : tensor<16xi32>
// CHECK-DAG: arith.constant dense<[1, 2, 3, 0, 1, 2, 3, 0,
// CHECK: kernel.depthwise_conv_2d {{.*}} packed
func.func @depthwise_columns(%x: tensor<1x5x2x16xi8>, %y: tensor<1x3x2x16xi8>) -> tensor<1x3x2x16xi8> {
  %w = arith.constant dense<[[[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]], [[2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2]], [[3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3]]]> : tensor<3x1x16xi8>
  %b = arith.constant dense<7> : tensor<16xi32>
  %m = arith.constant dense<1342177280> : tensor<16xi32>
  %s = arith.constant dense<-7> : tensor<16xi32>
  %r = kernel.depthwise_conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 3, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    schedule = #kernel.schedule<vpdpbusd, lanes = 16>,
    stages = [#kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x5x2x16xi8>, tensor<3x1x16xi8>, tensor<16xi32>, tensor<16xi32>, tensor<16xi32>, tensor<1x3x2x16xi8>) -> tensor<1x3x2x16xi8>
  return %r : tensor<1x3x2x16xi8>
}

// Too few channels for a register: it holds eight pixels of a row, whose channels
// repeat. The window of the output's next row begins one row further down.
// CHECK-LABEL: @depthwise_rows(
// CHECK-DAG: arith.constant dense<[-761, {{.*}}]> : tensor<64xi32>
// CHECK-DAG: arith.constant dense<"0x{{(01020300)+(00010203)+}}"> : tensor<512xi8>
// CHECK: kernel.depthwise_conv_2d {{.*}} packed
func.func @depthwise_rows(%x: tensor<1x5x8x8xi8>, %y: tensor<1x3x8x8xi8>) -> tensor<1x3x8x8xi8> {
  %w = arith.constant dense<[[[1, 1, 1, 1, 1, 1, 1, 1]], [[2, 2, 2, 2, 2, 2, 2, 2]], [[3, 3, 3, 3, 3, 3, 3, 3]]]> : tensor<3x1x8xi8>
  %b = arith.constant dense<[7, 8, 9, 10, 11, 12, 13, 14]> : tensor<8xi32>
  %m = arith.constant dense<1342177280> : tensor<8xi32>
  %s = arith.constant dense<-7> : tensor<8xi32>
  %r = kernel.depthwise_conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 3, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    schedule = #kernel.schedule<vpdpbusd, lanes = 16>,
    stages = [#kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x5x8x8xi8>, tensor<3x1x8xi8>, tensor<8xi32>, tensor<8xi32>, tensor<8xi32>, tensor<1x3x8x8xi8>) -> tensor<1x3x8x8xi8>
  return %r : tensor<1x3x8x8xi8>
}

// Other families of depthwise convolution read the plain filter.
// CHECK-LABEL: @depthwise_plain(
// CHECK-NOT: packed
func.func @depthwise_plain(%x: tensor<1x5x2x16xi8>, %y: tensor<1x3x2x16xi8>) -> tensor<1x3x2x16xi8> {
  %w = arith.constant dense<3> : tensor<3x1x16xi8>
  %b = arith.constant dense<7> : tensor<16xi32>
  %m = arith.constant dense<1342177280> : tensor<16xi32>
  %s = arith.constant dense<-7> : tensor<16xi32>
  %r = kernel.depthwise_conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 3, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    schedule = #kernel.schedule<tap_pairs, lanes = 16>,
    stages = [#kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x5x2x16xi8>, tensor<3x1x16xi8>, tensor<16xi32>, tensor<16xi32>, tensor<16xi32>, tensor<1x3x2x16xi8>) -> tensor<1x3x2x16xi8>
  return %r : tensor<1x3x2x16xi8>
}

// Results are packed to bytes, constants stay in order; the last vector has 4
// lanes, which is all that is left of 20 channels.
// CHECK-LABEL: @interleaved(
// CHECK-DAG: %[[W:.*]] = arith.constant {{.*}} : tensor<40xi8>
// CHECK-DAG: %[[B:.*]] = arith.constant dense<[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]> : tensor<20xi32>
// CHECK: kernel.conv_2d %{{.*}}, %[[W]] bias %[[B]] outs {{.*}} packed
func.func @interleaved(%x: tensor<1x2x2x2xi8>, %y: tensor<1x2x2x20xi8>) -> tensor<1x2x2x20xi8> {
  %w = arith.constant dense<3> : tensor<20x1x1x2xi8>
  %b = arith.constant dense<[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]> : tensor<20xi32>
  %r = kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    schedule = #kernel.schedule<pmaddwd, lanes = 8, vectors = 2, interleaved = true>,
    stages = [#kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x2x2x2xi8>, tensor<20x1x1x2xi8>, tensor<20xi32>, tensor<1x2x2x20xi8>) -> tensor<1x2x2x20xi8>
  return %r : tensor<1x2x2x20xi8>
}

// Three channels behind a vector of 8 need 4 lanes, moved back by one.
// CHECK-LABEL: @interleaved_moved_back(
// CHECK-DAG: arith.constant {{.*}} : tensor<24xi8>
// CHECK-DAG: arith.constant dense<[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]> : tensor<11xi32>
func.func @interleaved_moved_back(%x: tensor<1x2x2x2xi8>, %y: tensor<1x2x2x11xi8>) -> tensor<1x2x2x11xi8> {
  %w = arith.constant dense<3> : tensor<11x1x1x2xi8>
  %b = arith.constant dense<[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]> : tensor<11xi32>
  %r = kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    schedule = #kernel.schedule<pmaddwd, lanes = 8, vectors = 2, interleaved = true>,
    stages = [#kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x2x2x2xi8>, tensor<11x1x1x2xi8>, tensor<11xi32>, tensor<1x2x2x11xi8>) -> tensor<1x2x2x11xi8>
  return %r : tensor<1x2x2x11xi8>
}
