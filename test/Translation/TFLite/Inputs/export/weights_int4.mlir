// Two weights a byte.
!x = tensor<1x4x4x3x!quant.uniform<i8:f32, 0.5:-3>>
!w = tensor<3x1x1x3x!quant.uniform<i4:f32:0, {0.25, 0.125, 0.5}>>
!m = tensor<3x3x!quant.uniform<i4:f32, 0.30000001192092896>>
!b = tensor<3x!quant.uniform<i32:f32:0, {0.125, 0.0625, 0.25}>>
!c = tensor<3x!quant.uniform<i32:f32, 0.15000000596046448>>
!r = tensor<16x3x!quant.uniform<i8:f32, 0.5:-3>>
func.func @main(%x: !x {nn.name = "x"}) -> (!x {nn.name = "y0"}, !r {nn.name = "y1"}) {
  %w = nn.constant dense<[[[[1, 2, -7]]], [[[3, -4, 7]]], [[[5, 0, 6]]]]> : tensor<3x1x1x3xi4> -> !w
  %b = nn.constant dense<[7, -5, 3]> : tensor<3xi32> -> !b
  %0 = nn.conv_2d %x, %w, %b : (!x, !w, !b) -> !x
  %m = nn.constant dense<[[5, -4, 7], [1, 7, -2], [-7, 0, 1]]> : tensor<3x3xi4> -> !m
  %c = nn.constant dense<[7, -5, 3]> : tensor<3xi32> -> !c
  %2 = nn.fully_connected %x, %m, %c {rounding = #quant.rounding<real>} : (!x, !m, !c) -> !r
  return %0, %2 : !x, !r
}
