// RUN: qopt %s --nn-sum-in-floats --split-input-file | FileCheck %s
// RUN: qopt %s --nn-sum-in-floats --split-input-file --pass-statistics -o /dev/null 2>&1 | FileCheck %s --check-prefix=COUNT

// COUNT: nn-sum-in-floats: num-float = 2
// COUNT: nn-sum-in-floats: num-too-large = 2

// Both factors lose their zero points, the sum gets its scales back.
// CHECK-LABEL: func.func @sum
// CHECK: quant.scast {{.*}} to tensor<1x2xi8>
// CHECK: quant.dcast {{.*}}!quant.uniform<i8:f32, 1.000000e+00:3>
// CHECK: nn.constant dense<{{\[\[}}4.000000e+00, -3.000000e+00]]> : tensor<1x2xf32>
// CHECK: nn.constant dense<-7.000000e+00> : tensor<1xf32>
// CHECK: nn.fully_connected {{.*}} -> tensor<1x1xf32>
// CHECK: quant.qcast {{.*}}!quant.uniform<i32<-16777216:16777216>:f32, 1.000000e+00>
// CHECK: quant.scast {{.*}} to tensor<1x1xi32>
// CHECK: quant.scast {{.*}}!quant.uniform<i32:f32, 1.250000e-01>
func.func @sum(%x: tensor<1x2x!quant.uniform<i8:f32, 0.5:3>>)
    -> tensor<1x1x!quant.uniform<i32:f32, 0.125>> {
  %w = nn.constant dense<[[4, -3]]> : tensor<1x2xi8> -> tensor<1x2x!quant.uniform<i8:f32, 0.25>>
  %b = nn.constant dense<-7> : tensor<1xi32> -> tensor<1x!quant.uniform<i32:f32, 0.125>>
  %y = nn.fully_connected %x, %w, %b
    : (tensor<1x2x!quant.uniform<i8:f32, 0.5:3>>, tensor<1x2x!quant.uniform<i8:f32, 0.25>>, tensor<1x!quant.uniform<i32:f32, 0.125>>)
    -> tensor<1x1x!quant.uniform<i32:f32, 0.125>>
  return %y : tensor<1x1x!quant.uniform<i32:f32, 0.125>>
}

// -----

// 16 bits times 127 is within 2^22, five of them are not: no float holds all
// such sums.
// CHECK-LABEL: func.func @large
// CHECK-NOT: f32>
// CHECK: nn.fully_connected {{.*}}!quant.uniform<i32:f32, 1.250000e-01>
func.func @large(%x: tensor<1x5x!quant.uniform<i16:f32, 0.5>>)
    -> tensor<1x1x!quant.uniform<i32:f32, 0.125>> {
  %w = nn.constant dense<127> : tensor<1x5xi8> -> tensor<1x5x!quant.uniform<i8:f32, 0.25>>
  %y = nn.fully_connected %x, %w
    : (tensor<1x5x!quant.uniform<i16:f32, 0.5>>, tensor<1x5x!quant.uniform<i8:f32, 0.25>>)
    -> tensor<1x1x!quant.uniform<i32:f32, 0.125>>
  return %y : tensor<1x1x!quant.uniform<i32:f32, 0.125>>
}

// -----

// At the bound every sum is still exact: 2^24 = 128 * 131072.
// CHECK-LABEL: func.func @bound
// CHECK: nn.fully_connected {{.*}} -> tensor<1x1xf32>
func.func @bound(%x: tensor<1x1x!quant.uniform<i8:f32, 1.0>>)
    -> tensor<1x1x!quant.uniform<i32:f32, 1.0>> {
  %w = nn.constant dense<64> : tensor<1x1xi8> -> tensor<1x1x!quant.uniform<i8:f32, 1.0>>
  %b = nn.constant dense<16769024> : tensor<1xi32> -> tensor<1x!quant.uniform<i32:f32, 1.0>>
  %y = nn.fully_connected %x, %w, %b
    : (tensor<1x1x!quant.uniform<i8:f32, 1.0>>, tensor<1x1x!quant.uniform<i8:f32, 1.0>>, tensor<1x!quant.uniform<i32:f32, 1.0>>)
    -> tensor<1x1x!quant.uniform<i32:f32, 1.0>>
  return %y : tensor<1x1x!quant.uniform<i32:f32, 1.0>>
}

// -----

// One more is not.
// CHECK-LABEL: func.func @beyond
// CHECK: nn.fully_connected {{.*}}!quant.uniform<i32:f32, 1.000000e+00>
func.func @beyond(%x: tensor<1x1x!quant.uniform<i8:f32, 1.0>>)
    -> tensor<1x1x!quant.uniform<i32:f32, 1.0>> {
  %w = nn.constant dense<64> : tensor<1x1xi8> -> tensor<1x1x!quant.uniform<i8:f32, 1.0>>
  %b = nn.constant dense<16769025> : tensor<1xi32> -> tensor<1x!quant.uniform<i32:f32, 1.0>>
  %y = nn.fully_connected %x, %w, %b
    : (tensor<1x1x!quant.uniform<i8:f32, 1.0>>, tensor<1x1x!quant.uniform<i8:f32, 1.0>>, tensor<1x!quant.uniform<i32:f32, 1.0>>)
    -> tensor<1x1x!quant.uniform<i32:f32, 1.0>>
  return %y : tensor<1x1x!quant.uniform<i32:f32, 1.0>>
}

// -----

// Weights that are no constant have no bound.
// CHECK-LABEL: func.func @computed
// CHECK: nn.fully_connected {{.*}}!quant.uniform<i32:f32, 1.000000e+00>
func.func @computed(%x: tensor<1x1x!quant.uniform<i8:f32, 1.0>>, %w: tensor<1x1x!quant.uniform<i8:f32, 1.0>>)
    -> tensor<1x1x!quant.uniform<i32:f32, 1.0>> {
  %y = nn.fully_connected %x, %w
    : (tensor<1x1x!quant.uniform<i8:f32, 1.0>>, tensor<1x1x!quant.uniform<i8:f32, 1.0>>)
    -> tensor<1x1x!quant.uniform<i32:f32, 1.0>>
  return %y : tensor<1x1x!quant.uniform<i32:f32, 1.0>>
}
