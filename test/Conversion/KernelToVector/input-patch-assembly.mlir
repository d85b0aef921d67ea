// Inputs of pmaddwd are widened once for all blocks of channels: the loop of
// products loads words of them into all lanes, and widens weights only, by shifts where they stand.

// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=x86_64-linux-gnu cpu=x86-64-v3},convert-kernel-to-vector,qopt-lower-to-llvm)" | mlir-translate --mlir-to-llvmir --allow-unregistered-dialect | opt -O3 -mtriple=x86_64-linux-gnu -mcpu=x86-64-v3 | llc -mtriple=x86_64-linux-gnu -mcpu=x86-64-v3 | FileCheck %s

// CHECK-LABEL: conv:
// CHECK: vpmovsxbw
// CHECK: vmovdqa %ymm{{[0-9]+}}, {{.*}}%rsp
// CHECK: [[LOOP:\.LBB[0-9_]+]]: {{.*}}
// CHECK: vpsraw $8, {{.*}}, %ymm
// CHECK-NOT: vpmovsxbw %
// CHECK: vpbroadcastd {{[-0-9]*}}(%
// CHECK: vpmaddwd
// CHECK-NOT: vpmovsxbw %
// CHECK: ret
func.func @conv(%x: memref<1x8x8x256xi8>, %w: memref<16384xi8>, %b: memref<64xi32>,
                %y: memref<1x8x8x64xi32>) {
  kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>,
    dilations = array<i64: 1, 1>, stages = [], packed,
    schedule = #kernel.schedule<pmaddwd, lanes = 8, vectors = 2, pixels = 4>}
    : (memref<1x8x8x256xi8>, memref<16384xi8>, memref<64xi32>,
       memref<1x8x8x64xi32>) -> ()
  return
}
