// Each rule of the attributes, broken.
// RUN: qopt %s --split-input-file --verify-diagnostics

// expected-error@+2 {{expected ::qopt::quant::RoundingMode to be one of: double, single, wide, float, shift}}
// expected-error@+1 {{failed to parse}}
#a = #quant.rounding<sloppy>

// -----

// expected-error@+1 {{multiplier 0 is 1073741823; expected 0 or a value in [1073741824, 2147483647]}}
#a = #quant.multiplier<[1073741823], [0]>

// -----

// expected-error@+1 {{multiplier 1 is -1073741824; expected 0 or a value in [1073741824, 2147483647]}}
#a = #quant.multiplier<[1073741824, -1073741824], [0, 0], axis = 1>

// -----

// expected-error@+1 {{shift 31 of multiplier 0 outside [-31, 30]}}
#a = #quant.multiplier<[1073741824], [31]>

// -----

// expected-error@+1 {{shift -32 of multiplier 0 outside [-31, 30]}}
#a = #quant.multiplier<[1073741824], [-32]>

// -----

// expected-error@+1 {{shift 2 of multiplier 0, which is 0; expected 0}}
#a = #quant.multiplier<[0], [2]>

// -----

// expected-error@+1 {{illegal number of multipliers and shifts: 2 and 1; expected as many of each}}
#a = #quant.multiplier<[1073741824, 1073741824], [0], axis = 0>

// -----

// expected-error@+1 {{expected one multiplier without axis, found 2}}
#a = #quant.multiplier<[1073741824, 1073741824], [0, 0]>

// -----

// expected-error@+1 {{illegal axis: -1; expected 0 or more}}
#a = #quant.multiplier<[1073741824], [0], axis = -1>

// -----

// expected-error @below {{range [2.000000e+00, 1.000000e+00] is not finite and ordered}}
module attributes {test.range = #quant.range<2.0, 1.0>} {}

// -----

// expected-error@+1 {{expected at least one multiplier}}
#a = #quant.real_multiplier<[]>

// -----

// expected-error@+1 {{expected one multiplier without axis, found 2}}
#a = #quant.real_multiplier<[0.5, 0.25]>

// -----

// expected-error@+1 {{illegal axis: -1; expected 0 or more}}
#a = #quant.real_multiplier<[0.5], axis = -1>

// -----

// expected-error@+1 {{multiplier 1 is -5.000000e-01; expected a finite one of at least 0}}
#a = #quant.real_multiplier<[0.5, -0.5], axis = 0>

// -----

// expected-error@+1 {{multiplier 0 is INF; expected a finite one of at least 0}}
#a = #quant.real_multiplier<[0x7FF0000000000000]>
