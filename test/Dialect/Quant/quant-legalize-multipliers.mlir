// Requantizations and their fixed-point form. Expected multipliers were worked
// out by hand: M = m0 * 2^shift / 2^31.
// RUN: qopt %s --quant-legalize-multipliers --split-input-file --verify-roundtrip | FileCheck %s
// RUN: qopt %s --quant-legalize-multipliers --split-input-file --pass-statistics -o /dev/null 2>&1 \
// RUN:   | FileCheck %s --check-prefix=COUNT

// COUNT: quant-legalize-multipliers: num-channels = 25
// COUNT-NEXT: quant-legalize-multipliers: num-legalized = 19
// COUNT-NEXT: quant-legalize-multipliers: num-proved = 3
// COUNT-NEXT: quant-legalize-multipliers: num-real = 4

!acc = !quant.uniform<i32:f32, 0.001>
!acc_c = !quant.uniform<i32:f32:1, {0.001, 0.002}>
!q = !quant.uniform<i8:f32, 0.05:-3>
!u = !quant.uniform<u8:f32, 0.05:125>
!u4 = !quant.uniform<u4:f32, 0.5:8>
!wide = !quant.uniform<i16:f32, 0.000125>

// 0.001 / 0.05 = 0.02 = 0.64 * 2^-5, and 0.64 * 2^31 = 1374389534.72
// CHECK-LABEL: @accumulator
// CHECK-NEXT: %[[I:.*]] = quant.scast %{{.*}} : tensor<1x8x!quant.uniform<i32:f32, 1.000000e-03>> to tensor<1x8xi32>
// CHECK-NEXT: %[[Y:.*]] = quant.apply_multiplier %[[I]] {max = 117 : i64, min = -3 : i64, multiplier = #quant.multiplier<[1374389535], [-5]>, rounding = #quant.rounding<double>} : tensor<1x8xi32> to tensor<1x8x!quant.uniform<i8:f32, 5.000000e-02:-3>>
// CHECK-NEXT: return %[[Y]]
func.func @accumulator(%x: tensor<1x8x!acc>) -> tensor<1x8x!q> {
  %0 = quant.requantize %x {rounding = #quant.rounding<double>, min = -3, max = 117} : tensor<1x8x!acc> to tensor<1x8x!q>
  return %0 : tensor<1x8x!q>
}

// CHECK-LABEL: @per_axis
// CHECK: quant.apply_multiplier %{{.*}} {multiplier = #quant.multiplier<[1374389535, 1374389535], [-5, -4], axis = 1>, rounding = #quant.rounding<single>} : tensor<?x2xi32>
func.func @per_axis(%x: tensor<?x2x!acc_c>) -> tensor<?x2x!u> {
  %0 = quant.requantize %x {rounding = #quant.rounding<single>} : tensor<?x2x!acc_c> to tensor<?x2x!u>
  return %0 : tensor<?x2x!u>
}

// CHECK-LABEL: @result_per_axis
// CHECK: quant.apply_multiplier %{{.*}} {multiplier = #quant.multiplier<[1073741824, 1073741824], [0, -1], axis = 0>
// CHECK-SAME: to tensor<2x!quant.uniform<i8:f32:0, {2.000000e-03,4.000000e-03:1}>>
func.func @result_per_axis(%x: tensor<2x!acc>) -> tensor<2x!quant.uniform<i8:f32:0, {0.002, 0.004:1}>> {
  %0 = quant.requantize %x {rounding = #quant.rounding<double>} : tensor<2x!acc> to tensor<2x!quant.uniform<i8:f32:0, {0.002, 0.004:1}>>
  return %0 : tensor<2x!quant.uniform<i8:f32:0, {0.002, 0.004:1}>>
}

// Stored values keep their zero point and their signedness as attributes.
// CHECK-LABEL: @int8_to_uint8
// CHECK: quant.apply_multiplier %{{.*}} {input_zero_point = -3 : i64, multiplier = #quant.multiplier<[1073741824], [1]>, rounding = #quant.rounding<double>} : tensor<2xi8>
func.func @int8_to_uint8(%x: tensor<2x!q>) -> tensor<2x!u> {
  %0 = quant.requantize %x {rounding = #quant.rounding<double>} : tensor<2x!q> to tensor<2x!u>
  return %0 : tensor<2x!u>
}

// CHECK-LABEL: @uint8_to_int8
// CHECK: quant.apply_multiplier %{{.*}} {input_unsigned, input_zero_point = 125 : i64, multiplier = #quant.multiplier<[1073741824], [1]>, rounding = #quant.rounding<double>} : tensor<2xi8>
func.func @uint8_to_int8(%x: tensor<2x!u>) -> tensor<2x!q> {
  %0 = quant.requantize %x {rounding = #quant.rounding<double>} : tensor<2x!u> to tensor<2x!q>
  return %0 : tensor<2x!q>
}

// CHECK-LABEL: @scalar_of_four_bits
// CHECK: quant.scast %{{.*}} : !quant.uniform<u4:f32, 5.000000e-01:8> to i4
// CHECK: quant.apply_multiplier %{{.*}} {input_unsigned, input_zero_point = 8 : i64, multiplier = #quant.multiplier<[1342177280], [4]>
func.func @scalar_of_four_bits(%x: !u4) -> !q {
  %0 = quant.requantize %x {rounding = #quant.rounding<double>} : !u4 to !q
  return %0 : !q
}

// Several uses of one value, and an unused result.
// CHECK-LABEL: @uses
// CHECK-COUNT-2: quant.apply_multiplier
func.func @uses(%x: tensor<2x!q>) -> tensor<2x!q> {
  %0 = quant.requantize %x {rounding = #quant.rounding<double>, min = 0} : tensor<2x!q> to tensor<2x!u>
  %1 = quant.requantize %0 {rounding = #quant.rounding<double>} : tensor<2x!u> to tensor<2x!q>
  return %1 : tensor<2x!q>
}

// -----

//===----------------------------------------------------------------------===//
// The ends of what can be represented
//===----------------------------------------------------------------------===//

!one = !quant.uniform<i32:f32, 1.0>

// The least multiplier is 2^-32; what is smaller shifts every bit out.
// CHECK-LABEL: @small
// CHECK: #quant.multiplier<[1073741824], [-31]>
// CHECK: #quant.multiplier<[0], [0]>
func.func @small(%x: tensor<2x!one>) -> (tensor<2x!quant.uniform<i8:f32, 4294967296.0>>, tensor<2x!quant.uniform<i8:f32, 8589934592.0>>) {
  %0 = quant.requantize %x {rounding = #quant.rounding<double>} : tensor<2x!one> to tensor<2x!quant.uniform<i8:f32, 4294967296.0>>
  %1 = quant.requantize %x {rounding = #quant.rounding<double>} : tensor<2x!one> to tensor<2x!quant.uniform<i8:f32, 8589934592.0>>
  return %0, %1 : tensor<2x!quant.uniform<i8:f32, 4294967296.0>>, tensor<2x!quant.uniform<i8:f32, 8589934592.0>>
}

// The greatest is just under 2^30.
// CHECK-LABEL: @large
// CHECK: #quant.multiplier<[1073741824], [30]>
func.func @large(%x: tensor<2x!one>) -> tensor<2x!quant.uniform<i8:f32, 1.862645149230957e-09>> {
  %0 = quant.requantize %x {rounding = #quant.rounding<double>} : tensor<2x!one> to tensor<2x!quant.uniform<i8:f32, 1.862645149230957e-09>>
  return %0 : tensor<2x!quant.uniform<i8:f32, 1.862645149230957e-09>>
}

// Powers of two, for the mode that knows only those.
// CHECK-LABEL: @shift
// CHECK: {multiplier = #quant.multiplier<[1073741824, 1073741824], [-2, 2], axis = 0>, rounding = #quant.rounding<shift>}
func.func @shift(%x: tensor<2x!one>) -> tensor<2x!quant.uniform<i8:f32:0, {8.0, 0.5}>> {
  %0 = quant.requantize %x {rounding = #quant.rounding<shift>} : tensor<2x!one> to tensor<2x!quant.uniform<i8:f32:0, {8.0, 0.5}>>
  return %0 : tensor<2x!quant.uniform<i8:f32:0, {8.0, 0.5}>>
}

// -----

//===----------------------------------------------------------------------===//
// Modes on real numbers
//===----------------------------------------------------------------------===//

!acc = !quant.uniform<i32:f32, 0.125>
!acc_c = !quant.uniform<i32:f32:1, {0.125, 0.001}>
!q = !quant.uniform<i8:f32, 1.0:-3>

// One eighth has ties; the next multiplier moves negative ones away from zero.
// CHECK-LABEL: @proved_with_ties
// CHECK: {multiplier = #quant.multiplier<[1073741825], [-2]>, rounding = #quant.rounding<single>}
func.func @proved_with_ties(%x: tensor<2x!acc>) -> tensor<2x!q> {
  %0 = quant.requantize %x {rounding = #quant.rounding<real>} : tensor<2x!acc> to tensor<2x!q>
  return %0 : tensor<2x!q>
}

// Where no negative result survives the clamp, the nearest multiplier does.
// CHECK-LABEL: @proved_without_negative_results
// CHECK: {min = -3 : i64, multiplier = #quant.multiplier<[1073741824], [-2]>, rounding = #quant.rounding<single>}
func.func @proved_without_negative_results(%x: tensor<2x!acc>) -> tensor<2x!q> {
  %0 = quant.requantize %x {rounding = #quant.rounding<real>, min = -3} : tensor<2x!acc> to tensor<2x!q>
  return %0 : tensor<2x!q>
}

// CHECK-LABEL: @proved_per_axis
// CHECK: {multiplier = #quant.multiplier<[1073741825, 1099511628], [-2, -9], axis = 1>, rounding = #quant.rounding<single>}
func.func @proved_per_axis(%x: tensor<2x2x!acc_c>) -> tensor<2x2x!q> {
  %0 = quant.requantize %x {rounding = #quant.rounding<real>} : tensor<2x2x!acc_c> to tensor<2x2x!q>
  return %0 : tensor<2x2x!q>
}

// One channel has no multiplier of 31 bits that is equal everywhere: steps far
// out are too close to whole accumulators.
// CHECK-LABEL: @one_channel_without_proof
// CHECK: {multiplier = #quant.real_multiplier<[1.250000e-01, 2.3333333333333333E-7], axis = 1>, rounding = #quant.rounding<real>}
func.func @one_channel_without_proof(%x: tensor<2x2x!quant.uniform<i32:f32:1, {0.125, 2.3333333333333334E-7}>>) -> tensor<2x2x!q> {
  %0 = quant.requantize %x {rounding = #quant.rounding<real>} : tensor<2x2x!quant.uniform<i32:f32:1, {0.125, 2.3333333333333334E-7}>> to tensor<2x2x!q>
  return %0 : tensor<2x2x!q>
}

// CHECK-LABEL: @more_than_one
// CHECK: {multiplier = #quant.real_multiplier<[1.250000e+00]>, rounding = #quant.rounding<real>}
func.func @more_than_one(%x: tensor<2x!acc>) -> tensor<2x!quant.uniform<i8:f32, 0.1>> {
  %0 = quant.requantize %x {rounding = #quant.rounding<real>} : tensor<2x!acc> to tensor<2x!quant.uniform<i8:f32, 0.1>>
  return %0 : tensor<2x!quant.uniform<i8:f32, 0.1>>
}

// CHECK-LABEL: @sixteen_bits
// CHECK: {multiplier = #quant.real_multiplier<[1.250000e-01]>, rounding = #quant.rounding<real>}
func.func @sixteen_bits(%x: tensor<2x!acc>) -> tensor<2x!quant.uniform<i16:f32, 1.0>> {
  %0 = quant.requantize %x {rounding = #quant.rounding<real>} : tensor<2x!acc> to tensor<2x!quant.uniform<i16:f32, 1.0>>
  return %0 : tensor<2x!quant.uniform<i16:f32, 1.0>>
}

// The quotient in float32.
// CHECK-LABEL: @float
// CHECK: {multiplier = #quant.real_multiplier<[1.250000e-01, 0.0010000000474974513], axis = 1>, rounding = #quant.rounding<float>}
func.func @float(%x: tensor<2x2x!acc_c>) -> tensor<2x2x!q> {
  %0 = quant.requantize %x {rounding = #quant.rounding<float>} : tensor<2x2x!acc_c> to tensor<2x2x!q>
  return %0 : tensor<2x2x!q>
}
