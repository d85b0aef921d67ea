// Inner tensors become results, with their names.
// RUN: qopt %s --nn-expose-tensors --pass-statistics --mlir-print-local-scope 2>&1 | FileCheck %s
// RUN: qopt %s --pass-pipeline='builtin.module(func.func(nn-expose-tensors{names=second,x}))' | FileCheck %s --check-prefix=NAMED

// CHECK-LABEL: func.func @all(
// CHECK-SAME: -> (tensor<4xf32> {nn.name = "y"}, tensor<4xf32> {nn.name = "first"}, tensor<4xf32> {nn.name = "second"}, tensor<4xf32> {nn.name = "second#1"})
// NAMED-LABEL: func.func @all(
// NAMED-SAME: %[[X:.*]]: tensor<4xf32> {nn.name = "x"}
// NAMED-SAME: -> (tensor<4xf32> {nn.name = "y"}, tensor<4xf32> {nn.name = "second"}, tensor<4xf32> {nn.name = "x"})
func.func @all(%x: tensor<4xf32> {nn.name = "x"})
    -> (tensor<4xf32> {nn.name = "y"}) {
  // A constant is not observed, nor is a tensor of integers.
  %c = nn.constant dense<1.0> : tensor<4xf32> loc("constant")
  // CHECK: %[[A:.*]] = nn.add
  %0 = nn.add %x, %c : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32> loc("first")
  // CHECK: %[[B:.*]] = nn.relu
  // NAMED: %[[B:.*]] = nn.relu
  %1 = nn.relu %0 : (tensor<4xf32>) -> tensor<4xf32> loc("second")
  // CHECK: %[[C:.*]] = nn.logistic
  // NAMED: %[[C:.*]] = nn.logistic
  %2 = nn.logistic %1 : (tensor<4xf32>) -> tensor<4xf32> loc("second")
  // CHECK: return %[[C]], %[[A]], %[[B]], %[[C]] :
  // NAMED: return %[[C]], %[[B]], %[[X]] :
  return %2 : tensor<4xf32>
}

// CHECK: nn-expose-tensors: num-exposed = 3
