// A name that no tensor has.
// RUN: qopt %s --pass-pipeline='builtin.module(func.func(nn-expose-tensors{names=third}))' --verify-diagnostics

// expected-error@+1 {{no tensor is called 'third'}}
func.func @f(%x: tensor<4xf32> {nn.name = "x"}) -> tensor<4xf32> {
  %0 = nn.relu %x : (tensor<4xf32>) -> tensor<4xf32> loc("first")
  return %0 : tensor<4xf32>
}
