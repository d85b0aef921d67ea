// RUN: qopt %s --nn-fold-constants -split-input-file | FileCheck %s
// RUN: qopt %s --nn-fold-constants --pass-statistics -split-input-file -o /dev/null 2>&1 | FileCheck %s --check-prefix=STATS
// RUN: qopt %s --nn-fold-constants="max-elements=1" -split-input-file | FileCheck %s --check-prefix=SMALL

// STATS: nn-fold-constants: num-folded = 12

// CHECK-LABEL: @arithmetic
// CHECK-NEXT: nn.constant dense<{{\[\[}}5.000000e-01, 1.500000e+00], [2.500000e+00, 0.000000e+00]]> : tensor<2x2xf32>
// CHECK-NEXT: return
// SMALL-LABEL: @arithmetic
// SMALL: nn.mul
func.func @arithmetic() -> tensor<2x2xf32> {
  %a = nn.constant dense<[[1.0, 2.0], [3.0, -4.0]]> : tensor<2x2xf32>
  %b = nn.constant dense<[[2.0], [-2.0]]> : tensor<2x1xf32>
  %0 = nn.mul %a, %b : (tensor<2x2xf32>, tensor<2x1xf32>) -> tensor<2x2xf32>
  %1 = nn.mul %0, %b : (tensor<2x2xf32>, tensor<2x1xf32>) -> tensor<2x2xf32>
  %quarter = nn.constant dense<0.25> : tensor<f32>
  %2 = nn.mul %1, %quarter : (tensor<2x2xf32>, tensor<f32>) -> tensor<2x2xf32>
  %half = nn.constant dense<0.5> : tensor<1xf32>
  %3 = nn.sub %2, %half {activation = #nn.activation<relu>} : (tensor<2x2xf32>, tensor<1xf32>) -> tensor<2x2xf32>
  return %3 : tensor<2x2xf32>
}

// -----

// CHECK-LABEL: @moves
// CHECK-NEXT: nn.constant dense<{{\[\[}}7.000000e+00, 0.000000e+00, 1.000000e+00], [7.000000e+00, 2.000000e+00, 2.000000e+00]]> : tensor<2x3xf32>
// CHECK-NEXT: return
func.func @moves() -> tensor<2x3xf32> {
  %a = nn.constant dense<[-1.0, 1.0, 2.0, 3.0]> : tensor<4xf32>
  %0 = nn.reshape %a : (tensor<4xf32>) -> tensor<2x2xf32>
  %1 = nn.clip %0 {min = 0.0 : f64, max = 2.0 : f64} : (tensor<2x2xf32>) -> tensor<2x2xf32>
  %2 = nn.pad %1 {low = array<i64: 0, 1>, high = array<i64: 0, 0>, value = 7.0 : f64} : (tensor<2x2xf32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// -----

// CHECK-LABEL: @slice
// CHECK-NEXT: nn.constant dense<{{\[\[}}5.000000e+00, 3.000000e+00]]> : tensor<1x2xf32>
// CHECK-NEXT: return
func.func @slice() -> tensor<1x2xf32> {
  %a = nn.constant dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]> : tensor<2x3xf32>
  %0 = nn.slice %a {offsets = array<i64: 1, 2>, strides = array<i64: 1, -2>} : (tensor<2x3xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

// -----

// CHECK-LABEL: @concatenation_and_batch_norm
// CHECK-NEXT: nn.constant dense<{{\[\[}}0.000000e+00, 1.000000e+00, 4.000000e+00], [2.000000e+00, 2.000000e+00, 6.000000e+00]]> : tensor<2x3xf32>
// CHECK-NEXT: return
func.func @concatenation_and_batch_norm() -> tensor<2x3xf32> {
  %a = nn.constant dense<[[1.0], [2.0]]> : tensor<2x1xf32>
  %b = nn.constant dense<[[3.0, 4.0], [4.0, 5.0]]> : tensor<2x2xf32>
  %0 = nn.concat %a, %b {axis = 1 : i64} : (tensor<2x1xf32>, tensor<2x2xf32>) -> tensor<2x3xf32>
  %scale = nn.constant dense<[4.0, 2.0, 4.0]> : tensor<3xf32>
  %offset = nn.constant dense<[0.0, 1.0, 2.0]> : tensor<3xf32>
  %mean = nn.constant dense<[1.0, 3.0, 3.0]> : tensor<3xf32>
  %variance = nn.constant dense<4.0> : tensor<3xf32>
  %1 = nn.batch_norm %0, %scale, %offset, %mean, %variance {epsilon = 0.0 : f64} : (tensor<2x3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %2 = nn.relu %1 : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %3 = nn.relu6 %2 : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %3 : tensor<2x3xf32>
}

// -----

// CHECK-LABEL: @an_argument_stays
// CHECK: nn.add
func.func @an_argument_stays(%x: tensor<1xf32>) -> tensor<1xf32> {
  %a = nn.constant dense<1.0> : tensor<1xf32>
  %0 = nn.add %x, %a : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
  return %0 : tensor<1xf32>
}

// -----

// CHECK-LABEL: @quantized_constants_stay
// CHECK: nn.add
func.func @quantized_constants_stay() -> tensor<1x!quant.uniform<i8:f32, 0.5>> {
  %a = nn.constant dense<1> : tensor<1xi8> -> tensor<1x!quant.uniform<i8:f32, 0.5>>
  %0 = nn.add %a, %a : (tensor<1x!quant.uniform<i8:f32, 0.5>>, tensor<1x!quant.uniform<i8:f32, 0.5>>) -> tensor<1x!quant.uniform<i8:f32, 0.5>>
  return %0 : tensor<1x!quant.uniform<i8:f32, 0.5>>
}
