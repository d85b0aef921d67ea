// The attributes, printed as they were read.
// RUN: qopt %s --verify-roundtrip | FileCheck %s

// CHECK: module attributes {
module attributes {
  // CHECK-SAME: test.a0_rounding = [#quant.rounding<double>, #quant.rounding<single>, #quant.rounding<wide>, #quant.rounding<float>, #quant.rounding<shift>, #quant.rounding<real>]
  test.a0_rounding = [#quant.rounding<double>, #quant.rounding<single>,
                      #quant.rounding<wide>, #quant.rounding<float>,
                      #quant.rounding<shift>, #quant.rounding<real>],
  // CHECK-SAME: test.a1_one = #quant.multiplier<[1518500250], [-7]>
  test.a1_one = #quant.multiplier<[1518500250], [-7]>,
  // CHECK-SAME: test.a2_per_axis = #quant.multiplier<[1073741824, 0, 2147483647], [30, 0, -31], axis = 3>
  test.a2_per_axis = #quant.multiplier<[1073741824, 0, 2147483647], [30, 0, -31], axis = 3>,
  // CHECK-SAME: test.a3_one_on_axis = #quant.multiplier<[1073741824], [1], axis = 0>
  test.a3_one_on_axis = #quant.multiplier<[1073741824], [1], axis = 0>,
  // CHECK-SAME: test.a4_range = #quant.range<-1.000000e+00, 2.500000e+00>
  test.a4_range = #quant.range<-1.0, 2.5>,
  // CHECK-SAME: test.a5_real = #quant.real_multiplier<[5.000000e-01]>
  test.a5_real = #quant.real_multiplier<[0.5]>,
  // Every bit is printed.
  // CHECK-SAME: test.a6_reals = #quant.real_multiplier<[0.33333333333333331, 0.000000e+00], axis = 3>
  test.a6_reals = #quant.real_multiplier<[0.3333333333333333148, 0.0], axis = 3>
} {}
