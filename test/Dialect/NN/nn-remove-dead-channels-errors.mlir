// RUN: qopt %s --nn-remove-dead-channels -verify-diagnostics -o /dev/null

func.func @tiny(%x: tensor<1x1xf32>) -> tensor<1x2xf32> {
  %w = nn.constant dense<[[2.0], [1.0e-9]]> : tensor<2x1xf32>
  // expected-warning @+1 {{channel 1 of 'nn.fully_connected' has weights up to 1.000000e-09, the op up to 2.000000e+00: it is not dead, but a scale for it alone is tiny}}
  %0 = nn.fully_connected %x, %w : (tensor<1x1xf32>, tensor<2x1xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}
