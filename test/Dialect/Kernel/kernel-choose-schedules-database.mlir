// A database decides about the kernels that it knows, on the target that it
// knows them for; the rest is chosen as without.
// RUN: rm -rf %t && mkdir -p %t
// RUN: echo "# a comment" > %t/db
// RUN: echo "conv_2d 1x8x8x16xi8 1x8x8x32xi8 kernel 1x1 strides 1x1 dilations 1x1 bias 32xi32 scaled stages requantize,clamp on x86+sse41+avx2+fma = #kernel.schedule<pmaddwd, lanes = 4, pixels = 3>" >> %t/db
// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=x86_64-linux-gnu cpu=x86-64-v3},kernel-choose-schedules{database=%t/db})" | FileCheck %s --check-prefixes=CHECK,KNOWN
// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=x86_64-linux-gnu cpu=x86-64-v2},kernel-choose-schedules{database=%t/db})" | FileCheck %s --check-prefixes=CHECK,OTHER
// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=x86_64-linux-gnu cpu=x86-64-v3},kernel-choose-schedules{database=%t/none})" | FileCheck %s --check-prefixes=CHECK,OTHER
// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=x86_64-linux-gnu cpu=x86-64-v3},kernel-choose-schedules{database=%t/db})" --pass-statistics -o /dev/null 2>&1 | FileCheck %s --check-prefix=STATS

// A schedule whose weights no other CPU reads is not for several.
// RUN: echo "conv_2d 1x8x8x16xi8 1x8x8x32xi8 kernel 1x1 strides 1x1 dilations 1x1 bias 32xi32 scaled stages requantize,clamp on x86+sse41+avx2+fma = #kernel.schedule<pmaddubsw, lanes = 4, pixels = 3, steps = 2>" > %t/own
// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=x86_64-linux-gnu cpu=x86-64-v3},kernel-choose-schedules{database=%t/own})" | FileCheck %s --check-prefix=OWN
// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=x86_64-linux-gnu cpu=x86-64-v3},kernel-choose-schedules{share-weights database=%t/own})" | FileCheck %s --check-prefix=SHARES
// OWN: #kernel.schedule<pmaddubsw, lanes = 4, pixels = 3, steps = 2>
// SHARES-NOT: pmaddubsw

// STATS-DAG: kernel-choose-schedules: num-tuned = 1
// STATS-DAG: kernel-choose-schedules: num-chosen = 0

// RUN: echo "conv_2d nothing" > %t/bad
// RUN: not qopt %s --kernel-choose-schedules=database=%t/bad 2>&1 | FileCheck %s --check-prefix=BAD
// BAD: bad:1: expected 'KEY = #kernel.schedule<{{.*}}>', found 'conv_2d nothing'

// CHECK-LABEL: @pointwise(
// KNOWN: schedule = #kernel.schedule<pmaddwd, lanes = 4, pixels = 3>
// OTHER-NOT: pixels = 3>
// OTHER: schedule = #kernel.schedule<pmaddubsw
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
