// RUN: qopt %s --nn-expose-requantize -split-input-file -verify-diagnostics

// The product of the scales is no scale any more.
func.func @scale_underflow(%x: tensor<1x8x!quant.uniform<i8:f32, 1.0e-30>>, %w: tensor<4x8x!quant.uniform<i8:f32, 1.0e-30>>) {
  // expected-error @+1 {{has no accumulator scale: }}
  %0 = nn.fully_connected %x, %w : (tensor<1x8x!quant.uniform<i8:f32, 1.0e-30>>, tensor<4x8x!quant.uniform<i8:f32, 1.0e-30>>) -> tensor<1x4x!quant.uniform<i8:f32, 1.0>>
  return
}
