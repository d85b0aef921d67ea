// 4-bit weights of a depthwise convolution: version 7 of the operator.
!x = tensor<1x4x4x3x!quant.uniform<i8:f32, 0.5:-3>>
!d = tensor<1x3x3x3x!quant.uniform<i4:f32:3, {0.25, 0.125, 0.5}>>
!b = tensor<3x!quant.uniform<i32:f32:0, {0.125, 0.0625, 0.25}>>
func.func @main(%x: !x {nn.name = "x"}) -> (!x {nn.name = "y"}) {
  %d = nn.constant dense<[[[[1, 2, -7], [3, 4, 5], [-1, 2, 3]], [[1, 2, -7], [3, -4, 5], [1, 2, 3]], [[1, -2, -7], [3, 4, 5], [1, 2, -3]]]]> : tensor<1x3x3x3xi4> -> !d
  %b = nn.constant dense<[7, -5, 3]> : tensor<3xi32> -> !b
  %1 = nn.depthwise_conv_2d %x, %d, %b {padding = array<i64: 1, 1, 1, 1>} : (!x, !d, !b) -> !x
  return %1 : !x
}
