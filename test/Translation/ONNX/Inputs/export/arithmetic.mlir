// Sums, differences and products; operands that are broadcast; a clamp.
!x = tensor<2x4x5x6x!quant.uniform<u8:f32, 0.03700000047683716:131>>
!z = tensor<2x4x5x6x!quant.uniform<u8:f32, 0.020999999716877937:7>>
!c = tensor<1x1x1x6x!quant.uniform<u8:f32, 0.5:128>>
!y = tensor<2x4x5x6x!quant.uniform<u8:f32, 0.050999999046325684:120>>
!r = tensor<2x4x5x6x!quant.uniform<u8:f32, 0.04500000178813934:10>>
func.func @main(%x: !x {nn.name = "x"}, %z: !z {nn.name = "z"}) -> (!y {nn.name = "sum"}, !y {nn.name = "difference"}, !y {nn.name = "product"}, !r {nn.name = "clamped"}, !y {nn.name = "channels"}) {
  %c = nn.constant dense<[[[[100, 120, -100, 3, -1, 60]]]]> : tensor<1x1x1x6xi8> -> !c
  %0 = nn.add %x, %z {rounding = #quant.rounding<float>} : (!x, !z) -> !y
  %1 = nn.sub %x, %z {rounding = #quant.rounding<float>} : (!x, !z) -> !y
  %2 = nn.mul %x, %z {rounding = #quant.rounding<float>} : (!x, !z) -> !y
  %3 = nn.add %x, %z {activation = #nn.activation<relu>, rounding = #quant.rounding<float>} : (!x, !z) -> !r
  %4 = nn.mul %x, %c {rounding = #quant.rounding<float>} : (!x, !c) -> !y
  return %0, %1, %2, %3, %4 : !y, !y, !y, !r, !y
}
