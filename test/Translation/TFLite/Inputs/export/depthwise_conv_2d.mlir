!x = tensor<1x5x5x2x!quant.uniform<i8:f32, 0.5:-3>>
!w = tensor<1x3x3x4x!quant.uniform<i8:f32:3, {0.25, 0.125, 0.0625, 0.5}>>
!b = tensor<4x!quant.uniform<i32:f32:0, {0.125, 0.0625, 0.03125, 0.25}>>
!y = tensor<1x5x5x4x!quant.uniform<i8:f32, 3.5:7>>
!z = tensor<1x1x1x4x!quant.uniform<i8:f32, 3.5:7>>
func.func @main(%x: !x {nn.name = "x"}) -> (!y {nn.name = "y"}, !z {nn.name = "z"}) {
  %w = nn.constant dense<[[[[1, -2, 3, 4], [5, 6, 7, 8], [9, -10, 11, 12]], [[13, 14, 15, 16], [17, -18, 19, 20], [21, 22, 23, 24]], [[25, 26, 27, 28], [29, 30, 31, -32], [33, 34, 35, 36]]]]> : tensor<1x3x3x4xi8> -> !w
  %b = nn.constant dense<[100, -200, 300, 0]> : tensor<4xi32> -> !b
  %y = nn.depthwise_conv_2d %x, %w, %b {activation = #nn.activation<relu>, padding = array<i64: 1, 1, 1, 1>} : (!x, !w, !b) -> !y
  %z = nn.depthwise_conv_2d %x, %w, %b {dilations = array<i64: 2, 2>} : (!x, !w, !b) -> !z
  return %y, %z : !y, !z
}
