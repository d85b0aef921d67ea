!x = tensor<1x4x4x2x!quant.uniform<u8:f32, 0.5:3>>
!z = tensor<1x1x1x2x!quant.uniform<u8:f32, 0.03125:5>>
!y = tensor<1x4x4x2x!quant.uniform<u8:f32, 0.0078125:7>>
func.func @main(%x: !x {nn.name = "x"}, %z: !z {nn.name = "z"}) -> (!x {nn.name = "y0"}, !y {nn.name = "y1"}) {
  %0 = nn.sub %x, %z : (!x, !z) -> !x
  %1 = nn.mul %x, %z : (!x, !z) -> !y
  return %0, %1 : !x, !y
}
