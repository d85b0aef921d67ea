// Products of bytes are added up in 16 bits where the weights allow it.

// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=x86_64-linux-gnu cpu=x86-64-v3},kernel-choose-schedules)" | FileCheck %s --check-prefixes=CHECK,AVX2
// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=x86_64-linux-gnu cpu=x86-64-v2},kernel-choose-schedules)" | FileCheck %s --check-prefixes=CHECK,SSE
// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=x86_64-linux-gnu cpu=x86-64-v3 features=+avxvnni},kernel-choose-schedules)" | FileCheck %s --check-prefix=OTHER
// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=x86_64-linux-gnu cpu=x86-64},kernel-choose-schedules)" | FileCheck %s --check-prefix=OTHER
// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=x86_64-linux-gnu cpu=x86-64-v3},kernel-choose-schedules{byte-sums=0})" | FileCheck %s --check-prefix=OTHER
// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=x86_64-linux-gnu cpu=x86-64-v3},kernel-choose-schedules{share-weights})" | FileCheck %s --check-prefix=OTHER
// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=x86_64-linux-gnu cpu=x86-64-v3},kernel-choose-schedules)" --pass-statistics -o /dev/null 2>&1 | FileCheck %s --check-prefix=STATS

// STATS: kernel-choose-schedules: num-byte-sums = 2

// OTHER-NOT: pmaddubsw

// Four steps of weights up to 8 always fit.
// CHECK-LABEL: @small(
// AVX2: schedule = #kernel.schedule<pmaddubsw, lanes = 8, {{.*}}, steps = 4>
// SSE: schedule = #kernel.schedule<pmaddubsw, lanes = 4, {{.*}}, steps = 4>
func.func @small(%x: tensor<1x14x14x64xi8>, %y: tensor<1x14x14x64xi8>) -> tensor<1x14x14x64xi8> {
  %w = arith.constant dense<8> : tensor<64x1x1x64xi8>
  %b = arith.constant dense<7> : tensor<64xi32>
  %r = kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, input_unsigned,
    stages = [#kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x14x14x64xi8>, tensor<64x1x1x64xi8>, tensor<64xi32>, tensor<1x14x14x64xi8>) -> tensor<1x14x14x64xi8>
  return %r : tensor<1x14x14x64xi8>
}

// Of larger ones two do.
// CHECK-LABEL: @medium(
// AVX2: schedule = #kernel.schedule<pmaddubsw, lanes = 8, {{.*}}, steps = 2>
func.func @medium(%x: tensor<1x14x14x64xi8>, %y: tensor<1x14x14x64xi8>) -> tensor<1x14x14x64xi8> {
  %w = arith.constant dense<32> : tensor<64x1x1x64xi8>
  %b = arith.constant dense<7> : tensor<64xi32>
  %r = kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, input_unsigned,
    stages = [#kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x14x14x64xi8>, tensor<64x1x1x64xi8>, tensor<64xi32>, tensor<1x14x14x64xi8>) -> tensor<1x14x14x64xi8>
  return %r : tensor<1x14x14x64xi8>
}

// Where every step would be two, `pmaddwd` is faster; groups of channels and
// runs of fewer than four inputs have no other.
// CHECK-LABEL: @large(
// CHECK-NOT: pmaddubsw
func.func @large(%x: tensor<1x14x14x64xi8>, %y: tensor<1x14x14x64xi8>, %z: tensor<1x14x14x2xi8>)
    -> (tensor<1x14x14x64xi8>, tensor<1x14x14x64xi8>, tensor<1x14x14x64xi8>) {
  %w = arith.constant dense<100> : tensor<64x1x1x64xi8>
  %g = arith.constant dense<1> : tensor<64x1x1x32xi8>
  %n = arith.constant dense<1> : tensor<64x1x1x2xi8>
  %b = arith.constant dense<7> : tensor<64xi32>
  %0 = kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, input_unsigned,
    stages = [#kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x14x14x64xi8>, tensor<64x1x1x64xi8>, tensor<64xi32>, tensor<1x14x14x64xi8>) -> tensor<1x14x14x64xi8>
  %1 = kernel.conv_2d %x, %g bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, input_unsigned, groups = 2 : i64,
    stages = [#kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x14x14x64xi8>, tensor<64x1x1x32xi8>, tensor<64xi32>, tensor<1x14x14x64xi8>) -> tensor<1x14x14x64xi8>
  %2 = kernel.conv_2d %z, %n bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, input_unsigned,
    stages = [#kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x14x14x2xi8>, tensor<64x1x1x2xi8>, tensor<64xi32>, tensor<1x14x14x64xi8>) -> tensor<1x14x14x64xi8>
  return %0, %1, %2 : tensor<1x14x14x64xi8>, tensor<1x14x14x64xi8>, tensor<1x14x14x64xi8>
}

// A single pixel whose weights come from memory waits for their bytes.
// CHECK-LABEL: @from_memory(
// CHECK-NOT: pmaddubsw
func.func @from_memory(%x: tensor<1x1x1x1024xi8>, %y: tensor<1x1x1x4096xi8>) -> tensor<1x1x1x4096xi8> {
  %w = arith.constant dense<8> : tensor<4096x1x1x1024xi8>
  %b = arith.constant dense<7> : tensor<4096xi32>
  %r = kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, input_unsigned,
    stages = [#kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x1x1x1024xi8>, tensor<4096x1x1x1024xi8>, tensor<4096xi32>, tensor<1x1x1x4096xi8>) -> tensor<1x1x1x4096xi8>
  return %r : tensor<1x1x1x4096xi8>
}
