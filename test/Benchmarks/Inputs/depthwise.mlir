// A 3x3 depthwise convolution after phase `integer`, its input padded, for
// port-limits.sh.
func.func @main(%x: tensor<1x16x16x128xi8> {nn.name = "x"}) -> (tensor<1x14x14x128xi8> {nn.name = "y"}) {
  %w = arith.constant dense<3> : tensor<3x3x128xi8>
  %b = arith.constant dense<7> : tensor<128xi32>
  %m = arith.constant dense<1342177280> : tensor<128xi32>
  %s = arith.constant dense<-6> : tensor<128xi32>
  %o = tensor.empty() : tensor<1x14x14x128xi8>
  %y = kernel.depthwise_conv_2d %x, %w bias %b scale %m, %s outs %o {
    kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.requantize<zero_point = -128, right_shifts = true>, #kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x16x16x128xi8>, tensor<3x3x128xi8>, tensor<128xi32>, tensor<128xi32>, tensor<128xi32>, tensor<1x14x14x128xi8>) -> tensor<1x14x14x128xi8>
  return %y : tensor<1x14x14x128xi8>
}
