// Float graphs, and a part that is not quantized.
!x = tensor<1x6x6x2xf32>
!y = tensor<1x6x6x3xf32>
!q = tensor<1x6x6x3x!quant.uniform<i8:f32, 0.0625:-3>>
func.func @main(%x: !x {nn.name = "x"}) -> (!q {nn.name = "q"}) {
  %w = nn.constant dense<[[[[0.5, -0.25]]], [[[1.0, 2.0]]], [[[-1.0, 0.125]]]]> : tensor<3x1x1x2xf32>
  %b = nn.constant dense<[0.5, 1.0, -1.0]> : tensor<3xf32>
  %0 = nn.conv_2d %x, %w, %b {activation = #nn.activation<relu>} : (!x, tensor<3x1x1x2xf32>, tensor<3xf32>) -> !y
  %1 = nn.clip %0 {max = 1.000000e+00 : f64, min = -1.000000e+00 : f64} : (!y) -> !y
  %2 = quant.qcast %1 : !y to !q
  return %2 : !q
}
