// RUN: qopt %s --nn-use-stored-weights | FileCheck %s
// RUN: qopt %s --nn-use-stored-weights --pass-statistics -o /dev/null 2>&1 | FileCheck %s --check-prefix=STATS

// STATS: nn-use-stored-weights: num-dynamic = 1
// STATS: nn-use-stored-weights: num-stored = 4

!tensor = !quant.uniform<i8<-127:127>:f32, 0.25>
!channel = !quant.uniform<i8<-127:127>:f32:0, {0.25, 0.5}>
!groups = !quant.uniform<i4<-7:7>:f32:{0:1, 1:2}, {{0.25, 0.5}, {1.0, 2.0}}>
!wide = !quant.uniform<i16:f32, 0.25>
!skewed = !quant.uniform<i8:f32:0, {0.25:1, 0.5:2}>

// CHECK-LABEL: @weights_per_channel
// CHECK-NOT: quant.dcast
// CHECK: nn.fully_connected %arg0, %{{.*}} : (tensor<1x2xf32>, tensor<2x2x!quant.uniform<i8<-127:127>:f32:0, {2.500000e-01,5.000000e-01}>>) -> tensor<1x2xf32>
func.func @weights_per_channel(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %w = nn.constant dense<[[4, -8], [1, 2]]> : tensor<2x2xi8> -> tensor<2x2x!channel>
  %0 = quant.dcast %w : tensor<2x2x!channel> to tensor<2x2xf32>
  %1 = nn.fully_connected %x, %0 : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %1 : tensor<1x2xf32>
}

// CHECK-LABEL: @weights_in_groups
// CHECK-NOT: quant.dcast
// CHECK: nn.fully_connected %arg0, %{{.*}} : (tensor<1x4xf32>, tensor<2x4x!quant.uniform<i4<-7:7>:f32:{0:1, 1:2}
func.func @weights_in_groups(%x: tensor<1x4xf32>) -> tensor<1x2xf32> {
  %w = nn.constant dense<[[4, -7, 1, 2], [1, 2, 3, 4]]> : tensor<2x4xi4> -> tensor<2x4x!groups>
  %0 = quant.dcast %w : tensor<2x4x!groups> to tensor<2x4xf32>
  %1 = nn.fully_connected %x, %0 : (tensor<1x4xf32>, tensor<2x4xf32>) -> tensor<1x2xf32>
  return %1 : tensor<1x2xf32>
}

// CHECK-LABEL: @dynamic_layers_get_a_dynamic_input
// CHECK: nn.conv_2d %arg0, %{{.*}} {dynamic_input} : (tensor<1x1x1x2xf32>, tensor<1x1x1x2x!quant
func.func @dynamic_layers_get_a_dynamic_input(%x: tensor<1x1x1x2xf32>) -> tensor<1x1x1x1xf32> {
  %w = nn.constant dense<[[[[4, -8]]]]> : tensor<1x1x1x2xi8> -> tensor<1x1x1x2x!tensor>
  %0 = quant.dcast %w : tensor<1x1x1x2x!tensor> to tensor<1x1x1x2xf32>
  %1 = nn.conv_2d %x, %0 {quant.dynamic} : (tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>) -> tensor<1x1x1x1xf32>
  return %1 : tensor<1x1x1x1xf32>
}

// Another reader keeps the reals.
// CHECK-LABEL: @reals_with_other_readers_stay
// CHECK: %[[W:.*]] = nn.constant
// CHECK: %[[REAL:.*]] = quant.dcast %[[W]]
// CHECK: nn.fully_connected %arg0, %[[W]]
// CHECK: return %{{.*}}, %[[REAL]]
func.func @reals_with_other_readers_stay(%x: tensor<1x2xf32>) -> (tensor<1x1xf32>, tensor<1x2xf32>) {
  %w = nn.constant dense<[[4, -8]]> : tensor<1x2xi8> -> tensor<1x2x!tensor>
  %0 = quant.dcast %w : tensor<1x2x!tensor> to tensor<1x2xf32>
  %1 = nn.fully_connected %x, %0 : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
  return %1, %0 : tensor<1x1xf32>, tensor<1x2xf32>
}

// CHECK-LABEL: @no_wide_weights
// CHECK: %[[REAL:.*]] = quant.dcast
// CHECK: nn.fully_connected %arg0, %[[REAL]]
func.func @no_wide_weights(%x: tensor<1x2xf32>) -> tensor<1x1xf32> {
  %w = nn.constant dense<[[4, -8]]> : tensor<1x2xi16> -> tensor<1x2x!wide>
  %0 = quant.dcast %w : tensor<1x2x!wide> to tensor<1x2xf32>
  %1 = nn.fully_connected %x, %0 : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
  return %1 : tensor<1x1xf32>
}

// CHECK-LABEL: @no_weights_with_several_zero_points
// CHECK: %[[REAL:.*]] = quant.dcast
// CHECK: nn.fully_connected %arg0, %[[REAL]]
func.func @no_weights_with_several_zero_points(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %w = nn.constant dense<[[4, -8], [1, 2]]> : tensor<2x2xi8> -> tensor<2x2x!skewed>
  %0 = quant.dcast %w : tensor<2x2x!skewed> to tensor<2x2xf32>
  %1 = nn.fully_connected %x, %0 : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %1 : tensor<1x2xf32>
}
