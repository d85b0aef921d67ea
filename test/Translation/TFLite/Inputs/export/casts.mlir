!q = tensor<1x10x!quant.uniform<i8:f32, 0.0625:-3>>
!u = tensor<1x10x!quant.uniform<u8:f32, 0.03125:5>>
!k = tensor<1x10x!quant.uniform<i16:f32, 0.001953125>>
!f = tensor<1x10xf32>
func.func @main(%x: !f {nn.name = "x"}) -> (!f {nn.name = "f"}, !u {nn.name = "u"}, !k {nn.name = "k"}) {
  %0 = quant.qcast %x : !f to !q
  %1 = quant.requantize %0 {rounding = #quant.rounding<double>} : !q to !u
  %2 = quant.dcast %0 : !q to !f
  %3 = quant.qcast %x : !f to !k
  return %2, %1, %3 : !f, !u, !k
}
