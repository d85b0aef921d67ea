// Every spelling of the types that is accepted, and the one that is printed.
// RUN: qopt %s --split-input-file --verify-roundtrip | FileCheck %s

//===----------------------------------------------------------------------===//
// Per tensor
//===----------------------------------------------------------------------===//

// CHECK-LABEL: @all_parameters
// CHECK-SAME: !quant.uniform<i8<-8:7>:f32, 9.987200e-01:-3>
func.func private @all_parameters(!quant.uniform<i8<-8:7>:f32, 0.99872:-3>)

// CHECK-LABEL: @trailing_space
// CHECK-SAME: !quant.uniform<i8<-8:7>:f32, 9.987200e-01:7>
func.func private @trailing_space(!quant.uniform<i8<-8:7>:f32, 0.99872:7  >)

// CHECK-LABEL: @zero_point_defaults_to_0
// CHECK-SAME: !quant.uniform<u8:f32, 9.987200e-01>
func.func private @zero_point_defaults_to_0(!quant.uniform<u8:f32, 0.99872:0>)

// CHECK-LABEL: @whole_range_is_left_out
// CHECK-SAME: !quant.uniform<i8:f32, 1.000000e+00>, !quant.uniform<u8:f32, 1.000000e+00>
func.func private @whole_range_is_left_out(
    !quant.uniform<i8<-128:127>:f32, 1.0>, !quant.uniform<u8<0:255>:f32, 1.0>)

// CHECK-LABEL: @narrow_range
// CHECK-SAME: !quant.uniform<i8<-127:127>:f32, 1.000000e+00>, !quant.uniform<u8<1:255>:f32, 1.000000e+00:128>
func.func private @narrow_range(
    !quant.uniform<i8<-127:127>:f32, 1.0>, !quant.uniform<u8<1:255>:f32, 1.0:128>)

// CHECK-LABEL: @scale_spellings
// CHECK-SAME: 2.000000e-02>
// CHECK-SAME: 2.000000e+02>
// CHECK-SAME: 0x41646ABBA0000000:128>
func.func private @scale_spellings(
    !quant.uniform<u8:f32, 2.0e-2>, !quant.uniform<u8:f32, 2.0e+2>,
    !quant.uniform<u8:f32, 0x41646ABBA0000000:128>)

// CHECK-LABEL: @scale_keeps_double_precision
// CHECK-SAME: !quant.uniform<u8:f32, 0.052961245179176331>
func.func private @scale_keeps_double_precision(
    !quant.uniform<u8:f32, 0.05296124517917633>)

// CHECK-LABEL: @storage_widths
// CHECK-SAME: <i1:{{.*}}<i2:{{.*}}<i4:{{.*}}<u4:{{.*}}<u7:{{.*}}<i16:{{.*}}<u16:{{.*}}<i32:{{.*}}<u32:f32, 1.000000e+00:4294967295>
func.func private @storage_widths(
    !quant.uniform<i1:f32, 1.0>, !quant.uniform<i2:f32, 1.0>,
    !quant.uniform<i4:f32, 1.0>, !quant.uniform<u4:f32, 1.0>,
    !quant.uniform<u7:f32, 1.0>, !quant.uniform<i16:f32, 1.0>,
    !quant.uniform<u16:f32, 1.0>, !quant.uniform<i32:f32, 1.0:-2147483648>,
    !quant.uniform<u32:f32, 1.0:4294967295>)

// CHECK-LABEL: @explicit_signedness
// CHECK-SAME: !quant.uniform<i8:f32, 1.000000e+00>, !quant.uniform<u8:f32, 1.000000e+00:200>
func.func private @explicit_signedness(
    !quant.uniform<si8:f32, 1.0>, !quant.uniform<ui8:f32, 1.0:200>)

// CHECK-LABEL: @expressed_types
// CHECK-SAME: <u8:f16, {{.*}}<u8:bf16, {{.*}}<u8:f64, {{.*}}<u8:tf32, {{.*}}<u8:f8E4M3FN, {{.*}}<u8:f80,
func.func private @expressed_types(
    !quant.uniform<u8:f16, 2.0e+2>, !quant.uniform<u8:bf16, 2.0e+2>,
    !quant.uniform<u8:f64, 2.0e+2>, !quant.uniform<u8:tf32, 2.0>,
    !quant.uniform<u8:f8E4M3FN, 2.0>, !quant.uniform<u8:f80, 2.0>)

// CHECK-LABEL: @least_and_greatest_scale
// CHECK-SAME: <i8:f32, 1.401298{{[0-9]*}}E-45>
// CHECK-SAME: <i8:f16, 6.550400e+04>
func.func private @least_and_greatest_scale(
    !quant.uniform<i8:f32, 0x36A0000000000000>, !quant.uniform<i8:f16, 65504.0>)

// CHECK-LABEL: @whole_type_in_brackets
// CHECK-SAME: !quant.uniform<i8:f32, 1.000000e+00>
func.func private @whole_type_in_brackets(!quant<uniform<i8:f32, 1.0>>)

// CHECK-LABEL: @through_aliases
// CHECK-SAME: tensor<4x!quant.uniform<i8:f32, 5.000000e-01>>
!storage = i8
!alias = !quant.uniform<!storage:f32, 0.5>
func.func private @through_aliases(tensor<4x!alias>)

// -----

//===----------------------------------------------------------------------===//
// Per axis
//===----------------------------------------------------------------------===//

// CHECK-LABEL: @per_axis
// CHECK-SAME: !quant.uniform<u8:f32:1, {2.000000e+02:120,9.987200e-01:127}>
func.func private @per_axis(!quant.uniform<u8:f32:1, {2.0e+2:120,0.99872:127}>)

// CHECK-LABEL: @per_axis_without_zero_points
// CHECK-SAME: !quant.uniform<i8:f32:1, {2.000000e+02,9.987200e-01}>
func.func private @per_axis_without_zero_points(!quant.uniform<i8:f32:1, {2.0e+2,0.99872}>)

// CHECK-LABEL: @per_axis_mixed
// CHECK-SAME: !quant.uniform<i8<-127:127>:f32:3, {2.000000e+02,9.987200e-01:120}>
func.func private @per_axis_mixed(!quant.uniform<i8<-127:127>:f32:3, {2.0e+2:0, 0.99872:120}>)

// Upstream flattens braces; so does this dialect.
// CHECK-LABEL: @per_axis_nested
// CHECK-SAME: !quant.uniform<i8:f32:0, {1.000000e+00,2.000000e+00}>
func.func private @per_axis_nested(!quant.uniform<i8:f32:0, {{1.0}, {2.0}}>)

// -----

//===----------------------------------------------------------------------===//
// Sub-channel
//===----------------------------------------------------------------------===//

// CHECK-LABEL: @sub_channel
// CHECK-SAME{LITERAL}: !quant.uniform<u8:f32:{0:1, 1:2}, {{2.000000e+00:120, 3.000000e+00:127}, {4.000000e+00, 5.000000e+00}}>
func.func private @sub_channel(
    !quant.uniform<u8:f32:{0:1, 1:2}, {{2.0:120,3.0:127}, {4.0,5.0}}>)

// CHECK-LABEL: @sub_channel_without_blocks
// CHECK-SAME{LITERAL}: !quant.uniform<u8:f32:{}, {{2.000000e+00:120}}>
func.func private @sub_channel_without_blocks(!quant.uniform<u8:f32:{}, {{2.0:120}}>)

// CHECK-LABEL: @sub_channel_axes_in_any_order
// CHECK-SAME{LITERAL}: !quant.uniform<i4:bf16:{1:32, 0:1}, {{{2.000000e+00:-8}}, {{5.000000e-01:7}}}>
func.func private @sub_channel_axes_in_any_order(
    !quant.uniform<i4:bf16:{1:32, 0:1}, {{{2.0:-8}}, {{0.5:7}}}>)

// Zero points above the signed maximum print as they were written.
// CHECK-LABEL: @sub_channel_unsigned
// CHECK-SAME{LITERAL}: !quant.uniform<u8:f32:{0:2}, {1.000000e+00:200}>
func.func private @sub_channel_unsigned(!quant.uniform<u8:f32:{0:2}, {1.0:200}>)

// Scales are kept in the expressed type.
// CHECK-LABEL: @sub_channel_rounds_scales
// CHECK-SAME{LITERAL}: !quant.uniform<u8:f16:{}, {9.997550e-02}>
func.func private @sub_channel_rounds_scales(!quant.uniform<u8:f16:{}, {0.1}>)

// -----

//===----------------------------------------------------------------------===//
// Any and calibrated
//===----------------------------------------------------------------------===//

// CHECK-LABEL: @any
// CHECK-SAME: !quant.any<i8<-8:7>:f32>, !quant.any<i8<-8:7>>, !quant.any<u16>, !quant.any<i4>
func.func private @any(
    !quant.any<i8<-8:7>:f32>, !quant.any<i8<-8:7>>, !quant.any<u16>, !quant.any<i4<-8:7>>)

// CHECK-LABEL: @calibrated
// CHECK-SAME: !quant.calibrated<f32<-0.998:1.232100e+00>>, !quant.calibrated<bf16<1.000000e+00:2.000000e+00>>
func.func private @calibrated(
    !quant.calibrated<f32<-0.998:1.2321>>, !quant.calibrated<bf16<1.0:2.0>>)
