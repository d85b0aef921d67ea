// RUN: qopt --convert-loops-to-llvm --canonicalize %s | FileCheck %s

// A slice is an address; the caller's function gets the arguments in an array.

// CHECK-LABEL: llvm.func @kernel(
// CHECK-SAME: %[[X:.*]]: !llvm.ptr, %[[Y:.*]]: !llvm.ptr, %[[I:.*]]: i64)
// CHECK: %[[A:.*]] = llvm.getelementptr %[[X]][%[[I]]] : (!llvm.ptr, i64) -> !llvm.ptr, i16
// CHECK: llvm.load
func.func private @kernel(%x: memref<4xi16>, %y: memref<4xi16>, %i: index) {
  %a = kernel.slice %x[%i] : memref<4xi16> to memref<1xi16>
  %b = kernel.slice %y[%i] : memref<4xi16> to memref<1xi16>
  %c0 = arith.constant 0 : index
  %0 = memref.load %a[%c0] : memref<1xi16>
  memref.store %0, %b[%c0] : memref<1xi16>
  return
}

// CHECK-LABEL: llvm.func @main(
// CHECK-SAME: %[[X:.*]]: !llvm.ptr, %[[Y:.*]]: !llvm.ptr, %[[T:.*]]: !llvm.ptr {kernel.threads})
// CHECK: %[[BODY:.*]] = llvm.mlir.addressof @kernel_range
// CHECK: %[[N:.*]] = llvm.mlir.constant(4 : i32)
// CHECK: %[[ARRAY:.*]] = llvm.alloca %{{.*}} x !llvm.ptr
// CHECK: %[[ARRAY:.*]] = llvm.alloca %{{.*}} x !llvm.ptr
// CHECK: llvm.store %[[X]], %[[ARRAY]]
// CHECK: %[[SECOND:.*]] = llvm.getelementptr %[[ARRAY]][1]
// CHECK: llvm.store %[[Y]], %[[SECOND]]
// CHECK: %[[F:.*]] = llvm.load %[[T]]
// CHECK: %[[PC:.*]] = llvm.getelementptr %[[T]][1]
// CHECK: %[[C:.*]] = llvm.load %[[PC]]
// CHECK: llvm.call %[[F]](%[[C]], %[[N]], %[[BODY]], %[[ARRAY]])
func.func @main(%x: memref<4xi16>, %y: memref<4xi16>, %t: !kernel.threads {kernel.threads}) {
  kernel.parallel_call @kernel(%x, %y) ranges 4 on %t : memref<4xi16>, memref<4xi16>
  kernel.parallel_call @kernel(%y, %x) ranges 4 on %t : memref<4xi16>, memref<4xi16>
  return
}

// One body serves all calls of a kernel.
// CHECK: llvm.func @kernel_range(%[[D:.*]]: !llvm.ptr, %[[R:.*]]: i32)
// CHECK: %[[WIDE:.*]] = llvm.zext %[[R]] : i32 to i64
// CHECK: llvm.call @kernel(%{{.*}}, %{{.*}}, %[[WIDE]])
// CHECK-NOT: llvm.func @kernel_range
