// Two inputs and three tensors to observe.
func.func @main(%x: tensor<1x4xf32> {nn.name = "x"},
                %y: tensor<1x4xf32> {nn.name = "y"}) -> tensor<1x4xf32> {
  %w = nn.constant dense<[[1.0, 0.0, 0.0, 0.0], [0.0, 2.0, 0.0, 0.0], [0.0, 0.0, -1.0, 0.0], [0.0, 0.0, 0.0, 0.5]]> : tensor<4x4xf32> loc("w")
  %0 = nn.fully_connected %x, %w : (tensor<1x4xf32>, tensor<4x4xf32>) -> tensor<1x4xf32> loc("dense")
  %1 = nn.add %0, %y : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x4xf32> loc("sum")
  %2 = nn.logistic %1 : (tensor<1x4xf32>) -> tensor<1x4xf32> loc("result")
  return %2 : tensor<1x4xf32>
}
