!x = tensor<1x4x4x4x!quant.uniform<i8:f32, 0.5:-9>>
!w = tensor<2x2x2x2x!quant.uniform<i8<-127:127>:f32:0, {0.25, 0.0625}>>
!b = tensor<2xi32>
!y = tensor<1x3x3x2x!quant.uniform<i8:f32, 1.5:7>>
func.func @main(%x: !x {nn.name = "x"}) -> (!y {nn.name = "y"}) {
  %w = nn.constant dense<[[[[1, 2], [-3, 4]], [[5, -6], [7, 8]]], [[[-1, 2], [3, 4]], [[5, 6], [-7, 8]]]]> : tensor<2x2x2x2xi8> -> !w
  %b = nn.constant dense<[5, -7]> : tensor<2xi32>
  %y = nn.conv_2d %x, %w, %b {groups = 2 : i64} : (!x, !w, !b) -> !y
  return %y : !y
}
