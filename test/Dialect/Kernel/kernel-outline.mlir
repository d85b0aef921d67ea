// RUN: qopt --kernel-outline --split-input-file %s | FileCheck %s
// RUN: qopt --kernel-outline --split-input-file --pass-statistics %s -o /dev/null 2>&1 | FileCheck %s --check-prefix=STATS

// STATS: kernel-outline: num-calls = 3
// STATS-NEXT: kernel-outline: num-kernels = 2

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
