// RUN: qopt %s --split-input-file --verify-diagnostics

// expected-error @below {{expected scale and offset together or neither}}
module attributes {a = #kernel.requantize_fma<scale = 0.25 : f32>} {}

// -----

// expected-error @below {{expected an f32 scale in [0, 5.000000e-01], found 2.500000e-01 : f64}}
module attributes {a = #kernel.requantize_fma<scale = 0.25, offset = 0.5>} {}

// -----

// expected-error @below {{expected an f32 offset in [0, 1.000000e+00], found -5.000000e-01 : f32}}
module attributes {a = #kernel.requantize_fma<scale = 0.25 : f32, offset = -0.5 : f32>} {}
