// RUN: qopt %s | qopt | FileCheck %s
// RUN: qopt %s --nn-fuse-activations | FileCheck %s --check-prefix=FUSED
// RUN: qopt %s --qopt-cleanup --qopt-integer --convert-nn-to-kernel --kernel-fuse-epilogues \
// RUN:   | FileCheck %s --check-prefix=KERNEL

// A convolution, a residual and an activation that round to 8 bits once: the
// accumulator is brought to a scale 2^12 times as fine as the result's.

!x = !quant.uniform<i8:f32, 0.05:3>
!w = !quant.uniform<i8<-127:127>:f32:0, {0.01, 0.02, 0.003, 0.04}>
!acc = !quant.uniform<i32:f32:3, {0.0005, 0.001, 0.00015, 0.002}>
!sum = !quant.uniform<i32<-536870912:536870911>:f32, 2.44140625E-5>
!r = !quant.uniform<i8:f32, 0.07:-11>
!y = !quant.uniform<i8:f32, 0.1:-20>

// CHECK-LABEL: @main
// CHECK: nn.residual_add %{{.*}}, %arg1 : (tensor<1x5x5x4x!quant.uniform<i32<-536870912:536870911>:f32, 2.44{{.*}}>>, tensor<1x5x5x4x!quant.uniform<i8:f32, 7.0{{.*}}:-11>>) -> tensor<1x5x5x4x!quant.uniform<i8:f32, 1.0{{.*}}:-20>>

// FUSED: nn.residual_add {{.*}} {activation = #nn.activation<relu>}
// FUSED-NOT: nn.relu

// KERNEL: kernel.conv_2d {{.*}}residuals %arg1
// KERNEL-SAME: stages = [#kernel.requantize<rounding = single>, #kernel.clamp<min = -536870912, max = 536870911>, #kernel.residual<rounding = single, operand = <offset = 11, multiplier = 1503238554, shift = 12>, output = <offset = -20, multiplier = 1073741824, shift = -11>>, #kernel.clamp<min = -20, max = 127>]
// KERNEL-NOT: kernel.elementwise
func.func @main(%x: tensor<1x5x5x3x!x> {nn.name = "x"}, %r: tensor<1x5x5x4x!r> {nn.name = "r"})
    -> (tensor<1x5x5x4x!y> {nn.name = "y"}) {
  %w = nn.constant dense<[[[[1, -2, 3]]], [[[4, 5, -6]]], [[[-7, 80, 9]]], [[[127, -127, 12]]]]>
    : tensor<4x1x1x3xi8> -> tensor<4x1x1x3x!w>
  %acc = nn.conv_2d %x, %w : (tensor<1x5x5x3x!x>, tensor<4x1x1x3x!w>) -> tensor<1x5x5x4x!acc>
  %sum = quant.requantize %acc {rounding = #quant.rounding<single>}
    : tensor<1x5x5x4x!acc> to tensor<1x5x5x4x!sum>
  %0 = nn.residual_add %sum, %r
    : (tensor<1x5x5x4x!sum>, tensor<1x5x5x4x!r>) -> tensor<1x5x5x4x!y>
  %1 = nn.relu %0 : (tensor<1x5x5x4x!y>) -> tensor<1x5x5x4x!y>
  return %1 : tensor<1x5x5x4x!y>
}
