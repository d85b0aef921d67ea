!x = tensor<2x3x!quant.uniform<i8:f32, 0.5:-3>>
!w = tensor<2x3x!quant.uniform<i8:f32, 0.25:1>>
!b = tensor<2x!quant.uniform<i32:f32, 0.125>>
!y = tensor<2x2x!quant.uniform<i8:f32, 3.5:7>>
func.func @main(%x: !x {nn.name = "x"}) -> (!y {nn.name = "y"}) {
  %w = nn.constant dense<[[1, -2, 3], [127, -128, 6]]> : tensor<2x3xi8> -> !w
  %b = nn.constant dense<[100, -200]> : tensor<2xi32> -> !b
  %y = nn.fully_connected %x, %w, %b {rounding = #quant.rounding<real>} : (!x, !w, !b) -> !y
  return %y : !y
}
