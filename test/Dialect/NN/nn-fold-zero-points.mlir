// RUN: qopt %s --nn-fold-zero-points | FileCheck %s
// RUN: qopt %s --nn-fold-zero-points --pass-statistics -o /dev/null 2>&1 | FileCheck %s --check-prefix=STATS

// STATS: nn-fold-zero-points: num-folded = 6
// STATS: nn-fold-zero-points: num-widened = 1

!x = !quant.uniform<i8:f32, 0.5:-3>
!x0 = !quant.uniform<i8:f32, 0.5>
!x16 = !quant.uniform<i16:f32, 0.5>
!u = !quant.uniform<u8:f32, 0.5:128>
!w = !quant.uniform<i8<-127:127>:f32, 0.25>
!wu = !quant.uniform<u8:f32, 0.25:3>
!acc = !quant.uniform<i32:f32, 0.125>
!wd = !quant.uniform<i8:f32:3, {0.25:1, 0.25:-2}>
!accd = !quant.uniform<i32:f32:3, {0.125, 0.125}>
!y = !quant.uniform<i8:f32, 2.0:-1>

// bias + 3 * (sum of weights): 10 + 3 * 6, 20 + 3 * (-1)
// CHECK-LABEL: @bias_takes_the_zero_point
// CHECK: %[[B:.*]] = nn.constant dense<[28, 17]> : tensor<2xi32>
// CHECK: %[[Y:.*]] = nn.fully_connected %arg0, %{{.*}}, %[[B]] : (tensor<1x3x{{.*}}>, tensor<2x3x{{.*}}>, tensor<2xi32>) -> tensor<1x2xi32>
// CHECK-NOT: quant.scast
// CHECK: return %[[Y]]
func.func @bias_takes_the_zero_point(%x: tensor<1x3x!x>) -> tensor<1x2xi32> {
  %w = nn.constant dense<[[1, 2, 3], [4, -5, 0]]> : tensor<2x3xi8> -> tensor<2x3x!w>
  %b = nn.constant dense<[10, 20]> : tensor<2xi32> -> tensor<2x!acc>
  %0 = nn.fully_connected %x, %w, %b : (tensor<1x3x!x>, tensor<2x3x!w>, tensor<2x!acc>) -> tensor<1x2x!acc>
  %1 = quant.scast %0 : tensor<1x2x!acc> to tensor<1x2xi32>
  return %1 : tensor<1x2xi32>
}

// Stored weights are unsigned; their own zero point counts: 255 - 3 and 0 - 3,
// times -128.
// CHECK-LABEL: @unsigned_weights_with_zero_point
// CHECK: nn.constant dense<[-32256, 384]> : tensor<2xi32>
func.func @unsigned_weights_with_zero_point(%x: tensor<1x1x!u>) -> tensor<1x2xi32> {
  %w = nn.constant dense<[[255], [0]]> : tensor<2x1xi8> -> tensor<2x1x!wu>
  %0 = nn.fully_connected %x, %w : (tensor<1x1x!u>, tensor<2x1x!wu>) -> tensor<1x2x!acc>
  %1 = quant.scast %0 : tensor<1x2x!acc> to tensor<1x2xi32>
  return %1 : tensor<1x2xi32>
}

// Channels are the last dimension, with a zero point each:
// 3 * (1 + 3 - 2 * 1), 3 * (2 + 4 + 2 * 2)
// CHECK-LABEL: @depthwise_channels
// CHECK: nn.constant dense<[6, 30]> : tensor<2xi32>
func.func @depthwise_channels(%x: tensor<1x1x2x2x!x>) -> tensor<1x1x1x2xi32> {
  %w = nn.constant dense<[[[[1, 2], [3, 4]]]]> : tensor<1x1x2x2xi8> -> tensor<1x1x2x2x!wd>
  %0 = nn.depthwise_conv_2d %x, %w : (tensor<1x1x2x2x!x>, tensor<1x1x2x2x!wd>) -> tensor<1x1x1x2x!accd>
  %1 = quant.scast %0 : tensor<1x1x1x2x!accd> to tensor<1x1x1x2xi32>
  return %1 : tensor<1x1x1x2xi32>
}

// A splat, as `dense` keeps one element for all: 3 * 3 * 2.
// CHECK-LABEL: @splat_weights
// CHECK: nn.constant dense<18> : tensor<2xi32>
func.func @splat_weights(%x: tensor<1x3x!x>) -> tensor<1x2xi32> {
  %w = nn.constant dense<2> : tensor<2x3xi8> -> tensor<2x3x!w>
  %0 = nn.fully_connected %x, %w : (tensor<1x3x!x>, tensor<2x3x!w>) -> tensor<1x2x!acc>
  %1 = quant.scast %0 : tensor<1x2x!acc> to tensor<1x2xi32>
  return %1 : tensor<1x2xi32>
}

// 16-bit activations, small weights: 32 bits hold every accumulator.
// CHECK-LABEL: @int16_proved_narrow
// CHECK: nn.constant dense<[7, 8]> : tensor<2xi32>
// CHECK: -> tensor<1x2xi32>
func.func @int16_proved_narrow(%x: tensor<1x3x!x16>) -> tensor<1x2x!x16> {
  %w = nn.constant dense<127> : tensor<2x3xi8> -> tensor<2x3x!w>
  %b = nn.constant dense<[7, 8]> : tensor<2xi64>
  %0 = nn.fully_connected %x, %w, %b : (tensor<1x3x!x16>, tensor<2x3x!w>, tensor<2xi64>) -> tensor<1x2x!acc>
  %1 = quant.scast %0 : tensor<1x2x!acc> to tensor<1x2xi32>
  %2 = quant.apply_multiplier %1 {multiplier = #quant.multiplier<[1073741824], [-3]>, rounding = #quant.rounding<wide>} : tensor<1x2xi32> to tensor<1x2x!x16>
  return %2 : tensor<1x2x!x16>
}

// 2^31 - 1 in a bias and anything else: 64 bits.
// CHECK-LABEL: @int16_widened
// CHECK: %[[B:.*]] = nn.constant dense<[7, 2147483647]> : tensor<2xi64>
// CHECK: %[[ACC:.*]] = nn.fully_connected %{{.*}}, %{{.*}}, %[[B]] : {{.*}} -> tensor<1x2xi64>
// CHECK: quant.apply_multiplier %[[ACC]] {{.*}} : tensor<1x2xi64> to
func.func @int16_widened(%x: tensor<1x3x!x16>) -> tensor<1x2x!x16> {
  %w = nn.constant dense<127> : tensor<2x3xi8> -> tensor<2x3x!w>
  %b = nn.constant dense<[7, 2147483647]> : tensor<2xi64>
  %0 = nn.fully_connected %x, %w, %b : (tensor<1x3x!x16>, tensor<2x3x!w>, tensor<2xi64>) -> tensor<1x2x!acc>
  %1 = quant.scast %0 : tensor<1x2x!acc> to tensor<1x2xi32>
  %2 = quant.apply_multiplier %1 {multiplier = #quant.multiplier<[1073741824], [-3]>, rounding = #quant.rounding<wide>} : tensor<1x2xi32> to tensor<1x2x!x16>
  return %2 : tensor<1x2x!x16>
}

// Somebody reads the accumulator with its scale.
// CHECK-LABEL: @requantize_keeps_the_accumulator
// CHECK: nn.fully_connected {{.*}} -> tensor<1x2x!quant.uniform<i32:f32
func.func @requantize_keeps_the_accumulator(%x: tensor<1x3x!x>) -> tensor<1x2x!y> {
  %w = nn.constant dense<2> : tensor<2x3xi8> -> tensor<2x3x!w>
  %0 = nn.fully_connected %x, %w : (tensor<1x3x!x>, tensor<2x3x!w>) -> tensor<1x2x!acc>
  %1 = quant.requantize %0 {rounding = #quant.rounding<double>} : tensor<1x2x!acc> to tensor<1x2x!y>
  return %1 : tensor<1x2x!y>
}
