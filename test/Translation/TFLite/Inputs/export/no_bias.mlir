// Layers without a bias, of which CONV_2D gets zeros.
!x = tensor<1x4x4x2x!quant.uniform<i8:f32, 0.5:-3>>
!w = tensor<2x1x1x2x!quant.uniform<i8:f32:0, {0.25, 0.125}>>
!d = tensor<1x1x1x2x!quant.uniform<i8:f32:3, {0.25, 0.125}>>
!m = tensor<2x2x!quant.uniform<i8:f32, 0.30000001192092896>>
!r = tensor<16x2x!quant.uniform<i8:f32, 0.5:-3>>
!h = tensor<1x4x4x2x!quant.uniform<i16:f32, 0.0009765625>>
!f = tensor<1x4x4x2xf32>
func.func @main(%x: !x {nn.name = "x"}, %h: !h {nn.name = "h"}, %f: !f {nn.name = "f"}) -> (!r {nn.name = "r"}, !h {nn.name = "h0"}, !h {nn.name = "h1"}, !h {nn.name = "h2"}, !f {nn.name = "f0"}) {
  %w = nn.constant dense<[[[[1, 2]]], [[[3, -4]]]]> : tensor<2x1x1x2xi8> -> !w
  %d = nn.constant dense<[[[[5, -4]]]]> : tensor<1x1x1x2xi8> -> !d
  %m = nn.constant dense<[[5, -4], [1, 7]]> : tensor<2x2xi8> -> !m
  %k = nn.constant dense<[[[[0.5, -0.25]]], [[[1.0, 2.0]]]]> : tensor<2x1x1x2xf32>
  %0 = nn.conv_2d %x, %w : (!x, !w) -> !x
  %1 = nn.depthwise_conv_2d %0, %d : (!x, !d) -> !x
  %2 = nn.fully_connected %1, %m {rounding = #quant.rounding<real>} : (!x, !m) -> !r
  %3 = nn.conv_2d %h, %w {rounding = #quant.rounding<wide>} : (!h, !w) -> !h
  %4 = nn.conv_2d %h, %w : (!h, !w) -> !h
  %5 = nn.depthwise_conv_2d %h, %d {rounding = #quant.rounding<wide>} : (!h, !d) -> !h
  %6 = nn.conv_2d %f, %k : (!f, tensor<2x1x1x2xf32>) -> !f
  return %2, %3, %4, %5, %6 : !r, !h, !h, !h, !f
}
