!x = tensor<1x6x6x2x!quant.uniform<i8:f32, 0.5:-3>>
!m = tensor<1x2x!quant.uniform<i8:f32, 0.25:5>>
func.func @main(%x: !x {nn.name = "x"}) -> (!m {nn.name = "mean"}, tensor<1x6x6xi32> {nn.name = "max"}) {
  %0 = nn.mean %x {axes = array<i64: 1, 2>} : (!x) -> !m
  %1 = nn.arg_max %x {axis = 3 : i64} : (!x) -> tensor<1x6x6xi32>
  return %0, %1 : !m, tensor<1x6x6xi32>
}
