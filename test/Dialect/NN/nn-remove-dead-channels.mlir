// RUN: qopt %s --nn-remove-dead-channels -split-input-file 2>/dev/null | FileCheck %s
// RUN: qopt %s --nn-remove-dead-channels --pass-statistics -split-input-file -o /dev/null 2>&1 | FileCheck %s --check-prefix=STATS

// STATS-DAG: nn-remove-dead-channels: num-constant = 3
// STATS-DAG: nn-remove-dead-channels: num-removed = 6

// CHECK-LABEL: @constant_channel
// CHECK-DAG: nn.constant dense<2.000000e+00> : tensor<1x1xf32>
// CHECK-DAG: nn.constant dense<0.000000e+00> : tensor<1xf32>
// CHECK-DAG: nn.constant dense<1.000000e+00> : tensor<1x1xf32>
// CHECK-DAG: nn.constant dense<1.200000e+01> : tensor<1xf32>
// CHECK-DAG: nn.relu %{{.*}} : (tensor<1x1xf32>) -> tensor<1x1xf32>
func.func @constant_channel(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
  %w1 = nn.constant dense<[[2.0], [0.0]]> : tensor<2x1xf32>
  %b1 = nn.constant dense<[0.0, 3.0]> : tensor<2xf32>
  %w2 = nn.constant dense<[[1.0, 4.0]]> : tensor<1x2xf32>
  %0 = nn.fully_connected %x, %w1, %b1 : (tensor<1x1xf32>, tensor<2x1xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  %1 = nn.relu %0 : (tensor<1x2xf32>) -> tensor<1x2xf32>
  %2 = nn.fully_connected %1, %w2 : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
  return %2 : tensor<1x1xf32>
}

// -----

// Nobody reads channel 1, which the flattening has twice.
// CHECK-LABEL: @unread_channel_behind_a_flattening
// CHECK: nn.conv_2d %{{.*}} -> tensor<1x1x2x2xf32>
// CHECK-NEXT: nn.reshape %{{.*}} : (tensor<1x1x2x2xf32>) -> tensor<1x4xf32>
// CHECK: nn.fully_connected %{{.*}} : (tensor<1x4xf32>, tensor<1x4xf32>)
func.func @unread_channel_behind_a_flattening(%x: tensor<1x1x2x1xf32>) -> tensor<1x1xf32> {
  %w1 = nn.constant dense<[[[[2.0]]], [[[3.0]]], [[[4.0]]]]> : tensor<3x1x1x1xf32>
  %w2 = nn.constant dense<[[1.0, 0.0, 2.0, 3.0, 0.0, 4.0]]> : tensor<1x6xf32>
  %0 = nn.conv_2d %x, %w1 : (tensor<1x1x2x1xf32>, tensor<3x1x1x1xf32>) -> tensor<1x1x2x3xf32>
  %1 = nn.reshape %0 : (tensor<1x1x2x3xf32>) -> tensor<1x6xf32>
  %2 = nn.fully_connected %1, %w2 : (tensor<1x6xf32>, tensor<1x6xf32>) -> tensor<1x1xf32>
  return %2 : tensor<1x1xf32>
}

// -----

// A zero passes the border of the depthwise op; relu(0.5) = 0.5 goes on.
// CHECK-LABEL: @through_depthwise
// CHECK: nn.conv_2d %{{.*}} nn.result_deviation = array<f64: 1.000000e+00>, nn.result_mean = array<f64: 3.000000e+00>} {{.*}} -> tensor<1x2x2x1xf32>
// CHECK: nn.depthwise_conv_2d %{{.*}} -> tensor<1x2x2x1xf32>
// CHECK-DAG: nn.constant dense<1.500000e+00> : tensor<1xf32>
// CHECK: nn.conv_2d %{{.*}} -> tensor<1x2x2x1xf32>
func.func @through_depthwise(%x: tensor<1x2x2x1xf32>) -> tensor<1x2x2x1xf32> {
  %w1 = nn.constant dense<[[[[0.0]]], [[[3.0]]]]> : tensor<2x1x1x1xf32>
  %b1 = nn.constant dense<[-1.0, 1.0]> : tensor<2xf32>
  %w2 = nn.constant dense<1.0> : tensor<1x3x3x2xf32>
  %b2 = nn.constant dense<0.5> : tensor<2xf32>
  %w3 = nn.constant dense<3.0> : tensor<1x1x1x2xf32>
  %0 = nn.conv_2d %x, %w1, %b1 {activation = #nn.activation<relu>, nn.result_deviation = array<f64: 1.0, 1.0>, nn.result_mean = array<f64: 2.0, 3.0>} : (tensor<1x2x2x1xf32>, tensor<2x1x1x1xf32>, tensor<2xf32>) -> tensor<1x2x2x2xf32>
  %1 = nn.depthwise_conv_2d %0, %w2, %b2 {activation = #nn.activation<relu>, padding = array<i64: 1, 1, 1, 1>} : (tensor<1x2x2x2xf32>, tensor<1x3x3x2xf32>, tensor<2xf32>) -> tensor<1x2x2x2xf32>
  %2 = nn.conv_2d %1, %w3 : (tensor<1x2x2x2xf32>, tensor<1x1x1x2xf32>) -> tensor<1x2x2x1xf32>
  return %2 : tensor<1x2x2x1xf32>
}

// -----

// CHECK-LABEL: @one_channel_stays
// CHECK: nn.fully_connected %{{.*}} -> tensor<1x1xf32>
// CHECK: nn.fully_connected %{{.*}} : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
func.func @one_channel_stays(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
  %w1 = nn.constant dense<1.0> : tensor<3x1xf32>
  %w2 = nn.constant dense<0.0> : tensor<1x3xf32>
  %0 = nn.fully_connected %x, %w1 : (tensor<1x1xf32>, tensor<3x1xf32>) -> tensor<1x3xf32>
  %1 = nn.fully_connected %0, %w2 : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<1x1xf32>
  return %1 : tensor<1x1xf32>
}

// -----

// The border is 0, the channel 3.
// CHECK-LABEL: @constant_before_a_border_stays
// CHECK: nn.conv_2d %{{.*}} -> tensor<1x2x2x2xf32>
// CHECK: nn.conv_2d
func.func @constant_before_a_border_stays(%x: tensor<1x2x2x1xf32>) -> tensor<1x2x2x1xf32> {
  %w1 = nn.constant dense<[[[[0.0]]], [[[3.0]]]]> : tensor<2x1x1x1xf32>
  %b1 = nn.constant dense<3.0> : tensor<2xf32>
  %w2 = nn.constant dense<1.0> : tensor<1x3x3x2xf32>
  %0 = nn.conv_2d %x, %w1, %b1 : (tensor<1x2x2x1xf32>, tensor<2x1x1x1xf32>, tensor<2xf32>) -> tensor<1x2x2x2xf32>
  %1 = nn.conv_2d %0, %w2 {padding = array<i64: 1, 1, 1, 1>} : (tensor<1x2x2x2xf32>, tensor<1x3x3x2xf32>) -> tensor<1x2x2x1xf32>
  return %1 : tensor<1x2x2x1xf32>
}

// -----

// CHECK-LABEL: @result_stays
// CHECK: nn.fully_connected %{{.*}} -> tensor<1x2xf32>
func.func @result_stays(%x: tensor<1x1xf32>) -> tensor<1x2xf32> {
  %w = nn.constant dense<[[2.0], [0.0]]> : tensor<2x1xf32>
  %0 = nn.fully_connected %x, %w : (tensor<1x1xf32>, tensor<2x1xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}
