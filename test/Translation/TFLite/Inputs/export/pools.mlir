!x = tensor<1x6x6x2x!quant.uniform<i8:f32, 0.5:-3>>
!y = tensor<1x3x3x2x!quant.uniform<i8:f32, 0.5:-3>>
func.func @main(%x: !x {nn.name = "x"}) -> (!y {nn.name = "average"}, !y {nn.name = "max"}) {
  %0 = nn.average_pool_2d %x {kernel = array<i64: 3, 3>, padding = array<i64: 0, 1, 0, 1>, strides = array<i64: 2, 2>} : (!x) -> !y
  %1 = nn.max_pool_2d %x {activation = #nn.activation<relu6>, kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (!x) -> !y
  return %0, %1 : !y, !y
}
