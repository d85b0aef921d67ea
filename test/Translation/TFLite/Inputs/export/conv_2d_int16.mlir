// 64-bit accumulators round in another way than 32-bit ones.
!x = tensor<1x4x4x1x!quant.uniform<i16:f32, 0.001953125>>
!w = tensor<2x2x2x1x!quant.uniform<i8:f32:0, {0.25, 0.0625}>>
!y = tensor<1x3x3x2x!quant.uniform<i16:f32, 0.0078125>>
func.func @main(%x: !x {nn.name = "x"}) -> (!y {nn.name = "y"}, !y {nn.name = "z"}) {
  %w = nn.constant dense<[[[[1], [-3]], [[5], [7]]], [[[-1], [3]], [[5], [-7]]]]> : tensor<2x2x2x1xi8> -> !w
  %b = nn.constant dense<[50000, -7]> : tensor<2xi64>
  %y = nn.conv_2d %x, %w, %b {rounding = #quant.rounding<wide>} : (!x, !w, tensor<2xi64>) -> !y
  %c = nn.constant dense<[500, -7]> : tensor<2xi32> -> tensor<2x!quant.uniform<i32:f32:0, {0.00048828125, 0.0001220703125}>>
  %z = nn.conv_2d %x, %w, %c : (!x, !w, tensor<2x!quant.uniform<i32:f32:0, {0.00048828125, 0.0001220703125}>>) -> !y
  return %y, %z : !y, !y
}
