// RUN: qopt %s --split-input-file --verify-diagnostics

!sum = !quant.uniform<i32<-536870912:536870911>:f32, 0.001>
!q = !quant.uniform<i8:f32, 0.1:-5>
func.func @shapes(%a: tensor<2x4x!sum>, %b: tensor<4x!q>) -> tensor<2x4x!q> {
  // expected-error @+1 {{result has shape 2x4, expected 4}}
  %0 = nn.residual_add %a, %b : (tensor<2x4x!sum>, tensor<4x!q>) -> tensor<2x4x!q>
  return %0 : tensor<2x4x!q>
}

// -----

!wide = !quant.uniform<i32:f32, 0.001>
!q = !quant.uniform<i8:f32, 0.1:-5>
func.func @storage_range(%a: tensor<4x!wide>, %b: tensor<4x!q>) -> tensor<4x!q> {
  // expected-error @+1 {{sum has elements of '!quant.uniform<i32:f32, 1.000000e-03>', expected a quantized i32 with zero point 0 and a storage range within -1073741824:1073741824}}
  %0 = nn.residual_add %a, %b : (tensor<4x!wide>, tensor<4x!q>) -> tensor<4x!q>
  return %0 : tensor<4x!q>
}

// -----

!q = !quant.uniform<i8:f32, 0.1:-5>
func.func @narrow_sum(%a: tensor<4x!q>, %b: tensor<4x!q>) -> tensor<4x!q> {
  // expected-error @+1 {{expected a quantized i32 with zero point 0}}
  %0 = nn.residual_add %a, %b : (tensor<4x!q>, tensor<4x!q>) -> tensor<4x!q>
  return %0 : tensor<4x!q>
}

// -----

!sum = !quant.uniform<i32<-536870912:536870911>:f32, 0.001>
!q = !quant.uniform<i8:f32, 0.1:-5>
func.func @float_residual(%a: tensor<4x!sum>, %b: tensor<4xf32>) -> tensor<4x!q> {
  // expected-error @+1 {{residual has elements of 'f32', expected a quantized type of 16 bits or fewer}}
  %0 = nn.residual_add %a, %b : (tensor<4x!sum>, tensor<4xf32>) -> tensor<4x!q>
  return %0 : tensor<4x!q>
}

// -----

!sum = !quant.uniform<i32<-536870912:536870911>:f32, 1.0e-9>
!r = !quant.uniform<i8:f32, 0.1:-5>
func.func @overflow(%a: tensor<4x!sum>, %b: tensor<4x!r>) -> tensor<4x!r> {
  // expected-error @+1 {{has a residual that reaches 1.320000e+10 in the scale of the sum, expected less than 2^30; give the sum a coarser scale}}
  %0 = nn.residual_add %a, %b : (tensor<4x!sum>, tensor<4x!r>) -> tensor<4x!r>
  return %0 : tensor<4x!r>
}
