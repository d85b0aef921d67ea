// RUN: qopt %s --nn-decompose-transpose-conv -split-input-file | FileCheck %s
// RUN: qopt %s --nn-decompose-transpose-conv --pass-statistics -split-input-file -o /dev/null 2>&1 | FileCheck %s --check-prefix=STATS

// STATS: nn-decompose-transpose-conv: num-decomposed = 4

// Output 2 v + r is input v times column r of the filter.
// CHECK-LABEL: @stride_2
// CHECK: %[[W0:.*]] = nn.constant dense<1.000000e+00> : tensor<1x1x1x1xf32>
// CHECK: %[[C0:.*]] = nn.conv_2d %arg0, %[[W0]] :
// CHECK: %[[R0:.*]] = nn.reshape %[[C0]] : (tensor<1x1x2x1xf32>) -> tensor<1x1x1x2x1x1xf32>
// CHECK: %[[W1:.*]] = nn.constant dense<2.000000e+00> : tensor<1x1x1x1xf32>
// CHECK: %[[C1:.*]] = nn.conv_2d %arg0, %[[W1]] :
// CHECK: %[[R1:.*]] = nn.reshape %[[C1]]
// CHECK: %[[ALL:.*]] = nn.concat %[[R0]], %[[R1]] {axis = 4 : i64}
// CHECK: nn.reshape %[[ALL]] : (tensor<1x1x1x2x2x1xf32>) -> tensor<1x1x4x1xf32>
func.func @stride_2(%x: tensor<1x1x2x1xf32>) -> tensor<1x1x4x1xf32> {
  %w = nn.constant dense<[[[[1.0], [2.0]]]]> : tensor<1x1x2x1xf32>
  %0 = nn.transpose_conv_2d %x, %w {strides = array<i64: 1, 2>} : (tensor<1x1x2x1xf32>, tensor<1x1x2x1xf32>) -> tensor<1x1x4x1xf32>
  return %0 : tensor<1x1x4x1xf32>
}

// -----

// With one row cut off at the top, even rows read the filter's rows 3 and 1,
// odd ones 2 and 0.
// CHECK-LABEL: @rows_of_the_filter
// CHECK: nn.constant dense<{{\[\[\[\[}}4.000000e+00]], {{\[\[}}2.000000e+00]]]]> : tensor<1x2x1x1xf32>
// CHECK: nn.conv_2d %arg0, %{{.*}} {padding = array<i64: 1, 0, 0, 0>}
// CHECK: nn.constant dense<{{\[\[\[\[}}3.000000e+00]], {{\[\[}}1.000000e+00]]]]> : tensor<1x2x1x1xf32>
// CHECK: nn.conv_2d %arg0, %{{.*}} {padding = array<i64: 0, 1, 0, 0>}
// CHECK: nn.concat %{{.*}}, %{{.*}} {axis = 2 : i64}
func.func @rows_of_the_filter(%x: tensor<1x3x1x1xf32>) -> tensor<1x6x1x1xf32> {
  %w = nn.constant dense<[[[[1.0]], [[2.0]], [[3.0]], [[4.0]]]]> : tensor<1x4x1x1xf32>
  %0 = nn.transpose_conv_2d %x, %w {strides = array<i64: 2, 1>, padding = array<i64: 1, 1, 0, 0>} : (tensor<1x3x1x1xf32>, tensor<1x4x1x1xf32>) -> tensor<1x6x1x1xf32>
  return %0 : tensor<1x6x1x1xf32>
}

// -----

// CHECK-LABEL: @stride_1_needs_no_zeros
// CHECK-NOT: nn.pad
// CHECK: nn.conv_2d %arg0, %{{.*}} {activation = #nn.activation<relu>, padding = array<i64: 1, 1, 1, 1>}
func.func @stride_1_needs_no_zeros(%x: tensor<1x2x2x1xf32>) -> tensor<1x2x2x1xf32> {
  %w = nn.constant dense<1.0> : tensor<1x3x3x1xf32>
  %0 = nn.transpose_conv_2d %x, %w {padding = array<i64: 1, 1, 1, 1>, activation = #nn.activation<relu>} : (tensor<1x2x2x1xf32>, tensor<1x3x3x1xf32>) -> tensor<1x2x2x1xf32>
  return %0 : tensor<1x2x2x1xf32>
}

// -----

// The stride does not divide the size: zeros between the elements. The bottom is
// cut by more than those behind the last row leave: one goes before each row.
// CHECK-LABEL: @zeros_before
// CHECK: nn.pad %{{.*}} {high = array<i64: 0, 0, 0, 0, 0, 0>, low = array<i64: 0, 0, 1, 0, 0, 0>}
// CHECK: nn.conv_2d %{{[^ ]*}}, %{{[^ ]*}} : (
!x = !quant.uniform<i8:f32, 0.5:3>
!w = !quant.uniform<i8:f32, 0.25>
func.func @zeros_before(%x: tensor<1x2x1x1x!x>) -> tensor<1x3x1x1x!x> {
  %w = nn.constant dense<[[[[1]], [[2]]]]> : tensor<1x2x1x1xi8> -> tensor<1x2x1x1x!w>
  %0 = nn.transpose_conv_2d %x, %w {strides = array<i64: 2, 1>, padding = array<i64: 0, 1, 0, 0>} : (tensor<1x2x1x1x!x>, tensor<1x2x1x1x!w>) -> tensor<1x3x1x1x!x>
  return %0 : tensor<1x3x1x1x!x>
}
