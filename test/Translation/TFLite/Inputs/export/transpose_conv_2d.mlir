// Transposed convolutions, SAME and VALID, with and without bias and clamp.
!x = tensor<1x3x4x2x!quant.uniform<i8:f32, 0.5:-3>>
!w = tensor<3x3x2x2x!quant.uniform<i8:f32:0, {0.25, 0.125, 0.0625}>>
!b = tensor<3x!quant.uniform<i32:f32:0, {0.125, 0.0625, 0.03125}>>
!s = tensor<1x6x8x3x!quant.uniform<i8:f32, 1.5:7>>
!v = tensor<1x7x8x3x!quant.uniform<i8:f32, 1.5:7>>
!f = tensor<1x3x4x2xf32>
func.func @main(%x: !x {nn.name = "x"}, %f: !f {nn.name = "f"}) -> (!s {nn.name = "s"}, !v {nn.name = "v"}, tensor<1x6x8x1xf32> {nn.name = "r"}) {
  %w = nn.constant dense<[[[[1, -2], [3, 4]], [[-5, 6], [7, 8]], [[-9, 10], [11, 12]]], [[[13, -14], [15, 16]], [[17, -18], [-1, 2]], [[3, 4], [5, 6]]], [[[7, -8], [9, 10]], [[-11, 12], [13, 14]], [[15, -16], [17, 18]]]]> : tensor<3x3x2x2xi8> -> !w
  %b = nn.constant dense<[100, -200, 300]> : tensor<3xi32> -> !b
  %0 = nn.transpose_conv_2d %x, %w, %b {activation = #nn.activation<relu>, padding = array<i64: 0, 1, 0, 0>, strides = array<i64: 2, 2>} : (!x, !w, !b) -> !s
  %1 = nn.transpose_conv_2d %x, %w {strides = array<i64: 2, 2>} : (!x, !w) -> !v
  %k = nn.constant dense<[[[[0.5, -0.25], [1.0, 2.0]], [[0.75, -0.5], [-1.0, 0.125]], [[0.5, 0.25], [1.5, -2.0]]]]> : tensor<1x3x2x2xf32>
  %2 = nn.transpose_conv_2d %f, %k {padding = array<i64: 0, 1, 0, 0>, strides = array<i64: 2, 2>} : (!f, tensor<1x3x2x2xf32>) -> tensor<1x6x8x1xf32>
  return %0, %1, %2 : !s, !v, tensor<1x6x8x1xf32>
}
