// RUN: qopt --kernel-outline --split-input-file %s | FileCheck %s
// RUN: qopt --kernel-outline --split-input-file --pass-statistics %s -o /dev/null 2>&1 | FileCheck %s --check-prefix=STATS

// STATS: kernel-outline: num-calls = 5
// STATS-NEXT: kernel-outline: num-kernels = 3

// Equal kernels are one function, whatever their operands.
// CHECK-LABEL: func.func @main
// CHECK: call @[[F:[a-z0-9_]+]](%{{.*}}, %{{.*}}) : (memref<4xf32>, memref<4xf32>) -> ()
// CHECK: call @[[F]](
// CHECK: call @[[G:[a-z0-9_]+]](
// CHECK: func.func private @[[F]](%[[A:.*]]: memref<4xf32>{{.*}}, %[[B:.*]]: memref<4xf32>{{.*}}) {{.*}}no_inline
// CHECK: kernel.elementwise %[[A]] outs %[[B]] {stages = [#kernel.logistic_f32]}
// CHECK: func.func private @[[G]](
// CHECK: #kernel.clamp_f32
// CHECK-NOT: func.func
func.func @main(%x: memref<4xf32>, %y: memref<4xf32> {kernel.output}, %z: memref<4xf32> {kernel.output}, %u: memref<4xf32> {kernel.output}) {
  kernel.elementwise %x outs %y {stages = [#kernel.logistic_f32]} : (memref<4xf32>, memref<4xf32>) -> ()
  kernel.elementwise %y outs %z {stages = [#kernel.logistic_f32]} : (memref<4xf32>, memref<4xf32>) -> ()
  kernel.elementwise %z outs %u {stages = [#kernel.clamp_f32<min = 0.0 : f32, max = 6.0 : f32>]} : (memref<4xf32>, memref<4xf32>) -> ()
  return
}

// -----

// Kernels of a loop, too.
// CHECK-LABEL: func.func @bands(
// CHECK: scf.for
// CHECK: call @[[F:[a-z0-9_]+]](%{{.*}}, %{{.*}}) : (memref<4xf32>, memref<4xf32>) -> ()
// CHECK: }
// CHECK: call @[[F]](
// CHECK: func.func private @[[F]](
func.func @bands(%x: memref<12xf32>, %y: memref<12xf32> {kernel.output}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c4 = arith.constant 4 : index
  %c8 = arith.constant 8 : index
  scf.for %i = %c0 to %c2 step %c1 {
    %o = arith.muli %i, %c4 : index
    %a = kernel.slice %x[%o] : memref<12xf32> to memref<4xf32>
    %b = kernel.slice %y[%o] : memref<12xf32> to memref<4xf32>
    kernel.elementwise %a outs %b {stages = [#kernel.logistic_f32]} : (memref<4xf32>, memref<4xf32>) -> ()
  }
  %a = kernel.slice %x[%c8] : memref<12xf32> to memref<4xf32>
  %b = kernel.slice %y[%c8] : memref<12xf32> to memref<4xf32>
  kernel.elementwise %a outs %b {stages = [#kernel.logistic_f32]} : (memref<4xf32>, memref<4xf32>) -> ()
  return
}
