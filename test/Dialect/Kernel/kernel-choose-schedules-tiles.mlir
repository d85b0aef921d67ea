// AMX tiles where the features allow them and sums are long enough for them;
// without the features nothing is different.

// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=x86_64-linux-gnu cpu=x86-64-v4 features=+avx512vnni,+amx-int8},kernel-choose-schedules)" | FileCheck %s --check-prefixes=CHECK,TILES
// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=x86_64-linux-gnu cpu=sapphirerapids},kernel-choose-schedules)" | FileCheck %s --check-prefixes=CHECK,TILES
// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=x86_64-linux-gnu cpu=sapphirerapids features=-amx-int8},kernel-choose-schedules)" | FileCheck %s --check-prefixes=CHECK,VECTORS
// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=x86_64-linux-gnu cpu=x86-64-v4 features=+amx-tile},kernel-choose-schedules)" | FileCheck %s --check-prefixes=CHECK,VECTORS

// 196 pixels are 14 times 14.
// CHECK-LABEL: @pointwise(
// TILES: schedule = #kernel.schedule<tdpb, lanes = 16, vectors = 4, pixels = 14, interleaved = true>
// VECTORS-NOT: tdpb
func.func @pointwise(%x: tensor<1x14x14x64xi8>, %y: tensor<1x14x14x64xi8>) -> tensor<1x14x14x64xi8> {
  %w = arith.constant dense<3> : tensor<64x1x1x64xi8>
  %b = arith.constant dense<7> : tensor<64xi32>
  %r = kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x14x14x64xi8>, tensor<64x1x1x64xi8>, tensor<64xi32>, tensor<1x14x14x64xi8>) -> tensor<1x14x14x64xi8>
  return %r : tensor<1x14x14x64xi8>
}

// Tiles lie in rows of the output.
// CHECK-LABEL: @window(
// TILES: schedule = #kernel.schedule<tdpb, lanes = 16, vectors = {{[0-9]}}, pixels = {{16|32}}, interleaved = true>
// VECTORS-NOT: tdpb
func.func @window(%x: tensor<1x34x34x40xi8>, %y: tensor<1x32x32x48xi8>) -> tensor<1x32x32x48xi8> {
  %w = arith.constant dense<3> : tensor<48x3x3x40xi8>
  %b = arith.constant dense<7> : tensor<48xi32>
  %r = kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x34x34x40xi8>, tensor<48x3x3x40xi8>, tensor<48xi32>, tensor<1x32x32x48xi8>) -> tensor<1x32x32x48xi8>
  return %r : tensor<1x32x32x48xi8>
}

// A matrix by a vector.
// CHECK-LABEL: @one_row(
// CHECK-NOT: tdpb
// CHECK: return
func.func @one_row(%x: tensor<1x1x1x256xi8>, %y: tensor<1x1x1x128xi8>) -> tensor<1x1x1x128xi8> {
  %w = arith.constant dense<3> : tensor<128x1x1x256xi8>
  %b = arith.constant dense<7> : tensor<128xi32>
  %r = kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x1x1x256xi8>, tensor<128x1x1x256xi8>, tensor<128xi32>, tensor<1x1x1x128xi8>) -> tensor<1x1x1x128xi8>
  return %r : tensor<1x1x1x128xi8>
}

// Eight inputs would fill an eighth of a tile.
// CHECK-LABEL: @short_sums(
// CHECK-NOT: tdpb
// CHECK: return
func.func @short_sums(%x: tensor<1x14x14x8xi8>, %y: tensor<1x14x14x64xi8>) -> tensor<1x14x14x64xi8> {
  %w = arith.constant dense<3> : tensor<64x1x1x8xi8>
  %b = arith.constant dense<7> : tensor<64xi32>
  %r = kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x14x14x8xi8>, tensor<64x1x1x8xi8>, tensor<64xi32>, tensor<1x14x14x64xi8>) -> tensor<1x14x14x64xi8>
  return %r : tensor<1x14x14x64xi8>
}
