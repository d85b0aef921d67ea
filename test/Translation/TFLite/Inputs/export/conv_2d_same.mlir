// Padding with a name stays inside the operator.
!x = tensor<1x5x6x2x!quant.uniform<i8:f32, 0.5:-3>>
!w = tensor<4x3x3x2x!quant.uniform<i8:f32:0, {0.25, 0.125, 0.0625, 0.5}>>
!b = tensor<4x!quant.uniform<i32:f32:0, {0.125, 0.0625, 0.03125, 0.25}>>
!y = tensor<1x3x3x4x!quant.uniform<i8:f32, 1.5:7>>
func.func @main(%x: !x {nn.name = "x"}) -> (!y {nn.name = "y"}) {
  %w = nn.constant dense<[[[[1, -2], [3, 4], [-5, 6]], [[7, 8], [-9, 10], [11, 12]], [[13, -14], [15, 16], [17, -18]]], [[[-1, 2], [3, 4], [5, 6]], [[7, -8], [9, 10], [-11, 12]], [[13, 14], [15, -16], [17, 18]]], [[[127, 2], [3, 4], [5, 6]], [[7, 8], [9, 10], [-11, 12]], [[13, 14], [-15, 16], [17, 18]]], [[[1, 2], [3, 4], [5, 6]], [[7, 8], [9, 10], [-11, -12]], [[13, 14], [15, 16], [17, -127]]]]> : tensor<4x3x3x2xi8> -> !w
  %b = nn.constant dense<[100, -200, 300, 0]> : tensor<4xi32> -> !b
  %y = nn.conv_2d %x, %w, %b {activation = #nn.activation<relu6>, padding = array<i64: 1, 1, 0, 1>, strides = array<i64: 2, 2>} : (!x, !w, !b) -> !y
  return %y : !y
}
