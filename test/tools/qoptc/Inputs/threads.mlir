// A layer that is large enough for several threads, and one that is not.
func.func @main(%x: tensor<1x24x24x4xf32> {nn.name = "x"}) -> (tensor<1x1x1x16xf32> {nn.name = "y"}) {
  %w = nn.constant dense<0.25> : tensor<16x3x3x4xf32>
  %b = nn.constant dense<-1.5> : tensor<16xf32>
  %0 = nn.conv_2d %x, %w, %b {strides = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, activation = #nn.activation<relu>} : (tensor<1x24x24x4xf32>, tensor<16x3x3x4xf32>, tensor<16xf32>) -> tensor<1x22x22x16xf32>
  %1 = nn.max_pool_2d %0 {kernel = array<i64: 22, 22>, strides = array<i64: 22, 22>, padding = array<i64: 0, 0, 0, 0>} : (tensor<1x22x22x16xf32>) -> tensor<1x1x1x16xf32>
  return %1 : tensor<1x1x1x16xf32>
}
