// RUN: qopt %s | qopt | FileCheck %s
// RUN: qopt %s --emit-bytecode | qopt | FileCheck %s

!tensor = !quant.uniform<u8:f32, 0.25:128>
!channel = !quant.uniform<i8<-127:127>:f32:0, {0.25, 0.5}>
!depth = !quant.uniform<i8<-127:127>:f32:3, {0.25, 0.5}>
!groups = !quant.uniform<i4<-7:7>:f32:{0:1, 1:2}, {{0.25, 0.5}, {1.0, 2.0}}>
!window = !quant.uniform<i4<-7:7>:f32:{0:1, 3:2}, {{{{0.25, 0.5}}}, {{{1.0, 2.0}}}}>

// CHECK-LABEL: @fully_connected
// CHECK: nn.fully_connected %{{.*}}, %{{.*}} : (tensor<1x4xf32>, tensor<2x4x!quant.uniform<u8:f32
// CHECK: nn.fully_connected %{{.*}}, %{{.*}} {dynamic_input} : (tensor<1x4xf32>, tensor<2x4x!quant.uniform<i8<-127:127>:f32:0
// CHECK: nn.fully_connected %{{.*}}, %{{.*}} : (tensor<1x4xf32>, tensor<2x4x!quant.uniform<i4<-7:7>:f32:{0:1, 1:2}
func.func @fully_connected(%x: tensor<1x4xf32>, %a: tensor<2x4x!tensor>, %b: tensor<2x4x!channel>, %c: tensor<2x4x!groups>) {
  %0 = nn.fully_connected %x, %a : (tensor<1x4xf32>, tensor<2x4x!tensor>) -> tensor<1x2xf32>
  %1 = nn.fully_connected %x, %b {dynamic_input} : (tensor<1x4xf32>, tensor<2x4x!channel>) -> tensor<1x2xf32>
  %2 = nn.fully_connected %x, %c : (tensor<1x4xf32>, tensor<2x4x!groups>) -> tensor<1x2xf32>
  return
}

// CHECK-LABEL: @convolutions
// CHECK: nn.conv_2d %{{.*}} {dynamic_input, padding = array<i64: 1, 1, 1, 1>} : (tensor<1x3x3x4xf32>, tensor<2x3x3x4x!quant.uniform<i8<-127:127>:f32:0
// CHECK: nn.conv_2d %{{.*}} : (tensor<1x3x3x4xf32>, tensor<2x3x3x4x!quant.uniform<i4<-7:7>:f32:{0:1, 3:2}
// CHECK: nn.depthwise_conv_2d %{{.*}} {dynamic_input} : (tensor<1x3x3x2xf32>, tensor<1x3x3x2x!quant.uniform<i8<-127:127>:f32:3
func.func @convolutions(%x: tensor<1x3x3x4xf32>, %y: tensor<1x3x3x2xf32>, %a: tensor<2x3x3x4x!channel>, %b: tensor<2x3x3x4x!window>, %c: tensor<1x3x3x2x!depth>, %bias: tensor<2xf32>) {
  %0 = nn.conv_2d %x, %a, %bias {padding = array<i64: 1, 1, 1, 1>, dynamic_input} : (tensor<1x3x3x4xf32>, tensor<2x3x3x4x!channel>, tensor<2xf32>) -> tensor<1x3x3x2xf32>
  %1 = nn.conv_2d %x, %b : (tensor<1x3x3x4xf32>, tensor<2x3x3x4x!window>) -> tensor<1x1x1x2xf32>
  %2 = nn.depthwise_conv_2d %y, %c {dynamic_input} : (tensor<1x3x3x2xf32>, tensor<1x3x3x2x!depth>) -> tensor<1x1x1x2xf32>
  return
}

// Integers times weights in groups: what 4-bit weights become first.
!x = !quant.uniform<i8:f32, 0.5:3>
// CHECK-LABEL: @quantized_input
// CHECK: nn.fully_connected %{{.*}} : (tensor<1x4x!quant.uniform<i8:f32, 5.000000e-01:3>>, tensor<2x4x!quant.uniform<i4<-7:7>:f32:{0:1, 1:2}
func.func @quantized_input(%x: tensor<1x4x!x>, %w: tensor<2x4x!groups>) {
  %0 = nn.fully_connected %x, %w : (tensor<1x4x!x>, tensor<2x4x!groups>) -> tensor<1x2x!x>
  return
}
