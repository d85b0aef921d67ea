// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=x86_64-linux-gnu cpu=x86-64-v4 features=+avx512vnni},kernel-choose-signedness)" --split-input-file | FileCheck %s
// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=x86_64-linux-gnu cpu=x86-64-v3},kernel-choose-signedness)" --split-input-file | FileCheck %s --check-prefix=AVX2
// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=aarch64-linux-gnu features=+dotprod},kernel-choose-signedness)" --split-input-file | FileCheck %s --check-prefix=ARM
// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=x86_64-linux-gnu cpu=x86-64-v4 features=+avx512vnni},kernel-choose-signedness)" --split-input-file --pass-statistics -o /dev/null 2>&1 | FileCheck %s --check-prefix=STATS

// STATS-DAG: kernel-choose-signedness: num-flipped = 8
// STATS-DAG: kernel-choose-signedness: num-kept = 2
// STATS-DAG: kernel-choose-signedness: num-pads = 2

// 16-bit products take either sign.
// AVX2-LABEL: @chain(
// AVX2-NOT: input_unsigned
// AVX2: return

// The pad flips the argument; the second convolution's input is made unsigned,
// and so is the residual, which the same value is. Of the bias, 128 times the
// sum of the weights is taken off: 7 - 128 * 9.
// CHECK-LABEL: @chain(
// CHECK: kernel.pad %{{.*}} {flip, {{.*}}value = 123 : i8}
// CHECK: kernel.conv_2d
// CHECK-SAME: input_unsigned
// CHECK-SAME: stages = [#kernel.requantize<multiplier = 1518500250, shift = -7, zero_point = 132>, #kernel.clamp<min = 132, max = 255>]
// CHECK: %[[BIAS:.*]] = arith.constant dense<-1145> : tensor<3xi32>
// CHECK: kernel.conv_2d %{{.*}} bias %[[BIAS]]
// CHECK-SAME: input_unsigned
// CHECK-SAME: #kernel.clamp<min = -128, max = 127>, #kernel.add<left_shift = 20, value = <offset = 1, multiplier = 1073741824, shift = 0>, operand = <offset = -132, multiplier = 1073741824, shift = 0>, output = <offset = 2, multiplier = 1073741824, shift = -19>, is_unsigned = true>, #kernel.clamp<min = -128, max = 127>]
func.func @chain(%x: tensor<1x2x2x3xi8>) -> tensor<1x3x3x3xi8> {
  %w = arith.constant dense<3> : tensor<3x1x1x3xi8>
  %b = arith.constant dense<7> : tensor<3xi32>
  %o = tensor.empty() : tensor<1x3x3x3xi8>
  %p = kernel.pad %x outs %o {low = array<i64: 0, 1, 1, 0>, high = array<i64: 0, 0, 0, 0>, value = -5 : i8} : (tensor<1x2x2x3xi8>, tensor<1x3x3x3xi8>) -> tensor<1x3x3x3xi8>
  %0 = kernel.conv_2d %p, %w bias %b outs %o {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.requantize<multiplier = 1518500250, shift = -7, zero_point = 4>, #kernel.clamp<min = 4, max = 127>]}
    : (tensor<1x3x3x3xi8>, tensor<3x1x1x3xi8>, tensor<3xi32>, tensor<1x3x3x3xi8>) -> tensor<1x3x3x3xi8>
  %1 = kernel.conv_2d %0, %w bias %b residuals %0 outs %o {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.requantize<multiplier = 1518500250, shift = -7, zero_point = -1>, #kernel.clamp<min = -128, max = 127>,
      #kernel.add<left_shift = 20, value = <offset = 1, multiplier = 1073741824, shift = 0>,
        operand = <offset = -4, multiplier = 1073741824, shift = 0>,
        output = <offset = 2, multiplier = 1073741824, shift = -19>>,
      #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x3x3x3xi8>, tensor<3x1x1x3xi8>, tensor<3xi32>, tensor<1x3x3x3xi8>, tensor<1x3x3x3xi8>) -> tensor<1x3x3x3xi8>
  return %1 : tensor<1x3x3x3xi8>
}

// -----

// NEON multiplies signed bytes.
// ARM-LABEL: @unsigned(
// ARM: kernel.elementwise %{{.*}} {stages = [#kernel.quantize<{{.*}}zero_point = -126, min = -128, max = 127>]}
// ARM: kernel.conv_2d
// ARM-NOT: input_unsigned
// ARM: return
// CHECK-LABEL: @unsigned(
// CHECK: kernel.conv_2d
// CHECK-SAME: input_unsigned
func.func @unsigned(%x: tensor<1x3x3x3xf32>) -> tensor<1x3x3x3xi8> {
  %w = arith.constant dense<3> : tensor<3x1x1x3xi8>
  %b = arith.constant dense<7> : tensor<3xi32>
  %o = tensor.empty() : tensor<1x3x3x3xi8>
  %q = kernel.elementwise %x outs %o {stages = [#kernel.quantize<scale = 0.5 : f32, zero_point = 2, min = 0, max = 255>]} : (tensor<1x3x3x3xf32>, tensor<1x3x3x3xi8>) -> tensor<1x3x3x3xi8>
  %0 = kernel.conv_2d %q, %w bias %b outs %o {input_unsigned,
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.requantize<multiplier = 1518500250, shift = -7, zero_point = 4>, #kernel.clamp<min = 4, max = 127>]}
    : (tensor<1x3x3x3xi8>, tensor<3x1x1x3xi8>, tensor<3xi32>, tensor<1x3x3x3xi8>) -> tensor<1x3x3x3xi8>
  return %0 : tensor<1x3x3x3xi8>
}

// -----

// What moves bytes changes with them: views, concatenations, slices, maxima, pads. A
// mean starts from another number: 16 elements of 128 less.
// CHECK-LABEL: @movement(
// CHECK: #kernel.clamp<min = 0, max = 255>
// CHECK: kernel.pool_2d max
// CHECK-SAME: input_unsigned
// CHECK: kernel.concat
// CHECK: kernel.strided_slice
// CHECK: kernel.pad
// CHECK-NOT: flip
// CHECK-SAME: value = -128 : i8
// CHECK: kernel.conv_2d
// CHECK-SAME: input_unsigned
// CHECK: kernel.mean
// CHECK-SAME: initial = -2038 : i64
// CHECK-SAME: input_unsigned
func.func @movement(%x: tensor<1x4x4x8xf32>) -> (tensor<1x5x5x3xi8>, tensor<1x16xi8>) {
  %w = arith.constant dense<3> : tensor<3x1x1x16xi8>
  %b = arith.constant dense<7> : tensor<3xi32>
  %o = tensor.empty() : tensor<1x4x4x8xi8>
  %o2 = tensor.empty() : tensor<1x4x4x16xi8>
  %o3 = tensor.empty() : tensor<1x5x5x16xi8>
  %o4 = tensor.empty() : tensor<1x5x5x3xi8>
  %o5 = tensor.empty() : tensor<1x16xi8>
  %q = kernel.elementwise %x outs %o {stages = [#kernel.quantize<scale = 0.5 : f32, min = -128, max = 127>, #kernel.clamp<min = -128, max = 127>]} : (tensor<1x4x4x8xf32>, tensor<1x4x4x8xi8>) -> tensor<1x4x4x8xi8>
  %m = kernel.pool_2d max %q outs %o {kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, stages = []} : (tensor<1x4x4x8xi8>, tensor<1x4x4x8xi8>) -> tensor<1x4x4x8xi8>
  %c = kernel.concat %q, %m outs %o2 {axis = 3 : i64} : (tensor<1x4x4x8xi8>, tensor<1x4x4x8xi8>, tensor<1x4x4x16xi8>) -> tensor<1x4x4x16xi8>
  %s = kernel.strided_slice %c outs %o2 {offsets = array<i64: 0, 0, 3, 0>, strides = array<i64: 1, 1, -1, 1>} : (tensor<1x4x4x16xi8>, tensor<1x4x4x16xi8>) -> tensor<1x4x4x16xi8>
  %p = kernel.pad %s outs %o3 {low = array<i64: 0, 1, 1, 0>, high = array<i64: 0, 0, 0, 0>, value = 0 : i8} : (tensor<1x4x4x16xi8>, tensor<1x5x5x16xi8>) -> tensor<1x5x5x16xi8>
  %0 = kernel.conv_2d %p, %w bias %b outs %o4 {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.requantize<multiplier = 1518500250, shift = -7, zero_point = 4>, #kernel.clamp<min = 4, max = 127>]}
    : (tensor<1x5x5x16xi8>, tensor<3x1x1x16xi8>, tensor<3xi32>, tensor<1x5x5x3xi8>) -> tensor<1x5x5x3xi8>
  %1 = kernel.mean %c outs %o5 {axes = array<i64: 1, 2>, initial = 10 : i64,
    stages = [#kernel.requantize<multiplier = 1073741824, shift = -3>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x4x4x16xi8>, tensor<1x16xi8>) -> tensor<1x16xi8>
  return %0, %1 : tensor<1x5x5x3xi8>, tensor<1x16xi8>
}

// -----

// An average rounds by the sign of what is stored, and a result belongs to the
// caller: their values stay; a pad behind them flips.
// CHECK-LABEL: @kept(
// CHECK: #kernel.clamp<min = -128, max = 127>
// CHECK: kernel.conv_2d
// CHECK-NOT: input_unsigned
// CHECK: kernel.pool_2d  average
// CHECK: kernel.pad %{{.*}} {flip,
// CHECK: kernel.conv_2d
// CHECK-SAME: input_unsigned
// CHECK: return
func.func @kept(%x: tensor<1x3x3x3xi8>) -> (tensor<1x3x3x3xi8>, tensor<1x3x3x3xi8>, tensor<1x4x4x3xi8>) {
  %w = arith.constant dense<3> : tensor<3x1x1x3xi8>
  %b = arith.constant dense<7> : tensor<3xi32>
  %o = tensor.empty() : tensor<1x3x3x3xi8>
  %o2 = tensor.empty() : tensor<1x4x4x3xi8>
  %q = kernel.elementwise %x outs %o {stages = [#kernel.clamp<min = -128, max = 127>]} : (tensor<1x3x3x3xi8>, tensor<1x3x3x3xi8>) -> tensor<1x3x3x3xi8>
  %0 = kernel.conv_2d %q, %w bias %b outs %o {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.requantize<multiplier = 1518500250, shift = -7, zero_point = 4>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x3x3x3xi8>, tensor<3x1x1x3xi8>, tensor<3xi32>, tensor<1x3x3x3xi8>) -> tensor<1x3x3x3xi8>
  %1 = kernel.pool_2d average %0 outs %o {kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, stages = []} : (tensor<1x3x3x3xi8>, tensor<1x3x3x3xi8>) -> tensor<1x3x3x3xi8>
  %p = kernel.pad %1 outs %o2 {low = array<i64: 0, 1, 1, 0>, high = array<i64: 0, 0, 0, 0>, value = 0 : i8} : (tensor<1x3x3x3xi8>, tensor<1x4x4x3xi8>) -> tensor<1x4x4x3xi8>
  %2 = kernel.conv_2d %p, %w bias %b outs %o2 {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.requantize<multiplier = 1518500250, shift = -7, zero_point = 4>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x4x4x3xi8>, tensor<3x1x1x3xi8>, tensor<3xi32>, tensor<1x4x4x3xi8>) -> tensor<1x4x4x3xi8>
  %3 = kernel.conv_2d %x, %w bias %b outs %o {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.requantize<multiplier = 1518500250, shift = -7, zero_point = 4>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x3x3x3xi8>, tensor<3x1x1x3xi8>, tensor<3xi32>, tensor<1x3x3x3xi8>) -> tensor<1x3x3x3xi8>
  return %1, %3, %2 : tensor<1x3x3x3xi8>, tensor<1x3x3x3xi8>, tensor<1x4x4x3xi8>
}
