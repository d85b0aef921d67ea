// RUN: qopt %s --nn-fold-group-scales | FileCheck %s
// RUN: qopt %s --nn-fold-group-scales --pass-statistics -o /dev/null 2>&1 | FileCheck %s --check-prefix=STATS

// STATS: nn-fold-group-scales: num-folded = 2

!x = !quant.uniform<i8:f32, 0.5:3>
!w = !quant.uniform<i4<-7:7>:f32:{0:1, 1:2}, {{0.25, 0.75}, {1.0, 0.5}}>
!k = !quant.uniform<i4<-7:7>:f32:{0:1, 3:2}, {{{{0.25, 0.75}}}}>

// 0.25 and 0.75 are 1 and 3 times 0.25; 1 and 0.5 are 2 and 1 times 0.5.
// CHECK-LABEL: @fully_connected
// CHECK: nn.constant dense<{{\[}}[7, -1, 6, 9], [14, -14, 3, 4]]> : tensor<2x4xi8> -> tensor<2x4x!quant.uniform<i8<-127:127>:f32:0, {2.500000e-01,5.000000e-01}>>
func.func @fully_connected(%x: tensor<1x4x!x>) -> tensor<1x2x!x> {
  %w = nn.constant dense<[[7, -1, 2, 3], [7, -7, 3, 4]]> : tensor<2x4xi4> -> tensor<2x4x!w>
  %0 = nn.fully_connected %x, %w : (tensor<1x4x!x>, tensor<2x4x!w>) -> tensor<1x2x!x>
  return %0 : tensor<1x2x!x>
}

// Groups are the same at all positions of the window.
// CHECK-LABEL: @conv_2d
// CHECK: nn.constant dense<{{\[\[\[}}[1, 2, 9, 12], [5, 6, 21, -3]]]]> : tensor<1x1x2x4xi8>
func.func @conv_2d(%x: tensor<1x1x2x4x!x>) -> tensor<1x1x1x1x!x> {
  %w = nn.constant dense<[[[[1, 2, 3, 4], [5, 6, 7, -1]]]]> : tensor<1x1x2x4xi4> -> tensor<1x1x2x4x!k>
  %0 = nn.conv_2d %x, %w : (tensor<1x1x2x4x!x>, tensor<1x1x2x4x!k>) -> tensor<1x1x1x1x!x>
  return %0 : tensor<1x1x1x1x!x>
}

// Float sums have kernels with groups.
// CHECK-LABEL: @no_float_inputs
// CHECK: nn.fully_connected %arg0, %{{.*}} : (tensor<1x4xf32>, tensor<2x4x!quant.uniform<i4<-7:7>:f32:{0:1, 1:2}
func.func @no_float_inputs(%x: tensor<1x4xf32>) -> tensor<1x2xf32> {
  %w = nn.constant dense<[[7, -1, 2, 3], [7, -7, 3, 4]]> : tensor<2x4xi4> -> tensor<2x4x!w>
  %0 = nn.fully_connected %x, %w : (tensor<1x4xf32>, tensor<2x4x!w>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}
