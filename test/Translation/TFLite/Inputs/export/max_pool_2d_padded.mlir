// The border is the least value: PADV2.
!x = tensor<1x6x6x2x!quant.uniform<i8:f32, 0.5:-3>>
!y = tensor<1x3x3x2x!quant.uniform<i8:f32, 0.5:-3>>
!f = tensor<1x6x6x2xf32>
!g = tensor<1x3x3x2xf32>
func.func @main(%x: !x {nn.name = "x"}, %f: !f {nn.name = "f"}) -> (!y {nn.name = "y"}, !g {nn.name = "g"}) {
  %0 = nn.max_pool_2d %x {kernel = array<i64: 3, 3>, padding = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>} : (!x) -> !y
  %1 = nn.max_pool_2d %f {kernel = array<i64: 3, 3>, padding = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>} : (!f) -> !g
  return %0, %1 : !y, !g
}
