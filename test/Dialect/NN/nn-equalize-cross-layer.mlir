// RUN: qopt %s --nn-equalize-cross-layer -split-input-file | FileCheck %s
// RUN: qopt %s --nn-equalize-cross-layer="replace-relu6" -split-input-file | FileCheck %s --check-prefix=REPLACED
// RUN: qopt %s --nn-equalize-cross-layer="print-reasons" -split-input-file -o /dev/null 2>&1 | FileCheck %s --check-prefix=REASONS
// RUN: qopt %s --nn-equalize-cross-layer --pass-statistics -split-input-file -o /dev/null 2>&1 | FileCheck %s --check-prefix=STATS

// RUN: qopt %s --nn-equalize-cross-layer="real-scales" -split-input-file | FileCheck %s --check-prefix=REAL

// STATS: nn-equalize-cross-layer: num-pairs = 5

// s = sqrt(16 / 1), sqrt(1 / 16): all weights are 4; the bias is divided.
// CHECK-LABEL: @two_layers
// CHECK-DAG: nn.constant dense<4.000000e+00> : tensor<2x1xf32>
// CHECK-DAG: nn.constant dense<4.000000e+00> : tensor<1x2xf32>
// CHECK-DAG: nn.constant dense<[1.000000e+00, 1.600000e+01]> : tensor<2xf32>
func.func @two_layers(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
  %w1 = nn.constant dense<[[16.0], [1.0]]> : tensor<2x1xf32>
  %b = nn.constant dense<4.0> : tensor<2xf32>
  %w2 = nn.constant dense<[[1.0, 16.0]]> : tensor<1x2xf32>
  %0 = nn.fully_connected %x, %w1, %b {activation = #nn.activation<relu>} : (tensor<1x1xf32>, tensor<2x1xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  %1 = nn.fully_connected %0, %w2 : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
  return %1 : tensor<1x1xf32>
}

// -----

// Two readers: the greater range of theirs, 4, counts. Statistics follow.
// CHECK-LABEL: @depthwise_and_conv_behind_a_pool
// CHECK: nn.conv_2d {{.*}}nn.result_deviation = array<f64: 5.000000e-01>, nn.result_mean = array<f64: 1.000000e+00>
// CHECK-DAG: nn.constant dense<8.000000e+00> : tensor<1x1x1x1xf32>
// CHECK-DAG: nn.constant dense<2.000000e+00> : tensor<1x1x1x1xf32>
func.func @depthwise_and_conv_behind_a_pool(%x: tensor<1x2x2x1xf32>) -> (tensor<1x2x2x1xf32>, tensor<1x1x1x1xf32>) {
  %w1 = nn.constant dense<16.0> : tensor<1x1x1x1xf32>
  %w2 = nn.constant dense<1.0> : tensor<1x1x1x1xf32>
  %w3 = nn.constant dense<4.0> : tensor<1x1x1x1xf32>
  %0 = nn.conv_2d %x, %w1 {nn.result_deviation = array<f64: 1.0>, nn.result_mean = array<f64: 2.0>} : (tensor<1x2x2x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x2x2x1xf32>
  %1 = nn.relu %0 : (tensor<1x2x2x1xf32>) -> tensor<1x2x2x1xf32>
  %2 = nn.depthwise_conv_2d %1, %w2 : (tensor<1x2x2x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x2x2x1xf32>
  %3 = nn.max_pool_2d %1 {kernel = array<i64: 2, 2>} : (tensor<1x2x2x1xf32>) -> tensor<1x1x1x1xf32>
  %4 = nn.conv_2d %3, %w3 : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
  return %2, %4 : tensor<1x2x2x1xf32>, tensor<1x1x1x1xf32>
}

// -----

// CHECK-LABEL: @relu6_stays
// CHECK-DAG: dense<1.600000e+01>
// CHECK: activation = #nn.activation<relu6>
// REPLACED-LABEL: @relu6_stays
// REPLACED-DAG: nn.constant dense<4.000000e+00> : tensor<1x1xf32>
// REPLACED: activation = #nn.activation<relu>
// REPLACED-NEXT: nn.relu %
// REASONS: remark: 'nn.fully_connected' is not equalized: scales do not pass 'nn.fully_connected'
// REASONS: remark: 'nn.fully_connected' is not equalized: it is a result of the function
func.func @relu6_stays(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
  %w1 = nn.constant dense<16.0> : tensor<1x1xf32>
  %w2 = nn.constant dense<1.0> : tensor<1x1xf32>
  %0 = nn.fully_connected %x, %w1 {activation = #nn.activation<relu6>} : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %1 = nn.relu6 %0 : (tensor<1x1xf32>) -> tensor<1x1xf32>
  %2 = nn.fully_connected %1, %w2 : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  return %2 : tensor<1x1xf32>
}

// -----

// A channel of zeros has no size, nor has one that is not read.
// CHECK-LABEL: @zero_channels_stay
// CHECK-DAG: dense<{{\[\[}}0.000000e+00], [2.000000e+00]]>
// CHECK-DAG: dense<{{\[\[}}3.000000e+00, 0.000000e+00]]>
func.func @zero_channels_stay(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
  %w1 = nn.constant dense<[[0.0], [2.0]]> : tensor<2x1xf32>
  %w2 = nn.constant dense<[[3.0, 0.0]]> : tensor<1x2xf32>
  %0 = nn.fully_connected %x, %w1 : (tensor<1x1xf32>, tensor<2x1xf32>) -> tensor<1x2xf32>
  %1 = nn.fully_connected %0, %w2 : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
  return %1 : tensor<1x1xf32>
}

// -----

// Nor has one that is next to nothing: its bias would become all that counts.
// CHECK-LABEL: @dead_channels_stay
// CHECK-DAG: dense<{{\[\[}}9.99999996E-13], [2.000000e+00]]>
// CHECK-DAG: dense<{{\[\[}}3.000000e+00, 2.000000e+00]]>
// CHECK-DAG: dense<[1.000000e+00, 0.000000e+00]>
func.func @dead_channels_stay(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
  %w1 = nn.constant dense<[[1.0e-12], [2.0]]> : tensor<2x1xf32>
  %b1 = nn.constant dense<[1.0, 0.0]> : tensor<2xf32>
  %w2 = nn.constant dense<[[3.0, 2.0]]> : tensor<1x2xf32>
  %0 = nn.fully_connected %x, %w1, %b1 : (tensor<1x1xf32>, tensor<2x1xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  %1 = nn.fully_connected %0, %w2 : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
  return %1 : tensor<1x1xf32>
}

// -----

// CHECK-LABEL: @residual_stays
// CHECK-DAG: dense<1.600000e+01>
// REASONS: remark: 'nn.fully_connected' is not equalized: 'nn.add' reads it
func.func @residual_stays(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
  %w1 = nn.constant dense<16.0> : tensor<1x1xf32>
  %0 = nn.fully_connected %x, %w1 : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %1 = nn.add %0, %x : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  return %1 : tensor<1x1xf32>
}

// -----

// s = 3 becomes 4: 9 / 4 and 1 * 4 are floats without rounding.
// CHECK-LABEL: @scales_are_powers_of_two
// CHECK-DAG: nn.constant dense<2.250000e+00> : tensor<1x1xf32>
// CHECK-DAG: nn.constant dense<4.000000e+00> : tensor<1x1xf32>
// REAL-LABEL: @scales_are_powers_of_two
// REAL: nn.constant dense<3.000000e+00> : tensor<1x1xf32>
func.func @scales_are_powers_of_two(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
  %w1 = nn.constant dense<9.0> : tensor<1x1xf32>
  %w2 = nn.constant dense<1.0> : tensor<1x1xf32>
  %0 = nn.fully_connected %x, %w1 {activation = #nn.activation<relu>} : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %1 = nn.fully_connected %0, %w2 : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  return %1 : tensor<1x1xf32>
}
