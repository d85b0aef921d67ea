// RUN: qopt %s --nn-convert-fake-quantized | FileCheck %s
// RUN: qopt %s --nn-convert-fake-quantized=io=float | FileCheck %s --check-prefix=FLOAT
// RUN: qopt %s --nn-convert-fake-quantized --pass-statistics -o /dev/null 2>&1 | FileCheck %s --check-prefix=STATS

// STATS: nn-convert-fake-quantized: num-boundary = 7
// STATS: nn-convert-fake-quantized: num-converted = 4

!x = !quant.uniform<i8:f32, 0.5:3>
!y = !quant.uniform<i8:f32, 0.25:-3>
!w = !quant.uniform<i8<-127:127>:f32:0, {0.25, 0.125}>
!b = !quant.uniform<i32:f32:0, {0.125, 0.0625}>
!x16 = !quant.uniform<i16:f32, 0.5>
!y16 = !quant.uniform<i16:f32, 0.25>

// CHECK-LABEL: @op_between_casts
// CHECK-SAME: (%[[X:.*]]: tensor<1x3x!quant.uniform<i8:f32, 5.000000e-01:3>>) -> tensor<1x2x!quant.uniform<i8:f32, 2.500000e-01:-3>>
// CHECK-DAG: %[[W:.*]] = nn.constant dense<1> : tensor<2x3xi8>
// CHECK-DAG: %[[B:.*]] = nn.constant dense<5> : tensor<2xi32>
// CHECK: %[[Y:.*]] = nn.fully_connected %[[X]], %[[W]], %[[B]] {rounding = #quant.rounding<single>}
// CHECK-NOT: quant.range
// CHECK: return %[[Y]]
// FLOAT-LABEL: @op_between_casts
// FLOAT-SAME: (%[[X:.*]]: tensor<1x3xf32>) -> tensor<1x2xf32>
// FLOAT: %[[Q:.*]] = quant.qcast %[[X]]
// FLOAT: %[[Y:.*]] = nn.fully_connected %[[Q]]
// FLOAT: %[[R:.*]] = quant.dcast %[[Y]]
// FLOAT: return %[[R]]
func.func @op_between_casts(%x: tensor<1x3xf32>) -> tensor<1x2xf32> {
  %w = nn.constant dense<1> : tensor<2x3xi8> -> tensor<2x3x!w>
  %b = nn.constant dense<5> : tensor<2xi32> -> tensor<2x!b>
  %0 = quant.qcast %x : tensor<1x3xf32> to tensor<1x3x!x>
  %1 = quant.dcast %0 : tensor<1x3x!x> to tensor<1x3xf32>
  %2 = quant.dcast %w : tensor<2x3x!w> to tensor<2x3xf32>
  %3 = quant.dcast %b : tensor<2x!b> to tensor<2xf32>
  %4 = nn.fully_connected %1, %2, %3 {rounding = #quant.rounding<single>, quant.range = #quant.range<-1.0, 1.0>}
    : (tensor<1x3xf32>, tensor<2x3xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  %5 = quant.qcast %4 : tensor<1x2xf32> to tensor<1x2x!y>
  %6 = quant.dcast %5 : tensor<1x2x!y> to tensor<1x2xf32>
  return %6 : tensor<1x2xf32>
}

// A 64-bit accumulator takes a bias of plain 64-bit integers.
// CHECK-LABEL: @wide_bias
// CHECK: %[[B:.*]] = nn.constant dense<5> : tensor<2xi64>
// CHECK: nn.fully_connected %{{.*}}, %{{.*}}, %[[B]]
func.func @wide_bias(%x: tensor<1x3x!x16>) -> tensor<1x2x!y16> {
  %w = nn.constant dense<1> : tensor<2x3xi8> -> tensor<2x3x!w>
  %b = nn.constant dense<5> : tensor<2xi32> -> tensor<2x!b>
  %1 = quant.dcast %x : tensor<1x3x!x16> to tensor<1x3xf32>
  %2 = quant.dcast %w : tensor<2x3x!w> to tensor<2x3xf32>
  %3 = quant.dcast %b : tensor<2x!b> to tensor<2xf32>
  %4 = nn.fully_connected %1, %2, %3 {rounding = #quant.rounding<wide>}
    : (tensor<1x3xf32>, tensor<2x3xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  %5 = quant.qcast %4 : tensor<1x2xf32> to tensor<1x2x!y16>
  return %5 : tensor<1x2x!y16>
}

// Values are moved as they are stored, so they take the result's parameters
// first.
// CHECK-LABEL: @moves_requantize
// CHECK: %[[R:.*]] = quant.requantize %arg0 {rounding = #quant.rounding<double>}
// CHECK: nn.reshape %[[R]]
func.func @moves_requantize(%x: tensor<4xf32>) -> tensor<2x2xf32> {
  %0 = quant.qcast %x : tensor<4xf32> to tensor<4x!x>
  %1 = quant.dcast %0 : tensor<4x!x> to tensor<4xf32>
  %2 = nn.reshape %1 : (tensor<4xf32>) -> tensor<2x2xf32>
  %3 = quant.qcast %2 : tensor<2x2xf32> to tensor<2x2x!y>
  %4 = quant.dcast %3 : tensor<2x2x!y> to tensor<2x2xf32>
  return %4 : tensor<2x2xf32>
}

// Casts that meet are a requantization, or nothing.
// CHECK-LABEL: @casts_meet
// CHECK: %[[R:.*]] = quant.requantize %arg0 {rounding = #quant.rounding<double>}
// CHECK: return %arg0, %[[R]]
func.func @casts_meet(%x: tensor<4x!x>) -> (tensor<4x!x>, tensor<4x!y>) {
  %0 = quant.dcast %x : tensor<4x!x> to tensor<4xf32>
  %1 = quant.qcast %0 : tensor<4xf32> to tensor<4x!x>
  %2 = quant.qcast %0 : tensor<4xf32> to tensor<4x!y>
  return %1, %2 : tensor<4x!x>, tensor<4x!y>
}

// The sum has another user that wants it unrounded.
// CHECK-LABEL: @other_user_keeps_it_float
// CHECK: %[[X:.*]] = quant.dcast %arg0
// CHECK: %[[S:.*]] = nn.add %[[X]], %[[X]] : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
// CHECK: %[[Q:.*]] = quant.qcast %[[S]]
// CHECK: return %[[S]], %[[Q]]
func.func @other_user_keeps_it_float(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = quant.qcast %x : tensor<4xf32> to tensor<4x!x>
  %1 = quant.dcast %0 : tensor<4x!x> to tensor<4xf32>
  %2 = nn.add %1, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %3 = quant.qcast %2 : tensor<4xf32> to tensor<4x!y>
  %4 = quant.dcast %3 : tensor<4x!y> to tensor<4xf32>
  return %2, %4 : tensor<4xf32>, tensor<4xf32>
}

// An argument that somebody reads as float stays float.
// CHECK-LABEL: @mixed_argument
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>)
// CHECK: %[[Q:.*]] = quant.qcast %[[X]]
// CHECK: nn.relu %[[Q]]
// CHECK: nn.logistic %[[X]] : (tensor<4xf32>)
func.func @mixed_argument(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = quant.qcast %x : tensor<4xf32> to tensor<4x!x>
  %1 = quant.dcast %0 : tensor<4x!x> to tensor<4xf32>
  %2 = nn.relu %1 : (tensor<4xf32>) -> tensor<4xf32>
  %3 = quant.qcast %2 : tensor<4xf32> to tensor<4x!y>
  %4 = quant.dcast %3 : tensor<4x!y> to tensor<4xf32>
  %5 = nn.logistic %x : (tensor<4xf32>) -> tensor<4xf32>
  return %4, %5 : tensor<4xf32>, tensor<4xf32>
}

// There is no leaky relu on 16 bits: it stays float between its casts.
// CHECK-LABEL: @no_form_of_this_width
// CHECK: quant.dcast
// CHECK: nn.leaky_relu {{.*}} -> tensor<1x3xf32>
// CHECK: quant.qcast
func.func @no_form_of_this_width(%x: tensor<1x3x!x16>) -> tensor<1x3x!y16> {
  %0 = quant.dcast %x : tensor<1x3x!x16> to tensor<1x3xf32>
  %1 = nn.leaky_relu %0 {alpha = 0.125 : f64} : (tensor<1x3xf32>) -> tensor<1x3xf32>
  %2 = quant.qcast %1 : tensor<1x3xf32> to tensor<1x3x!y16>
  return %2 : tensor<1x3x!y16>
}
