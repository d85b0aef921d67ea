// Where values are quantized around an element-wise sum.
// RUN: qopt %s --nn-insert-fake-quantize=profile=tflite | FileCheck %s --check-prefix=BOTH
// RUN: qopt %s --nn-insert-fake-quantize=profile=qopt | FileCheck %s --check-prefix=AFTER
// RUN: qopt %s --nn-insert-fake-quantize=profile=tensorrt | FileCheck %s --check-prefix=BEFORE
// RUN: qopt %s --nn-insert-fake-quantize=profile=qopt --nn-convert-fake-quantized | FileCheck %s --check-prefix=INTEGER

// The operands and the sum.
// BOTH-LABEL: @residual
// BOTH: %[[C:.*]] = nn.conv_2d
// BOTH: %[[Q:.*]] = quant.qcast %[[C]]
// BOTH: %[[D:.*]] = quant.dcast %[[Q]]
// BOTH: %[[S:.*]] = nn.add %[[D]]
// BOTH: quant.qcast %[[S]]

// The sum alone: the convolution's result stays in its accumulator.
// AFTER-LABEL: @residual
// AFTER: %[[C:.*]] = nn.conv_2d
// AFTER-NEXT: %[[S:.*]] = nn.add %[[C]], %{{.*}}
// AFTER-NEXT: quant.qcast %[[S]]

// The operands alone: nothing reads the sum that is quantized.
// BEFORE-LABEL: @residual
// BEFORE: %[[C:.*]] = nn.conv_2d
// BEFORE: quant.qcast %[[C]]
// BEFORE: %[[S:.*]] = nn.add
// BEFORE-NOT: quant.qcast %[[S]]
// BEFORE: return %[[S]]

// INTEGER-LABEL: @residual
// INTEGER-SAME: (%[[X:.*]]: tensor<1x2x2x1x!quant.uniform<i8:f32, 7.812500e-03>>)
// INTEGER: %[[A:.*]] = nn.conv_2d %[[X]], {{.*}} -> tensor<1x2x2x1x!quant.uniform<i32:f32:3, {6.103515625E-5}>>
// INTEGER: %[[F:.*]] = quant.requantize %[[A]] {rounding = #quant.rounding<single>} : {{.*}} to tensor<1x2x2x1x!quant.uniform<i32<-536870912:536870911>:f32, 2.3841{{.*}}E-7>>
// INTEGER: %[[Y:.*]] = nn.residual_add %[[F]], %[[X]] {activation = #nn.activation<relu>}
// INTEGER: return %[[Y]]
func.func @residual(%x: tensor<1x2x2x1xf32> {quant.range = #quant.range<-1.0, 0.9921875>}) -> tensor<1x2x2x1xf32> {
  %w = nn.constant dense<0.9921875> : tensor<1x1x1x1xf32>
  %0 = nn.conv_2d %x, %w {quant.range = #quant.range<-1.0, 1.0>}
    : (tensor<1x2x2x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x2x2x1xf32>
  %1 = nn.add %0, %x {activation = #nn.activation<relu>, quant.range = #quant.range<0.0, 3.984375>}
    : (tensor<1x2x2x1xf32>, tensor<1x2x2x1xf32>) -> tensor<1x2x2x1xf32>
  return %1 : tensor<1x2x2x1xf32>
}
