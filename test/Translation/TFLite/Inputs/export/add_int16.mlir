// All scales are powers of two: only one of the two takes the kernel for that.
!x = tensor<4x!quant.uniform<i16:f32, 0.5>>
!z = tensor<4x!quant.uniform<i16:f32, 0.25>>
func.func @main(%x: !x {nn.name = "x"}, %z: !z {nn.name = "z"}) -> (!x {nn.name = "y0"}, !x {nn.name = "y1"}, !x {nn.name = "y2"}) {
  %0 = nn.add %x, %z {pot_scale} : (!x, !z) -> !x
  %1 = nn.add %x, %z : (!x, !z) -> !x
  %2 = nn.sub %x, %z : (!x, !z) -> !x
  return %0, %1, %2 : !x, !x, !x
}
