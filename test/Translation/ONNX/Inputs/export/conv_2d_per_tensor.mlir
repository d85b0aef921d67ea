// One scale for the weights; unsigned weights with a zero point.
!x = tensor<1x5x5x4x!quant.uniform<u8:f32, 0.029999999329447746:120>>
!w = tensor<3x2x2x4x!quant.uniform<u8:f32, 0.010999999940395355:101>>
!b = tensor<3x!quant.uniform<i32:f32, 0.0003299999908357859>>
!y = tensor<1x4x4x3x!quant.uniform<u8:f32, 0.20000000298023224:99>>
func.func @main(%x: !x {nn.name = "x"}) -> (!y {nn.name = "y"}) {
  %w = nn.constant dense<"0xD590DF8C51E4E5C8AB1EC3D5A58CA8AD1C28477863B39CCC36CE3937EAD51A91F3AB8ED99867EAEBECE142CE52619487"> : tensor<3x2x2x4xi8> -> !w
  %b = nn.constant dense<"0xF108000056F8FFFF4E020000"> : tensor<3xi32> -> !b
  %y = nn.conv_2d %x, %w, %b {rounding = #quant.rounding<float>} : (!x, !w, !b) -> !y
  return %y : !y
}
