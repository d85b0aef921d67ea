// Rows of an image, a factor.
!x = tensor<2x3x3x21x!quant.uniform<u8:f32, 0.10999999940395355:200>>
!s = tensor<2x3x3x21x!quant.uniform<u8:f32, 0.00390625:0>>
func.func @main(%x: !x {nn.name = "x"}) -> (!s {nn.name = "s"}) {
  %0 = nn.softmax %x {beta = 2.500000e+00 : f64, rounding = #quant.rounding<float>} : (!x) -> !s
  return %0 : !s
}
