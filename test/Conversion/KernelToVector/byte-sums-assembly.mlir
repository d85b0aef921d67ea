// Two steps of products are added in 16 bits, then once to a sum; inputs are
// loaded as bytes.

// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=x86_64-linux-gnu cpu=x86-64-v3},kernel-pack-weights,kernel-bufferize,convert-kernel-to-vector,qopt-lower-to-llvm)" | mlir-translate --mlir-to-llvmir --allow-unregistered-dialect | opt -O2 -S | llc -mtriple=x86_64-linux-gnu -mcpu=x86-64-v3 | FileCheck %s

// CHECK-LABEL: main:
// CHECK-NOT: vpmovzxbw
// CHECK: vpbroadcastd
// CHECK: vpmaddubsw
// CHECK: vpmaddubsw
// CHECK: vpaddw
// CHECK: vpmaddwd
// CHECK: vpaddd
// CHECK-NOT: vpmovzxbw
func.func @main(%x: tensor<1x1x6x64xi8>) -> tensor<1x1x6x16xi8> {
  %w = arith.constant dense<30> : tensor<16x1x1x64xi8>
  %b = arith.constant dense<7> : tensor<16xi32>
  %y = tensor.empty() : tensor<1x1x6x16xi8>
  %r = kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, input_unsigned,
    schedule = #kernel.schedule<pmaddubsw, lanes = 8, vectors = 2, pixels = 6, interleaved = true, steps = 2>,
    stages = [#kernel.requantize<multiplier = 1342177280, shift = -7>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x1x6x64xi8>, tensor<16x1x1x64xi8>, tensor<16xi32>, tensor<1x1x6x16xi8>) -> tensor<1x1x6x16xi8>
  return %r : tensor<1x1x6x16xi8>
}
