// Results are packed to bytes by sqxtn; those known to fit 16 bits by uzp1
// first. Four vectors are one store.

// DEFINE: %{compile} = qopt --pass-pipeline="builtin.module(kernel-set-target{triple=aarch64-linux-gnu features=+dotprod},convert-kernel-to-vector,qopt-lower-to-llvm)" | mlir-translate --mlir-to-llvmir --allow-unregistered-dialect | llc -mtriple=aarch64-linux-gnu -mattr=+dotprod
// RUN: cat %s | %{compile} | FileCheck %s
// RUN: sed 's/, kernel.word_results//' %s | %{compile} | FileCheck %s --check-prefix=ANY

// Zero point -128 and a clamp at it: ties of negative numbers need no care.
// CHECK-LABEL: conv:
// CHECK-NOT: ssra
// CHECK: sqrdmulh
// CHECK-NOT: ssra
// CHECK: srshl
// CHECK-NOT: sqxtn {{.*}}.4h
// CHECK: uzp1 v{{[0-9]+}}.8h
// CHECK: sqadd v{{[0-9]+}}.8h
// CHECK: sqxtn v{{[0-9]+}}.8b
// CHECK: sqxtn2 v{{[0-9]+}}.16b
// CHECK: {{str|stp|stur}} q
// CHECK: ret
// ANY-LABEL: conv:
// ANY: sqxtn v{{[0-9]+}}.4h
// ANY: sqxtn2 v{{[0-9]+}}.8h
// ANY: ret
func.func @conv(%x: memref<1x8x8x16xi8>, %w: memref<256xi8>, %b: memref<16xi32>,
                %m: memref<16xi32>, %s: memref<16xi32>, %y: memref<1x8x8x16xi8>) {
  kernel.conv_2d %x, %w bias %b scale %m, %s outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>,
    dilations = array<i64: 1, 1>, packed, kernel.word_results,
    kernel.shift_range = array<i32: -31, -1>,
    stages = [#kernel.requantize<zero_point = -128>,
              #kernel.clamp<min = -128, max = 127>],
    schedule = #kernel.schedule<sdot, lanes = 4, vectors = 4, pixels = 4, interleaved = true>}
    : (memref<1x8x8x16xi8>, memref<256xi8>, memref<16xi32>, memref<16xi32>,
       memref<16xi32>, memref<1x8x8x16xi8>) -> ()
  return
}
