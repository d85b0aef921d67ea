// RUN: qopt --kernel-bufferize --split-input-file %s | FileCheck %s
// RUN: qopt --kernel-bufferize --split-input-file --pass-statistics %s -o /dev/null 2>&1 | FileCheck %s --check-prefix=STATS

// STATS: kernel-bufferize: num-allocations = 3
// STATS-NEXT: kernel-bufferize: num-copies = 2

// A result is written in place; an inner value gets a buffer, a constant a
// global.
// CHECK: memref.global "private" constant @[[$W:[a-z0-9_]+]] : memref<4xf32> = dense<[1.0{{.*}}, 2.0{{.*}}, 3.0{{.*}}, 4.0{{.*}}]> {alignment = 64 : i64}
// CHECK-LABEL: func.func @main
// CHECK-SAME: (%[[X:.*]]: memref<4xf32> {nn.name = "x"}, %[[Y:.*]]: memref<4xf32> {kernel.output, nn.name = "y"}) {
// CHECK-DAG: %[[T:.*]] = memref.alloc() : memref<4xf32>
// CHECK-DAG: %[[C:.*]] = memref.get_global @[[$W]]
// CHECK: kernel.elementwise %[[X]] with %[[C]] outs %[[T]]
// CHECK: kernel.elementwise %[[T]] outs %[[Y]]
// CHECK: return{{$}}
func.func @main(%x: tensor<4xf32> {nn.name = "x"}) -> (tensor<4xf32> {nn.name = "y"}) {
  %w = arith.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
  %e = tensor.empty() : tensor<4xf32>
  %0 = kernel.elementwise %x with %w outs %e {stages = [#kernel.add_f32]} : (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = kernel.elementwise %0 outs %e {stages = [#kernel.logistic_f32]} : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// -----

// A returned argument is copied, and so is a value's second result.
// CHECK-LABEL: func.func @copies
// CHECK-SAME: (%[[X:.*]]: memref<4xf32>, %[[A:.*]]: memref<4xf32> {kernel.output}, %[[B:.*]]: memref<4xf32> {kernel.output}, %[[C:.*]]: memref<4xf32> {kernel.output})
// CHECK-DAG: kernel.elementwise %[[X]] outs %[[A]] {stages = []}
// CHECK-DAG: kernel.elementwise %[[X]] outs %[[B]]
// CHECK-DAG: kernel.elementwise %[[B]] outs %[[C]] {stages = []}
func.func @copies(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %e = tensor.empty() : tensor<4xf32>
  %0 = kernel.elementwise %x outs %e {stages = [#kernel.logistic_f32]} : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %x, %0, %0 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}

// -----

// Equal constants share a global; a view stays one.
// CHECK-COUNT-1: memref.global
// CHECK-NOT: memref.global
// CHECK-LABEL: func.func @views
// CHECK: kernel.view {{.*}} : memref<4xf32> to memref<2x2xf32>
func.func @views(%x: tensor<4xf32>) -> tensor<2x2xf32> {
  %w0 = arith.constant dense<2.0> : tensor<4xf32>
  %w1 = arith.constant dense<2.0> : tensor<4xf32>
  %e = tensor.empty() : tensor<4xf32>
  %0 = kernel.elementwise %x with %w0 outs %e {stages = [#kernel.add_f32]} : (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = kernel.elementwise %0 with %w1 outs %e {stages = [#kernel.add_f32]} : (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %v = kernel.view %1 : tensor<4xf32> to tensor<2x2xf32>
  %e2 = tensor.empty() : tensor<2x2xf32>
  %2 = kernel.elementwise %v outs %e2 {stages = [#kernel.logistic_f32]} : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  return %2 : tensor<2x2xf32>
}

// -----

// A destination may be an argument; the result is written to the output all the
// same, since what the argument holds does not matter.
// CHECK-LABEL: func.func @destination_argument
// CHECK-SAME: (%[[X:.*]]: memref<4xf32>, %{{.*}}: memref<4xf32>, %[[Y:.*]]: memref<4xf32> {kernel.output})
// CHECK-NEXT: kernel.elementwise %[[X]] outs %[[Y]]
func.func @destination_argument(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  %0 = kernel.elementwise %x outs %y {stages = [#kernel.logistic_f32]} : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
