// Every form of every operation, printed as it was read.
// RUN: qopt %s --split-input-file --verify-roundtrip | FileCheck %s

//===----------------------------------------------------------------------===//
// dcast
//===----------------------------------------------------------------------===//

// CHECK-LABEL: @dcast_scalar
// CHECK: quant.dcast %{{.*}} : !quant.uniform<i8:f32, 1.000000e+00> to f32
!q = !quant.uniform<i8:f32, 1.0>
func.func @dcast_scalar(%x: !q) -> f32 {
  %0 = quant.dcast %x : !q to f32
  return %0 : f32
}

// CHECK-LABEL: @dcast_ranked
// CHECK: quant.dcast %{{.*}} : tensor<2x?x4x!quant.uniform<i8:f32, 1.000000e+00>> to tensor<2x?x4xf32>
func.func @dcast_ranked(%x: tensor<2x?x4x!q>) -> tensor<2x?x4xf32> {
  %0 = quant.dcast %x : tensor<2x?x4x!q> to tensor<2x?x4xf32>
  return %0 : tensor<2x?x4xf32>
}

// CHECK-LABEL: @dcast_unranked
// CHECK: quant.dcast %{{.*}} : tensor<*x!quant.uniform<i8:f32, 1.000000e+00>> to tensor<*xf32>
func.func @dcast_unranked(%x: tensor<*x!q>) -> tensor<*xf32> {
  %0 = quant.dcast %x : tensor<*x!q> to tensor<*xf32>
  return %0 : tensor<*xf32>
}

// -----

!q = !quant.uniform<i8:f32:2, {1.0, 2.0, 3.0}>

// CHECK-LABEL: @dcast_per_axis_static
// CHECK: quant.dcast
func.func @dcast_per_axis_static(%x: tensor<1x2x3x!q>) -> tensor<1x2x3xf32> {
  %0 = quant.dcast %x : tensor<1x2x3x!q> to tensor<1x2x3xf32>
  return %0 : tensor<1x2x3xf32>
}

// CHECK-LABEL: @dcast_per_axis_dynamic
// CHECK: quant.dcast
func.func @dcast_per_axis_dynamic(%x: tensor<?x?x?x!q>) -> tensor<?x?x?xf32> {
  %0 = quant.dcast %x : tensor<?x?x?x!q> to tensor<?x?x?xf32>
  return %0 : tensor<?x?x?xf32>
}

// CHECK-LABEL: @dcast_per_axis_unranked
// CHECK: quant.dcast
func.func @dcast_per_axis_unranked(%x: tensor<*x!q>) -> tensor<*xf32> {
  %0 = quant.dcast %x : tensor<*x!q> to tensor<*xf32>
  return %0 : tensor<*xf32>
}

// CHECK-LABEL: @qcast_per_axis_static
// CHECK: quant.qcast
func.func @qcast_per_axis_static(%x: tensor<1x2x3xf32>) -> tensor<1x2x3x!q> {
  %0 = quant.qcast %x : tensor<1x2x3xf32> to tensor<1x2x3x!q>
  return %0 : tensor<1x2x3x!q>
}

// CHECK-LABEL: @scast_per_axis_unranked
// CHECK: quant.scast
// CHECK: quant.scast
func.func @scast_per_axis_unranked(%x: tensor<*xi8>) -> tensor<*xi8> {
  %0 = quant.scast %x : tensor<*xi8> to tensor<*x!q>
  %1 = quant.scast %0 : tensor<*x!q> to tensor<*xi8>
  return %1 : tensor<*xi8>
}

// -----

//===----------------------------------------------------------------------===//
// qcast
//===----------------------------------------------------------------------===//

!q = !quant.uniform<u8:f32, 1.0:128>
!h = !quant.uniform<i4:f16, 1.0>

// CHECK-LABEL: @qcast_scalar
// CHECK: quant.qcast %{{.*}} : f32 to !quant.uniform<u8:f32, 1.000000e+00:128>
func.func @qcast_scalar(%x: f32) -> !q {
  %0 = quant.qcast %x : f32 to !q
  return %0 : !q
}

// CHECK-LABEL: @qcast_rounding
// CHECK: quant.qcast %{{.*}} {rounding = #quant.rounding<float>} : tensor<?xf32> to tensor<?x!quant.uniform
// CHECK: quant.qcast %{{.*}} {rounding = #quant.rounding<double>}
func.func @qcast_rounding(%x: tensor<?xf32>) -> (tensor<?x!q>, tensor<?x!q>) {
  %0 = quant.qcast %x {rounding = #quant.rounding<float>} : tensor<?xf32> to tensor<?x!q>
  %1 = quant.qcast %x {rounding = #quant.rounding<double>} : tensor<?xf32> to tensor<?x!q>
  return %0, %1 : tensor<?x!q>, tensor<?x!q>
}

// CHECK-LABEL: @qcast_unranked_half
// CHECK: quant.qcast %{{.*}} : tensor<*xf16> to tensor<*x!quant.uniform<i4:f16, 1.000000e+00>>
func.func @qcast_unranked_half(%x: tensor<*xf16>) -> tensor<*x!h> {
  %0 = quant.qcast %x : tensor<*xf16> to tensor<*x!h>
  return %0 : tensor<*x!h>
}

// -----

//===----------------------------------------------------------------------===//
// Sub-channel types in tensors
//===----------------------------------------------------------------------===//

!block = !quant.uniform<i8:f32:{0:1, 1:2}, {{1.0, 2.0}, {3.0, 4.0}, {5.0, 6.0}}>
!rest = !quant.uniform<i8:f32:{0:3}, {{1.0}, {3.0}}>
!none = !quant.uniform<i8:f32:{}, {{1.0}}>

// CHECK-LABEL: @sub_channel
// CHECK-COUNT-3: quant.qcast
// CHECK: quant.dcast
func.func @sub_channel(%x: tensor<3x4xf32>, %y: tensor<6x2xf32>)
    -> (tensor<3x4xf32>, tensor<6x2x!rest>, tensor<6x2x!none>) {
  %0 = quant.qcast %x : tensor<3x4xf32> to tensor<3x4x!block>
  %1 = quant.qcast %y : tensor<6x2xf32> to tensor<6x2x!rest>
  %2 = quant.qcast %y : tensor<6x2xf32> to tensor<6x2x!none>
  %3 = quant.dcast %0 : tensor<3x4x!block> to tensor<3x4xf32>
  return %3, %1, %2 : tensor<3x4xf32>, tensor<6x2x!rest>, tensor<6x2x!none>
}

// CHECK-LABEL: @sub_channel_dynamic
// CHECK: quant.scast
func.func @sub_channel_dynamic(%x: tensor<?x?xi8>) -> tensor<?x?x!block> {
  %0 = quant.scast %x : tensor<?x?xi8> to tensor<?x?x!block>
  return %0 : tensor<?x?x!block>
}

// -----

//===----------------------------------------------------------------------===//
// scast
//===----------------------------------------------------------------------===//

!q = !quant.uniform<u4:f32, 1.0>
!any = !quant.any<i8>

// CHECK-LABEL: @scast_scalar
// CHECK: quant.scast %{{.*}} : i4 to !quant.uniform<u4:f32, 1.000000e+00>
// CHECK: quant.scast %{{.*}} : !quant.uniform<u4:f32, 1.000000e+00> to i4
func.func @scast_scalar(%x: i4) -> i4 {
  %0 = quant.scast %x : i4 to !q
  %1 = quant.scast %0 : !q to i4
  return %1 : i4
}

// CHECK-LABEL: @scast_any
// CHECK: quant.scast %{{.*}} : tensor<2x?xi8> to tensor<2x?x!quant.any<i8>>
func.func @scast_any(%x: tensor<2x?xi8>) -> tensor<2x?x!any> {
  %0 = quant.scast %x : tensor<2x?xi8> to tensor<2x?x!any>
  return %0 : tensor<2x?x!any>
}

// -----

//===----------------------------------------------------------------------===//
// requantize
//===----------------------------------------------------------------------===//

!acc = !quant.uniform<i32:f32, 0.001>
!accs = !quant.uniform<i32:f32:1, {0.001, 0.002}>
!q = !quant.uniform<i8:f32, 0.05:-3>
!u = !quant.uniform<u8:f32, 0.05:125>

// CHECK-LABEL: @requantize
// CHECK: quant.requantize %{{.*}} {rounding = #quant.rounding<double>} : tensor<1x8x!quant.uniform<i32:f32, 1.000000e-03>> to tensor<1x8x!quant.uniform<i8:f32, 5.000000e-02:-3>>
func.func @requantize(%x: tensor<1x8x!acc>) -> tensor<1x8x!q> {
  %0 = quant.requantize %x {rounding = #quant.rounding<double>} : tensor<1x8x!acc> to tensor<1x8x!q>
  return %0 : tensor<1x8x!q>
}

// CHECK-LABEL: @requantize_clamps
// CHECK: quant.requantize %{{.*}} {max = 117 : i64, min = -3 : i64, rounding = #quant.rounding<single>}
func.func @requantize_clamps(%x: tensor<1x2x!accs>) -> tensor<1x2x!q> {
  %0 = quant.requantize %x {rounding = #quant.rounding<single>, min = -3, max = 117} : tensor<1x2x!accs> to tensor<1x2x!q>
  return %0 : tensor<1x2x!q>
}

// CHECK-LABEL: @requantize_scalar_to_unsigned
// CHECK: quant.requantize %{{.*}} {rounding = #quant.rounding<float>} : !quant.uniform<i8:f32, {{.*}}> to !quant.uniform<u8
func.func @requantize_scalar_to_unsigned(%x: !q) -> !u {
  %0 = quant.requantize %x {rounding = #quant.rounding<float>} : !q to !u
  return %0 : !u
}

//===----------------------------------------------------------------------===//
// apply_multiplier
//===----------------------------------------------------------------------===//

// CHECK-LABEL: @apply_multiplier
// CHECK: quant.apply_multiplier %{{.*}} {multiplier = #quant.multiplier<[1374389535], [-5]>, rounding = #quant.rounding<double>} : tensor<?xi32> to tensor<?x!quant.uniform<i8:f32, 5.000000e-02:-3>>
func.func @apply_multiplier(%x: tensor<?xi32>) -> tensor<?x!q> {
  %0 = quant.apply_multiplier %x {multiplier = #quant.multiplier<[1374389535], [-5]>, rounding = #quant.rounding<double>} : tensor<?xi32> to tensor<?x!q>
  return %0 : tensor<?x!q>
}

// CHECK-LABEL: @apply_multiplier_per_axis_wide
// CHECK: quant.apply_multiplier %{{.*}} {max = 100 : i64, min = 0 : i64, multiplier = #quant.multiplier<[1374389535, 1518500250], [-5, -6], axis = 1>, rounding = #quant.rounding<wide>} : tensor<1x2xi64>
func.func @apply_multiplier_per_axis_wide(%x: tensor<1x2xi64>) -> tensor<1x2x!q> {
  %0 = quant.apply_multiplier %x {multiplier = #quant.multiplier<[1374389535, 1518500250], [-5, -6], axis = 1>, rounding = #quant.rounding<wide>, min = 0, max = 100} : tensor<1x2xi64> to tensor<1x2x!q>
  return %0 : tensor<1x2x!q>
}

// CHECK-LABEL: @apply_multiplier_to_stored_values
// CHECK: quant.apply_multiplier %{{.*}} {input_unsigned, input_zero_point = 255 : i64, multiplier = #quant.multiplier<[1073741824], [1]>, rounding = #quant.rounding<shift>} : i8 to
func.func @apply_multiplier_to_stored_values(%x: i8) -> !q {
  %0 = quant.apply_multiplier %x {input_zero_point = 255, input_unsigned, multiplier = #quant.multiplier<[1073741824], [1]>, rounding = #quant.rounding<shift>} : i8 to !q
  return %0 : !q
}
