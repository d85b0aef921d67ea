// RUN: qopt %s --nn-insert-fake-quantize="scheme=int4-weights granularity=sub-channel group-size=8" -split-input-file | FileCheck %s
// RUN: qopt %s --nn-insert-fake-quantize="scheme=int4w8a granularity=sub-channel group-size=8" -split-input-file | FileCheck %s --check-prefix=STATIC
// RUN: not qopt %s --nn-insert-fake-quantize="scheme=int8 granularity=sub-channel group-size=8" -split-input-file 2>&1 | FileCheck %s --check-prefix=EIGHT

// EIGHT: error: {{.*}}asks for sub-channel weights of 8 bits beside quantized activations, expected signed, symmetric ones of 4: sums of bytes have no room for another scale; use int4w8a, int8-weights or per-channel

// The scale of a group is that of its greatest weight, 7 or 3.5 over 7. Beside
// integers it is a multiple of a unit: 18 and 9 times.
// CHECK-LABEL: @two_groups
// CHECK: nn.constant dense<{{\[}}[7, 0, 0, 0, 0, 0, 0, 0, 0, -7, 0, 0, 0, 0, 0, 1]]> : tensor<1x16xi4>
// CHECK-SAME: !quant.uniform<i4<-7:7>:f32:{0:1, 1:8}, {{\{}}{1.000000e+00, 5.000000e-01}}>
// STATIC-LABEL: @two_groups
// STATIC: nn.constant dense<{{.*}}> : tensor<1x16xi4>
// STATIC-SAME: !quant.uniform<i4<-7:7>:f32:{0:1, 1:8}
func.func @two_groups(%x: tensor<1x16xf32> {quant.range = #quant.range<-1.0, 1.0>}) -> tensor<1x1xf32> {
  %w = nn.constant dense<[[7.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -3.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.5]]> : tensor<1x16xf32>
  %y = nn.fully_connected %x, %w {quant.range = #quant.range<-2.0, 2.0>}
    : (tensor<1x16xf32>, tensor<1x16xf32>) -> tensor<1x1xf32>
  return %y : tensor<1x1xf32>
}

// -----

// Of 12 input channels the greatest divisor that is not above 8 is 6: too few.
// CHECK-LABEL: @small_groups_stay_per_channel
// CHECK: !quant.uniform<i4<-7:7>:f32:0, {1.000000e+00}>
func.func @small_groups_stay_per_channel(%x: tensor<1x12xf32> {quant.range = #quant.range<-1.0, 1.0>}) -> tensor<1x1xf32> {
  %w = nn.constant dense<7.0> : tensor<1x12xf32>
  %y = nn.fully_connected %x, %w {quant.range = #quant.range<-2.0, 2.0>}
    : (tensor<1x12xf32>, tensor<1x12xf32>) -> tensor<1x1xf32>
  return %y : tensor<1x1xf32>
}
