// RUN: qopt %s --nn-insert-fake-quantize -split-input-file -verify-diagnostics

func.func @no_range(%x: tensor<4xf32> {nn.name = "image"}) -> tensor<4xf32> {
  // expected-error @-1 {{tensor 'image' is to be quantized but has no range; calibrate the model, or attach statistics that hold it}}
  // expected-error @unknown {{tensor 'sum' is to be quantized but has no range}}
  %0 = nn.add %x, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32> loc("sum")
  return %0 : tensor<4xf32>
}
