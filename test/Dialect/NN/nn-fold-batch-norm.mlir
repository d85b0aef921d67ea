// RUN: qopt %s --nn-fold-batch-norm --canonicalize -split-input-file 2>/dev/null | FileCheck %s
// RUN: qopt %s --nn-fold-batch-norm --pass-statistics -split-input-file -o /dev/null 2>&1 | FileCheck %s --check-prefix=STATS

// STATS-DAG: nn-fold-batch-norm: num-folded-into-op-before = 5
// STATS-DAG: nn-fold-batch-norm: num-folded-into-ops-behind = 2
// STATS-DAG: nn-fold-batch-norm: num-rewritten = 3

// factor = 2 / sqrt(4), 4 / sqrt(16); offset = 0.5 - 1, 1 - 2.
// CHECK-LABEL: @conv_before
// CHECK-DAG: %[[W:.*]] = nn.constant dense<{{\[\[\[\[}}1.000000e+00]]], {{\[\[\[}}3.000000e+00]]]]>
// CHECK-DAG: %[[B:.*]] = nn.constant dense<[-5.000000e-01, -1.000000e+00]>
// CHECK: nn.conv_2d %{{.*}}, %[[W]], %[[B]] {activation = #nn.activation<relu>, nn.result_deviation = array<f64: 2.000000e+00, 4.000000e+00>, nn.result_mean = array<f64: 5.000000e-01, 1.000000e+00>}
// CHECK-NEXT: return
func.func @conv_before(%x: tensor<1x2x2x1xf32>) -> tensor<1x2x2x2xf32> {
  %w = nn.constant dense<[[[[1.0]]], [[[3.0]]]]> : tensor<2x1x1x1xf32>
  %scale = nn.constant dense<[2.0, 4.0]> : tensor<2xf32>
  %offset = nn.constant dense<[0.5, 1.0]> : tensor<2xf32>
  %mean = nn.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %variance = nn.constant dense<[4.0, 16.0]> : tensor<2xf32>
  %0 = nn.conv_2d %x, %w : (tensor<1x2x2x1xf32>, tensor<2x1x1x1xf32>) -> tensor<1x2x2x2xf32>
  %1 = nn.batch_norm %0, %scale, %offset, %mean, %variance {epsilon = 0.0 : f64} : (tensor<1x2x2x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x2x2x2xf32>
  %2 = nn.mul %1, %scale {activation = #nn.activation<relu>} : (tensor<1x2x2x2xf32>, tensor<2xf32>) -> tensor<1x2x2x2xf32>
  %half = nn.constant dense<0.5> : tensor<f32>
  %quarter = nn.constant dense<[0.5, 0.25]> : tensor<2xf32>
  %3 = nn.mul %2, %quarter : (tensor<1x2x2x2xf32>, tensor<2xf32>) -> tensor<1x2x2x2xf32>
  return %3 : tensor<1x2x2x2xf32>
}

// -----

// CHECK-LABEL: @depthwise_before
// CHECK-DAG: %[[W:.*]] = nn.constant dense<{{\[\[\[\[}}2.000000e+00, 6.000000e+00]]]]>
// CHECK-DAG: %[[B:.*]] = nn.constant dense<[1.000000e+00, 4.000000e+00]>
// CHECK: nn.depthwise_conv_2d %{{.*}}, %[[W]], %[[B]] : (
// CHECK-NEXT: return
func.func @depthwise_before(%x: tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32> {
  %w = nn.constant dense<[[[[1.0, 2.0]]]]> : tensor<1x1x1x2xf32>
  %b = nn.constant dense<[0.5, 1.0]> : tensor<2xf32>
  %a = nn.constant dense<[[2.0, 3.0]]> : tensor<1x2xf32>
  %s = nn.constant dense<[0.0, 1.0]> : tensor<2xf32>
  %0 = nn.depthwise_conv_2d %x, %w, %b : (tensor<1x2x2x2xf32>, tensor<1x1x1x2xf32>, tensor<2xf32>) -> tensor<1x2x2x2xf32>
  %1 = nn.mul %a, %0 : (tensor<1x2xf32>, tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32>
  %2 = nn.add %1, %s : (tensor<1x2x2x2xf32>, tensor<2xf32>) -> tensor<1x2x2x2xf32>
  return %2 : tensor<1x2x2x2xf32>
}

// -----

// 3 - y: the weights change sign.
// CHECK-LABEL: @fully_connected_bias_and_sign
// CHECK-DAG: dense<{{\[\[}}-1.000000e+00, -2.000000e+00]]>
// CHECK-DAG: dense<3.000000e+00> : tensor<1xf32>
// CHECK: nn.fully_connected
// CHECK-NEXT: return
func.func @fully_connected_bias_and_sign(%x: tensor<1x2xf32>) -> tensor<1x1xf32> {
  %w = nn.constant dense<[[1.0, 2.0]]> : tensor<1x2xf32>
  %three = nn.constant dense<3.0> : tensor<f32>
  %0 = nn.fully_connected %x, %w : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
  %1 = nn.sub %three, %0 : (tensor<f32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  return %1 : tensor<1x1xf32>
}

// -----

// The pad's 1 is where 2 y + 1 made 3.
// CHECK-LABEL: @through_pad_of_a_value
// CHECK: nn.conv_2d
// CHECK: nn.pad %{{.*}} {high = array<i64: 0, 1, 0, 0>, low = array<i64: 0, 0, 0, 0>, value = 3.000000e+00 : f64}
// CHECK-NEXT: return
func.func @through_pad_of_a_value(%x: tensor<1x1x1x1xf32>) -> tensor<1x2x1x2xf32> {
  %w = nn.constant dense<1.0> : tensor<2x1x1x1xf32>
  %two = nn.constant dense<2.0> : tensor<f32>
  %one = nn.constant dense<1.0> : tensor<f32>
  %0 = nn.conv_2d %x, %w : (tensor<1x1x1x1xf32>, tensor<2x1x1x1xf32>) -> tensor<1x1x1x2xf32>
  %1 = nn.pad %0 {low = array<i64: 0, 0, 0, 0>, high = array<i64: 0, 1, 0, 0>, value = 1.0 : f64} : (tensor<1x1x1x2xf32>) -> tensor<1x2x1x2xf32>
  %2 = nn.mul %1, %two : (tensor<1x2x1x2xf32>, tensor<f32>) -> tensor<1x2x1x2xf32>
  %3 = nn.add %2, %one : (tensor<1x2x1x2xf32>, tensor<f32>) -> tensor<1x2x1x2xf32>
  return %3 : tensor<1x2x1x2xf32>
}

// -----

// x / 2 - 3 is 0 where x is 6.
// CHECK-LABEL: @behind_with_a_border
// CHECK-DAG: %[[W:.*]] = nn.constant dense<5.000000e-01> : tensor<1x3x3x1xf32>
// CHECK-DAG: %[[B:.*]] = nn.constant dense<-2.700000e+01> : tensor<1xf32>
// CHECK: %[[P:.*]] = nn.pad %arg0 {{.*}} value = 6.000000e+00 : f64}
// CHECK-NEXT: nn.conv_2d %[[P]], %[[W]], %[[B]] : (
// CHECK-NEXT: return
func.func @behind_with_a_border(%x: tensor<1x4x4x1xf32>) -> tensor<1x4x4x1xf32> {
  %w = nn.constant dense<1.0> : tensor<1x3x3x1xf32>
  %half = nn.constant dense<0.5> : tensor<f32>
  %three = nn.constant dense<3.0> : tensor<f32>
  %0 = nn.mul %x, %half : (tensor<1x4x4x1xf32>, tensor<f32>) -> tensor<1x4x4x1xf32>
  %1 = nn.sub %0, %three : (tensor<1x4x4x1xf32>, tensor<f32>) -> tensor<1x4x4x1xf32>
  %2 = nn.conv_2d %1, %w {padding = array<i64: 1, 1, 1, 1>} : (tensor<1x4x4x1xf32>, tensor<1x3x3x1xf32>) -> tensor<1x4x4x1xf32>
  return %2 : tensor<1x4x4x1xf32>
}

// -----

// Both readers take it; the flattening repeats its channels.
// CHECK-LABEL: @behind_into_two_readers
// CHECK-DAG: dense<{{\[\[}}1.000000e+00, 2.000000e+00, 1.000000e+00, 2.000000e+00]]>
// CHECK-DAG: dense<{{\[\[}}3.000000e+00, 6.000000e+00]]>
// CHECK-DAG: dense<6.000000e+00> : tensor<1xf32>
// CHECK-DAG: dense<9.000000e+00> : tensor<1xf32>
// CHECK-NOT: nn.mul
// CHECK: return
func.func @behind_into_two_readers(%x: tensor<1x2x1x2xf32>) -> (tensor<1x1xf32>, tensor<1x1xf32>) {
  %w1 = nn.constant dense<1.0> : tensor<1x4xf32>
  %w2 = nn.constant dense<3.0> : tensor<1x2xf32>
  %a = nn.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %s = nn.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %0 = nn.mul %x, %a : (tensor<1x2x1x2xf32>, tensor<2xf32>) -> tensor<1x2x1x2xf32>
  %1 = nn.add %0, %s : (tensor<1x2x1x2xf32>, tensor<2xf32>) -> tensor<1x2x1x2xf32>
  %2 = nn.reshape %1 : (tensor<1x2x1x2xf32>) -> tensor<1x4xf32>
  %3 = nn.fully_connected %2, %w1 : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x1xf32>
  %4 = nn.mean %1 {axes = array<i64: 1, 2>} : (tensor<1x2x1x2xf32>) -> tensor<1x2xf32>
  %5 = nn.fully_connected %4, %w2 : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
  return %3, %5 : tensor<1x1xf32>, tensor<1x1xf32>
}

// -----

// CHECK-LABEL: @relu_between_becomes_depthwise
// CHECK: nn.conv_2d
// CHECK: nn.depthwise_conv_2d
// CHECK-NEXT: return
func.func @relu_between_becomes_depthwise(%x: tensor<1x2x2x1xf32>) -> tensor<1x2x2x2xf32> {
  %w = nn.constant dense<[[[[1.0]]], [[[3.0]]]]> : tensor<2x1x1x1xf32>
  %a = nn.constant dense<[2.0, 4.0]> : tensor<2xf32>
  %0 = nn.conv_2d %x, %w {activation = #nn.activation<relu>} : (tensor<1x2x2x1xf32>, tensor<2x1x1x1xf32>) -> tensor<1x2x2x2xf32>
  %1 = nn.batch_norm %0, %a, %a, %a, %a : (tensor<1x2x2x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x2x2x2xf32>
  return %1 : tensor<1x2x2x2xf32>
}

// -----

// No image: two ops of arithmetic.
// CHECK-LABEL: @argument_becomes_scale_and_shift
// CHECK: %[[Y:.*]] = nn.mul %arg0, %{{.*}} : (tensor<3x2xf32>, tensor<2xf32>)
// CHECK-NEXT: nn.add %[[Y]], %{{.*}} : (tensor<3x2xf32>, tensor<2xf32>)
// CHECK-NEXT: return
func.func @argument_becomes_scale_and_shift(%x: tensor<3x2xf32>) -> tensor<3x2xf32> {
  %a = nn.constant dense<[2.0, 4.0]> : tensor<2xf32>
  %1 = nn.batch_norm %x, %a, %a, %a, %a : (tensor<3x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<3x2xf32>
  return %1 : tensor<3x2xf32>
}

// -----

// CHECK-LABEL: @two_readers_become_depthwise
// CHECK: %[[C:.*]] = nn.conv_2d
// CHECK: nn.depthwise_conv_2d %[[C]], {{.*}} {activation = #nn.activation<relu>
// CHECK: return %[[C]]
func.func @two_readers_become_depthwise(%x: tensor<1x2x2x1xf32>) -> (tensor<1x2x2x2xf32>, tensor<1x2x2x2xf32>) {
  %w = nn.constant dense<[[[[1.0]]], [[[3.0]]]]> : tensor<2x1x1x1xf32>
  %a = nn.constant dense<[2.0, 4.0]> : tensor<2xf32>
  %0 = nn.conv_2d %x, %w : (tensor<1x2x2x1xf32>, tensor<2x1x1x1xf32>) -> tensor<1x2x2x2xf32>
  %1 = nn.mul %0, %a : (tensor<1x2x2x2xf32>, tensor<2xf32>) -> tensor<1x2x2x2xf32>
  %2 = nn.add %1, %a {activation = #nn.activation<relu>} : (tensor<1x2x2x2xf32>, tensor<2xf32>) -> tensor<1x2x2x2xf32>
  return %0, %2 : tensor<1x2x2x2xf32>, tensor<1x2x2x2xf32>
}

// -----

// What is no batch norm and folds into nothing stays as it was written.
// CHECK-LABEL: @plain_arithmetic_stays
// CHECK: nn.mul %arg0, %{{.*}} : (tensor<3x2xf32>, tensor<f32>)
// CHECK-NEXT: return
func.func @plain_arithmetic_stays(%x: tensor<3x2xf32>) -> tensor<3x2xf32> {
  %two = nn.constant dense<2.0> : tensor<f32>
  %0 = nn.mul %x, %two : (tensor<3x2xf32>, tensor<f32>) -> tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}

// -----

// CHECK-LABEL: @quantized_stays
// CHECK: nn.add
func.func @quantized_stays(%x: tensor<2x!quant.uniform<i8:f32, 0.5>>) -> tensor<2x!quant.uniform<i8:f32, 0.5>> {
  %b = nn.constant dense<[1, 2]> : tensor<2xi8> -> tensor<2x!quant.uniform<i8:f32, 0.5>>
  %0 = nn.add %x, %b : (tensor<2x!quant.uniform<i8:f32, 0.5>>, tensor<2x!quant.uniform<i8:f32, 0.5>>) -> tensor<2x!quant.uniform<i8:f32, 0.5>>
  return %0 : tensor<2x!quant.uniform<i8:f32, 0.5>>
}
