!x = tensor<1x2x2x3x!quant.uniform<i16:f32, 0.0009765625>>
!w = tensor<2x3x!quant.uniform<i8:f32:0, {0.25, 0.125}>>
!y = tensor<1x2x2x2x!quant.uniform<i16:f32, 0.00390625>>
func.func @main(%x: !x {nn.name = "x"}) -> (!y {nn.name = "y"}) {
  %w = nn.constant dense<[[1, -2, 3], [127, -128, 6]]> : tensor<2x3xi8> -> !w
  %b = nn.constant dense<[100, -200]> : tensor<2xi64>
  %y = nn.fully_connected %x, %w, %b {activation = #nn.activation<relu>, rounding = #quant.rounding<real>} : (!x, !w, tensor<2xi64>) -> !y
  return %y : !y
}
