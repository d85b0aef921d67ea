// RUN: qopt --convert-loops-to-llvm --canonicalize --split-input-file %s | FileCheck %s

// Static buffers are bare pointers; constants keep their alignment.

// CHECK: llvm.mlir.global private constant @w({{.*}}) {{.*}}alignment = 64
memref.global "private" constant @w : memref<4xi32> = dense<[1, 2, 3, 4]> {alignment = 64 : i64}

// CHECK-LABEL: llvm.func @add_constant
// CHECK-SAME: (%[[X:.*]]: !llvm.ptr, %[[Y:.*]]: !llvm.ptr)
func.func private @add_constant(%x: memref<4xi32>, %y: memref<4xi32>) {
  // CHECK: llvm.mlir.addressof @w
  // CHECK: %[[A:.*]] = llvm.load %[[X]] {{.*}}vector<4xi32>
  // CHECK: %[[B:.*]] = llvm.load
  // CHECK: %[[C:.*]] = llvm.add %[[A]], %[[B]] : vector<4xi32>
  // CHECK: llvm.store %[[C]], %[[Y]]
  %c0 = arith.constant 0 : index
  %a = vector.load %x[%c0] : memref<4xi32>, vector<4xi32>
  %w = memref.get_global @w : memref<4xi32>
  %b = vector.load %w[%c0] : memref<4xi32>, vector<4xi32>
  %c = arith.addi %a, %b : vector<4xi32>
  vector.store %c, %y[%c0] : memref<4xi32>, vector<4xi32>
  return
}

// -----

// CHECK-LABEL: llvm.func @call
// CHECK-SAME: (%[[ARENA:.*]]: !llvm.ptr)
// CHECK: %[[T:.*]] = llvm.getelementptr %[[ARENA]]
// CHECK: llvm.call @kernel(%[[ARENA]], %[[T]]) : (!llvm.ptr, !llvm.ptr) -> ()
func.func private @kernel(memref<64xi8>, memref<4xf32>)
func.func @call(%arena: memref<64xi8>) {
  %c16 = arith.constant 16 : index
  %0 = memref.view %arena[%c16][] : memref<64xi8> to memref<4xf32>
  func.call @kernel(%arena, %0) : (memref<64xi8>, memref<4xf32>) -> ()
  return
}
