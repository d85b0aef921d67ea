// RUN: qopt %s --nn-absorb-bias -split-input-file | FileCheck %s
// RUN: qopt %s --nn-absorb-bias="sigmas=100" -split-input-file | FileCheck %s --check-prefix=FAR
// RUN: qopt %s --nn-absorb-bias --pass-statistics -split-input-file -o /dev/null 2>&1 | FileCheck %s --check-prefix=STATS

// STATS: nn-absorb-bias: num-absorbed = 2

// c = 5.5 - 3 * 0.5 = 4 of the first channel, none of the second.
// CHECK-LABEL: @fused_relu
// CHECK-DAG: nn.constant dense<[1.000000e+00, 5.000000e+00]> : tensor<2xf32>
// CHECK-DAG: nn.constant dense<8.000000e+00> : tensor<1xf32>
// CHECK-DAG: nn.result_mean = array<f64: 1.500000e+00, 1.000000e+00>
// FAR-LABEL: @fused_relu
// FAR: nn.result_mean = array<f64: 5.500000e+00, 1.000000e+00>
func.func @fused_relu(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
  %w1 = nn.constant dense<1.0> : tensor<2x1xf32>
  %b1 = nn.constant dense<5.0> : tensor<2xf32>
  %w2 = nn.constant dense<2.0> : tensor<1x2xf32>
  %0 = nn.fully_connected %x, %w1, %b1 {activation = #nn.activation<relu>, nn.result_deviation = array<f64: 0.5, 1.0>, nn.result_mean = array<f64: 5.5, 1.0>} : (tensor<1x1xf32>, tensor<2x1xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  %1 = nn.fully_connected %0, %w2 : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
  return %1 : tensor<1x1xf32>
}

// -----

// CHECK-LABEL: @relu_and_pool
// CHECK-DAG: nn.constant dense<1.000000e+00> : tensor<1xf32>
// CHECK-DAG: nn.constant dense<8.000000e+00> : tensor<1xf32>
func.func @relu_and_pool(%x: tensor<1x2x2x1xf32>) -> tensor<1x1x1x1xf32> {
  %w1 = nn.constant dense<1.0> : tensor<1x1x1x1xf32>
  %b1 = nn.constant dense<5.0> : tensor<1xf32>
  %w2 = nn.constant dense<2.0> : tensor<1x1x1x1xf32>
  %0 = nn.conv_2d %x, %w1, %b1 {nn.result_deviation = array<f64: 0.0>, nn.result_mean = array<f64: 4.0>} : (tensor<1x2x2x1xf32>, tensor<1x1x1x1xf32>, tensor<1xf32>) -> tensor<1x2x2x1xf32>
  %1 = nn.relu %0 : (tensor<1x2x2x1xf32>) -> tensor<1x2x2x1xf32>
  %2 = nn.average_pool_2d %1 {kernel = array<i64: 2, 2>} : (tensor<1x2x2x1xf32>) -> tensor<1x1x1x1xf32>
  %3 = nn.conv_2d %2, %w2 : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
  return %3 : tensor<1x1x1x1xf32>
}

// -----

// CHECK-LABEL: @no_relu_or_no_statistics_or_a_border_stay
// CHECK-NOT: dense<1.000000e+00> : tensor<2xf32>
// CHECK: return
func.func @no_relu_or_no_statistics_or_a_border_stay(%x: tensor<1x2x2x1xf32>) -> tensor<1x2x2x2xf32> {
  %w1 = nn.constant dense<1.0> : tensor<2x1x1x1xf32>
  %w2 = nn.constant dense<1.0> : tensor<2x1x1x2xf32>
  %w3 = nn.constant dense<1.0> : tensor<1x3x3x2xf32>
  %b = nn.constant dense<5.0> : tensor<2xf32>
  %0 = nn.conv_2d %x, %w1, %b {nn.result_deviation = array<f64: 0.0, 0.0>, nn.result_mean = array<f64: 4.0, 4.0>} : (tensor<1x2x2x1xf32>, tensor<2x1x1x1xf32>, tensor<2xf32>) -> tensor<1x2x2x2xf32>
  %1 = nn.conv_2d %0, %w2, %b {activation = #nn.activation<relu>} : (tensor<1x2x2x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>) -> tensor<1x2x2x2xf32>
  %2 = nn.conv_2d %1, %w2, %b {activation = #nn.activation<relu>, nn.result_deviation = array<f64: 0.0, 0.0>, nn.result_mean = array<f64: 4.0, 3.0>} : (tensor<1x2x2x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>) -> tensor<1x2x2x2xf32>
  %3 = nn.depthwise_conv_2d %2, %w3 {padding = array<i64: 1, 1, 1, 1>} : (tensor<1x2x2x2xf32>, tensor<1x3x3x2xf32>) -> tensor<1x2x2x2xf32>
  return %3 : tensor<1x2x2x2xf32>
}
