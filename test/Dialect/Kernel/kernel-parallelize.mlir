// RUN: qopt --kernel-parallelize="threads=4" --split-input-file %s | FileCheck %s
// RUN: qopt --kernel-parallelize="threads=2" --split-input-file %s | FileCheck %s --check-prefix=TWO
// RUN: qopt --kernel-parallelize="threads=4" --split-input-file --pass-statistics %s -o /dev/null 2>&1 | FileCheck %s --check-prefix=STATS

// STATS: kernel-parallelize: num-parallel = 3
// STATS-NEXT: kernel-parallelize: num-single = 1

// Rows of a large buffer; both calls of one kernel are cut in the same way.
// CHECK-LABEL: func.func @rows(
// CHECK-SAME: %[[X:.*]]: memref<1x64x64x64xf32>, %[[Y:.*]]: memref<1x64x64x64xf32>, %[[T:.*]]: !kernel.threads {kernel.threads})
// CHECK: kernel.parallel_call @clamp(%[[X]], %[[Y]]) ranges 8 on %[[T]] : memref<1x64x64x64xf32>, memref<1x64x64x64xf32>
// CHECK: kernel.parallel_call @clamp(%[[Y]], %[[X]]) ranges 8 on %[[T]]
// CHECK-LABEL: func.func private @clamp(
// CHECK-SAME: %[[A:.*]]: memref<1x64x64x64xf32>, %[[B:.*]]: memref<1x64x64x64xf32>, %[[I:.*]]: index)
// CHECK: %[[STEP:.*]] = arith.constant 32768 : index
// CHECK: %[[OFFSET:.*]] = arith.muli %[[I]], %[[STEP]]
// CHECK: %[[IN:.*]] = kernel.slice %[[A]][%[[OFFSET]]] : memref<1x64x64x64xf32> to memref<1x8x64x64xf32>
// CHECK: %[[OUT:.*]] = kernel.slice %[[B]]
// CHECK: kernel.elementwise %[[IN]] outs %[[OUT]]
func.func @rows(%x: memref<1x64x64x64xf32>, %y: memref<1x64x64x64xf32>) {
  call @clamp(%x, %y) : (memref<1x64x64x64xf32>, memref<1x64x64x64xf32>) -> ()
  call @clamp(%y, %x) : (memref<1x64x64x64xf32>, memref<1x64x64x64xf32>) -> ()
  return
}
func.func private @clamp(%x: memref<1x64x64x64xf32>, %y: memref<1x64x64x64xf32>) attributes {no_inline} {
  kernel.elementwise %x outs %y {stages = [#kernel.clamp_f32<min = 0.0 : f32, max = 6.0 : f32>]} : (memref<1x64x64x64xf32>, memref<1x64x64x64xf32>) -> ()
  return
}

// -----

// What is not worth the way to another thread stays, the argument does not
// depend on it.
// CHECK-LABEL: func.func @small(
// CHECK-SAME: %{{.*}}: !kernel.threads {kernel.threads})
// CHECK: call @clamp(
// CHECK: func.func private @clamp(%{{.*}}: memref<4xf32>, %{{.*}}: memref<4xf32>)
func.func @small(%x: memref<4xf32>, %y: memref<4xf32>) {
  call @clamp(%x, %y) : (memref<4xf32>, memref<4xf32>) -> ()
  return
}
func.func private @clamp(%x: memref<4xf32>, %y: memref<4xf32>) {
  kernel.elementwise %x outs %y {stages = [#kernel.clamp_f32<min = 0.0 : f32, max = 6.0 : f32>]} : (memref<4xf32>, memref<4xf32>) -> ()
  return
}

// -----

// Windows of neighbouring ranges overlap. The first and the last rows of a
// padding are special; offsets of those between begin before the input.
// CHECK-LABEL: func.func @padding(
// CHECK: kernel.parallel_call @pad(%{{.*}}) ranges 8
// CHECK-LABEL: func.func private @pad(
// CHECK-SAME: %[[X:.*]]: memref<1x126x128x64xi8>, %[[Y:.*]]: memref<1x128x128x64xi8>, %[[I:.*]]: index)
// CHECK: %[[LAST:.*]] = arith.constant 7 : index
// CHECK: %[[IS_LAST:.*]] = arith.cmpi eq, %[[I]], %[[LAST]]
// CHECK: scf.if %[[IS_LAST]]
// CHECK: kernel.pad {{.*}} {high = array<i64: 0, 1, 0, 0>, low = array<i64: 0, 0, 0, 0>, {{.*}} (memref<1x15x128x64xi8>, memref<1x16x128x64xi8>) -> ()
// CHECK: else
// CHECK: scf.if
// CHECK: %[[ZERO:.*]] = arith.constant 0 : index
// CHECK: kernel.slice %[[X]][%[[ZERO]]] : memref<1x126x128x64xi8> to memref<1x15x128x64xi8>
// CHECK: kernel.pad {{.*}} {high = array<i64: 0, 0, 0, 0>, low = array<i64: 0, 1, 0, 0>
// CHECK: else
// CHECK: %[[ORIGIN:.*]] = arith.constant -8192 : index
// CHECK: arith.addi %{{.*}}, %[[ORIGIN]]
// CHECK: kernel.pad {{.*}} {high = array<i64: 0, 0, 0, 0>, low = array<i64: 0, 0, 0, 0>, {{.*}} (memref<1x16x128x64xi8>, memref<1x16x128x64xi8>) -> ()

// Two ranges of as many rows, one with padding above and one with padding below,
// are not the same kernel.
// TWO-LABEL: func.func @padding(
// TWO: kernel.parallel_call @pad(%{{.*}}) ranges 2
// TWO-NOT: constant -8192
// TWO: scf.if
// TWO: kernel.pad {{.*}} {high = array<i64: 0, 1, 0, 0>, low = array<i64: 0, 0, 0, 0>, {{.*}} (memref<1x63x128x64xi8>, memref<1x64x128x64xi8>) -> ()
// TWO: else
// TWO-NOT: constant -8192
// TWO: kernel.pad {{.*}} {high = array<i64: 0, 0, 0, 0>, low = array<i64: 0, 1, 0, 0>, {{.*}} (memref<1x63x128x64xi8>, memref<1x64x128x64xi8>) -> ()
func.func @padding(%x: memref<1x126x128x64xi8>, %y: memref<1x128x128x64xi8>) {
  call @pad(%x, %y) : (memref<1x126x128x64xi8>, memref<1x128x128x64xi8>) -> ()
  return
}
func.func private @pad(%x: memref<1x126x128x64xi8>, %y: memref<1x128x128x64xi8>) {
  kernel.pad %x outs %y {low = array<i64: 0, 1, 0, 0>, high = array<i64: 0, 1, 0, 0>, value = 0 : i8} : (memref<1x126x128x64xi8>, memref<1x128x128x64xi8>) -> ()
  return
}
