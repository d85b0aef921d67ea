!x = tensor<1x5x5x1x!quant.uniform<u8:f32, 0.5:100>>
!w = tensor<2x3x3x1x!quant.uniform<u8:f32, 0.25:120>>
!b = tensor<2x!quant.uniform<i32:f32, 0.125>>
!y = tensor<1x3x3x2x!quant.uniform<u8:f32, 30.5:7>>
func.func @main(%x: !x {nn.name = "x"}) -> (!y {nn.name = "y"}) {
  %w = nn.constant dense<[[[[1], [255], [-5]], [[7], [200], [11]], [[13], [15], [17]]], [[[1], [3], [5]], [[7], [9], [211]], [[13], [15], [17]]]]> : tensor<2x3x3x1xi8> -> !w
  %b = nn.constant dense<[1000, -2000]> : tensor<2xi32> -> !b
  %y = nn.conv_2d %x, %w, %b {f32_scale_product} : (!x, !w, !b) -> !y
  return %y : !y
}
