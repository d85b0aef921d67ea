// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=x86_64-linux-gnu cpu=x86-64-v4 features=+avx512vnni},kernel-choose-schedules)" | FileCheck %s --check-prefixes=CHECK,VNNI
// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=x86_64-linux-gnu cpu=x86-64-v3 features=+avxvnni},kernel-choose-schedules)" | FileCheck %s --check-prefixes=CHECK,AVXVNNI
// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=x86_64-linux-gnu cpu=x86-64-v3},kernel-choose-schedules{byte-sums=0})" | FileCheck %s --check-prefixes=CHECK,AVX2
// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=x86_64-linux-gnu cpu=x86-64-v2},kernel-choose-schedules{byte-sums=0})" | FileCheck %s --check-prefixes=CHECK,SSE
// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=aarch64-linux-gnu features=+dotprod},kernel-choose-schedules)" | FileCheck %s --check-prefixes=CHECK,DOTPROD
// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=aarch64-linux-gnu features=+dotprod,+i8mm},kernel-choose-schedules)" | FileCheck %s --check-prefixes=CHECK,I8MM
// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=x86_64-linux-gnu cpu=x86-64-v4 features=+avx512vnni,+prefer-256-bit},kernel-choose-schedules)" | FileCheck %s --check-prefix=NARROW
// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=aarch64-linux-gnu},kernel-choose-schedules)" | FileCheck %s --check-prefixes=CHECK,NEON
// RUN: qopt %s --pass-pipeline="builtin.module(kernel-choose-schedules)" | FileCheck %s --check-prefixes=CHECK,GENERIC
// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=x86_64-linux-gnu cpu=x86-64-v4 features=+avx512vnni},kernel-choose-schedules{interleave=0})" | FileCheck %s --check-prefix=PLAIN
// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=x86_64-linux-gnu cpu=x86-64-v3},kernel-choose-schedules)" --pass-statistics -o /dev/null 2>&1 | FileCheck %s --check-prefix=INTERLEAVED
// RUN: qopt %s --pass-pipeline="builtin.module(kernel-choose-schedules)" --pass-statistics -o /dev/null 2>&1 | FileCheck %s --check-prefix=STATS

// INTERLEAVED: kernel-choose-schedules: num-interleaved = 

// STATS: kernel-choose-schedules: num-chosen = 11
// STATS: kernel-choose-schedules: num-kept = 1

// The family follows the features.
// CHECK-LABEL: @pointwise(
// PLAIN-NOT: interleaved
// VNNI: schedule = #kernel.schedule<vpdpbusd, lanes = 16, {{.*}}interleaved = true>
// AVXVNNI: schedule = #kernel.schedule<vpdpbusd, lanes = 8
// NARROW: schedule = #kernel.schedule<vpdpbusd, lanes = 8
// AVX2: schedule = #kernel.schedule<pmaddwd, lanes = 8, {{.*}}interleaved = true>
// SSE: schedule = #kernel.schedule<pmaddwd, lanes = 4
// DOTPROD: schedule = #kernel.schedule<sdot, lanes = 4, {{.*}}interleaved = true>
// I8MM: schedule = #kernel.schedule<smmla, lanes = 4, {{.*}}interleaved = true>
// NEON: schedule = #kernel.schedule<smull, lanes = 4, {{.*}}interleaved = true>
// GENERIC: schedule = #kernel.schedule<plain, lanes = 4
func.func @pointwise(%x: tensor<1x8x8x16xi8>, %y: tensor<1x8x8x32xi8>) -> tensor<1x8x8x32xi8> {
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

// Few channels take narrow vectors.
// CHECK-LABEL: @four_channels(
// VNNI: schedule = #kernel.schedule<vpdpbusd, lanes = 4
// AVX2: schedule = #kernel.schedule<pmaddwd, lanes = 4
// DOTPROD: schedule = #kernel.schedule<sdot, lanes = 4
func.func @four_channels(%x: tensor<1x8x8x16xi8>, %y: tensor<1x8x8x4xi8>) -> tensor<1x8x8x4xi8> {
  %w = arith.constant dense<3> : tensor<4x1x1x16xi8>
  %b = arith.constant dense<7> : tensor<4xi32>
  %m = arith.constant dense<1342177280> : tensor<4xi32>
  %s = arith.constant dense<-7> : tensor<4xi32>
  %r = kernel.conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x8x8x16xi8>, tensor<4x1x1x16xi8>, tensor<4xi32>, tensor<4xi32>, tensor<4xi32>, tensor<1x8x8x4xi8>) -> tensor<1x8x8x4xi8>
  return %r : tensor<1x8x8x4xi8>
}

// One column of outputs: the tile lies on the height.
// CHECK-LABEL: @one_column(
// VNNI: axis = height
// NEON: axis = height
func.func @one_column(%x: tensor<1x20x1x16xi8>, %y: tensor<1x18x1x32xi8>) -> tensor<1x18x1x32xi8> {
  %w = arith.constant dense<3> : tensor<32x3x1x16xi8>
  %b = arith.constant dense<7> : tensor<32xi32>
  %m = arith.constant dense<1342177280> : tensor<32xi32>
  %s = arith.constant dense<-7> : tensor<32xi32>
  %r = kernel.conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 3, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x20x1x16xi8>, tensor<32x3x1x16xi8>, tensor<32xi32>, tensor<32xi32>, tensor<32xi32>, tensor<1x18x1x32xi8>) -> tensor<1x18x1x32xi8>
  return %r : tensor<1x18x1x32xi8>
}

// Sums of 64 bits and floats are plain arithmetic.
// CHECK-LABEL: @wide_sums(
// CHECK: schedule = #kernel.schedule<plain
func.func @wide_sums(%x: tensor<1x8x8x16xi16>, %y: tensor<1x8x8x32xi8>) -> tensor<1x8x8x32xi8> {
  %w = arith.constant dense<3> : tensor<32x1x1x16xi8>
  %b = arith.constant dense<7> : tensor<32xi64>
  %m = arith.constant dense<1342177280> : tensor<32xi32>
  %s = arith.constant dense<-7> : tensor<32xi32>
  %r = kernel.conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.requantize<rounding = wide>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x8x8x16xi16>, tensor<32x1x1x16xi8>, tensor<32xi64>, tensor<32xi32>, tensor<32xi32>, tensor<1x8x8x32xi8>) -> tensor<1x8x8x32xi8>
  return %r : tensor<1x8x8x32xi8>
}

// 16-bit inputs in sums of 32 bits.
// CHECK-LABEL: @sixteen_bits(
// VNNI: schedule = #kernel.schedule<pmaddwd, lanes = 16
// AVX2: schedule = #kernel.schedule<pmaddwd, lanes = 8
// NEON: schedule = #kernel.schedule<plain, lanes = 4
func.func @sixteen_bits(%x: tensor<1x8x8x16xi16>, %y: tensor<1x8x8x32xi8>) -> tensor<1x8x8x32xi8> {
  %w = arith.constant dense<3> : tensor<32x1x1x16xi8>
  %b = arith.constant dense<7> : tensor<32xi32>
  %m = arith.constant dense<1342177280> : tensor<32xi32>
  %s = arith.constant dense<-7> : tensor<32xi32>
  %r = kernel.conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x8x8x16xi16>, tensor<32x1x1x16xi8>, tensor<32xi32>, tensor<32xi32>, tensor<32xi32>, tensor<1x8x8x32xi8>) -> tensor<1x8x8x32xi8>
  return %r : tensor<1x8x8x32xi8>
}

// CHECK-LABEL: @floats(
// VNNI: schedule = #kernel.schedule<plain, lanes = 16
// AVX2: schedule = #kernel.schedule<plain, lanes = 8
// NEON: schedule = #kernel.schedule<plain, lanes = 4
func.func @floats(%x: tensor<1x8x8x16xf32>, %y: tensor<1x8x8x32xf32>) -> tensor<1x8x8x32xf32> {
  %w = arith.constant dense<3.0> : tensor<32x1x1x16xf32>
  %b = arith.constant dense<7.0> : tensor<32xf32>
  %r = kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = []}
    : (tensor<1x8x8x16xf32>, tensor<32x1x1x16xf32>, tensor<32xf32>, tensor<1x8x8x32xf32>) -> tensor<1x8x8x32xf32>
  return %r : tensor<1x8x8x32xf32>
}

// A filter that is computed cannot be packed.
// CHECK-LABEL: @computed_filter(
// CHECK-NOT: schedule
func.func @computed_filter(%x: tensor<1x8x8x16xi8>, %y: tensor<1x8x8x32xi8>, %w: tensor<32x1x1x16xi8>) -> tensor<1x8x8x32xi8> {
  %b = arith.constant dense<7> : tensor<32xi32>
  %m = arith.constant dense<1342177280> : tensor<32xi32>
  %s = arith.constant dense<-7> : tensor<32xi32>
  %r = kernel.conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x8x8x16xi8>, tensor<32x1x1x16xi8>, tensor<32xi32>, tensor<32xi32>, tensor<32xi32>, tensor<1x8x8x32xi8>) -> tensor<1x8x8x32xi8>
  return %r : tensor<1x8x8x32xi8>
}

// What is there stays.
// CHECK-LABEL: @kept(
// CHECK: schedule = #kernel.schedule<plain, lanes = 2, vectors = 3, pixels = 5>
func.func @kept(%x: tensor<1x8x8x16xi8>, %y: tensor<1x8x8x32xi8>) -> tensor<1x8x8x32xi8> {
  %w = arith.constant dense<3> : tensor<32x1x1x16xi8>
  %b = arith.constant dense<7> : tensor<32xi32>
  %m = arith.constant dense<1342177280> : tensor<32xi32>
  %s = arith.constant dense<-7> : tensor<32xi32>
  %r = kernel.conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    schedule = #kernel.schedule<plain, lanes = 2, vectors = 3, pixels = 5>,
    stages = [#kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x8x8x16xi8>, tensor<32x1x1x16xi8>, tensor<32xi32>, tensor<32xi32>, tensor<32xi32>, tensor<1x8x8x32xi8>) -> tensor<1x8x8x32xi8>
  return %r : tensor<1x8x8x32xi8>
}

// Depthwise: columns of taps, or pairs of taps.
// CHECK-LABEL: @depthwise(
// VNNI: schedule = #kernel.schedule<vpdpbusd, lanes = 16, pixels = 4
// AVXVNNI: schedule = #kernel.schedule<vpdpbusd, lanes = 8, pixels = 2
// AVX2: schedule = #kernel.schedule<tap_pairs, lanes = 16
// SSE: schedule = #kernel.schedule<tap_pairs, lanes = 8
// DOTPROD: schedule = #kernel.schedule<sdot, lanes = 4, pixels = 4
// I8MM: schedule = #kernel.schedule<sdot, lanes = 4, pixels = 4
// NEON: schedule = #kernel.schedule<tap_pairs, lanes = 8
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

// A weight of -128 excludes pairs, whose sum would need 17 bits.
// CHECK-LABEL: @depthwise_full_range(
// AVX2: schedule = #kernel.schedule<plain, lanes = 8
// NEON: schedule = #kernel.schedule<plain, lanes = 4
func.func @depthwise_full_range(%x: tensor<1x10x10x64xi8>, %y: tensor<1x8x8x64xi8>) -> tensor<1x8x8x64xi8> {
  %w = arith.constant dense<-128> : tensor<3x3x64xi8>
  %b = arith.constant dense<7> : tensor<64xi32>
  %m = arith.constant dense<1342177280> : tensor<64xi32>
  %s = arith.constant dense<-7> : tensor<64xi32>
  %r = kernel.depthwise_conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x10x10x64xi8>, tensor<3x3x64xi8>, tensor<64xi32>, tensor<64xi32>, tensor<64xi32>, tensor<1x8x8x64xi8>) -> tensor<1x8x8x64xi8>
  return %r : tensor<1x8x8x64xi8>
}

// Columns need whole registers, of channels or of rows.
// CHECK-LABEL: @depthwise_few_channels(
// VNNI: schedule = #kernel.schedule<vpdpbusd, lanes = 16>
// AVXVNNI: schedule = #kernel.schedule<vpdpbusd, lanes = 8>
// AVX2: schedule = #kernel.schedule<tap_pairs, lanes = 8
// DOTPROD: schedule = #kernel.schedule<sdot, lanes = 4>
// NEON: schedule = #kernel.schedule<tap_pairs, lanes = 8
func.func @depthwise_few_channels(%x: tensor<1x10x10x8xi8>, %y: tensor<1x8x8x8xi8>) -> tensor<1x8x8x8xi8> {
  %w = arith.constant dense<3> : tensor<3x3x8xi8>
  %b = arith.constant dense<7> : tensor<8xi32>
  %m = arith.constant dense<1342177280> : tensor<8xi32>
  %s = arith.constant dense<-7> : tensor<8xi32>
  %r = kernel.depthwise_conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x10x10x8xi8>, tensor<3x3x8xi8>, tensor<8xi32>, tensor<8xi32>, tensor<8xi32>, tensor<1x8x8x8xi8>) -> tensor<1x8x8x8xi8>
  return %r : tensor<1x8x8x8xi8>
}

// CHECK-LABEL: @depthwise_short_rows(
// VNNI: schedule = #kernel.schedule<tap_pairs, lanes = 8
// AVXVNNI: schedule = #kernel.schedule<tap_pairs, lanes = 8
// DOTPROD: schedule = #kernel.schedule<sdot, lanes = 4>
func.func @depthwise_short_rows(%x: tensor<1x10x5x8xi8>, %y: tensor<1x8x3x8xi8>) -> tensor<1x8x3x8xi8> {
  %w = arith.constant dense<3> : tensor<3x3x8xi8>
  %b = arith.constant dense<7> : tensor<8xi32>
  %m = arith.constant dense<1342177280> : tensor<8xi32>
  %s = arith.constant dense<-7> : tensor<8xi32>
  %r = kernel.depthwise_conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x10x5x8xi8>, tensor<3x3x8xi8>, tensor<8xi32>, tensor<8xi32>, tensor<8xi32>, tensor<1x8x3x8xi8>) -> tensor<1x8x3x8xi8>
  return %r : tensor<1x8x3x8xi8>
}

// Asymmetric weights: in VNNI as sums of two bytes.
// CHECK-LABEL: @depthwise_zero_point(
// VNNI: schedule = #kernel.schedule<vpdpbusd
// AVX2: schedule = #kernel.schedule<plain
// NEON: schedule = #kernel.schedule<plain
func.func @depthwise_zero_point(%x: tensor<1x10x10x64xi8>, %y: tensor<1x8x8x64xi8>) -> tensor<1x8x8x64xi8> {
  %w = arith.constant dense<3> : tensor<3x3x64xi8>
  %b = arith.constant dense<7> : tensor<64xi32>
  %m = arith.constant dense<1342177280> : tensor<64xi32>
  %s = arith.constant dense<-7> : tensor<64xi32>
  %r = kernel.depthwise_conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    input_unsigned, filter_unsigned, filter_zero_point = 120 : i32,
    stages = [#kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x10x10x64xi8>, tensor<3x3x64xi8>, tensor<64xi32>, tensor<64xi32>, tensor<64xi32>, tensor<1x8x8x64xi8>) -> tensor<1x8x8x64xi8>
  return %r : tensor<1x8x8x64xi8>
}
