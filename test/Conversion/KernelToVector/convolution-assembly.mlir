// The instructions that kernels end in, for each family.

// DEFINE: %{triple} =
// DEFINE: %{cpu} =
// DEFINE: %{features} =
// DEFINE: %{lanes} =
// DEFINE: %{family} =
// DEFINE: %{compile} = sed -e 's/FAMILY/%{family}/' -e 's/LANES/%{lanes}/' %s | qopt --pass-pipeline="builtin.module(kernel-set-target{triple=%{triple} cpu=%{cpu} features=%{features}},convert-kernel-to-vector,qopt-lower-to-llvm)" | mlir-translate --mlir-to-llvmir --allow-unregistered-dialect | llc -mtriple=%{triple} -mcpu=%{cpu} -mattr=%{features}

// REDEFINE: %{triple} = x86_64-linux-gnu
// REDEFINE: %{cpu} = x86-64-v4
// REDEFINE: %{features} = +avx512vnni
// REDEFINE: %{family} = vpdpbusd
// REDEFINE: %{lanes} = 16
// RUN: %{compile} | FileCheck %s --check-prefix=VNNI512
// VNNI512-LABEL: conv:
// VNNI512: vpbroadcastd
// VNNI512: vpxor
// VNNI512: vpdpbusd {{.*}}%zmm

// REDEFINE: %{lanes} = 8
// RUN: %{compile} | FileCheck %s --check-prefix=VNNI256
// VNNI256-LABEL: conv:
// VNNI256: vpdpbusd {{.*}}%ymm

// REDEFINE: %{cpu} = x86-64-v3
// REDEFINE: %{features} = +avxvnni
// RUN: %{compile} | FileCheck %s --check-prefix=AVXVNNI
// AVXVNNI-LABEL: conv:
// AVXVNNI: {vex} vpdpbusd {{.*}}%ymm

// REDEFINE: %{features} = +avx2
// REDEFINE: %{family} = pmaddwd
// RUN: %{compile} | FileCheck %s --check-prefix=AVX2
// AVX2-LABEL: conv:
// AVX2-NOT: vpmaddubsw
// AVX2: vpmaddwd {{.*}}%ymm
// AVX2: vpaddd {{.*}}%ymm

// REDEFINE: %{cpu} = x86-64-v2
// REDEFINE: %{features} = +sse4.1
// REDEFINE: %{lanes} = 4
// RUN: %{compile} | FileCheck %s --check-prefix=SSE
// SSE-LABEL: conv:
// SSE-NOT: pmaddubsw
// SSE: pmaddwd {{.*}}%xmm

// REDEFINE: %{triple} = aarch64-linux-gnu
// REDEFINE: %{cpu} = generic
// REDEFINE: %{features} = +dotprod
// REDEFINE: %{family} = sdot
// RUN: %{compile} | FileCheck %s --check-prefix=SDOT
// SDOT-LABEL: conv:
// SDOT-NOT: ld1r
// SDOT: sdot v{{[0-9]+}}.4s, v{{[0-9]+}}.16b, v{{[0-9]+}}.4b[3]

// REDEFINE: %{features} = +i8mm
// REDEFINE: %{family} = smmla
// RUN: %{compile} | FileCheck %s --check-prefix=SMMLA
// SMMLA-LABEL: conv:
// SMMLA: zip2 v{{[0-9]+}}.2d
// SMMLA: smmla v{{[0-9]+}}.4s, v{{[0-9]+}}.16b, v{{[0-9]+}}.16b

// REDEFINE: %{features} = +neon
// REDEFINE: %{family} = smull
// RUN: %{compile} | FileCheck %s --check-prefix=SMULL
// SMULL-LABEL: conv:
// SMULL: smull v{{[0-9]+}}.8h, v{{[0-9]+}}.8b
// SMULL: sadalp v{{[0-9]+}}.4s, v{{[0-9]+}}.8h

func.func @conv(%x: memref<1x8x8x16xi8>, %w: memref<256xi8>, %b: memref<16xi32>,
                %y: memref<1x8x8x16xi32>) {
  kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>,
    dilations = array<i64: 1, 1>, stages = [], packed,
    schedule = #kernel.schedule<FAMILY, lanes = LANES, vectors = 1, pixels = 4>}
    : (memref<1x8x8x16xi8>, memref<256xi8>, memref<16xi32>,
       memref<1x8x8x16xi32>) -> ()
  return
}
