// Requantizations whose multipliers cannot be represented; each is reported.
// RUN: qopt %s --quant-legalize-multipliers --split-input-file --verify-diagnostics

!a = !quant.uniform<i32:f32, 3.0e30>
!q = !quant.uniform<i8:f32, 1.0>
func.func @too_large(%x: tensor<2x!a>) -> tensor<2x!q> {
  // expected-error@+1 {{cannot be given a multiplier: multiplier 2.9999999999999998e+30 needs a left shift of 102, fixed point allows at most 30}}
  %0 = quant.requantize %x {rounding = #quant.rounding<double>} : tensor<2x!a> to tensor<2x!q>
  return %0 : tensor<2x!q>
}

// -----

!a = !quant.uniform<i32:f32:0, {1.0, 1073741824.0}>
!q = !quant.uniform<i8:f32, 0.5>
func.func @too_large_in_a_channel(%x: tensor<2x!a>) -> tensor<2x!q> {
  // expected-error@+1 {{multiplier 2147483648 needs a left shift of 32, fixed point allows at most 30 in channel 1}}
  %0 = quant.requantize %x {rounding = #quant.rounding<double>} : tensor<2x!a> to tensor<2x!q>
  return %0 : tensor<2x!q>
}

// -----

!a = !quant.uniform<i32:f32, 256.0>
!q = !quant.uniform<i8:f32, 1.0>
func.func @too_large_for_wide(%x: tensor<2x!a>) -> tensor<2x!q> {
  // expected-error@+1 {{multiplier 256 needs a left shift of 9, the wide rounding mode allows at most 7}}
  %0 = quant.requantize %x {rounding = #quant.rounding<wide>} : tensor<2x!a> to tensor<2x!q>
  return %0 : tensor<2x!q>
}

// -----


// The quotient of two scales can overflow though each is finite.
!a = !quant.uniform<i32:f64, 1.0e300>
!q = !quant.uniform<i8:f64, 1.0e-300>
func.func @not_finite(%x: tensor<2x!a>) -> tensor<2x!q> {
  // expected-error@+1 {{multiplier inf is not finite}}
  %0 = quant.requantize %x {rounding = #quant.rounding<double>} : tensor<2x!a> to tensor<2x!q>
  return %0 : tensor<2x!q>
}

// -----

!a = !quant.uniform<i32:f64, 1.0e-300>
!q = !quant.uniform<i8:f64, 1.0e300>
func.func @underflow(%x: tensor<2x!a>) -> tensor<2x!q> {
  // expected-error@+1 {{multiplier 0 is not positive}}
  %0 = quant.requantize %x {rounding = #quant.rounding<double>} : tensor<2x!a> to tensor<2x!q>
  return %0 : tensor<2x!q>
}

// -----

!a = !quant.uniform<i32:f32, 0.75>
!q = !quant.uniform<i8:f32, 1.0>
func.func @no_power_of_two(%x: tensor<2x!a>) -> tensor<2x!q> {
  // expected-error@+1 {{multiplier 0.75 is not a power of two, which rounding 'shift' needs}}
  %0 = quant.requantize %x {rounding = #quant.rounding<shift>} : tensor<2x!a> to tensor<2x!q>
  return %0 : tensor<2x!q>
}

// -----

!a = !quant.uniform<i32:f32:0, {1.0, 3.0e38}>
!q = !quant.uniform<i8:f32, 1.0e-10>
func.func @float_rounding(%x: tensor<2x!a>) -> tensor<2x!q> {
  // expected-error@+1 {{multiplier inf is not finite in channel 1}}
  %0 = quant.requantize %x {rounding = #quant.rounding<float>} : tensor<2x!a> to tensor<2x!q>
  return %0 : tensor<2x!q>
}

// -----

!a = !quant.uniform<i32:f64, 1.0e300>
!q = !quant.uniform<i8:f64, 1.0e-300>
func.func @real_rounding(%x: tensor<2x!a>) -> tensor<2x!q> {
  // expected-error@+1 {{multiplier inf is not finite}}
  %0 = quant.requantize %x {rounding = #quant.rounding<real>} : tensor<2x!a> to tensor<2x!q>
  return %0 : tensor<2x!q>
}

// -----

!a = !quant.uniform<i8:f32:0, {0.5:1, 0.5:2}>
!q = !quant.uniform<i8:f32, 1.0>
func.func @zero_points_differ(%x: tensor<2x!a>) -> tensor<2x!q> {
  // expected-error@+1 {{zero points of the input differ along axis 0: 1 and 2 in channel 1}}
  %0 = quant.requantize %x {rounding = #quant.rounding<double>} : tensor<2x!a> to tensor<2x!q>
  return %0 : tensor<2x!q>
}

// -----

!a = !quant.uniform<i8:f32:0, {0.5, 0.5}>
!q = !quant.uniform<i8:f32:1, {1.0, 2.0}>
func.func @axes_differ(%x: tensor<2x2x!a>) -> tensor<2x2x!q> {
  // expected-error@+1 {{input and result are quantized along different axes: 0 and 1}}
  %0 = quant.requantize %x {rounding = #quant.rounding<double>} : tensor<2x2x!a> to tensor<2x2x!q>
  return %0 : tensor<2x2x!q>
}

// -----

!a = !quant.uniform<i8:f32:{0:1}, {0.5, 0.5}>
!q = !quant.uniform<i8:f32, 1.0>
func.func @blocks(%x: tensor<2x!a>) -> tensor<2x!q> {
  // expected-error@+1 {{sub-channel quantization has no multiplier per tensor or axis}}
  %0 = quant.requantize %x {rounding = #quant.rounding<double>} : tensor<2x!a> to tensor<2x!q>
  return %0 : tensor<2x!q>
}

// -----

// Without a rank, the counts of two axes may differ unnoticed until here.
!a = !quant.uniform<i8:f32:0, {0.5, 0.5}>
!q = !quant.uniform<i8:f32:0, {1.0, 2.0, 3.0}>
func.func @counts_differ(%x: tensor<*x!a>) -> tensor<*x!q> {
  // expected-error@+1 {{input and result are quantized along different axes: 0 and 0}}
  %0 = quant.requantize %x {rounding = #quant.rounding<double>} : tensor<*x!a> to tensor<*x!q>
  return %0 : tensor<*x!q>
}
