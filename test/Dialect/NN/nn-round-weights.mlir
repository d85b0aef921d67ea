// The two inputs of layer `y` in the file have a correlation of 0.9: errors of
// opposite sign cancel.
// RUN: qopt %s --nn-round-weights=method=nearest -split-input-file \
// RUN:   | FileCheck %s --check-prefixes=CHECK,NEAREST
// RUN: qopt %s --nn-round-weights=moments=%S/Inputs/two-layers.moments -split-input-file \
// RUN:   --pass-statistics 2>%t.statistics | FileCheck %s --check-prefixes=CHECK,GPTQ
// RUN: FileCheck %s --check-prefix=COUNT <%t.statistics
// RUN: qopt %s --nn-round-weights="moments=%S/Inputs/two-layers.moments method=adaround" \
// RUN:   -split-input-file 2>/dev/null | FileCheck %s --check-prefixes=CHECK,GPTQ

// COUNT: warning: {{.*}}layer 'other' has no moments of its shape: its weights are rounded to the nearest
// COUNT: warning: {{.*}}layer 'y' has no moments of its shape
// COUNT: nn-round-weights: num-moved = 1
// COUNT: nn-round-weights: num-rounded = 3

!w = !quant.uniform<i8<-127:127>:f32:0, {0.5}>

// CHECK-LABEL: @correlated_inputs_cancel
// NEAREST: %[[W:.+]] = nn.constant dense<0> : tensor<1x2xi8>
// GPTQ: %[[W:.+]] = nn.constant dense<{{\[\[}}1, 0]]> : tensor<1x2xi8>
// CHECK: %[[D:.+]] = quant.dcast %[[W]]
// CHECK: nn.fully_connected %{{.+}}, %[[D]]
func.func @correlated_inputs_cancel(%x: tensor<1x2xf32>) -> tensor<1x1xf32> {
  %w = nn.constant dense<0.2> : tensor<1x2xf32>
  %0 = quant.qcast %w : tensor<1x2xf32> to tensor<1x2x!w>
  %1 = quant.dcast %0 : tensor<1x2x!w> to tensor<1x2xf32>
  %y = nn.fully_connected %x, %1 : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32> loc("y")
  return %y : tensor<1x1xf32>
}

// -----

!w = !quant.uniform<u8:f32, 0.5:3>

// CHECK-LABEL: @without_moments_to_the_nearest
// CHECK: nn.constant dense<{{\[\[}}4, 2, 0, -1]]> : tensor<1x4xi8>
// 255 is printed as i8.
func.func @without_moments_to_the_nearest(%x: tensor<1x4xf32>) -> tensor<1x1xf32> {
  %w = nn.constant dense<[[0.25, -0.25, -9.0, 900.0]]> : tensor<1x4xf32>
  %0 = quant.qcast %w : tensor<1x4xf32> to tensor<1x4x!w>
  %1 = quant.dcast %0 : tensor<1x4x!w> to tensor<1x4xf32>
  %y = nn.fully_connected %x, %1 : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x1xf32> loc("other")
  return %y : tensor<1x1xf32>
}

// -----

!w = !quant.uniform<i8:f32, 0.5>

// CHECK-LABEL: @moments_of_another_shape
// CHECK: nn.constant dense<{{\[\[}}2, 4, 6]]> : tensor<1x3xi8>
func.func @moments_of_another_shape(%x: tensor<1x3xf32>) -> tensor<1x1xf32> {
  %w = nn.constant dense<[[1.0, 2.0, 3.0]]> : tensor<1x3xf32>
  %0 = quant.qcast %w : tensor<1x3xf32> to tensor<1x3x!w>
  %1 = quant.dcast %0 : tensor<1x3x!w> to tensor<1x3xf32>
  %y = nn.fully_connected %x, %1 : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<1x1xf32> loc("y")
  return %y : tensor<1x1xf32>
}

// -----

!w = !quant.uniform<i8:f32, 0.5>

// Casts of activations are not touched, nor weights that are integers already.
// CHECK-LABEL: @nothing_to_round
// CHECK: quant.qcast %arg0
func.func @nothing_to_round(%x: tensor<1x2xf32>) -> tensor<1x1xf32> {
  %a = quant.qcast %x : tensor<1x2xf32> to tensor<1x2x!w>
  %b = quant.dcast %a : tensor<1x2x!w> to tensor<1x2xf32>
  %w = nn.constant dense<7> : tensor<1x2xi8> -> tensor<1x2x!w>
  %1 = quant.dcast %w : tensor<1x2x!w> to tensor<1x2xf32>
  %y = nn.fully_connected %b, %1 : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32> loc("y")
  return %y : tensor<1x1xf32>
}
