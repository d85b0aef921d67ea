// Layer `z` of the file: six independent inputs, the first of them hardly ever
// anything but its mean.
// RUN: qopt %s --nn-search-weight-scales -split-input-file | FileCheck %s --check-prefixes=CHECK,WEIGHTS
// RUN: qopt %s --nn-search-weight-scales="moments=%S/Inputs/two-layers.moments damping=0" \
// RUN:   -split-input-file --pass-statistics 2>%t | FileCheck %s --check-prefixes=CHECK,RESULT
// RUN: FileCheck %s --check-prefix=COUNT <%t

// COUNT: nn-search-weight-scales: num-shrunk = 1

!x = !quant.uniform<i8:f32, 0.5>
!w = !quant.uniform<i4<-7:7>:f32:0, {1.0, 1.5}>
!b = !quant.uniform<i32:f32:0, {0.5, 0.75}>

// With the weights' own error in view the large weight must not be cut off; the
// layer's result does not need it: 0.7 makes the others exact, and is fitted. The second
// row has nothing to gain. The bias keeps its value.
// CHECK-LABEL: @clips_what_does_not_matter
// WEIGHTS: quant.qcast %{{.+}} to tensor<2x6x!quant.uniform<i4<-7:7>:f32:0, {1.000000e+00,1.500000e+00}>>
// RESULT: quant.qcast %{{.+}} to tensor<2x6x!quant.uniform<i4<-7:7>:f32:0, {0.70000183582305908,1.500000e+00}>>
// RESULT: nn.constant dense<[9, 6]> : tensor<2xi32>
func.func @clips_what_does_not_matter(%x: tensor<1x6x!x>) -> tensor<1x2xf32> {
  %0 = quant.dcast %x : tensor<1x6x!x> to tensor<1x6xf32>
  %w = nn.constant dense<[[7.0, 0.7, -0.7, 0.7, 1.4, 0.7], [10.5, 1.5, 1.5, 3.0, 1.5, 1.5]]> : tensor<2x6xf32>
  %1 = quant.qcast %w : tensor<2x6xf32> to tensor<2x6x!w>
  %2 = quant.dcast %1 : tensor<2x6x!w> to tensor<2x6xf32>
  %b = nn.constant dense<[6, 6]> : tensor<2xi32> -> tensor<2x!b>
  %3 = quant.dcast %b : tensor<2x!b> to tensor<2xf32>
  %y = nn.fully_connected %0, %2, %3 : (tensor<1x6xf32>, tensor<2x6xf32>, tensor<2xf32>) -> tensor<1x2xf32> loc("z")
  return %y : tensor<1x2xf32>
}

// -----

!w = !quant.uniform<i4<-7:7>:f32, 1.0>

// Powers of two stay powers of two: here nothing is gained by half the scale.
// CHECK-LABEL: @powers_of_two
// CHECK: !quant.uniform<i4<-7:7>:f32, 1.000000e+00>
func.func @powers_of_two(%x: tensor<1x6xf32>) -> tensor<1x1xf32> {
  %w = nn.constant dense<[[7.0, 0.5, -0.5, 0.5, 0.5, 0.5]]> : tensor<1x6xf32>
  %1 = quant.qcast %w : tensor<1x6xf32> to tensor<1x6x!w>
  %2 = quant.dcast %1 : tensor<1x6x!w> to tensor<1x6xf32>
  %y = nn.fully_connected %x, %2 : (tensor<1x6xf32>, tensor<1x6xf32>) -> tensor<1x1xf32> loc("other")
  return %y : tensor<1x1xf32>
}

// -----

!w = !quant.uniform<i4<-7:7>:f32, 3.0>

// A scale far above what the weights need was raised on purpose.
// CHECK-LABEL: @raised_scale_stays
// CHECK: !quant.uniform<i4<-7:7>:f32, 3.000000e+00>
func.func @raised_scale_stays(%x: tensor<1x2xf32>) -> tensor<1x1xf32> {
  %w = nn.constant dense<[[7.0, 2.0]]> : tensor<1x2xf32>
  %1 = quant.qcast %w : tensor<1x2xf32> to tensor<1x2x!w>
  %2 = quant.dcast %1 : tensor<1x2x!w> to tensor<1x2xf32>
  %y = nn.fully_connected %x, %2 : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32> loc("other")
  return %y : tensor<1x1xf32>
}
