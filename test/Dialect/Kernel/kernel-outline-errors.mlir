// RUN: qopt --kernel-outline --split-input-file --verify-diagnostics %s

func.func @tensors(%x: tensor<4xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  // expected-error @below {{works on tensors; run kernel-bufferize first}}
  %0 = kernel.elementwise %x outs %e {stages = [#kernel.logistic_f32]} : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
