// RUN: qopt %s --pass-pipeline="builtin.module(func.func(kernel-use-tables))" --split-input-file | FileCheck %s
// RUN: qopt %s --pass-pipeline="builtin.module(func.func(kernel-use-tables,kernel-fuse-epilogues))" --split-input-file | FileCheck %s --check-prefix=FUSED
// RUN: qopt %s --pass-pipeline="builtin.module(func.func(kernel-use-tables))" --split-input-file --pass-statistics -o /dev/null 2>&1 | FileCheck %s --check-prefix=STATS

// STATS-DAG: kernel-use-tables: num-stages = 14
// STATS-DAG: kernel-use-tables: num-tables = 6

// x * x / 4, rounded twice (9 / 2 is 5, and 5 / 2 is 3); clamped from 23 on.
// CHECK-LABEL: @square(
// CHECK: kernel.elementwise %arg0 outs %arg1 {stages = [#kernel.table<entries = dense<"0x000101030407090D1015191F242B31394049515B646F797F7F
// CHECK-SAME: 7F7F796F645B{{[0-9A-F]+}}0D090704030101"> : tensor<256xi8>>]}
func.func @square(%x: tensor<64xi8>, %o: tensor<64xi8>) -> tensor<64xi8> {
  %0 = kernel.elementwise %x with %x outs %o {stages = [
    #kernel.mul<output = <multiplier = 1073741824, shift = -1>>,
    #kernel.clamp<min = -128, max = 127>]} : (tensor<64xi8>, tensor<64xi8>, tensor<64xi8>) -> tensor<64xi8>
  return %0 : tensor<64xi8>
}

// -----

// A table times what it was looked up with; then into the convolution.
// CHECK-LABEL: @swish(
// CHECK: kernel.elementwise %{{.*}} outs %{{.*}} {stages = [#kernel.table<entries = dense<1> : tensor<256xi8>>]}
// FUSED-LABEL: @swish(
// FUSED: kernel.conv_2d
// FUSED-SAME: #kernel.clamp<min = -128, max = 127>, #kernel.table<entries = dense<1> : tensor<256xi8>>]
// FUSED-NOT: kernel.elementwise
// FUSED: return
func.func @swish(%x: tensor<1x2x2x3xi8>, %w: tensor<2x1x1x3xi8>, %b: tensor<2xi32>, %o: tensor<1x2x2x2xi8>) -> tensor<1x2x2x2xi8> {
  %0 = kernel.conv_2d %x, %w bias %b outs %o {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.requantize<multiplier = 1518500250, shift = -7>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x2x2x3xi8>, tensor<2x1x1x3xi8>, tensor<2xi32>, tensor<1x2x2x2xi8>) -> tensor<1x2x2x2xi8>
  %1 = kernel.elementwise %0 with %0 outs %o {stages = [
    #kernel.table<entries = dense<3> : tensor<256xi8>>,
    #kernel.mul<output = <offset = 1, multiplier = 1073741824, shift = -20>>,
    #kernel.clamp<min = -128, max = 127>]} : (tensor<1x2x2x2xi8>, tensor<1x2x2x2xi8>, tensor<1x2x2x2xi8>) -> tensor<1x2x2x2xi8>
  return %1 : tensor<1x2x2x2xi8>
}

// -----

// Unsigned bytes, and an operand that is one number: 200 / 2 + 28 / 2, whose
// clamp needs an unsigned byte.
// CHECK-LABEL: @constant(
// CHECK: kernel.elementwise %arg0 outs %arg1 {input_unsigned, stages = [#kernel.table<entries = dense<"0x64656566
// CHECK-SAME: E2E3E3E4"> : tensor<256xi8>, is_unsigned = true>]}
func.func @constant(%x: tensor<64xi8>, %o: tensor<64xi8>) -> tensor<64xi8> {
  %c = arith.constant dense<200> : tensor<1xi8>
  %0 = kernel.elementwise %x with %c outs %o {input_unsigned, stages = [
    #kernel.add<left_shift = 20, value = <multiplier = 1073741824, shift = 0>,
      operand = <multiplier = 1073741824, shift = 0>,
      output = <multiplier = 1073741824, shift = -19>, is_unsigned = true>,
    #kernel.clamp<min = 0, max = 255>]} : (tensor<64xi8>, tensor<1xi8>, tensor<64xi8>) -> tensor<64xi8>
  return %0 : tensor<64xi8>
}

// -----

// Behind a clamp: the table and the rescaling after it. The first clamp stays.
// CHECK-LABEL: @behind_clamp(
// CHECK: stages = [#kernel.requantize<multiplier = 1518500250, shift = -7>, #kernel.clamp<min = 0, max = 255>, #kernel.table<entries = dense<5> : tensor<256xi8>>]
func.func @behind_clamp(%x: tensor<64xi32>, %o: tensor<64xi8>) -> tensor<64xi8> {
  %0 = kernel.elementwise %x outs %o {stages = [
    #kernel.requantize<multiplier = 1518500250, shift = -7>,
    #kernel.clamp<min = 0, max = 255>,
    #kernel.table<entries = dense<9> : tensor<256xi8>>,
    #kernel.requantize<multiplier = 1073741824, shift = 0>,
    #kernel.clamp<min = -128, max = 127>]} : (tensor<64xi32>, tensor<64xi8>) -> tensor<64xi8>
  return %0 : tensor<64xi8>
}

// -----

// As far as it goes: another tensor is added afterwards.
// CHECK-LABEL: @begins(
// CHECK: kernel.elementwise %arg0 with %arg1 outs %arg2 {stages = [#kernel.table<entries = dense<0> : tensor<256xi8>>, #kernel.mul<
func.func @begins(%x: tensor<64xi8>, %r: tensor<64xi8>, %o: tensor<64xi8>) -> tensor<64xi8> {
  %0 = kernel.elementwise %x with %x, %r outs %o {stages = [
    #kernel.mul<output = <multiplier = 1073741824, shift = -20>>,
    #kernel.clamp<min = -128, max = 127>,
    #kernel.mul<output = <multiplier = 1073741824, shift = -1>>,
    #kernel.clamp<min = -128, max = 127>]} : (tensor<64xi8>, tensor<64xi8>, tensor<64xi8>, tensor<64xi8>) -> tensor<64xi8>
  return %0 : tensor<64xi8>
}

// -----

// Two tables in a row are one; an index is the byte's bits.
// CHECK-LABEL: @two(
// CHECK: stages = [#kernel.table<entries = dense<7> : tensor<256xi8>>]
func.func @two(%x: tensor<64xi8>, %o: tensor<64xi8>) -> tensor<64xi8> {
  %0 = kernel.elementwise %x outs %o {stages = [
    #kernel.table<entries = dense<-1> : tensor<256xi8>>,
    #kernel.table<entries = dense<7> : tensor<256xi8>>]} : (tensor<64xi8>, tensor<64xi8>) -> tensor<64xi8>
  return %0 : tensor<64xi8>
}

// -----

// Neither a table nor an operand: a rescaling stays. So does what depends on
// two tensors, on 16 bits, or leaves the bytes.
// CHECK-LABEL: @stay(
// CHECK-NOT: #kernel.table
func.func @stay(%x: tensor<64xi8>, %r: tensor<64xi8>, %w: tensor<64xi16>, %o: tensor<64xi8>, %o32: tensor<64xi32>) -> (tensor<64xi8>, tensor<64xi8>, tensor<64xi8>, tensor<64xi32>) {
  %0 = kernel.elementwise %x outs %o {stages = [
    #kernel.requantize<multiplier = 1518500250, shift = -1>,
    #kernel.clamp<min = -128, max = 127>]} : (tensor<64xi8>, tensor<64xi8>) -> tensor<64xi8>
  %1 = kernel.elementwise %x with %r outs %o {stages = [
    #kernel.mul<output = <multiplier = 1073741824, shift = -1>>,
    #kernel.clamp<min = -128, max = 127>]} : (tensor<64xi8>, tensor<64xi8>, tensor<64xi8>) -> tensor<64xi8>
  %2 = kernel.elementwise %w with %w outs %o {stages = [
    #kernel.mul<output = <multiplier = 1073741824, shift = -12>>,
    #kernel.clamp<min = -128, max = 127>]} : (tensor<64xi16>, tensor<64xi16>, tensor<64xi8>) -> tensor<64xi8>
  %3 = kernel.elementwise %x with %x outs %o32 {stages = [
    #kernel.mul<output = <multiplier = 1073741824, shift = 1>>]} : (tensor<64xi8>, tensor<64xi8>, tensor<64xi32>) -> tensor<64xi32>
  return %0, %1, %2, %3 : tensor<64xi8>, tensor<64xi8>, tensor<64xi8>, tensor<64xi32>
}
