// RUN: qopt %s --pass-pipeline="builtin.module(func.func(kernel-use-scaled-sums))" --split-input-file | FileCheck %s
// RUN: qopt %s --pass-pipeline="builtin.module(func.func(kernel-use-scaled-sums))" --split-input-file --pass-statistics -o /dev/null 2>&1 | FileCheck %s --check-prefix=STATS

// STATS-DAG: kernel-use-scaled-sums: num-refused = 1
// STATS-DAG: kernel-use-scaled-sums: num-replaced = 4

// y = 0.5 x + 0.3 r, roughly: 2^23 and 0.3 * 2^24 of 2^24.
// CHECK-LABEL: @add(
// CHECK: #kernel.scaled_sum<value = {{[0-9]+}}, operand = {{[0-9]+}}, offset = {{-?[0-9]+}}, shift = {{[0-9]+}}>, #kernel.clamp<min = -128, max = 127>
func.func @add(%x: tensor<64xi8>, %r: tensor<64xi8>, %o: tensor<64xi8>) -> tensor<64xi8> {
  %0 = kernel.elementwise %x with %r outs %o {stages = [
    #kernel.add<left_shift = 20, value = <offset = 3, multiplier = 1073741824, shift = 0>,
      operand = <offset = -7, multiplier = 1288490189, shift = -1>,
      output = <offset = 5, multiplier = 1073741824, shift = -19>>,
    #kernel.clamp<min = -128, max = 127>]} : (tensor<64xi8>, tensor<64xi8>, tensor<64xi8>) -> tensor<64xi8>
  return %0 : tensor<64xi8>
}

// -----

// Half of all sums are ties, which go away from zero: factors above 2^22.
// CHECK-LABEL: @ties(
// CHECK: #kernel.scaled_sum<value = 4194305, operand = -4194305, offset = {{[0-9]+}}, shift = 23>
func.func @ties(%x: tensor<64xi8>, %r: tensor<64xi8>, %o: tensor<64xi8>) -> tensor<64xi8> {
  %0 = kernel.elementwise %x with %r outs %o {stages = [
    #kernel.sub<left_shift = 20, value = <multiplier = 1073741824, shift = 0>,
      operand = <multiplier = 1073741824, shift = 0>,
      output = <offset = 9, multiplier = 1073741824, shift = -19>>,
    #kernel.clamp<min = -128, max = 127>]} : (tensor<64xi8>, tensor<64xi8>, tensor<64xi8>) -> tensor<64xi8>
  return %0 : tensor<64xi8>
}

// -----

// Behind a convolution, the zero point of the requantize joins the sum. Above
// zero ties need no care.
// CHECK-LABEL: @epilogue(
// CHECK: stages = [#kernel.requantize<multiplier = 1518500250, shift = -7>, #kernel.clamp<min = -132, max = 123>, #kernel.scaled_sum<value = [[A:[0-9]+]], operand = [[A]], offset = {{-?[0-9]+}}, shift = {{[0-9]+}}, is_unsigned = true>, #kernel.clamp<min = 0, max = 255>]
func.func @epilogue(%x: tensor<1x2x2x3xi8>, %w: tensor<2x1x1x3xi8>, %b: tensor<2xi32>, %r: tensor<1x2x2x2xi8>, %o: tensor<1x2x2x2xi8>) -> tensor<1x2x2x2xi8> {
  %0 = kernel.conv_2d %x, %w bias %b residuals %r outs %o {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.requantize<multiplier = 1518500250, shift = -7, zero_point = 4>, #kernel.clamp<min = -128, max = 127>,
      #kernel.add<left_shift = 20, value = <offset = -4, multiplier = 1073741824, shift = 0>,
        operand = <offset = -100, multiplier = 1073741824, shift = 0>,
        output = <multiplier = 1073741824, shift = -19>, is_unsigned = true>,
      #kernel.clamp<min = 0, max = 255>]}
    : (tensor<1x2x2x3xi8>, tensor<2x1x1x3xi8>, tensor<2xi32>, tensor<1x2x2x2xi8>, tensor<1x2x2x2xi8>) -> tensor<1x2x2x2xi8>
  return %0 : tensor<1x2x2x2xi8>
}

// -----

// The running value may be the one that is subtracted.
// CHECK-LABEL: @reversed(
// CHECK: #kernel.scaled_sum<value = -{{[0-9]+}}, operand = {{[0-9]+}},
func.func @reversed(%x: tensor<64xi8>, %r: tensor<64xi8>, %o: tensor<64xi8>) -> tensor<64xi8> {
  %0 = kernel.elementwise %x with %r outs %o {stages = [
    #kernel.sub<left_shift = 20, value = <offset = 3, multiplier = 1073741824, shift = 0>,
      operand = <offset = -7, multiplier = 1288490189, shift = -1>,
      output = <offset = 5, multiplier = 1073741824, shift = -19>, reversed = true>,
    #kernel.clamp<min = -128, max = 127>]} : (tensor<64xi8>, tensor<64xi8>, tensor<64xi8>) -> tensor<64xi8>
  return %0 : tensor<64xi8>
}

// -----

// Left alone: values of 16 bits, other rounding, no clamp, unknown values.
// CHECK-LABEL: @kept(
// CHECK-NOT: scaled_sum
func.func @kept(%x: tensor<64xi8>, %r: tensor<64xi8>, %o: tensor<64xi8>, %wide: tensor<64xi16>, %v: tensor<64xi32>) -> (tensor<64xi8>, tensor<64xi8>, tensor<64xi8>, tensor<64xi8>) {
  %0 = kernel.elementwise %x with %wide outs %o {stages = [
    #kernel.add<left_shift = 15, value = <multiplier = 1073741824, shift = 0>,
      operand = <multiplier = 1288490189, shift = -1>, output = <multiplier = 1073741824, shift = -19>>,
    #kernel.clamp<min = -128, max = 127>]} : (tensor<64xi8>, tensor<64xi16>, tensor<64xi8>) -> tensor<64xi8>
  %1 = kernel.elementwise %x with %r outs %o {stages = [
    #kernel.add<rounding = single, left_shift = 20, value = <multiplier = 1073741824, shift = 0>,
      operand = <multiplier = 1288490189, shift = -1>, output = <multiplier = 1073741824, shift = -19>>,
    #kernel.clamp<min = -128, max = 127>]} : (tensor<64xi8>, tensor<64xi8>, tensor<64xi8>) -> tensor<64xi8>
  %2 = kernel.elementwise %x with %r outs %o {stages = [
    #kernel.add<left_shift = 20, value = <multiplier = 1073741824, shift = 0>,
      operand = <multiplier = 1288490189, shift = -1>, output = <multiplier = 1073741824, shift = -19>>]}
    : (tensor<64xi8>, tensor<64xi8>, tensor<64xi8>) -> tensor<64xi8>
  %3 = kernel.elementwise %v with %r outs %o {stages = [
    #kernel.add<left_shift = 20, value = <multiplier = 1073741824, shift = 0>,
      operand = <multiplier = 1288490189, shift = -1>, output = <multiplier = 1073741824, shift = -19>>,
    #kernel.clamp<min = -128, max = 127>]} : (tensor<64xi32>, tensor<64xi8>, tensor<64xi8>) -> tensor<64xi8>
  return %0, %1, %2, %3 : tensor<64xi8>, tensor<64xi8>, tensor<64xi8>, tensor<64xi8>
}

// -----

// A step of the input is 256 steps of the result.
// CHECK-LABEL: @refused(
// CHECK: #kernel.add
func.func @refused(%x: tensor<64xi8>, %r: tensor<64xi8>, %o: tensor<64xi8>) -> tensor<64xi8> {
  %0 = kernel.elementwise %x with %r outs %o {stages = [
    #kernel.add<left_shift = 20, value = <multiplier = 1073741824, shift = 0>,
      operand = <multiplier = 1073741824, shift = 0>,
      output = <multiplier = 1073741824, shift = -10>>,
    #kernel.clamp<min = -128, max = 127>]} : (tensor<64xi8>, tensor<64xi8>, tensor<64xi8>) -> tensor<64xi8>
  return %0 : tensor<64xi8>
}
