// Layer `y` of the file: mean inputs 2 and 4, mean result -0.8.
// RUN: qopt %s --nn-correct-bias=moments=%S/Inputs/two-layers.moments -split-input-file \
// RUN:   --pass-statistics 2>%t | FileCheck %s
// RUN: FileCheck %s --check-prefix=COUNT <%t

// COUNT: warning: {{.*}}layer 'other' has no moments of its shape: its bias is not corrected
// COUNT: nn-correct-bias: num-corrected = 4

!x = !quant.uniform<i8:f32, 0.5>
!w = !quant.uniform<i8<-127:127>:f32:0, {0.25}>
!b = !quant.uniform<i32:f32:0, {0.125}>

// -0.8 - (1 * 2 - 0.75 * 4) = 0.2 is 1.6 steps.
// CHECK-LABEL: @bias_is_made
// CHECK: %[[B:.+]] = nn.constant dense<2> : tensor<1xi32> -> tensor<1x!quant.uniform<i32:f32:0, {1.250000e-01}>>
// CHECK: %[[D:.+]] = quant.dcast %[[B]]
// CHECK: nn.fully_connected %{{.+}}, %{{.+}}, %[[D]]
func.func @bias_is_made(%x: tensor<1x2x!x>) -> tensor<1x1xf32> {
  %0 = quant.dcast %x : tensor<1x2x!x> to tensor<1x2xf32>
  %w = nn.constant dense<[[4, -3]]> : tensor<1x2xi8> -> tensor<1x2x!w>
  %1 = quant.dcast %w : tensor<1x2x!w> to tensor<1x2xf32>
  %y = nn.fully_connected %0, %1 : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32> loc("y")
  return %y : tensor<1x1xf32>
}

// -----

!x = !quant.uniform<i8:f32, 0.5>
!w = !quant.uniform<i8<-127:127>:f32:0, {0.25}>
!b = !quant.uniform<i32:f32:0, {0.125}>

// CHECK-LABEL: @bias_is_replaced
// CHECK: nn.constant dense<2> : tensor<1xi32>
// CHECK: nn.fully_connected
func.func @bias_is_replaced(%x: tensor<1x2x!x>) -> tensor<1x1xf32> {
  %0 = quant.dcast %x : tensor<1x2x!x> to tensor<1x2xf32>
  %w = nn.constant dense<[[4, -3]]> : tensor<1x2xi8> -> tensor<1x2x!w>
  %1 = quant.dcast %w : tensor<1x2x!w> to tensor<1x2xf32>
  %b = nn.constant dense<-100> : tensor<1xi32> -> tensor<1x!b>
  %2 = quant.dcast %b : tensor<1x!b> to tensor<1xf32>
  %y = nn.fully_connected %0, %1, %2 : (tensor<1x2xf32>, tensor<1x2xf32>, tensor<1xf32>) -> tensor<1x1xf32> loc("y")
  return %y : tensor<1x1xf32>
}

// -----

!w = !quant.uniform<i8<-127:127>:f32, 0.25>

// Weights that are yet to be rounded count as they will be rounded; where the
// input is float, so is the bias.
// CHECK-LABEL: @float_input
// CHECK: nn.constant dense<{{0?\.?2.*}}> : tensor<1xf32>
func.func @float_input(%x: tensor<1x2xf32>) -> tensor<1x1xf32> {
  %w = nn.constant dense<[[1.1, -0.7]]> : tensor<1x2xf32>
  %0 = quant.qcast %w : tensor<1x2xf32> to tensor<1x2x!w>
  %1 = quant.dcast %0 : tensor<1x2x!w> to tensor<1x2xf32>
  %y = nn.fully_connected %x, %1 : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32> loc("y")
  return %y : tensor<1x1xf32>
}

// -----

!x = !quant.uniform<i8:f32, 0.5>
!w = !quant.uniform<i8<-127:127>:f32, 0.25>

// CHECK-LABEL: @per_tensor
// CHECK: nn.constant dense<2> : tensor<1xi32> -> tensor<1x!quant.uniform<i32:f32, 1.250000e-01>>
func.func @per_tensor(%x: tensor<1x2x!x>) -> tensor<1x1xf32> {
  %0 = quant.dcast %x : tensor<1x2x!x> to tensor<1x2xf32>
  %w = nn.constant dense<[[4, -3]]> : tensor<1x2xi8> -> tensor<1x2x!w>
  %1 = quant.dcast %w : tensor<1x2x!w> to tensor<1x2xf32>
  %y = nn.fully_connected %0, %1 : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32> loc("y")
  return %y : tensor<1x1xf32>
}

// -----

!w = !quant.uniform<i8:f32, 0.25>

// CHECK-LABEL: @float_layer_stays
// CHECK: nn.fully_connected %arg0, %0 :
func.func @float_layer_stays(%x: tensor<1x2xf32>) -> tensor<1x1xf32> {
  %w = nn.constant dense<[[1.1, -0.7]]> : tensor<1x2xf32>
  %y = nn.fully_connected %x, %w : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32> loc("y")
  return %y : tensor<1x1xf32>
}

// -----

!w = !quant.uniform<i8:f32, 0.25>

func.func @no_moments(%x: tensor<1x2xf32>) -> tensor<1x1xf32> {
  %w = nn.constant dense<[[4, -3]]> : tensor<1x2xi8> -> tensor<1x2x!w>
  %1 = quant.dcast %w : tensor<1x2x!w> to tensor<1x2xf32>
  %y = nn.fully_connected %x, %1 : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32> loc("other")
  return %y : tensor<1x1xf32>
}
