// A result shape that the operator cannot have takes a RESHAPE.
!x = tensor<1x2x2x3x!quant.uniform<i8:f32, 0.5:-3>>
!w = tensor<2x12x!quant.uniform<i8:f32, 0.25>>
!y = tensor<1x1x1x2x!quant.uniform<i8:f32, 3.5:7>>
func.func @main(%x: !x {nn.name = "x"}) -> (!y {nn.name = "y"}) {
  %w = nn.constant dense<[[1, -2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [127, -128, 6, 5, 4, 3, 2, 1, 0, -1, -2, -3]]> : tensor<2x12xi8> -> !w
  %y = nn.fully_connected %x, %w {rounding = #quant.rounding<real>} : (!x, !w) -> !y
  return %y : !y
}
