// RUN: qopt --split-input-file --verify-diagnostics %s

// expected-error @below {{rounding real has no fixed-point form}}
func.func private @requantize_real() attributes {stage = #kernel.requantize<rounding = real>}

// -----

// expected-error @below {{expected rounding float or real, found single}}
func.func private @real_rounding() attributes {stage = #kernel.requantize_real<rounding = single, min = -128, max = 127>}

// -----

// expected-error @below {{expected a finite f64 multiplier of at least 0, found 5.000000e-01 : f32}}
func.func private @real_type() attributes {stage = #kernel.requantize_real<rounding = real, multiplier = 0.5 : f32, min = -128, max = 127>}

// -----

// expected-error @below {{expected a finite f64 multiplier of at least 0, found -5.000000e-01 : f64}}
func.func private @real_negative() attributes {stage = #kernel.requantize_real<rounding = real, multiplier = -0.5 : f64, min = -128, max = 127>}

// -----

// expected-error @below {{expected a float32 number as multiplier of rounding float, found 1.000000e-01 : f64}}
func.func private @float_multiplier() attributes {stage = #kernel.requantize_real<rounding = float, multiplier = 0.1 : f64, min = -128, max = 127>}

// -----

// expected-error @below {{expected zero_point, min and max in [-65536, 65536], found 65537}}
func.func private @real_bounds() attributes {stage = #kernel.requantize_real<rounding = real, min = -128, max = 65537>}

// -----

// expected-error @below {{expected min <= max, found min 1 and max 0}}
func.func private @real_range() attributes {stage = #kernel.requantize_real<rounding = real, min = 1, max = 0>}

// -----

func.func @real_value(%x: memref<8xf32>, %y: memref<8xi8>) {
  // expected-error @below {{expects a running value of type i32 or i64, found 'f32'}}
  kernel.elementwise %x outs %y {stages = [#kernel.requantize_real<rounding = real, multiplier = 0.5 : f64, min = -128, max = 127>]} : (memref<8xf32>, memref<8xi8>) -> ()
  return
}
