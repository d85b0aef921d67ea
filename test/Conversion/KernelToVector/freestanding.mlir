// Generated kernels call nothing but memcpy and memset, and use the
// instructions that the target has for fixed-point arithmetic.
//
// RUN: qopt %s --convert-kernel-to-vector --qopt-lower-to-llvm | mlir-translate --mlir-to-llvmir -o %t.ll
// RUN: opt -O3 -mtriple=x86_64-linux-gnu %t.ll -o %t.bc
// RUN: llc -O3 -mtriple=x86_64-linux-gnu %t.bc -filetype=obj -o %t.o
// RUN: llvm-nm --undefined-only %t.o | FileCheck %s --allow-empty --implicit-check-not=U
// RUN: llc -O3 -mtriple=x86_64-linux-gnu -mattr=+avx2 %t.bc -filetype=obj -o %t.o
// RUN: llvm-nm --undefined-only %t.o | FileCheck %s --allow-empty --implicit-check-not=U

func.func @logistic(%x: memref<37xf32>, %y: memref<37xf32>) {
  kernel.elementwise %x outs %y {stages = [#kernel.logistic_f32]} : (memref<37xf32>, memref<37xf32>) -> ()
  return
}

func.func @softmax(%x: memref<3x37xf32>, %y: memref<3x37xf32>) {
  kernel.softmax %x outs %y {} : (memref<3x37xf32>, memref<3x37xf32>) -> ()
  return
}

func.func @quantize(%x: memref<37xf32>, %y: memref<37xi8>) {
  kernel.elementwise %x outs %y {stages = [
    #kernel.quantize<scale = 0.5 : f32, zero_point = 3, min = -128, max = 127, ties_to_even = true>]}
    : (memref<37xf32>, memref<37xi8>) -> ()
  return
}

func.func @average(%x: memref<1x5x5x3xi8>, %y: memref<1x3x3x3xi8>) {
  kernel.pool_2d average %x outs %y {kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>,
    padding = array<i64: 1, 1, 1, 1>, stages = []} : (memref<1x5x5x3xi8>, memref<1x3x3x3xi8>) -> ()
  return
}
