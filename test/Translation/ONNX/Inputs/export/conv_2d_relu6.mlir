// Stored values are clamped at 6.
!x = tensor<1x5x5x3x!quant.uniform<u8:f32, 0.0430000014603138:117>>
!w = tensor<4x1x1x3x!quant.uniform<i8<-127:127>:f32:0, {0.004262681119143963, 0.016770243644714355, 0.009793371893465519, 0.014837431721389294}>>
!b = tensor<4x!quant.uniform<i32:f32:0, {0.00018329529434804245, 0.0007211205012125355, 0.0004211150057204134, 0.0006380095856870459}>>
!y = tensor<1x5x5x4x!quant.uniform<u8:f32, 0.03999999910593033:0>>
func.func @main(%x: !x {nn.name = "x"}) -> (!y {nn.name = "y"}) {
  %w = nn.constant dense<"0x8353070ADC8D6E525431FD69"> : tensor<4x1x1x3xi8> -> !w
  %b = nn.constant dense<"0xD2F6FFFF9CFAFFFFC8FEFFFFAF060000"> : tensor<4xi32> -> !b
  %y = nn.conv_2d %x, %w, %b {activation = #nn.activation<relu6>, rounding = #quant.rounding<float>} : (!x, !w, !b) -> !y
  return %y : !y
}
