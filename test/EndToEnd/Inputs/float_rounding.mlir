// Each op that rounds in float32 elsewhere than after a dot product.
!x = tensor<1x8x8x1x!quant.uniform<u8:f32, 0.0039215688593685627:3>>
!c = tensor<1x8x8x5x!quant.uniform<u8:f32, 0.01171875:101>>
!y = tensor<1x8x8x5x!quant.uniform<u8:f32, 0.0070000002160668373:120>>
!r = tensor<1x8x8x5x!quant.uniform<u8:f32, 0.0070000002160668373:21>>
!p = tensor<1x4x4x5x!quant.uniform<u8:f32, 0.0070000002160668373:120>>
!m = tensor<1x8x5x!quant.uniform<u8:f32, 0.0099999997764825821:88>>
!l = tensor<1x320x!quant.uniform<u8:f32, 0.0070000002160668373:120>>
!s = tensor<1x320x!quant.uniform<u8:f32, 3.906250e-03>>
func.func @main(%image: tensor<1x1x8x8xf32> {nn.name = "f"}) -> (!y {nn.name = "sum"}, !y {nn.name = "difference"}, !r {nn.name = "product"}, !p {nn.name = "average"}, !m {nn.name = "mean"}, !s {nn.name = "softmax"}) {
  %f = nn.reshape %image : (tensor<1x1x8x8xf32>) -> tensor<1x8x8x1xf32>
  %c = nn.constant dense<[[[[100, 0, -100, 103, -1]]]]> : tensor<1x1x1x5xi8> -> tensor<1x1x1x5x!quant.uniform<u8:f32, 0.01171875:101>>
  %x = quant.qcast %f {rounding = #quant.rounding<float>} : tensor<1x8x8x1xf32> to !x
  %0 = nn.add %x, %c {rounding = #quant.rounding<float>} : (!x, tensor<1x1x1x5x!quant.uniform<u8:f32, 0.01171875:101>>) -> !y
  %1 = nn.sub %0, %x {rounding = #quant.rounding<float>} : (!y, !x) -> !y
  %2 = nn.mul %0, %1 {activation = #nn.activation<relu>, rounding = #quant.rounding<float>} : (!y, !y) -> !r
  %3 = nn.average_pool_2d %1 {kernel = array<i64: 3, 3>, padding = array<i64: 1, 0, 1, 0>, rounding = #quant.rounding<float>, strides = array<i64: 2, 2>} : (!y) -> !p
  %4 = nn.mean %0 {axes = array<i64: 1>, rounding = #quant.rounding<float>} : (!y) -> !m
  %5 = nn.reshape %1 : (!y) -> !l
  %6 = nn.softmax %5 {beta = 2.000000e+01 : f64, rounding = #quant.rounding<float>} : (!l) -> !s
  return %0, %1, %2, %3, %4, %6 : !y, !y, !r, !p, !m, !s
}
