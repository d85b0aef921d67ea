// RUN: qopt %s --nn-global-pool-to-mean -split-input-file | FileCheck %s
// RUN: qopt %s --nn-global-pool-to-mean --pass-statistics -split-input-file -o /dev/null 2>&1 | FileCheck %s --check-prefix=STATS

// STATS: nn-global-pool-to-mean: num-replaced = 1

// CHECK-LABEL: @global
// CHECK: nn.mean %{{.*}} {axes = array<i64: 1, 2>, keep_dims = true, quant.range = #quant.range<0.000000e+00, 1.000000e+00>}
func.func @global(%x: tensor<2x3x5x4xf32>) -> tensor<2x1x1x4xf32> {
  %0 = nn.average_pool_2d %x {kernel = array<i64: 3, 5>, strides = array<i64: 3, 5>,
      quant.range = #quant.range<0.0, 1.0>}
    : (tensor<2x3x5x4xf32>) -> tensor<2x1x1x4xf32>
  return %0 : tensor<2x1x1x4xf32>
}

// -----

// A part of the picture, a border, an activation, integers.
// CHECK-LABEL: @others
// CHECK-COUNT-4: nn.average_pool_2d
!q = !quant.uniform<i8:f32, 0.5>
func.func @others(%x: tensor<1x4x4x2xf32>, %q: tensor<1x4x4x2x!q>)
    -> (tensor<1x2x2x2xf32>, tensor<1x2x2x2xf32>, tensor<1x1x1x2xf32>, tensor<1x1x1x2x!q>) {
  %0 = nn.average_pool_2d %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>}
    : (tensor<1x4x4x2xf32>) -> tensor<1x2x2x2xf32>
  %1 = nn.average_pool_2d %x {kernel = array<i64: 4, 4>, strides = array<i64: 2, 2>, padding = array<i64: 1, 1, 1, 1>}
    : (tensor<1x4x4x2xf32>) -> tensor<1x2x2x2xf32>
  %2 = nn.average_pool_2d %x {kernel = array<i64: 4, 4>, activation = #nn.activation<relu>}
    : (tensor<1x4x4x2xf32>) -> tensor<1x1x1x2xf32>
  %3 = nn.average_pool_2d %q {kernel = array<i64: 4, 4>}
    : (tensor<1x4x4x2x!q>) -> tensor<1x1x1x2x!q>
  return %0, %1, %2, %3 : tensor<1x2x2x2xf32>, tensor<1x2x2x2xf32>, tensor<1x1x1x2xf32>, tensor<1x1x1x2x!q>
}
