!x = tensor<1x4x4x2x!quant.uniform<i8:f32, 0.5:-3>>
!z = tensor<2x!quant.uniform<i8:f32, 0.03125:5>>
!y = tensor<1x4x4x2x!quant.uniform<i8:f32, 0.75:7>>
func.func @main(%x: !x {nn.name = "x"}, %z: !z {nn.name = "z"}) -> (!y {nn.name = "y"}) {
  %y = nn.add %x, %z {activation = #nn.activation<relu>} : (!x, !z) -> !y
  return %y : !y
}
