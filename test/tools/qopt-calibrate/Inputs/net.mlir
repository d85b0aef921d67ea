// A small network on pictures of 8 x 8.
func.func @main(%x: tensor<1x8x8x1xf32> {nn.name = "image"}) -> (tensor<1x2xf32> {nn.name = "logits"}) {
  %f = nn.constant dense<[[[[0.5], [-1.0], [0.5]], [[-1.0], [2.0], [-1.0]], [[0.5], [-1.0], [0.5]]],
                          [[[1.0], [1.0], [1.0]], [[0.0], [0.0], [0.0]], [[-1.0], [-1.0], [-1.0]]]]>
    : tensor<2x3x3x1xf32> loc("filter")
  %0 = nn.conv_2d %x, %f {padding = array<i64: 1, 1, 1, 1>, activation = #nn.activation<relu>}
    : (tensor<1x8x8x1xf32>, tensor<2x3x3x1xf32>) -> tensor<1x8x8x2xf32> loc("conv")
  %1 = nn.max_pool_2d %0 {kernel = array<i64: 8, 8>, strides = array<i64: 8, 8>}
    : (tensor<1x8x8x2xf32>) -> tensor<1x1x1x2xf32> loc("pool")
  %2 = nn.reshape %1 : (tensor<1x1x1x2xf32>) -> tensor<1x2xf32> loc("logits")
  return %2 : tensor<1x2xf32>
}
