// RUN: qopt --kernel-split-functions="max-calls=2" --split-input-file --verify-diagnostics %s
// RUN: not qopt --kernel-split-functions="max-calls=1" --split-input-file %s 2>&1 | FileCheck %s
// CHECK: error: max-calls is 1, expected at least 2: parts of one call would have to be split again

func.func private @kernel(memref<4xi8>)
func.func @allocations(%x: memref<4xi8>) {
  // expected-error @below {{'memref.alloc' op makes a value, which the parts of 'allocations' cannot share; run kernel-bufferize, kernel-plan-memory and kernel-outline first}}
  %a = memref.alloc() : memref<4xi8>
  call @kernel(%a) : (memref<4xi8>) -> ()
  call @kernel(%a) : (memref<4xi8>) -> ()
  return
}

// -----

func.func private @kernel(memref<4xi8>)
func.func @result(%x: memref<4xi8>) -> memref<4xi8> {
  call @kernel(%x) : (memref<4xi8>) -> ()
  call @kernel(%x) : (memref<4xi8>) -> ()
  call @kernel(%x) : (memref<4xi8>) -> ()
  // expected-error @below {{'func.return' op returns a value, expected results in 'kernel.output' arguments; run kernel-bufferize first}}
  return %x : memref<4xi8>
}

// -----

// expected-error @below {{'func.func' op has 2 blocks, expected one: split functions before their kernels are expanded to loops}}
func.func @blocks(%x: memref<4xi8>) {
  cf.br ^end
^end:
  return
}
