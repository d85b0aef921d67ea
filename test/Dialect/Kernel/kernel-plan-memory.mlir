// RUN: qopt --kernel-plan-memory --split-input-file %s | FileCheck %s
// RUN: qopt --kernel-plan-memory=print --split-input-file %s 2>&1 >/dev/null | FileCheck %s --check-prefix=MAP
// RUN: qopt --kernel-plan-memory --split-input-file --pass-statistics %s -o /dev/null 2>&1 | FileCheck %s --check-prefix=STATS

// STATS: kernel-plan-memory: arena-bytes = 576
// STATS-NEXT: kernel-plan-memory: buffer-bytes = 640

// The first and the third buffer are never alive together.
// CHECK-LABEL: func.func @reuse
// CHECK-SAME: %[[ARENA:[a-z0-9]+]]: memref<128xi8> {kernel.arena})
// CHECK-SAME: kernel.arena_size = 128 : i64
// CHECK-NOT: memref.alloc
// CHECK: %[[A:.*]] = memref.view %[[ARENA]][%[[OA:.*]]][] : memref<128xi8> to memref<16xf32>
// CHECK: %[[B:.*]] = memref.view %[[ARENA]][%[[OB:.*]]][] : memref<128xi8> to memref<16xf32>
// CHECK: %[[C:.*]] = memref.view %[[ARENA]][%[[OC:.*]]][] : memref<128xi8> to memref<16xf32>
// MAP: arena: 128 bytes for 3 buffers of 192 bytes
func.func @reuse(%x: memref<16xf32>, %y: memref<16xf32> {kernel.output}) {
  %a = memref.alloc() : memref<16xf32>
  %b = memref.alloc() : memref<16xf32>
  %c = memref.alloc() : memref<16xf32>
  kernel.elementwise %x outs %a {stages = [#kernel.logistic_f32]} : (memref<16xf32>, memref<16xf32>) -> ()
  kernel.elementwise %a outs %b {stages = [#kernel.logistic_f32]} : (memref<16xf32>, memref<16xf32>) -> ()
  kernel.elementwise %b outs %c {stages = [#kernel.logistic_f32]} : (memref<16xf32>, memref<16xf32>) -> ()
  kernel.elementwise %c outs %y {stages = [#kernel.logistic_f32]} : (memref<16xf32>, memref<16xf32>) -> ()
  return
}

// -----

// A view keeps its source alive: three places are needed.
// CHECK-LABEL: func.func @view_keeps_source
// CHECK-SAME: memref<192xi8> {kernel.arena}
func.func @view_keeps_source(%x: memref<16xf32>, %y: memref<4x4xf32> {kernel.output}) {
  %a = memref.alloc() : memref<16xf32>
  %b = memref.alloc() : memref<16xf32>
  %c = memref.alloc() : memref<4x4xf32>
  kernel.elementwise %x outs %a {stages = [#kernel.logistic_f32]} : (memref<16xf32>, memref<16xf32>) -> ()
  %v = kernel.view %a : memref<16xf32> to memref<4x4xf32>
  kernel.elementwise %a outs %b {stages = [#kernel.logistic_f32]} : (memref<16xf32>, memref<16xf32>) -> ()
  %w = kernel.view %b : memref<16xf32> to memref<4x4xf32>
  kernel.elementwise %w outs %c {stages = [#kernel.logistic_f32]} : (memref<4x4xf32>, memref<4x4xf32>) -> ()
  kernel.elementwise %v with %c outs %y {stages = [#kernel.add_f32]} : (memref<4x4xf32>, memref<4x4xf32>, memref<4x4xf32>) -> ()
  return
}

// -----

// A function without buffers has an arena all the same: callers need not know.
// CHECK-LABEL: func.func @none
// CHECK-SAME: kernel.arena}
func.func @none(%x: memref<16xf32>, %y: memref<16xf32> {kernel.output}) {
  kernel.elementwise %x outs %y {stages = [#kernel.logistic_f32]} : (memref<16xf32>, memref<16xf32>) -> ()
  return
}

// -----

// What is written while another buffer is read for the last time lies a
// distance below it: 128 + 64 bytes for two buffers of 128.
// CHECK-LABEL: func.func @below
// CHECK-SAME: memref<192xi8> {kernel.arena}
// CHECK: memref.view %{{.*}}[%c64{{.*}}][] : memref<192xi8> to memref<32xf32>
// CHECK: memref.view %{{.*}}[%c0{{.*}}][] : memref<192xi8> to memref<32xf32>
func.func @below(%x: memref<32xf32>, %y: memref<32xf32> {kernel.output}) {
  %a = memref.alloc() {kernel.buffer = 7 : i64} : memref<32xf32>
  %b = memref.alloc() {kernel.below = array<i64: 7, 64>} : memref<32xf32>
  kernel.elementwise %x outs %a {stages = []} : (memref<32xf32>, memref<32xf32>) -> ()
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c16 = arith.constant 16 : index
  scf.for %i = %c0 to %c2 step %c1 {
    %o = arith.muli %i, %c16 : index
    %p = kernel.slice %a[%o] : memref<32xf32> to memref<16xf32>
    %q = kernel.slice %b[%o] : memref<32xf32> to memref<16xf32>
    kernel.elementwise %p outs %q {stages = []} : (memref<16xf32>, memref<16xf32>) -> ()
  }
  kernel.elementwise %b outs %y {stages = []} : (memref<32xf32>, memref<32xf32>) -> ()
  return
}
