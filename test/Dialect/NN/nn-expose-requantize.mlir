// RUN: qopt %s --nn-expose-requantize | FileCheck %s
// RUN: qopt %s --nn-expose-requantize --pass-statistics -o /dev/null 2>&1 | FileCheck %s --check-prefix=STATS

// STATS: nn-expose-requantize: num-exposed = 6

!x = !quant.uniform<i8:f32, 0.5:-3>
!w = !quant.uniform<i8<-127:127>:f32, 0.25>
!wo = !quant.uniform<i8<-127:127>:f32:0, {0.25, 0.5}>
!wd = !quant.uniform<i8<-127:127>:f32:3, {0.25, 0.5}>
!y = !quant.uniform<i8:f32, 2.0:-1>
!acc = !quant.uniform<i32:f32, 0.125>

// The stored bounds of relu: [Z, 127].
// CHECK-LABEL: @per_tensor_relu
// CHECK: %[[ACC:.*]] = nn.fully_connected %arg0, %arg1, %arg2 : ({{.*}}) -> tensor<1x4x!quant.uniform<i32:f32, 1.250000e-01>>
// CHECK: %[[Y:.*]] = quant.requantize %[[ACC]] {max = 127 : i64, min = -1 : i64, rounding = #quant.rounding<double>} : tensor<1x4x!quant.uniform<i32:f32, 1.250000e-01>> to tensor<1x4x!quant.uniform<i8:f32, 2.000000e+00:-1>>
// CHECK: return %[[Y]]
func.func @per_tensor_relu(%x: tensor<1x8x!x>, %w: tensor<4x8x!w>, %b: tensor<4x!acc>) -> tensor<1x4x!y> {
  %0 = nn.fully_connected %x, %w, %b {activation = #nn.activation<relu>} : (tensor<1x8x!x>, tensor<4x8x!w>, tensor<4x!acc>) -> tensor<1x4x!y>
  return %0 : tensor<1x4x!y>
}

// Without an activation the storage range is the only clamp, and not spelled.
// The weights' channels are dimension 0, the accumulator's dimension 3.
// CHECK-LABEL: @conv_2d_per_channel
// CHECK: nn.conv_2d {{.*}} -> tensor<1x4x4x2x!quant.uniform<i32:f32:3, {1.250000e-01,2.500000e-01}>>
// CHECK: quant.requantize %{{.*}} {rounding = #quant.rounding<single>} :
func.func @conv_2d_per_channel(%x: tensor<1x4x4x3x!x>, %w: tensor<2x1x1x3x!wo>) -> tensor<1x4x4x2x!y> {
  %0 = nn.conv_2d %x, %w {rounding = #quant.rounding<single>} : (tensor<1x4x4x3x!x>, tensor<2x1x1x3x!wo>) -> tensor<1x4x4x2x!y>
  return %0 : tensor<1x4x4x2x!y>
}

// 6 / 2.0 is stored as 3 above the zero point.
// CHECK-LABEL: @depthwise_conv_2d_relu6
// CHECK: nn.depthwise_conv_2d %{{.*}}, %{{.*}} {padding = array<i64: 1, 1, 1, 1>} : ({{.*}}) -> tensor<1x4x4x2x!quant.uniform<i32:f32:3, {1.250000e-01,2.500000e-01}>>
// CHECK: quant.requantize %{{.*}} {max = 2 : i64, min = -1 : i64, rounding = #quant.rounding<double>}
func.func @depthwise_conv_2d_relu6(%x: tensor<1x4x4x2x!x>, %w: tensor<1x3x3x2x!wd>) -> tensor<1x4x4x2x!y> {
  %0 = nn.depthwise_conv_2d %x, %w {padding = array<i64: 1, 1, 1, 1>, activation = #nn.activation<relu6>}
    : (tensor<1x4x4x2x!x>, tensor<1x3x3x2x!wd>) -> tensor<1x4x4x2x!y>
  return %0 : tensor<1x4x4x2x!y>
}

// 0.1f * 0.3f as doubles: exact. With f32_scale_product: rounded to float32.
// CHECK-LABEL: @f32_scale_product
// CHECK: nn.fully_connected %{{.*}}, %{{.*}} : {{.*}} -> tensor<1x4x!quant.uniform<i32:f32, 0.030000001639127{{[0-9]*}}>>
// CHECK: nn.fully_connected %{{.*}}, %{{.*}} : {{.*}} -> tensor<1x4x!quant.uniform<i32:f32, 0.030000001192092{{[0-9]*}}>>
func.func @f32_scale_product(%x: tensor<1x8x!quant.uniform<i8:f32, 0.10000000149011612>>, %w: tensor<4x8x!quant.uniform<i8:f32, 0.30000001192092896>>) {
  %0 = nn.fully_connected %x, %w : (tensor<1x8x!quant.uniform<i8:f32, 0.10000000149011612>>, tensor<4x8x!quant.uniform<i8:f32, 0.30000001192092896>>) -> tensor<1x4x!y>
  %1 = nn.fully_connected %x, %w {f32_scale_product} : (tensor<1x8x!quant.uniform<i8:f32, 0.10000000149011612>>, tensor<4x8x!quant.uniform<i8:f32, 0.30000001192092896>>) -> tensor<1x4x!y>
  return
}

// All users read the requantized tensor.
// CHECK-LABEL: @two_users
// CHECK: %[[Y:.*]] = quant.requantize
// CHECK: nn.add %[[Y]], %[[Y]]
func.func @two_users(%x: tensor<1x8x!x>, %w: tensor<4x8x!w>) -> tensor<1x4x!y> {
  %0 = nn.fully_connected %x, %w : (tensor<1x8x!x>, tensor<4x8x!w>) -> tensor<1x4x!y>
  %1 = nn.add %0, %0 : (tensor<1x4x!y>, tensor<1x4x!y>) -> tensor<1x4x!y>
  return %1 : tensor<1x4x!y>
}

// CHECK-LABEL: @accumulators_and_floats_stay
// CHECK-NOT: quant.requantize
// CHECK: return
func.func @accumulators_and_floats_stay(%x: tensor<1x8x!x>, %w: tensor<4x8x!w>, %f: tensor<1x8xf32>, %g: tensor<4x8xf32>) {
  %0 = nn.fully_connected %x, %w : (tensor<1x8x!x>, tensor<4x8x!w>) -> tensor<1x4x!acc>
  %1 = nn.fully_connected %x, %w : (tensor<1x8x!x>, tensor<4x8x!w>) -> tensor<1x4xi32>
  %2 = nn.fully_connected %f, %g : (tensor<1x8xf32>, tensor<4x8xf32>) -> tensor<1x4xf32>
  return
}
