// Padding without a name becomes an operator whose border is the zero point.
!x = tensor<1x6x6x1x!quant.uniform<i8:f32, 0.5:-9>>
!w = tensor<2x3x3x1x!quant.uniform<i8:f32, 0.25>>
!y = tensor<1x3x4x2x!quant.uniform<i8:f32, 1.5:7>>
func.func @main(%x: !x {nn.name = "x"}) -> (!y {nn.name = "y"}) {
  %w = nn.constant dense<[[[[1], [3], [-5]], [[7], [-9], [11]], [[13], [15], [17]]], [[[-1], [3], [5]], [[7], [9], [-11]], [[13], [15], [17]]]]> : tensor<2x3x3x1xi8> -> !w
  %y = nn.conv_2d %x, %w {padding = array<i64: 1, 1, 2, 1>, strides = array<i64: 2, 2>} : (!x, !w) -> !y
  return %y : !y
}
