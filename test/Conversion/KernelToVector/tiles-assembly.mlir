// Convolutions in AMX tiles: one configuration a kernel, outside of its loops,
// products of the inputs' sign, one release.

// DEFINE: %{target} = triple=x86_64-linux-gnu cpu=x86-64-v4 features=+avx512vnni,+amx-int8
// DEFINE: %{compile} = qopt --pass-pipeline="builtin.module(kernel-set-target{%{target}},convert-kernel-to-vector,qopt-lower-to-llvm)" | mlir-translate --mlir-to-llvmir --allow-unregistered-dialect | opt -O2 | llc -mtriple=x86_64-linux-gnu -mcpu=x86-64-v4 -mattr=+avx512vnni,+amx-int8
// RUN: cat %s | %{compile} | FileCheck %s
// RUN: cat %s | %{compile} | FileCheck %s --check-prefix=ONCE

// ONCE-COUNT-3: ldtilecfg
// ONCE-NOT: ldtilecfg

// 64 inputs are one product a tile; the first block of pixels stands alone, the
// others make the outputs of the one before in between. Whole cache lines of
// weights (256 bytes for 64 channels) follow each other.
// CHECK-LABEL: pointwise:
// CHECK-NOT: tile
// CHECK: ldtilecfg
// CHECK-COUNT-4: tdpbssd
// CHECK-COUNT-4: tilestored
// CHECK-NOT: tdpbusd
// CHECK: [[LOOP:\.LBB[0-9_]+]]:
// CHECK-NOT: ldtilecfg
// CHECK: tileloadd
// CHECK: tdpbssd
// CHECK: vcvttps2dq
// CHECK: vpacksswb
// CHECK: tdpbssd
// CHECK: tdpbssd
// CHECK: tdpbssd
// CHECK: tilestored
// CHECK: j{{[a-z]+}} [[LOOP]]
// CHECK: vcvttps2dq
// CHECK: tilerelease
// CHECK: ret
func.func @pointwise(%x: memref<1x14x14x64xi8>, %w: memref<4096xi8>,
                     %b: memref<64xi32>, %y: memref<1x14x14x64xi8>) {
  kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>,
    dilations = array<i64: 1, 1>, packed,
    stages = [#kernel.requantize_fma<scale = 0.0048828125 : f32, offset = 0.50390625 : f32, zero_point = 4, is_signed = true>,
              #kernel.clamp<min = -128, max = 127>],
    schedule = #kernel.schedule<tdpb, lanes = 16, vectors = 4, pixels = 14, interleaved = true>}
    : (memref<1x14x14x64xi8>, memref<4096xi8>, memref<64xi32>,
       memref<1x14x14x64xi8>) -> ()
  return
}

// Rows of a 3x3 window are runs of 120 bytes: two products of 60 each. Unsigned
// inputs, two tiles of pixels.
// CHECK-LABEL: window:
// CHECK: ldtilecfg
// CHECK-COUNT-36: tdpbusd
// CHECK-COUNT-6: tilestored
// CHECK-COUNT-36: tdpbusd
// CHECK-COUNT-6: tilestored
// CHECK-NOT: tdpb
// CHECK: tilerelease
func.func @window(%x: memref<1x34x34x40xi8>, %w: memref<17280xi8>,
                  %b: memref<48xi32>, %y: memref<1x32x32x48xi8>) {
  kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>,
    dilations = array<i64: 1, 1>, packed, input_unsigned,
    stages = [#kernel.requantize_fma<scale = 0.0048828125 : f32, offset = 0.50390625 : f32, zero_point = 4, is_signed = true>,
              #kernel.clamp<min = -128, max = 127>],
    schedule = #kernel.schedule<tdpb, lanes = 16, vectors = 3, pixels = 32, interleaved = true>}
    : (memref<1x34x34x40xi8>, memref<17280xi8>, memref<48xi32>,
       memref<1x32x32x48xi8>) -> ()
  return
}

// A window of 98 parts of runs: three runs of it are written out, the others a
// loop, in which the accumulators stay.
// CHECK-LABEL: deep:
// CHECK: ldtilecfg
// CHECK-COUNT-168: tdpbssd
// CHECK: [[INNER:\.LBB[0-9_]+]]:
// CHECK-COUNT-56: tdpbssd
// CHECK: j{{[a-z]+}} [[INNER]]
// CHECK-COUNT-4: tilestored
// CHECK: tilerelease
func.func @deep(%x: memref<1x20x20x128xi8>, %w: memref<401408xi8>,
                %b: memref<64xi32>, %y: memref<1x14x14x64xi8>) {
  kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 7, 7>, strides = array<i64: 1, 1>,
    dilations = array<i64: 1, 1>, packed,
    stages = [#kernel.requantize_fma<scale = 0.0048828125 : f32, offset = 0.50390625 : f32, zero_point = 4, is_signed = true>,
              #kernel.clamp<min = -128, max = 127>],
    schedule = #kernel.schedule<tdpb, lanes = 16, vectors = 4, pixels = 14, interleaved = true>}
    : (memref<1x20x20x128xi8>, memref<401408xi8>, memref<64xi32>,
       memref<1x14x14x64xi8>) -> ()
  return
}
