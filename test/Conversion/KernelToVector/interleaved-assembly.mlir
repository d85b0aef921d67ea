// Results of interleaved schedules are packed, not clamped and truncated.

// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=x86_64-linux-gnu cpu=x86-64-v4 features=+avx512vnni},convert-kernel-to-vector,qopt-lower-to-llvm)" | mlir-translate --mlir-to-llvmir --allow-unregistered-dialect | llc -mtriple=x86_64-linux-gnu -mcpu=x86-64-v4 -mattr=+avx512vnni | FileCheck %s

// CHECK-LABEL: conv:
// CHECK-NOT: vpmaxsd
// CHECK-NOT: vpmov{{s?}}db
// CHECK: vpdpbusd {{.*}}%ymm
// CHECK: vcvttps2dq
// CHECK: vpackssdw
// CHECK: vpaddsw
// CHECK: vpacksswb
func.func @conv(%x: memref<1x8x8x16xi8>, %w: memref<640xi8>, %b: memref<40xi32>,
                %y: memref<1x8x8x40xi8>) {
  kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>,
    dilations = array<i64: 1, 1>, packed,
    stages = [#kernel.requantize_fma<scale = 0.0048828125 : f32, offset = 0.50390625 : f32, zero_point = 4, is_signed = true>,
              #kernel.clamp<min = -128, max = 127>],
    schedule = #kernel.schedule<vpdpbusd, lanes = 16, vectors = 3, pixels = 4, interleaved = true>}
    : (memref<1x8x8x16xi8>, memref<640xi8>, memref<40xi32>,
       memref<1x8x8x40xi8>) -> ()
  return
}
