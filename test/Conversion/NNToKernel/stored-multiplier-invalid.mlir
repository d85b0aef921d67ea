// RUN: qopt %s --convert-nn-to-kernel --verify-diagnostics

!q = !quant.uniform<i8:f32, 0.1>
!wide = !quant.uniform<i32:f32, 0.001>
func.func @main(%x: tensor<4xi8> {nn.name = "x"}) -> (tensor<4x!wide> {nn.name = "y"}) {
  // expected-error @+2 {{scales stored 8-bit values to 32 bits, which no kernel supports}}
  // expected-error @+1 {{failed to legalize}}
  %0 = quant.apply_multiplier %x {multiplier = #quant.multiplier<[1677721600], [7]>, rounding = #quant.rounding<single>} : tensor<4xi8> to tensor<4x!wide>
  return %0 : tensor<4x!wide>
}
