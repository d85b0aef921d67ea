// RUN: qopt --kernel-bufferize --split-input-file --verify-diagnostics %s

// expected-error @below {{has an argument or result of type 'i32', which is no tensor of storage elements; run convert-nn-to-kernel first}}
func.func @scalar(%x: i32) {
  return
}

// -----

// expected-error @below {{has control flow, which kernel-bufferize does not support}}
func.func @control_flow(%x: tensor<4xf32>) -> tensor<4xf32> {
  cf.br ^bb1
^bb1:
  return %x : tensor<4xf32>
}

// -----

func.func @foreign_op(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{is no kernel; run convert-nn-to-kernel first}}
  %0 = arith.addf %x, %x : tensor<4xf32>
  return %0 : tensor<4xf32>
}
