// RUN: qopt %s | qopt | FileCheck %s
// RUN: qopt %s --emit-bytecode | qopt | FileCheck %s

// CHECK-LABEL: @unpack
// CHECK: kernel.unpack %arg0 outs %arg1 : (tensor<16xi8>, tensor<32xi8>) -> tensor<32xi8>
// CHECK: kernel.unpack %arg2 outs %arg3 : (memref<16xi8>, memref<32xi8>) -> ()
func.func @unpack(%x: tensor<16xi8>, %o: tensor<32xi8>, %m: memref<16xi8>, %n: memref<32xi8>) -> tensor<32xi8> {
  %r = kernel.unpack %x outs %o : (tensor<16xi8>, tensor<32xi8>) -> tensor<32xi8>
  kernel.unpack %m outs %n : (memref<16xi8>, memref<32xi8>) -> ()
  return %r : tensor<32xi8>
}
