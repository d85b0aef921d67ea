!x = tensor<1x10x!quant.uniform<i8:f32, 0.0625:-3>>
!s = tensor<1x10x!quant.uniform<i8:f32, 3.906250e-03:-128>>
!y = tensor<1x10x!quant.uniform<i8:f32, 0.03125:-5>>
func.func @main(%x: !x {nn.name = "x"}) -> (!s {nn.name = "s"}, !s {nn.name = "l"}, !y {nn.name = "r"}, !y {nn.name = "r6"}) {
  %0 = nn.softmax %x {beta = 1.000000e+00 : f64} : (!x) -> !s
  %1 = nn.logistic %x : (!x) -> !s
  %2 = nn.relu %x : (!x) -> !y
  %3 = nn.relu6 %x : (!x) -> !y
  return %0, %1, %2, %3 : !s, !s, !y, !y
}
