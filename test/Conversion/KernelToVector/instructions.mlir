// The instructions that one requantization becomes on each target: on AArch64
// three for four lanes (the last of which packs to 16 bits as well), on x86 two 64-bit multiplications of every other lane,
// and no sign extension to 64 bits anywhere.
//
// RUN: split-file %s %t
// RUN: qopt %t/neon.mlir --convert-kernel-to-vector --qopt-lower-to-llvm | sed 's/^module attributes.*/module {/' | mlir-translate --mlir-to-llvmir | opt -O3 -mtriple=aarch64-linux-gnu | llc -O3 -mtriple=aarch64-linux-gnu | FileCheck %s --check-prefix=NEON
// RUN: qopt %t/avx2.mlir --convert-kernel-to-vector --qopt-lower-to-llvm | sed 's/^module attributes.*/module {/' | mlir-translate --mlir-to-llvmir | opt -O3 -mtriple=x86_64-linux-gnu -mattr=+avx2 | llc -O3 -mtriple=x86_64-linux-gnu -mattr=+avx2 | FileCheck %s --check-prefix=AVX2

// NEON-LABEL: requantize:
// NEON: sqrdmulh v{{[0-9]+}}.4s
// NEON: ssra v{{[0-9]+}}.4s, v{{[0-9]+}}.4s, #31
// NEON: sqrshrn v{{[0-9]+}}.4h
// NEON: sqadd v{{[0-9]+}}.8h
// NEON-NOT: smull
// NEON: ret

// AVX2-LABEL: requantize:
// AVX2-NOT: vpmovsxdq
// AVX2: vpmuldq
// AVX2: vpmuldq
// AVX2-NOT: vpmovsxdq
// AVX2: vpblendd
// AVX2: ret

//--- neon.mlir
module attributes {kernel.target = #kernel.target<triple = "aarch64-unknown-linux-gnu", cpu = "", features = "">} {
  func.func @requantize(%x: memref<64xi32>, %y: memref<64xi8>) {
    kernel.elementwise %x outs %y {stages = [
      #kernel.requantize<multiplier = 1518500250, shift = -3, zero_point = 4>,
      #kernel.clamp<min = -128, max = 127>]} : (memref<64xi32>, memref<64xi8>) -> ()
    return
  }
}

//--- avx2.mlir
module attributes {kernel.target = #kernel.target<triple = "x86_64-unknown-linux-gnu", cpu = "", features = "+avx2">} {
  func.func @requantize(%x: memref<64xi32>, %y: memref<64xi8>) {
    kernel.elementwise %x outs %y {stages = [
      #kernel.requantize<multiplier = 1518500250, shift = -3, zero_point = 4>,
      #kernel.clamp<min = -128, max = 127>]} : (memref<64xi32>, memref<64xi8>) -> ()
    return
  }
}
