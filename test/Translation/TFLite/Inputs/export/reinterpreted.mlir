// The same stored integers under other parameters: RESHAPE with its own.
!x = tensor<1x8x!quant.uniform<i8:f32, 0.5:-3>>
!y = tensor<2x4x!quant.uniform<i8:f32, 0.5:-3>>
!z = tensor<2x4x!quant.uniform<i8:f32, 0.25:-3>>
!f = tensor<2x4xf32>
func.func @main(%x: !x {nn.name = "x"}) -> (!f {nn.name = "f"}) {
  %0 = nn.reshape %x : (!x) -> !y
  %1 = quant.scast %0 : !y to tensor<2x4xi8>
  %2 = quant.scast %1 : tensor<2x4xi8> to !z
  %3 = quant.dcast %2 : !z to !f
  return %3 : !f
}
