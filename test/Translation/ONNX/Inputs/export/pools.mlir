// Windows with and without padding, a whole image, means over other dimensions.
!x = tensor<2x9x7x5x!quant.uniform<u8:f32, 0.3700000047683716:31>>
!p = tensor<2x5x4x5x!quant.uniform<u8:f32, 0.3700000047683716:31>>
!v = tensor<2x4x3x5x!quant.uniform<u8:f32, 0.3700000047683716:31>>
!g = tensor<2x1x1x5x!quant.uniform<u8:f32, 0.3700000047683716:31>>
!m = tensor<2x5x!quant.uniform<u8:f32, 0.28999999165534973:77>>
!k = tensor<2x1x1x5x!quant.uniform<u8:f32, 0.28999999165534973:77>>
!h = tensor<2x7x5x!quant.uniform<u8:f32, 0.28999999165534973:77>>
!a = tensor<2x9x7x1x!quant.uniform<u8:f32, 0.28999999165534973:77>>
func.func @main(%x: !x {nn.name = "x"}) -> (!p {nn.name = "padded"}, !v {nn.name = "valid"}, !g {nn.name = "whole"}, !p {nn.name = "greatest"}, !m {nn.name = "mean"}, !k {nn.name = "kept"}, !h {nn.name = "rows"}, !a {nn.name = "channels"}) {
  %0 = nn.average_pool_2d %x {kernel = array<i64: 3, 3>, padding = array<i64: 1, 1, 1, 1>, rounding = #quant.rounding<float>, strides = array<i64: 2, 2>} : (!x) -> !p
  %1 = nn.average_pool_2d %x {kernel = array<i64: 2, 3>, rounding = #quant.rounding<float>, strides = array<i64: 2, 2>} : (!x) -> !v
  %2 = nn.average_pool_2d %x {kernel = array<i64: 9, 7>, rounding = #quant.rounding<float>} : (!x) -> !g
  %3 = nn.max_pool_2d %x {activation = #nn.activation<relu>, kernel = array<i64: 3, 3>, padding = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>} : (!x) -> !p
  %4 = nn.mean %x {axes = array<i64: 1, 2>, rounding = #quant.rounding<float>} : (!x) -> !m
  %5 = nn.mean %x {axes = array<i64: 1, 2>, keep_dims = true, rounding = #quant.rounding<float>} : (!x) -> !k
  %6 = nn.mean %x {axes = array<i64: 1>, rounding = #quant.rounding<float>} : (!x) -> !h
  %7 = nn.mean %x {axes = array<i64: 3>, keep_dims = true, rounding = #quant.rounding<float>} : (!x) -> !a
  return %0, %1, %2, %3, %4, %5, %6, %7 : !p, !v, !g, !p, !m, !k, !h, !a
}
