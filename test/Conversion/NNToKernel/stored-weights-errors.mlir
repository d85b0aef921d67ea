// RUN: qopt --convert-nn-to-kernel --split-input-file --verify-diagnostics %s

!w = !quant.uniform<i8:f32, 0.25>
func.func @unknown_weights(%x: tensor<1x2xf32>, %w: tensor<1x2x!w>) -> tensor<1x1xf32> {
  // expected-error @below {{has a dynamic input and weights that are not a constant, expected one}}
  // expected-error @below {{failed to legalize operation 'nn.fully_connected'}}
  %0 = nn.fully_connected %x, %w {dynamic_input} : (tensor<1x2xf32>, tensor<1x2x!w>) -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}

// -----

// 66,312 weights of 127 add up to more than (2^31 - 1) / 255.
!w = !quant.uniform<i8:f32, 0.25>
func.func @long_sum(%x: tensor<1x66312xf32>) -> tensor<1x1xf32> {
  %w = nn.constant dense<127> : tensor<1x66312xi8> -> tensor<1x66312x!w>
  // expected-error @below {{has a dynamic input and weights in channel 0 whose magnitudes add up to 8421624, expected 8421504 or less: the accumulator has 32 bits}}
  // expected-error @below {{failed to legalize operation 'nn.fully_connected'}}
  %0 = nn.fully_connected %x, %w {dynamic_input} : (tensor<1x66312xf32>, tensor<1x66312x!w>) -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}
