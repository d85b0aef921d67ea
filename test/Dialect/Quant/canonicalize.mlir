// What folds, and what must not.
// RUN: qopt %s --canonicalize --split-input-file | FileCheck %s

!q = !quant.uniform<u8:f32, 0.0078125:128>
!other = !quant.uniform<u8:f32, 0.5:128>

// CHECK-LABEL: @scast_fold
// CHECK-SAME: (%[[X:.*]]: tensor<4xi8>)
// CHECK-NEXT: return %[[X]]
func.func @scast_fold(%x: tensor<4xi8>) -> tensor<4xi8> {
  %0 = quant.scast %x : tensor<4xi8> to tensor<4x!q>
  %1 = quant.scast %0 : tensor<4x!q> to tensor<4xi8>
  return %1 : tensor<4xi8>
}

// CHECK-LABEL: @scast_fold_from_quantized
// CHECK-SAME: (%[[X:.*]]: tensor<4x!quant
// CHECK-NEXT: return %[[X]]
func.func @scast_fold_from_quantized(%x: tensor<4x!q>) -> tensor<4x!q> {
  %0 = quant.scast %x : tensor<4x!q> to tensor<4xi8>
  %1 = quant.scast %0 : tensor<4xi8> to tensor<4x!q>
  return %1 : tensor<4x!q>
}

// CHECK-LABEL: @scast_no_fold_other_type
// CHECK-COUNT-2: quant.scast
func.func @scast_no_fold_other_type(%x: tensor<4x!q>) -> tensor<4x!other> {
  %0 = quant.scast %x : tensor<4x!q> to tensor<4xi8>
  %1 = quant.scast %0 : tensor<4xi8> to tensor<4x!other>
  return %1 : tensor<4x!other>
}

// CHECK-LABEL: @scast_no_fold_single
// CHECK: quant.scast
func.func @scast_no_fold_single() -> tensor<4x!q> {
  %c = arith.constant dense<5> : tensor<4xi8>
  %0 = quant.scast %c : tensor<4xi8> to tensor<4x!q>
  return %0 : tensor<4x!q>
}

// Quantizing rounds: what comes back is not what went in.
// CHECK-LABEL: @dcast_no_fold_of_qcast
// CHECK: quant.qcast
// CHECK: quant.dcast
func.func @dcast_no_fold_of_qcast(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = quant.qcast %x : tensor<4xf32> to tensor<4x!q>
  %1 = quant.dcast %0 : tensor<4x!q> to tensor<4xf32>
  return %1 : tensor<4xf32>
}

// Only quant-canonicalize-requantize does this, where it has a proof.
// CHECK-LABEL: @qcast_no_fold_without_proof
// CHECK: quant.dcast
// CHECK: quant.qcast
func.func @qcast_no_fold_without_proof(%x: tensor<4x!q>) -> tensor<4x!q> {
  %0 = quant.dcast %x : tensor<4x!q> to tensor<4xf32>
  %1 = quant.qcast %0 : tensor<4xf32> to tensor<4x!q>
  return %1 : tensor<4x!q>
}

// CHECK-LABEL: @requantize_no_fold
// CHECK: quant.requantize
func.func @requantize_no_fold(%x: tensor<4x!q>) -> tensor<4x!q> {
  %0 = quant.requantize %x {rounding = #quant.rounding<double>, min = 128} : tensor<4x!q> to tensor<4x!q>
  return %0 : tensor<4x!q>
}

// All operations are free of side effects.
// CHECK-LABEL: @unused
// CHECK-NEXT: return
func.func @unused(%f: f32, %q: !q, %i: i32) {
  %0 = quant.qcast %f : f32 to !q
  %1 = quant.dcast %q : !q to f32
  %2 = quant.scast %q : !q to i8
  %3 = quant.requantize %q {rounding = #quant.rounding<double>} : !q to !other
  %4 = quant.apply_multiplier %i {multiplier = #quant.multiplier<[1073741824], [1]>, rounding = #quant.rounding<double>} : i32 to !q
  return
}
