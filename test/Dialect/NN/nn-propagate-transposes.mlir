// RUN: qopt %s --nn-propagate-transposes | FileCheck %s
// RUN: qopt %s --nn-propagate-transposes --pass-statistics -o /dev/null 2>&1 | FileCheck %s --check-prefix=STATS

// STATS: nn-propagate-transposes: num-removed = {{[1-9][0-9]*}}

!x = !quant.uniform<i8:f32, 0.5:-3>

// Two convolutions that kept their layout.
// CHECK-LABEL: @cancel
// CHECK-NEXT: %[[R:.*]] = nn.relu %arg0 : (tensor<1x4x5x2xf32>) -> tensor<1x4x5x2xf32>
// CHECK-NEXT: return %[[R]]
func.func @cancel(%x: tensor<1x4x5x2xf32>) -> tensor<1x4x5x2xf32> {
  %0 = nn.transpose %x {permutation = array<i64: 0, 3, 1, 2>} : (tensor<1x4x5x2xf32>) -> tensor<1x2x4x5xf32>
  %1 = nn.relu %0 : (tensor<1x2x4x5xf32>) -> tensor<1x2x4x5xf32>
  %2 = nn.transpose %1 {permutation = array<i64: 0, 2, 3, 1>} : (tensor<1x2x4x5xf32>) -> tensor<1x4x5x2xf32>
  return %2 : tensor<1x4x5x2xf32>
}

// Both branches of a residual block; the transposed tensor has two users.
// CHECK-LABEL: @residual
// CHECK-NOT: nn.transpose
// CHECK: return
func.func @residual(%x: tensor<1x4x5x2xf32>, %w: tensor<2x1x1x2xf32>) -> tensor<1x4x5x2xf32> {
  %0 = nn.transpose %x {permutation = array<i64: 0, 3, 1, 2>} : (tensor<1x4x5x2xf32>) -> tensor<1x2x4x5xf32>
  %1 = nn.relu %0 : (tensor<1x2x4x5xf32>) -> tensor<1x2x4x5xf32>
  %2 = nn.transpose %1 {permutation = array<i64: 0, 2, 3, 1>} : (tensor<1x2x4x5xf32>) -> tensor<1x4x5x2xf32>
  %3 = nn.conv_2d %2, %w : (tensor<1x4x5x2xf32>, tensor<2x1x1x2xf32>) -> tensor<1x4x5x2xf32>
  %4 = nn.transpose %3 {permutation = array<i64: 0, 3, 1, 2>} : (tensor<1x4x5x2xf32>) -> tensor<1x2x4x5xf32>
  %5 = nn.add %4, %1 : (tensor<1x2x4x5xf32>, tensor<1x2x4x5xf32>) -> tensor<1x2x4x5xf32>
  %6 = nn.transpose %5 {permutation = array<i64: 0, 2, 3, 1>} : (tensor<1x2x4x5xf32>) -> tensor<1x4x5x2xf32>
  return %6 : tensor<1x4x5x2xf32>
}

// Constants of fewer dimensions: a number per channel.
// CHECK-LABEL: @constant_operand
// CHECK-NEXT: %[[C:.*]] = nn.constant dense<{{\[+}}1.000000e+00, 2.000000e+00{{\]+}}> : tensor<1x1x1x2xf32>
// CHECK-NEXT: %[[Y:.*]] = nn.mul %arg0, %[[C]] : (tensor<1x4x5x2xf32>, tensor<1x1x1x2xf32>) -> tensor<1x4x5x2xf32>
// CHECK-NEXT: nn.transpose %[[Y]] {permutation = array<i64: 0, 3, 1, 2>}
func.func @constant_operand(%x: tensor<1x4x5x2xf32>) -> tensor<1x2x4x5xf32> {
  %c = nn.constant dense<[[[1.0]], [[2.0]]]> : tensor<2x1x1xf32>
  %0 = nn.transpose %x {permutation = array<i64: 0, 3, 1, 2>} : (tensor<1x4x5x2xf32>) -> tensor<1x2x4x5xf32>
  %1 = nn.mul %0, %c : (tensor<1x2x4x5xf32>, tensor<2x1x1xf32>) -> tensor<1x2x4x5xf32>
  return %1 : tensor<1x2x4x5xf32>
}

// Attributes count other dimensions afterwards.
// CHECK-LABEL: @attributes
// CHECK: nn.pad %arg0 {high = array<i64: 0, 2, 4, 0>, low = array<i64: 0, 1, 3, 0>} : (tensor<1x4x5x2xf32>) -> tensor<1x7x12x2xf32>
// CHECK: nn.concat {{.*}} {axis = 3 : i64} : (tensor<1x7x12x2xf32>, tensor<1x7x12x2xf32>) -> tensor<1x7x12x4xf32>
// CHECK: nn.mean {{.*}} {axes = array<i64: 1, 2>} : (tensor<1x7x12x4xf32>) -> tensor<1x4xf32>
// CHECK: nn.arg_max %{{.*}} {axis = 1 : i64} : (tensor<1x4xf32>) -> tensor<1xi32>
// CHECK-NOT: nn.transpose
// CHECK: return
func.func @attributes(%x: tensor<1x4x5x2xf32>) -> tensor<1xi32> {
  %0 = nn.transpose %x {permutation = array<i64: 0, 3, 1, 2>} : (tensor<1x4x5x2xf32>) -> tensor<1x2x4x5xf32>
  %1 = nn.pad %0 {low = array<i64: 0, 0, 1, 3>, high = array<i64: 0, 0, 2, 4>} : (tensor<1x2x4x5xf32>) -> tensor<1x2x7x12xf32>
  %2 = nn.concat %1, %1 {axis = 1 : i64} : (tensor<1x2x7x12xf32>, tensor<1x2x7x12xf32>) -> tensor<1x4x7x12xf32>
  %3 = nn.mean %2 {axes = array<i64: 2, 3>} : (tensor<1x4x7x12xf32>) -> tensor<1x4xf32>
  %4 = nn.arg_max %3 {axis = 1 : i64} : (tensor<1x4xf32>) -> tensor<1xi32>
  return %4 : tensor<1xi32>
}

// CHECK-LABEL: @parts
// CHECK: nn.slice %arg0 {offsets = array<i64: 0, 0, 3, 0>, strides = array<i64: 1, 2, -1, 1>} : (tensor<1x4x5x2xf32>) -> tensor<1x2x3x1xf32>
// CHECK-NOT: nn.transpose
// CHECK: return
func.func @parts(%x: tensor<1x4x5x2xf32>) -> tensor<1x2x3x1xf32> {
  %0 = nn.transpose %x {permutation = array<i64: 0, 3, 1, 2>} : (tensor<1x4x5x2xf32>) -> tensor<1x2x4x5xf32>
  %1 = nn.slice %0 {offsets = array<i64: 0, 0, 0, 3>, strides = array<i64: 1, 1, 2, -1>} : (tensor<1x2x4x5xf32>) -> tensor<1x1x2x3xf32>
  %2 = nn.transpose %1 {permutation = array<i64: 0, 2, 3, 1>} : (tensor<1x1x2x3xf32>) -> tensor<1x2x3x1xf32>
  return %2 : tensor<1x2x3x1xf32>
}

// The weights of what reads the flattened tensor are permuted.
// CHECK-LABEL: @flatten
// CHECK-NEXT: %[[W:.*]] = nn.constant dense<{{\[}}[1.000000e+00, 3.000000e+00, 2.000000e+00, 4.000000e+00]]> : tensor<1x4xf32>
// CHECK-NEXT: %[[X:.*]] = nn.reshape %arg0 : (tensor<1x1x2x2xf32>) -> tensor<1x4xf32>
// CHECK-NEXT: nn.fully_connected %[[X]], %[[W]]
func.func @flatten(%x: tensor<1x1x2x2xf32>) -> tensor<1x1xf32> {
  %w = nn.constant dense<[[1.0, 2.0, 3.0, 4.0]]> : tensor<1x4xf32>
  %0 = nn.transpose %x {permutation = array<i64: 0, 3, 1, 2>} : (tensor<1x1x2x2xf32>) -> tensor<1x2x1x2xf32>
  %1 = nn.reshape %0 : (tensor<1x2x1x2xf32>) -> tensor<1x4xf32>
  %2 = nn.fully_connected %1, %w : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x1xf32>
  return %2 : tensor<1x1xf32>
}

// A row of weights spans images: elements would change rows.
// CHECK-LABEL: @flatten_two_rows_no_fold
// CHECK: nn.transpose
func.func @flatten_two_rows_no_fold(%x: tensor<3x2x4xf32>, %w: tensor<1x4xf32>) -> tensor<6x1xf32> {
  %0 = nn.transpose %x {permutation = array<i64: 1, 0, 2>} : (tensor<3x2x4xf32>) -> tensor<2x3x4xf32>
  %1 = nn.fully_connected %0, %w : (tensor<2x3x4xf32>, tensor<1x4xf32>) -> tensor<6x1xf32>
  return %1 : tensor<6x1xf32>
}

// Height and width are merged, which are neighbours on both sides.
// CHECK-LABEL: @reshape
// CHECK-NEXT: %[[X:.*]] = nn.reshape %arg0 : (tensor<1x4x5x2xf32>) -> tensor<1x20x2xf32>
// CHECK-NEXT: %[[Y:.*]] = nn.relu %[[X]]
// CHECK-NEXT: %[[Z:.*]] = nn.transpose %[[Y]] {permutation = array<i64: 0, 2, 1>} : (tensor<1x20x2xf32>) -> tensor<1x2x20xf32>
// CHECK-NEXT: return %[[Z]]
func.func @reshape(%x: tensor<1x4x5x2xf32>) -> tensor<1x2x20xf32> {
  %0 = nn.transpose %x {permutation = array<i64: 0, 3, 1, 2>} : (tensor<1x4x5x2xf32>) -> tensor<1x2x4x5xf32>
  %1 = nn.reshape %0 : (tensor<1x2x4x5xf32>) -> tensor<1x2x20xf32>
  %2 = nn.relu %1 : (tensor<1x2x20xf32>) -> tensor<1x2x20xf32>
  return %2 : tensor<1x2x20xf32>
}

// Channels and height are merged, which are not.
// CHECK-LABEL: @reshape_no_fold
// CHECK-NEXT: nn.transpose
// CHECK-NEXT: nn.reshape
func.func @reshape_no_fold(%x: tensor<1x4x5x2xf32>) -> tensor<1x8x5xf32> {
  %0 = nn.transpose %x {permutation = array<i64: 0, 3, 1, 2>} : (tensor<1x4x5x2xf32>) -> tensor<1x2x4x5xf32>
  %1 = nn.reshape %0 : (tensor<1x2x4x5xf32>) -> tensor<1x8x5xf32>
  return %1 : tensor<1x8x5xf32>
}

// Only a dimension of 1 moves: nothing is copied.
// CHECK-LABEL: @one_channel
// CHECK-NEXT: nn.reshape %arg0 : (tensor<1x1x8x8xf32>) -> tensor<1x8x8x1xf32>
// CHECK-NEXT: return
func.func @one_channel(%x: tensor<1x1x8x8xf32>) -> tensor<1x8x8x1xf32> {
  %0 = nn.transpose %x {permutation = array<i64: 0, 2, 3, 1>} : (tensor<1x1x8x8xf32>) -> tensor<1x8x8x1xf32>
  return %0 : tensor<1x8x8x1xf32>
}

// Casts are element-wise; channels of a scale move with their dimension.
// CHECK-LABEL: @casts
// CHECK-NEXT: %[[W:.*]] = nn.constant {{.*}} : tensor<3x2xi8> -> tensor<3x2x!quant.uniform<i8:f32:1, {5.000000e-01,2.500000e-01}>>
// CHECK-NEXT: %[[D:.*]] = quant.dcast %[[W]]
// CHECK-NEXT: return %[[D]]
func.func @casts() -> tensor<3x2xf32> {
  %w = nn.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi8> -> tensor<2x3x!quant.uniform<i8:f32:0, {0.5, 0.25}>>
  %0 = nn.transpose %w {permutation = array<i64: 1, 0>} : (tensor<2x3x!quant.uniform<i8:f32:0, {0.5, 0.25}>>) -> tensor<3x2x!quant.uniform<i8:f32:1, {0.5, 0.25}>>
  %1 = quant.dcast %0 : tensor<3x2x!quant.uniform<i8:f32:1, {0.5, 0.25}>> to tensor<3x2xf32>
  return %1 : tensor<3x2xf32>
}

// Weights behind their dequantization.
// CHECK-LABEL: @dequantized_weights
// CHECK-NEXT: %[[W:.*]] = nn.constant {{.*}} : tensor<3x2xi8> -> tensor<3x2x!quant.uniform<i8:f32:1, {5.000000e-01,2.500000e-01}>>
// CHECK-NEXT: %[[D:.*]] = quant.dcast %[[W]]
// CHECK-NEXT: return %[[D]]
func.func @dequantized_weights() -> tensor<3x2xf32> {
  %w = nn.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi8> -> tensor<2x3x!quant.uniform<i8:f32:0, {0.5, 0.25}>>
  %0 = quant.dcast %w : tensor<2x3x!quant.uniform<i8:f32:0, {0.5, 0.25}>> to tensor<2x3xf32>
  %1 = nn.transpose %0 {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  return %1 : tensor<3x2xf32>
}

// On quantized tensors as well.
// CHECK-LABEL: @quantized
// CHECK-NEXT: quant.qcast %arg0
// CHECK-NEXT: nn.relu
// CHECK-NEXT: return
func.func @quantized(%x: tensor<1x4x5x2xf32>) -> tensor<1x4x5x2x!x> {
  %0 = nn.transpose %x {permutation = array<i64: 0, 3, 1, 2>} : (tensor<1x4x5x2xf32>) -> tensor<1x2x4x5xf32>
  %1 = quant.qcast %0 : tensor<1x2x4x5xf32> to tensor<1x2x4x5x!x>
  %2 = nn.relu %1 : (tensor<1x2x4x5x!x>) -> tensor<1x2x4x5x!x>
  %3 = nn.transpose %2 {permutation = array<i64: 0, 2, 3, 1>} : (tensor<1x2x4x5x!x>) -> tensor<1x4x5x2x!x>
  return %3 : tensor<1x4x5x2x!x>
}

// Softmax is along the last dimension, and stays so.
// CHECK-LABEL: @softmax_no_fold
// CHECK-NEXT: nn.transpose
// CHECK-NEXT: nn.softmax
func.func @softmax_no_fold(%x: tensor<3x4xf32>) -> tensor<4x3xf32> {
  %0 = nn.transpose %x {permutation = array<i64: 1, 0>} : (tensor<3x4xf32>) -> tensor<4x3xf32>
  %1 = nn.softmax %0 : (tensor<4x3xf32>) -> tensor<4x3xf32>
  return %1 : tensor<4x3xf32>
}

// The other operand would have to be transposed, and nobody undoes it.
// CHECK-LABEL: @other_operand_no_fold
// CHECK-NEXT: nn.transpose
// CHECK-NEXT: nn.add
// CHECK-NEXT: return
func.func @other_operand_no_fold(%x: tensor<3x4xf32>, %y: tensor<4x3xf32>) -> tensor<4x3xf32> {
  %0 = nn.transpose %x {permutation = array<i64: 1, 0>} : (tensor<3x4xf32>) -> tensor<4x3xf32>
  %1 = nn.add %0, %y : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
  return %1 : tensor<4x3xf32>
}

// Here the next op does.
// CHECK-LABEL: @other_operand
// CHECK-NEXT: %[[Y:.*]] = nn.transpose %arg1
// CHECK-NEXT: nn.add %arg0, %[[Y]]
// CHECK-NEXT: return
func.func @other_operand(%x: tensor<3x4xf32>, %y: tensor<4x3xf32>) -> tensor<3x4xf32> {
  %0 = nn.transpose %x {permutation = array<i64: 1, 0>} : (tensor<3x4xf32>) -> tensor<4x3xf32>
  %1 = nn.add %0, %y : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
  %2 = nn.transpose %1 {permutation = array<i64: 1, 0>} : (tensor<4x3xf32>) -> tensor<3x4xf32>
  return %2 : tensor<3x4xf32>
}

// Images have their channels last.
// CHECK-LABEL: @resize_no_fold
// CHECK-NEXT: nn.transpose
// CHECK-NEXT: nn.resize_bilinear
func.func @resize_no_fold(%x: tensor<1x2x4x4xf32>) -> tensor<1x8x8x2xf32> {
  %0 = nn.transpose %x {permutation = array<i64: 0, 2, 3, 1>} : (tensor<1x2x4x4xf32>) -> tensor<1x4x4x2xf32>
  %1 = nn.resize_bilinear %0 : (tensor<1x4x4x2xf32>) -> tensor<1x8x8x2xf32>
  return %1 : tensor<1x8x8x2xf32>
}
