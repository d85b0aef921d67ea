// Nothing here is an error: what cannot be folded says why.
// RUN: qopt %s --nn-fold-batch-norm -split-input-file -verify-diagnostics -o /dev/null

func.func @no_neighbour(%x: tensor<3x2xf32>) -> tensor<3x2xf32> {
  %a = nn.constant dense<[2.0, 4.0]> : tensor<2xf32>
  // expected-remark @+1 {{'nn.batch_norm' is a batch norm that is not folded: not into the op before, it is an argument of the function; not into the ops behind, it is a result of the function}}
  %0 = nn.batch_norm %x, %a, %a, %a, %a : (tensor<3x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}

// -----

func.func @unknown_weights_and_other_reader(%x: tensor<3x2xf32>, %w: tensor<2x2xf32>) -> tensor<3x2xf32> {
  %a = nn.constant dense<[2.0, 4.0]> : tensor<2xf32>
  %0 = nn.fully_connected %x, %w : (tensor<3x2xf32>, tensor<2x2xf32>) -> tensor<3x2xf32>
  // expected-remark @+1 {{not into the op before, 'nn.fully_connected' cannot take it: its weights are not a constant; not into the ops behind, 'nn.softmax' reads it}}
  %1 = nn.batch_norm %0, %a, %a, %a, %a : (tensor<3x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<3x2xf32>
  %2 = nn.softmax %1 : (tensor<3x2xf32>) -> tensor<3x2xf32>
  return %2 : tensor<3x2xf32>
}

// -----

func.func @border_and_relu(%x: tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32> {
  %a = nn.constant dense<[2.0, 4.0]> : tensor<2xf32>
  %w = nn.constant dense<1.0> : tensor<2x3x3x2xf32>
  %0 = nn.relu %x : (tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32>
  // expected-remark @+1 {{it is an argument of the function; not into the ops behind, 'nn.conv_2d' has a border of zeros, which stands for a different number in each channel}}
  %1 = nn.batch_norm %0, %a, %a, %a, %a : (tensor<1x2x2x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x2x2x2xf32>
  %2 = nn.conv_2d %1, %w {padding = array<i64: 1, 1, 1, 1>} : (tensor<1x2x2x2xf32>, tensor<2x3x3x2xf32>) -> tensor<1x2x2x2xf32>
  return %2 : tensor<1x2x2x2xf32>
}

// -----

func.func @max_pool_turned_around(%x: tensor<1x2x2x1xf32>) -> tensor<1x1x1x2xf32> {
  %a = nn.constant dense<[-2.0, 4.0]> : tensor<2xf32>
  %v = nn.constant dense<1.0> : tensor<2xf32>
  %w = nn.constant dense<1.0> : tensor<2x1x1x1xf32>
  %0 = nn.conv_2d %x, %w : (tensor<1x2x2x1xf32>, tensor<2x1x1x1xf32>) -> tensor<1x2x2x2xf32>
  %1 = nn.max_pool_2d %0 {kernel = array<i64: 2, 2>} : (tensor<1x2x2x2xf32>) -> tensor<1x1x1x2xf32>
  // expected-remark @+1 {{not into the op before, 'nn.max_pool_2d' lies between and does not commute with it}}
  %2 = nn.batch_norm %1, %a, %v, %v, %v : (tensor<1x1x1x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x1x1x2xf32>
  return %2 : tensor<1x1x1x2xf32>
}
