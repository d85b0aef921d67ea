// RUN: qopt %s --convert-kernel-to-vector --split-input-file --verify-diagnostics

func.func @kernel_on_tensors(%x: tensor<4xi8>, %init: tensor<4xi8>) -> tensor<4xi8> {
  // expected-error @+1 {{'kernel.elementwise' op works on tensors; run kernel-bufferize before this pass}}
  %0 = kernel.elementwise %x outs %init {stages = []} : (tensor<4xi8>, tensor<4xi8>) -> tensor<4xi8>
  return %0 : tensor<4xi8>
}

// -----

func.func @view_on_tensors(%x: tensor<4xi8>) -> tensor<2x2xi8> {
  // expected-error @+1 {{'kernel.view' op works on tensors; run kernel-bufferize before this pass}}
  %0 = kernel.view %x : tensor<4xi8> to tensor<2x2xi8>
  return %0 : tensor<2x2xi8>
}

// -----

func.func @no_expansion(%x: memref<4xi64>, %y: memref<i32>) {
  // expected-error @+1 {{'kernel.arg_max' op has no expansion into vectors for these types and attributes}}
  kernel.arg_max %x outs %y {axis = 0 : i64} : (memref<4xi64>, memref<i32>) -> ()
  return
}

// -----

// expected-error @+1 {{unknown target triple 'toaster-none-none'}}
module attributes {kernel.target = #kernel.target<triple = "toaster-none-none", cpu = "", features = "">} {
}
