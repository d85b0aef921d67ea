// Each constraint of the operations, broken.
// RUN: qopt %s --split-input-file --verify-diagnostics

//===----------------------------------------------------------------------===//
// Casts
//===----------------------------------------------------------------------===//

func.func @dcast_input(%x: f32) {
  // expected-error@+1 {{operand #0 must be scalar or tensor of quantized type}}
  %0 = quant.dcast %x : f32 to f32
  return
}

// -----

!q = !quant.uniform<i8:f32, 1.0>
func.func @dcast_result(%x: !q) {
  // expected-error@+1 {{result #0 must be scalar or tensor of floating-point}}
  %0 = quant.dcast %x : !q to !q
  return
}

// -----

!q = !quant.uniform<i8:f32, 1.0>
func.func @dcast_scalar_and_tensor(%x: !q) {
  // expected-error@+1 {{input and result are both scalars or both tensors with matching shape}}
  %0 = quant.dcast %x : !q to tensor<f32>
  return
}

// -----

!q = !quant.uniform<i8:f32, 1.0>
func.func @dcast_ranked_and_unranked(%x: tensor<!q>) {
  // expected-error@+1 {{input and result are both scalars or both tensors with matching shape}}
  %0 = quant.dcast %x : tensor<!q> to tensor<*xf32>
  return
}

// -----

!q = !quant.uniform<i8:f32, 1.0>
func.func @dcast_static_and_dynamic(%x: tensor<2x3x!q>) {
  // expected-error@+1 {{input and result are both scalars or both tensors with matching shape}}
  %0 = quant.dcast %x : tensor<2x3x!q> to tensor<?x3xf32>
  return
}

// -----

!q = !quant.uniform<i8:f32, 1.0>
func.func @dcast_float_type(%x: !q) {
  // expected-error@+1 {{expressed type in quantized type expected to match float type; found 'f32' and 'f64'}}
  %0 = quant.dcast %x : !q to f64
  return
}

// -----

!q = !quant.any<i8>
func.func @dcast_no_expressed_type(%x: !q) {
  // expected-error@+1 {{expressed type in quantized type expected to match float type; found none and 'f32'}}
  %0 = quant.dcast %x : !q to f32
  return
}

// -----

!q = !quant.uniform<i8:f32, 1.0>
func.func @qcast_float_type(%x: f64) {
  // expected-error@+1 {{expressed type in quantized type expected to match float type; found 'f32' and 'f64'}}
  %0 = quant.qcast %x : f64 to !q
  return
}

// -----

!q = !quant.uniform<i8:f32, 1.0>
func.func @qcast_rounding(%x: f32) {
  // expected-error@+1 {{rounding 'wide' is not one of a quantize; expected 'double' or 'float'}}
  %0 = quant.qcast %x {rounding = #quant.rounding<wide>} : f32 to !q
  return
}

// -----

func.func @qcast_result(%x: f32) {
  // expected-error@+1 {{result #0 must be scalar or tensor of quantized type}}
  %0 = quant.qcast %x : f32 to f32
  return
}

// -----

!q = !quant.uniform<i8:f32, 1.0>
func.func @scast_two_quantized(%x: !q) {
  // expected-error@+1 {{input must be integer and result must be quantized, or vice versa}}
  %0 = quant.scast %x : !q to !q
  return
}

// -----

func.func @scast_two_integers(%x: i8) {
  // expected-error@+1 {{input must be integer and result must be quantized, or vice versa}}
  %0 = quant.scast %x : i8 to i8
  return
}

// -----

func.func @scast_signed_integer(%x: si8) {
  // expected-error@+1 {{operand #0 must be scalar or tensor of signless integer or quantized type, but got 'si8'}}
  %0 = quant.scast %x : si8 to !quant.uniform<i8:f32, 1.0>
  return
}

// -----

!q = !quant.uniform<i8:f32, 1.0>
func.func @scast_width(%x: tensor<2xi16>) {
  // expected-error@+1 {{storage type in quantized type expected to match integer type; found '!quant.uniform<i8:f32, 1.000000e+00>' and 'i16'}}
  %0 = quant.scast %x : tensor<2xi16> to tensor<2x!q>
  return
}

// -----

!q = !quant.calibrated<f32<-1.0:1.0>>
func.func @scast_without_storage(%x: tensor<2xi8>) {
  // expected-error@+1 {{storage type in quantized type expected to match integer type; found '!quant.calibrated<f32<-1.000000e+00:1.000000e+00>>' and 'i8'}}
  %0 = quant.scast %x : tensor<2xi8> to tensor<2x!q>
  return
}

// -----

//===----------------------------------------------------------------------===//
// Quantized elements and their tensor
//===----------------------------------------------------------------------===//

!q = !quant.uniform<i8:f32:2, {1.0, 2.0}>
func.func @per_axis_scalar(%x: !q) {
  // expected-error@+1 {{scalar types may not use per-axis quantization; input is '!quant.uniform<i8:f32:2, {1.000000e+00,2.000000e+00}>'}}
  %0 = quant.dcast %x : !q to f32
  return
}

// -----

!q = !quant.uniform<i8:f32:2, {1.0, 2.0}>
func.func @per_axis_rank(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{quantized dimension must be less than tensor rank; result has dimension 2 and rank 2}}
  %0 = quant.qcast %x : tensor<2x3xf32> to tensor<2x3x!q>
  return
}

// -----

!q = !quant.uniform<i8:f32:2, {1.0, 2.0, 3.0}>
func.func @per_axis_count(%x: tensor<2x3x4xi8>) {
  // expected-error@+1 {{quantized dimension size does not match number of scales; result has size 4 and 3 scales}}
  %0 = quant.scast %x : tensor<2x3x4xi8> to tensor<2x3x4x!q>
  return
}

// -----

!q = !quant.uniform<i8:f32:{}, {1.0}>
func.func @sub_channel_scalar(%x: !q) {
  // expected-error@+1 {{scalar types may not use sub-channel quantization; input is}}
  %0 = quant.dcast %x : !q to f32
  return
}

// -----

!q = !quant.uniform<i8:f32:{0:1, 1:2}, {{1.0}, {2.0}}>
func.func @sub_channel_unranked(%x: tensor<*xf32>) {
  // expected-error@+1 {{tensor containing the sub-channel quantized type must be ranked; result is}}
  %0 = quant.qcast %x : tensor<*xf32> to tensor<*x!q>
  return
}

// -----

!q = !quant.uniform<i8:f32:{0:1}, {1.0, 2.0}>
func.func @sub_channel_rank(%x: tensor<2x2xf32>) {
  // expected-error@+1 {{rank of scales must match the rank of the tensor; result has 1 and 2}}
  %0 = quant.qcast %x : tensor<2x2xf32> to tensor<2x2x!q>
  return
}

// -----

!q = !quant.uniform<i8:f32:{2:1, 1:2}, {{1.0}, {2.0}}>
func.func @sub_channel_axis(%x: tensor<2x2xf32>) {
  // expected-error@+1 {{quantized dimension must be less than tensor rank; result has dimension 2 and rank 2}}
  %0 = quant.qcast %x : tensor<2x2xf32> to tensor<2x2x!q>
  return
}

// -----

!q = !quant.uniform<i8:f32:{0:4}, {{1.0}, {2.0}}>
func.func @sub_channel_block_does_not_divide(%x: tensor<6x2xf32>) {
  // expected-error@+1 {{size 6 of result along axis 0 is not a multiple of the block size 4}}
  %0 = quant.qcast %x : tensor<6x2xf32> to tensor<6x2x!q>
  return
}

// -----

!q = !quant.uniform<i8:f32:{0:3}, {{1.0, 2.0}}>
func.func @sub_channel_count(%x: tensor<6x2xf32>) {
  // expected-error@+1 {{number of scales of result along axis 0 is 1; expected size / block size = 6 / 3 = 2}}
  %0 = quant.qcast %x : tensor<6x2xf32> to tensor<6x2x!q>
  return
}

// -----

//===----------------------------------------------------------------------===//
// requantize
//===----------------------------------------------------------------------===//

!any = !quant.any<i8:f32>
!q = !quant.uniform<i8:f32, 1.0>
func.func @requantize_any(%x: !any) {
  // expected-error@+1 {{operand #0 must be scalar or tensor of uniform quantized type}}
  %0 = quant.requantize %x {rounding = #quant.rounding<double>} : !any to !q
  return
}

// -----

!a = !quant.uniform<i8:f32, 1.0>
!b = !quant.uniform<i8:f16, 1.0>
func.func @requantize_expressed(%x: !a) {
  // expected-error@+1 {{expressed types of input and result differ: 'f32' and 'f16'}}
  %0 = quant.requantize %x {rounding = #quant.rounding<double>} : !a to !b
  return
}

// -----

!a = !quant.uniform<i8:f32, 1.0>
func.func @requantize_without_rounding(%x: !a) {
  // expected-error@+1 {{requires attribute 'rounding'}}
  %0 = quant.requantize %x : !a to !a
  return
}

// -----

!a = !quant.uniform<i32:f32:0, {1.0, 2.0}>
!b = !quant.uniform<i8:f32, 1.0>
func.func @requantize_channels(%x: tensor<3x!a>) {
  // expected-error@+1 {{quantized dimension size does not match number of scales; input has size 3 and 2 scales}}
  %0 = quant.requantize %x {rounding = #quant.rounding<double>} : tensor<3x!a> to tensor<3x!b>
  return
}

// -----

!a = !quant.uniform<i32:f32, 1.0>
!b = !quant.uniform<i8<-127:127>:f32, 1.0>
func.func @requantize_min(%x: tensor<3x!a>) {
  // expected-error@+1 {{min -128 outside the storage range [-127, 127] of the result}}
  %0 = quant.requantize %x {rounding = #quant.rounding<double>, min = -128} : tensor<3x!a> to tensor<3x!b>
  return
}

// -----

!a = !quant.uniform<i32:f32, 1.0>
!b = !quant.uniform<u8:f32, 1.0>
func.func @requantize_max(%x: tensor<3x!a>) {
  // expected-error@+1 {{max 256 outside the storage range [0, 255] of the result}}
  %0 = quant.requantize %x {rounding = #quant.rounding<double>, max = 256} : tensor<3x!a> to tensor<3x!b>
  return
}

// -----

!a = !quant.uniform<i32:f32, 1.0>
!b = !quant.uniform<u8:f32, 1.0>
func.func @requantize_empty_clamp(%x: tensor<3x!a>) {
  // expected-error@+1 {{min 6 above max 5}}
  %0 = quant.requantize %x {rounding = #quant.rounding<double>, min = 6, max = 5} : tensor<3x!a> to tensor<3x!b>
  return
}

// -----

//===----------------------------------------------------------------------===//
// apply_multiplier
//===----------------------------------------------------------------------===//

!q = !quant.uniform<i8:f32, 1.0>
func.func @apply_input(%x: tensor<3xi65>) {
  // expected-error@+1 {{operand #0 must be scalar or tensor of signless integer of at most 64 bits}}
  %0 = quant.apply_multiplier %x {multiplier = #quant.multiplier<[1073741824], [1]>, rounding = #quant.rounding<double>} : tensor<3xi65> to tensor<3x!q>
  return
}

// -----

!q = !quant.uniform<i8:f32:{}, {1.0}>
func.func @apply_sub_channel(%x: tensor<3xi32>) {
  // expected-error@+1 {{result may not use sub-channel quantization}}
  %0 = quant.apply_multiplier %x {multiplier = #quant.multiplier<[1073741824], [1]>, rounding = #quant.rounding<double>} : tensor<3xi32> to tensor<3x!q>
  return
}

// -----

!q = !quant.uniform<i8:f32, 1.0>
func.func @apply_axis(%x: tensor<3xi32>) {
  // expected-error@+1 {{multiplier axis 1 is not an axis of 'tensor<3xi32>'}}
  %0 = quant.apply_multiplier %x {multiplier = #quant.multiplier<[1073741824], [1], axis = 1>, rounding = #quant.rounding<double>} : tensor<3xi32> to tensor<3x!q>
  return
}

// -----

!q = !quant.uniform<i8:f32, 1.0>
func.func @apply_count(%x: tensor<3xi32>) {
  // expected-error@+1 {{expected as many multipliers as the size along axis 0, found 1 and 3}}
  %0 = quant.apply_multiplier %x {multiplier = #quant.multiplier<[1073741824], [1], axis = 0>, rounding = #quant.rounding<double>} : tensor<3xi32> to tensor<3x!q>
  return
}

// -----

!q = !quant.uniform<i8:f32, 1.0>
func.func @apply_float(%x: tensor<3xi32>) {
  // expected-error@+1 {{rounding 'float' needs a #quant.real_multiplier, found #quant.multiplier<[1073741824], [1]>}}
  %0 = quant.apply_multiplier %x {multiplier = #quant.multiplier<[1073741824], [1]>, rounding = #quant.rounding<float>} : tensor<3xi32> to tensor<3x!q>
  return
}

// -----

!q = !quant.uniform<i8:f32, 0.05>
func.func @apply_double_to_real(%x: tensor<3xi32>) {
  // expected-error@+1 {{rounding 'double' needs a #quant.multiplier, found #quant.real_multiplier<[5.000000e-01]>}}
  %0 = quant.apply_multiplier %x {multiplier = #quant.real_multiplier<[0.5]>, rounding = #quant.rounding<double>} : tensor<3xi32> to tensor<3x!q>
  return
}

// -----

!q = !quant.uniform<i8:f32, 0.05>
func.func @apply_float_needs_float32(%x: tensor<3xi32>) {
  // expected-error@+1 {{multiplier 1.000000e-01 is not a float32 number, which rounding 'float' needs}}
  %0 = quant.apply_multiplier %x {multiplier = #quant.real_multiplier<[0.1]>, rounding = #quant.rounding<float>} : tensor<3xi32> to tensor<3x!q>
  return
}

// -----

!q = !quant.uniform<i8:f32, 0.05>
func.func @apply_real_axis(%x: tensor<3xi32>) {
  // expected-error@+1 {{expected as many multipliers as the size along axis 0, found 2 and 3}}
  %0 = quant.apply_multiplier %x {multiplier = #quant.real_multiplier<[0.5, 0.25], axis = 0>, rounding = #quant.rounding<real>} : tensor<3xi32> to tensor<3x!q>
  return
}

// -----

!q = !quant.uniform<i8:f32, 1.0>
func.func @apply_shift(%x: tensor<3xi32>) {
  // expected-error@+1 {{multiplier 1073741825 is not a power of two, which rounding 'shift' needs; expected 1073741824 or 0}}
  %0 = quant.apply_multiplier %x {multiplier = #quant.multiplier<[1073741825], [1]>, rounding = #quant.rounding<shift>} : tensor<3xi32> to tensor<3x!q>
  return
}

// -----

!q = !quant.uniform<i8:f32, 1.0>
func.func @apply_zero_point(%x: tensor<3xi8>) {
  // expected-error@+1 {{input_zero_point 128 outside the range of a signed 8-bit integer}}
  %0 = quant.apply_multiplier %x {input_zero_point = 128, multiplier = #quant.multiplier<[1073741824], [1]>, rounding = #quant.rounding<double>} : tensor<3xi8> to tensor<3x!q>
  return
}

// -----

!q = !quant.uniform<i8:f32, 1.0>
func.func @apply_unsigned_zero_point(%x: tensor<3xi8>) {
  // expected-error@+1 {{input_zero_point -1 outside the range of an unsigned 8-bit integer}}
  %0 = quant.apply_multiplier %x {input_zero_point = -1, input_unsigned, multiplier = #quant.multiplier<[1073741824], [1]>, rounding = #quant.rounding<double>} : tensor<3xi8> to tensor<3x!q>
  return
}

// -----

!q = !quant.uniform<i8:f32, 1.0>
func.func @apply_clamp(%x: tensor<3xi32>) {
  // expected-error@+1 {{max 128 outside the storage range [-128, 127] of the result}}
  %0 = quant.apply_multiplier %x {max = 128, multiplier = #quant.multiplier<[1073741824], [1]>, rounding = #quant.rounding<double>} : tensor<3xi32> to tensor<3x!q>
  return
}
