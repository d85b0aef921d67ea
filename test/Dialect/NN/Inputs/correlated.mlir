// Two inputs with a correlation of 0.9, see python-free-docs/weight-rounding.md.
!x = !quant.uniform<i8:f32, 0.5>
!w = !quant.uniform<i8<-127:127>:f32, 0.5>
func.func @main(%x: tensor<1x2x!x>) -> tensor<1x1xf32> {
  %0 = quant.dcast %x : tensor<1x2x!x> to tensor<1x2xf32>
  %w = nn.constant dense<0.2> : tensor<1x2xf32>
  %1 = quant.qcast %w : tensor<1x2xf32> to tensor<1x2x!w>
  %2 = quant.dcast %1 : tensor<1x2x!w> to tensor<1x2xf32>
  %y = nn.fully_connected %0, %2
    : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32> loc("y")
  return %y : tensor<1x1xf32>
}
