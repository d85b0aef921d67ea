// RUN: qopt %s --nn-fuse-activations | FileCheck %s
// RUN: qopt %s --nn-fuse-activations --pass-statistics -o /dev/null 2>&1 | FileCheck %s --check-prefix=STATS

// STATS: nn-fuse-activations: num-fused = 8

!x = !quant.uniform<i8:f32, 0.5:-3>
!w = !quant.uniform<i8<-127:127>:f32, 0.25>
!acc = !quant.uniform<i32:f32, 0.125>

// CHECK-LABEL: @conv_relu6_fuses
// CHECK-NEXT: %[[Y:.*]] = nn.conv_2d %{{.*}}, %{{.*}} {activation = #nn.activation<relu6>} :
// CHECK-NEXT: return %[[Y]]
func.func @conv_relu6_fuses(%x: tensor<1x4x4x3x!x>, %w: tensor<2x1x1x3x!w>) -> tensor<1x4x4x2x!x> {
  %0 = nn.conv_2d %x, %w : (tensor<1x4x4x3x!x>, tensor<2x1x1x3x!w>) -> tensor<1x4x4x2x!x>
  %1 = nn.relu6 %0 : (tensor<1x4x4x2x!x>) -> tensor<1x4x4x2x!x>
  return %1 : tensor<1x4x4x2x!x>
}

// CHECK-LABEL: @depthwise_relu_fuses
// CHECK-NEXT: nn.depthwise_conv_2d %{{.*}} {activation = #nn.activation<relu>}
// CHECK-NEXT: return
func.func @depthwise_relu_fuses(%x: tensor<1x4x4x2xf32>, %w: tensor<1x1x1x2xf32>) -> tensor<1x4x4x2xf32> {
  %0 = nn.depthwise_conv_2d %x, %w : (tensor<1x4x4x2xf32>, tensor<1x1x1x2xf32>) -> tensor<1x4x4x2xf32>
  %1 = nn.relu %0 : (tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
  return %1 : tensor<1x4x4x2xf32>
}

// clip to [0, 6] is relu6, and [-1, 1] has a name too.
// CHECK-LABEL: @clips_with_a_name_fuse
// CHECK-NEXT: nn.fully_connected %{{.*}} {activation = #nn.activation<relu6>}
// CHECK-NEXT: nn.add %{{.*}} {activation = #nn.activation<relu_n1_to_1>}
// CHECK-NEXT: return
func.func @clips_with_a_name_fuse(%x: tensor<1x8x!x>, %w: tensor<4x8x!w>) -> tensor<1x4x!x> {
  %0 = nn.fully_connected %x, %w : (tensor<1x8x!x>, tensor<4x8x!w>) -> tensor<1x4x!x>
  %1 = nn.clip %0 {min = 0.0 : f64, max = 6.0 : f64} : (tensor<1x4x!x>) -> tensor<1x4x!x>
  %2 = nn.add %1, %1 : (tensor<1x4x!x>, tensor<1x4x!x>) -> tensor<1x4x!x>
  %3 = nn.clip %2 {min = -1.0 : f64, max = 1.0 : f64} : (tensor<1x4x!x>) -> tensor<1x4x!x>
  return %3 : tensor<1x4x!x>
}

// CHECK-LABEL: @pool_relu_fuses
// CHECK-NEXT: nn.max_pool_2d %{{.*}} {activation = #nn.activation<relu>,
// CHECK-NEXT: return
func.func @pool_relu_fuses(%x: tensor<1x4x4x2x!x>) -> tensor<1x2x2x2x!x> {
  %0 = nn.max_pool_2d %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<1x4x4x2x!x>) -> tensor<1x2x2x2x!x>
  %1 = nn.relu %0 : (tensor<1x2x2x2x!x>) -> tensor<1x2x2x2x!x>
  return %1 : tensor<1x2x2x2x!x>
}

// relu after relu_n1_to_1 would be [0, 1]; relu6 after relu is relu6, and so is
// relu after relu6.
// CHECK-LABEL: @clamps_compose
// CHECK-NEXT: nn.mul %{{.*}} {activation = #nn.activation<relu6>}
// CHECK-NEXT: nn.sub %{{.*}} {activation = #nn.activation<relu6>}
// CHECK-NEXT: nn.add %{{.*}} {activation = #nn.activation<relu_n1_to_1>}
// CHECK-NEXT: nn.relu
// CHECK-NEXT: return
func.func @clamps_compose(%x: tensor<4x!x>) -> tensor<4x!x> {
  %0 = nn.mul %x, %x {activation = #nn.activation<relu>} : (tensor<4x!x>, tensor<4x!x>) -> tensor<4x!x>
  %1 = nn.relu6 %0 : (tensor<4x!x>) -> tensor<4x!x>
  %2 = nn.sub %1, %1 : (tensor<4x!x>, tensor<4x!x>) -> tensor<4x!x>
  %3 = nn.relu6 %2 : (tensor<4x!x>) -> tensor<4x!x>
  %4 = nn.relu %3 : (tensor<4x!x>) -> tensor<4x!x>
  %5 = nn.add %4, %4 {activation = #nn.activation<relu_n1_to_1>} : (tensor<4x!x>, tensor<4x!x>) -> tensor<4x!x>
  %6 = nn.relu %5 : (tensor<4x!x>) -> tensor<4x!x>
  return %6 : tensor<4x!x>
}

// CHECK-LABEL: @other_use_does_not_fuse
// CHECK-NEXT: nn.add %{{.*}} : (
// CHECK-NEXT: nn.relu
func.func @other_use_does_not_fuse(%x: tensor<4x!x>) -> (tensor<4x!x>, tensor<4x!x>) {
  %0 = nn.add %x, %x : (tensor<4x!x>, tensor<4x!x>) -> tensor<4x!x>
  %1 = nn.relu %0 : (tensor<4x!x>) -> tensor<4x!x>
  return %0, %1 : tensor<4x!x>, tensor<4x!x>
}

// CHECK-LABEL: @other_parameters_do_not_fuse
// CHECK-NEXT: nn.add %{{.*}} : (
// CHECK-NEXT: nn.relu
func.func @other_parameters_do_not_fuse(%x: tensor<4x!x>) -> tensor<4x!quant.uniform<i8:f32, 0.5:-128>> {
  %0 = nn.add %x, %x : (tensor<4x!x>, tensor<4x!x>) -> tensor<4x!x>
  %1 = nn.relu %0 : (tensor<4x!x>) -> tensor<4x!quant.uniform<i8:f32, 0.5:-128>>
  return %1 : tensor<4x!quant.uniform<i8:f32, 0.5:-128>>
}

// CHECK-LABEL: @clip_without_a_name_does_not_fuse
// CHECK-NEXT: nn.add %{{.*}} : (
// CHECK-NEXT: nn.clip
func.func @clip_without_a_name_does_not_fuse(%x: tensor<4x!x>) -> tensor<4x!x> {
  %0 = nn.add %x, %x : (tensor<4x!x>, tensor<4x!x>) -> tensor<4x!x>
  %1 = nn.clip %0 {min = 0.0 : f64, max = 5.0 : f64} : (tensor<4x!x>) -> tensor<4x!x>
  return %1 : tensor<4x!x>
}

// CHECK-LABEL: @argument_does_not_fuse
// CHECK-NEXT: nn.relu
func.func @argument_does_not_fuse(%x: tensor<4x!x>) -> tensor<4x!x> {
  %1 = nn.relu %x : (tensor<4x!x>) -> tensor<4x!x>
  return %1 : tensor<4x!x>
}

// CHECK-LABEL: @accumulator_does_not_fuse
// CHECK-NEXT: nn.fully_connected %{{.*}}, %{{.*}} : (
// CHECK-NEXT: nn.relu
func.func @accumulator_does_not_fuse(%x: tensor<1x8x!x>, %w: tensor<4x8x!w>) -> tensor<1x4x!acc> {
  %0 = nn.fully_connected %x, %w : (tensor<1x8x!x>, tensor<4x8x!w>) -> tensor<1x4x!acc>
  %1 = nn.relu %0 : (tensor<1x4x!acc>) -> tensor<1x4x!acc>
  return %1 : tensor<1x4x!acc>
}
