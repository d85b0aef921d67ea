// Each rewriting, and each case in which it would change a bit.
// RUN: qopt %s --quant-canonicalize-requantize --split-input-file | FileCheck %s
// RUN: qopt %s --quant-canonicalize-requantize=allow-approximate=true --split-input-file \
// RUN:   | FileCheck %s --check-prefix=APPROX
// RUN: qopt %s --quant-canonicalize-requantize --split-input-file --pass-statistics -o /dev/null 2>&1 \
// RUN:   | FileCheck %s --check-prefix=COUNT
// RUN: qopt %s --quant-canonicalize-requantize=allow-approximate=true --split-input-file --pass-statistics \
// RUN:   -o /dev/null 2>&1 | FileCheck %s --check-prefix=COUNT-APPROX

// COUNT: quant-canonicalize-requantize: num-casts-removed = 2
// COUNT-NEXT: quant-canonicalize-requantize: num-casts-replaced = 2
// COUNT-NEXT: quant-canonicalize-requantize: num-merged = 5
// COUNT-NEXT: quant-canonicalize-requantize: num-merged-approximately = 0
// COUNT-NEXT: quant-canonicalize-requantize: num-removed = 5
// COUNT-APPROX: num-merged = 5
// COUNT-APPROX-NEXT: num-merged-approximately = 2

//===----------------------------------------------------------------------===//
// Requantize between equal types
//===----------------------------------------------------------------------===//

!q = !quant.uniform<i8:f32, 0.05:-3>
!c = !quant.uniform<i8:f32:1, {0.05:-3, 0.07:4}>
!a = !quant.uniform<i32:f32, 0.05>

// CHECK-LABEL: @identity
// CHECK-SAME: (%[[X:.*]]: tensor<2x!quant.{{[^)]*}}, %[[Y:.*]]: tensor
// CHECK-NEXT: return %[[X]], %[[Y]]
func.func @identity(%x: tensor<2x!q>, %y: tensor<3x2x!c>) -> (tensor<2x!q>, tensor<3x2x!c>) {
  %0 = quant.requantize %x {rounding = #quant.rounding<double>} : tensor<2x!q> to tensor<2x!q>
  %1 = quant.requantize %y {rounding = #quant.rounding<float>} : tensor<3x2x!c> to tensor<3x2x!c>
  return %0, %1 : tensor<2x!q>, tensor<3x2x!c>
}

// CHECK-LABEL: @no_identity_clamps
// CHECK: quant.requantize %{{.*}} {max = 117 : i64, min = -3 : i64,
func.func @no_identity_clamps(%x: tensor<2x!q>) -> tensor<2x!q> {
  %0 = quant.requantize %x {rounding = #quant.rounding<double>, min = -3, max = 117} : tensor<2x!q> to tensor<2x!q>
  return %0 : tensor<2x!q>
}

// In 32 bits `double` shifts large values out, `single` does not.
// CHECK-LABEL: @identity_of_accumulators
// CHECK-SAME: (%[[X:.*]]: tensor
// CHECK-NEXT: %[[Y:.*]] = quant.requantize %[[X]] {rounding = #quant.rounding<double>}
// CHECK-NEXT: return %[[X]], %[[Y]]
func.func @identity_of_accumulators(%x: tensor<2x!a>) -> (tensor<2x!a>, tensor<2x!a>) {
  %0 = quant.requantize %x {rounding = #quant.rounding<single>} : tensor<2x!a> to tensor<2x!a>
  %1 = quant.requantize %x {rounding = #quant.rounding<double>} : tensor<2x!a> to tensor<2x!a>
  return %0, %1 : tensor<2x!a>, tensor<2x!a>
}

// A difference of 33 bits does not fit.
// CHECK-LABEL: @no_identity_wide_differences
// CHECK: quant.requantize
// CHECK: quant.requantize
func.func @no_identity_wide_differences(
    %x: !quant.uniform<i32:f32, 0.5:1>, %y: !quant.uniform<u32:f32, 0.5>)
    -> (!quant.uniform<i32:f32, 0.5:1>, !quant.uniform<u32:f32, 0.5>) {
  %0 = quant.requantize %x {rounding = #quant.rounding<single>} : !quant.uniform<i32:f32, 0.5:1> to !quant.uniform<i32:f32, 0.5:1>
  %1 = quant.requantize %y {rounding = #quant.rounding<wide>} : !quant.uniform<u32:f32, 0.5> to !quant.uniform<u32:f32, 0.5>
  return %0, %1 : !quant.uniform<i32:f32, 0.5:1>, !quant.uniform<u32:f32, 0.5>
}

// -----

//===----------------------------------------------------------------------===//
// Requantize of requantize
//===----------------------------------------------------------------------===//

!acc = !quant.uniform<i32:f32, 0.001>
!q = !quant.uniform<i8:f32, 0.05:-3>
!u = !quant.uniform<u8:f32, 0.05:125>
!odd = !quant.uniform<i8:f32, 0.0713:5>

// A clamp behind a requantize belongs to it, whatever the input.
// CHECK-LABEL: @merge_clamp
// CHECK-NEXT: %[[Y:.*]] = quant.requantize %{{.*}} {max = 100 : i64, min = -3 : i64, rounding = #quant.rounding<double>} : tensor<2x!quant.uniform<i32
// CHECK-NEXT: return %[[Y]]
func.func @merge_clamp(%x: tensor<2x!acc>) -> tensor<2x!q> {
  %0 = quant.requantize %x {rounding = #quant.rounding<double>, max = 100} : tensor<2x!acc> to tensor<2x!q>
  %1 = quant.requantize %0 {rounding = #quant.rounding<double>, min = -3, max = 117} : tensor<2x!q> to tensor<2x!q>
  return %1 : tensor<2x!q>
}

// CHECK-LABEL: @merge_disjoint_clamps
// CHECK-NEXT: quant.requantize %{{.*}} {max = 7 : i64, min = 7 : i64,
func.func @merge_disjoint_clamps(%x: tensor<2x!acc>) -> tensor<2x!q> {
  %0 = quant.requantize %x {rounding = #quant.rounding<double>, max = 5} : tensor<2x!acc> to tensor<2x!q>
  %1 = quant.requantize %0 {rounding = #quant.rounding<double>, min = 7, max = 9} : tensor<2x!q> to tensor<2x!q>
  return %1 : tensor<2x!q>
}

// int8 to uint8 and back: equal for all 256 values, and then an identity.
// CHECK-LABEL: @merge_there_and_back
// CHECK-SAME: (%[[X:.*]]: tensor
// CHECK-NEXT: return %[[X]]
func.func @merge_there_and_back(%x: tensor<2x!q>) -> tensor<2x!q> {
  %0 = quant.requantize %x {rounding = #quant.rounding<double>} : tensor<2x!q> to tensor<2x!u>
  %1 = quant.requantize %0 {rounding = #quant.rounding<double>} : tensor<2x!u> to tensor<2x!q>
  return %1 : tensor<2x!q>
}

// The clamp of the first becomes one of the second.
// CHECK-LABEL: @merge_moves_clamp
// CHECK-NEXT: quant.requantize %{{.*}} {max = 128 : i64, min = 125 : i64, rounding = #quant.rounding<double>} : tensor<2x!quant.uniform<i8:f32, 5.000000e-02:-3>> to tensor<2x!quant.uniform<u8
func.func @merge_moves_clamp(%x: tensor<2x!q>) -> tensor<2x!u> {
  %0 = quant.requantize %x {rounding = #quant.rounding<double>, min = -3, max = 0} : tensor<2x!q> to tensor<2x!q>
  %1 = quant.requantize %0 {rounding = #quant.rounding<double>} : tensor<2x!q> to tensor<2x!u>
  return %1 : tensor<2x!u>
}

// Two roundings are not one.
// CHECK-LABEL: @no_merge_two_roundings
// CHECK-COUNT-2: quant.requantize
// APPROX-LABEL: @no_merge_two_roundings
// APPROX-NEXT: quant.requantize %{{.*}} {max = 113 : i64, min = -114 : i64, rounding = #quant.rounding<double>} : tensor<2x!quant.uniform<i8:f32, 5.000000e-02:-3>> to tensor<2x!quant.uniform<i8:f32, 5.000000e-02:-3>>
// APPROX-NEXT: return
func.func @no_merge_two_roundings(%x: tensor<2x!q>) -> tensor<2x!q> {
  %0 = quant.requantize %x {rounding = #quant.rounding<double>, min = -73, max = 86} : tensor<2x!q> to tensor<2x!odd>
  %1 = quant.requantize %0 {rounding = #quant.rounding<double>} : tensor<2x!odd> to tensor<2x!q>
  return %1 : tensor<2x!q>
}

// An accumulator has too many values to try them all.
// CHECK-LABEL: @no_merge_accumulator
// CHECK-COUNT-2: quant.requantize
// APPROX-LABEL: @no_merge_accumulator
// APPROX-NEXT: quant.requantize
// APPROX-NEXT: return
func.func @no_merge_accumulator(%x: tensor<2x!acc>) -> tensor<2x!u> {
  %0 = quant.requantize %x {rounding = #quant.rounding<double>} : tensor<2x!acc> to tensor<2x!q>
  %1 = quant.requantize %0 {rounding = #quant.rounding<double>} : tensor<2x!q> to tensor<2x!u>
  return %1 : tensor<2x!u>
}

// CHECK-LABEL: @no_merge_other_rounding
// CHECK-COUNT-2: quant.requantize
// APPROX-LABEL: @no_merge_other_rounding
// APPROX-COUNT-2: quant.requantize
func.func @no_merge_other_rounding(%x: tensor<2x!q>) -> tensor<2x!q> {
  %0 = quant.requantize %x {rounding = #quant.rounding<float>} : tensor<2x!q> to tensor<2x!u>
  %1 = quant.requantize %0 {rounding = #quant.rounding<double>} : tensor<2x!u> to tensor<2x!q>
  return %1 : tensor<2x!q>
}

// CHECK-LABEL: @no_merge_two_uses
// CHECK-COUNT-2: quant.requantize
// APPROX-LABEL: @no_merge_two_uses
// APPROX-COUNT-2: quant.requantize
func.func @no_merge_two_uses(%x: tensor<2x!q>) -> (tensor<2x!q>, tensor<2x!u>) {
  %0 = quant.requantize %x {rounding = #quant.rounding<double>} : tensor<2x!q> to tensor<2x!u>
  %1 = quant.requantize %0 {rounding = #quant.rounding<double>} : tensor<2x!u> to tensor<2x!q>
  return %1, %0 : tensor<2x!q>, tensor<2x!u>
}

// -----

//===----------------------------------------------------------------------===//
// Parameters per axis
//===----------------------------------------------------------------------===//

!q = !quant.uniform<i8:f32:0, {0.05:-3, 0.07:4}>
!u = !quant.uniform<u8:f32:0, {0.05:125, 0.07:132}>
!shifted = !quant.uniform<u8:f32:0, {0.05:125, 0.07:131}>
!one = !quant.uniform<i8:f32, 0.5>
!axis1 = !quant.uniform<i8:f32:1, {0.25, 0.5}>

// CHECK-LABEL: @merge_per_axis
// CHECK-SAME: (%[[X:.*]]: tensor
// CHECK-NEXT: return %[[X]]
func.func @merge_per_axis(%x: tensor<2x2x!q>) -> tensor<2x2x!q> {
  %0 = quant.requantize %x {rounding = #quant.rounding<double>} : tensor<2x2x!q> to tensor<2x2x!u>
  %1 = quant.requantize %0 {rounding = #quant.rounding<double>} : tensor<2x2x!u> to tensor<2x2x!q>
  return %1 : tensor<2x2x!q>
}

// One clamp cannot say what the first one means in each channel.
// CHECK-LABEL: @no_merge_clamps_differ_by_channel
// CHECK-COUNT-2: quant.requantize
// APPROX-LABEL: @no_merge_clamps_differ_by_channel
// APPROX-COUNT-2: quant.requantize
func.func @no_merge_clamps_differ_by_channel(%x: tensor<2x2x!q>) -> tensor<2x2x!one> {
  %0 = quant.requantize %x {rounding = #quant.rounding<double>, min = 100, max = 110} : tensor<2x2x!q> to tensor<2x2x!shifted>
  %1 = quant.requantize %0 {rounding = #quant.rounding<double>} : tensor<2x2x!shifted> to tensor<2x2x!one>
  return %1 : tensor<2x2x!one>
}

// CHECK-LABEL: @no_merge_other_axis
// CHECK-COUNT-2: quant.requantize
func.func @no_merge_other_axis(%x: tensor<2x2x!q>) -> tensor<2x2x!axis1> {
  %0 = quant.requantize %x {rounding = #quant.rounding<double>} : tensor<2x2x!q> to tensor<2x2x!u>
  %1 = quant.requantize %0 {rounding = #quant.rounding<double>} : tensor<2x2x!u> to tensor<2x2x!axis1>
  return %1 : tensor<2x2x!axis1>
}

// -----

//===----------------------------------------------------------------------===//
// Quantize of dequantize
//===----------------------------------------------------------------------===//

!q = !quant.uniform<i8:f32, 0.0472:-3>
!c = !quant.uniform<i8:f32:0, {0.0472:-3, 0.07:4}>
!u = !quant.uniform<u8:f32, 0.0472:125>
!half = !quant.uniform<i8:f32, 0.5>
!fine = !quant.uniform<i8:f32, 0.05>
!wide = !quant.uniform<i16:f32, 0.0472>
!block = !quant.uniform<i8:f32:{0:1}, {0.5, 0.25}>

// CHECK-LABEL: @casts_there_and_back
// CHECK-SAME: (%[[X:.*]]: tensor<2x!quant.{{[^%]*}}, %[[Y:.*]]: tensor
// CHECK-NEXT: return %[[X]], %[[Y]]
func.func @casts_there_and_back(%x: tensor<2x!q>, %y: tensor<2x!c>) -> (tensor<2x!q>, tensor<2x!c>) {
  %0 = quant.dcast %x : tensor<2x!q> to tensor<2xf32>
  %1 = quant.qcast %0 : tensor<2xf32> to tensor<2x!q>
  %2 = quant.dcast %y : tensor<2x!c> to tensor<2xf32>
  %3 = quant.qcast %2 {rounding = #quant.rounding<float>} : tensor<2xf32> to tensor<2x!c>
  return %1, %3 : tensor<2x!q>, tensor<2x!c>
}

// CHECK-LABEL: @casts_become_requantize
// CHECK-NEXT: quant.requantize %{{.*}} {rounding = #quant.rounding<double>} : tensor<2x!quant.uniform<i8:f32, 4.720000e-02:-3>> to tensor<2x!quant.uniform<u8:f32, 4.720000e-02:125>>
func.func @casts_become_requantize(%x: tensor<2x!q>) -> tensor<2x!u> {
  %0 = quant.dcast %x : tensor<2x!q> to tensor<2xf32>
  %1 = quant.qcast %0 : tensor<2xf32> to tensor<2x!u>
  return %1 : tensor<2x!u>
}

// `double` rounds twice, `single` once, as the casts do.
// CHECK-LABEL: @casts_become_single_requantize
// CHECK-NEXT: quant.requantize %{{.*}} {rounding = #quant.rounding<single>} : tensor<2x!quant.uniform<i8:f32, 5.000000e-02>> to
func.func @casts_become_single_requantize(%x: tensor<2x!fine>) -> tensor<2x!quant.uniform<i8:f32, 0.25>> {
  %0 = quant.dcast %x : tensor<2x!fine> to tensor<2xf32>
  %1 = quant.qcast %0 : tensor<2xf32> to tensor<2x!quant.uniform<i8:f32, 0.25>>
  return %1 : tensor<2x!quant.uniform<i8:f32, 0.25>>
}

// Ties to even are what only the mode `float` does, which cannot be compiled
// where the casts can.
// CHECK-LABEL: @no_float_requantize_for_casts
// CHECK: quant.dcast
// CHECK: quant.qcast
func.func @no_float_requantize_for_casts(%x: tensor<2x!half>) -> tensor<2x!quant.uniform<i8:f32, 1.0>> {
  %0 = quant.dcast %x : tensor<2x!half> to tensor<2xf32>
  %1 = quant.qcast %0 {rounding = #quant.rounding<float>} : tensor<2xf32> to tensor<2x!quant.uniform<i8:f32, 1.0>>
  return %1 : tensor<2x!quant.uniform<i8:f32, 1.0>>
}

// Ties in float32 that neither mode breaks in the same way.
// CHECK-LABEL: @no_requantize_for_casts
// CHECK: quant.dcast
// CHECK: quant.qcast
func.func @no_requantize_for_casts(%x: tensor<2x!quant.uniform<i8:f32, 0.3>>) -> tensor<2x!quant.uniform<i8:f32, 0.6>> {
  %0 = quant.dcast %x : tensor<2x!quant.uniform<i8:f32, 0.3>> to tensor<2xf32>
  %1 = quant.qcast %0 : tensor<2xf32> to tensor<2x!quant.uniform<i8:f32, 0.6>>
  return %1 : tensor<2x!quant.uniform<i8:f32, 0.6>>
}

// CHECK-LABEL: @no_proof_for_casts
// CHECK: quant.dcast
// CHECK: quant.qcast
// CHECK: quant.dcast
// CHECK: quant.qcast
func.func @no_proof_for_casts(%x: tensor<2x!wide>, %y: tensor<2x!block>) -> (tensor<2x!wide>, tensor<2x!block>) {
  %0 = quant.dcast %x : tensor<2x!wide> to tensor<2xf32>
  %1 = quant.qcast %0 : tensor<2xf32> to tensor<2x!wide>
  %2 = quant.dcast %y : tensor<2x!block> to tensor<2xf32>
  %3 = quant.qcast %2 : tensor<2xf32> to tensor<2x!block>
  return %1, %3 : tensor<2x!wide>, tensor<2x!block>
}

// Only float32 arithmetic is evaluated.
// CHECK-LABEL: @no_proof_in_half_precision
// CHECK: quant.dcast
// CHECK: quant.qcast
func.func @no_proof_in_half_precision(%x: tensor<2x!quant.uniform<i8:f16, 0.5>>) -> tensor<2x!quant.uniform<i8:f16, 0.5>> {
  %0 = quant.dcast %x : tensor<2x!quant.uniform<i8:f16, 0.5>> to tensor<2xf16>
  %1 = quant.qcast %0 : tensor<2xf16> to tensor<2x!quant.uniform<i8:f16, 0.5>>
  return %1 : tensor<2x!quant.uniform<i8:f16, 0.5>>
}
