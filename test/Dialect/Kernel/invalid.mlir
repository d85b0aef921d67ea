// RUN: qopt --split-input-file --verify-diagnostics %s

// Every rule of the kernel dialect, broken once: first attributes, then ops.

// expected-error @below {{expected scale of type f32, found 'f64'}}
func.func private @scale_type() attributes {stage = #kernel.dequantize<scale = 0.5 : f64>}

// -----

// expected-error @below {{expected finite positive scale, found -5.000000e-01 : f32}}
func.func private @scale_sign() attributes {stage = #kernel.dequantize<scale = -0.5 : f32>}

// -----

// expected-error @below {{expected min <= max, found min 3 and max 2}}
func.func private @clamp_order() attributes {stage = #kernel.clamp<min = 3, max = 2>}

// -----

// expected-error @below {{expected min <= max, found min 3 and max 2}}
func.func private @quantize_order() attributes {stage = #kernel.quantize<scale = 0.5 : f32, min = 3, max = 2>}

// -----

// expected-error @below {{expected rounding double, single or shift, found float}}
func.func private @add_rounding() attributes {stage = #kernel.add<rounding = float, left_shift = 20, value = <multiplier = 1, shift = 0>, operand = <multiplier = 1, shift = 0>, output = <multiplier = 1, shift = 0>>}

// -----

// expected-error @below {{expected left_shift in 0...30, found 31}}
func.func private @add_left_shift() attributes {stage = #kernel.add<left_shift = 31, value = <multiplier = 1, shift = 0>, operand = <multiplier = 1, shift = 0>, output = <multiplier = 1, shift = 0>>}

// -----

// expected-error @below {{expected shifts of at most 0, found 1}}
func.func private @add_part_shift() attributes {stage = #kernel.sub<left_shift = 20, value = <multiplier = 1, shift = 1>, operand = <multiplier = 1, shift = 0>, output = <multiplier = 1, shift = 0>>}

// -----

// expected-error @below {{rounding float has no fixed-point form}}
func.func private @requantize_float() attributes {stage = #kernel.requantize<rounding = float>}

// -----

// expected-error @below {{expected both multiplier and shift, or neither}}
func.func private @requantize_half() attributes {stage = #kernel.requantize<multiplier = 3>}

// -----

// expected-error @below {{expected multiplier of at least 0, found -3}}
func.func private @requantize_negative() attributes {stage = #kernel.requantize<multiplier = -3, shift = 0>}

// -----

// expected-error @below {{expected shift in -31...30, found 31}}
func.func private @requantize_shift() attributes {stage = #kernel.requantize<multiplier = 3, shift = 31>}

// -----

// expected-error @below {{right_shifts describes shift operands, found an immediate shift}}
func.func private @requantize_right_shifts() attributes {stage = #kernel.requantize<multiplier = 3, shift = -1, right_shifts = true>}

// -----

// expected-error @below {{expected shifts in 0...15, found 16}}
func.func private @add_pot_shift() attributes {stage = #kernel.add_pot<value_shift = 16>}

// -----

// expected-error @below {{reversed needs subtract}}
func.func private @add_pot_reversed() attributes {stage = #kernel.add_pot<reversed = true>}

// -----

// expected-error @below {{expected entries of type i8 or i16, found 'i32'}}
func.func private @table_type() attributes {stage = #kernel.table<entries = dense<1> : tensor<256xi32>>}

// -----

// expected-error @below {{expected 256 or 65536 entries, found 'tensor<255xi8>'}}
func.func private @table_size() attributes {stage = #kernel.table<entries = dense<1> : tensor<255xi8>>}

// -----

// expected-error @below {{expected bounds of type f32, found 'f64'}}
func.func private @clamp_f32_type() attributes {stage = #kernel.clamp_f32<min = 0.0 : f64, max = 1.0 : f32>}

// -----

// expected-error @below {{expected bounds that are numbers, found}}
func.func private @clamp_f32_nan() attributes {stage = #kernel.clamp_f32<min = 0x7FC00000 : f32, max = 1.0 : f32>}

// -----

// expected-error @below {{expected min <= max, found min 2.000000e+00 : f32 and max 1.000000e+00 : f32}}
func.func private @clamp_f32_order() attributes {stage = #kernel.clamp_f32<min = 2.0 : f32, max = 1.0 : f32>}

// -----

// expected-error @below {{expected lanes to be a power of two up to 64, found 3}}
func.func private @schedule_lanes() attributes {stage = #kernel.schedule<vpdpbusd, lanes = 3>}

// -----

// expected-error @below {{expected 1 to 32 vectors and pixels, found 0 and}}
func.func private @schedule_tile() attributes {stage = #kernel.schedule<vpdpbusd, lanes = 16, vectors = 0>}

// -----

// expected-error @below {{expected 1, 2 or 4 as the steps of family 'pmaddubsw', found 3}}
func.func private @schedule_steps() attributes {stage = #kernel.schedule<pmaddubsw, lanes = 8, steps = 3>}

// -----

// expected-error @below {{expected 1 as the steps of family 'pmaddwd', found 2}}
func.func private @schedule_no_steps() attributes {stage = #kernel.schedule<pmaddwd, lanes = 8, steps = 2>}

// -----

func.func @no_order_of_steps(%x: memref<1x2x2x4xi8>, %w: memref<64xi8>, %b: memref<16xi32>, %y: memref<1x2x2x16xi32>) {
  // expected-error @below {{has a packed filter of family 'pmaddubsw', but no order of its steps}}
  kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, stages = [], packed,
    schedule = #kernel.schedule<pmaddubsw, lanes = 8>}
    : (memref<1x2x2x4xi8>, memref<64xi8>, memref<16xi32>, memref<1x2x2x16xi32>) -> ()
  return
}

// -----

func.func @order_of_steps(%x: memref<1x2x2x4xi8>, %w: memref<64xi8>, %t: memref<40xi8>, %b: memref<16xi32>, %y: memref<1x2x2x16xi32>) {
  // expected-error @below {{has an order of its filter's steps, which a packed one of family 'pmaddubsw' has}}
  kernel.conv_2d %x, %w steps %t bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, stages = [], packed,
    schedule = #kernel.schedule<pmaddwd, lanes = 8>}
    : (memref<1x2x2x4xi8>, memref<64xi8>, memref<40xi8>, memref<16xi32>, memref<1x2x2x16xi32>) -> ()
  return
}

// -----

func.func @order_of_words(%x: memref<1x2x2x4xi8>, %w: memref<64xi8>, %t: memref<40xi16>, %b: memref<16xi32>, %y: memref<1x2x2x16xi32>) {
  // expected-error @below {{expected an order of steps in one dimension of i8, found 'memref<40xi16>'}}
  kernel.conv_2d %x, %w steps %t bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, stages = [], packed,
    schedule = #kernel.schedule<pmaddubsw, lanes = 8>}
    : (memref<1x2x2x4xi8>, memref<64xi8>, memref<40xi16>, memref<16xi32>, memref<1x2x2x16xi32>) -> ()
  return
}

// -----

func.func @steps_of_groups(%x: memref<1x2x2x8xi8>, %w: memref<64xi8>, %t: memref<40xi8>, %b: memref<16xi32>, %y: memref<1x2x2x16xi32>) {
  // expected-error @below {{expected one group with family 'pmaddubsw', found 2}}
  kernel.conv_2d %x, %w steps %t bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, stages = [], packed, groups = 2 : i64,
    schedule = #kernel.schedule<pmaddubsw, lanes = 8>}
    : (memref<1x2x2x8xi8>, memref<64xi8>, memref<40xi8>, memref<16xi32>, memref<1x2x2x16xi32>) -> ()
  return
}

// -----

func.func @elementwise_broadcast(%x: memref<3xi8>, %y: memref<4xi8>) {
  // expected-error @below {{has an input of type 'memref<3xi8>', which does not broadcast to the output 'memref<4xi8>'}}
  kernel.elementwise %x outs %y {stages = []} : (memref<3xi8>, memref<4xi8>) -> ()
  return
}

// -----

func.func @mixed(%x: tensor<4xi8>, %y: memref<4xi8>) {
  // expected-error @below {{mixes tensors and memrefs}}
  kernel.elementwise %x outs %y {stages = []} : (tensor<4xi8>, memref<4xi8>) -> ()
  return
}

// -----

func.func @no_result(%x: tensor<4xi8>, %y: tensor<4xi8>) {
  // expected-error @below {{expected 1 results, found 0}}
  kernel.elementwise %x outs %y {stages = []} : (tensor<4xi8>, tensor<4xi8>) -> ()
  return
}

// -----

func.func @stage_value(%x: memref<4xi8>, %y: memref<4xi8>) {
  // expected-error @below {{expects a running value of type f32, found 'i32'}}
  kernel.elementwise %x outs %y {stages = [#kernel.logistic_f32]} : (memref<4xi8>, memref<4xi8>) -> ()
  return
}

// -----

func.func @stage_operand_missing(%x: memref<4xf32>, %y: memref<4xf32>) {
  // expected-error @below {{has too few stage operands: stage #kernel.add_f32 needs another one}}
  kernel.elementwise %x outs %y {stages = [#kernel.add_f32]} : (memref<4xf32>, memref<4xf32>) -> ()
  return
}

// -----

func.func @stage_operand_unused(%x: memref<4xf32>, %r0: memref<4xf32>, %y: memref<4xf32>) {
  // expected-error @below {{has 1 stage operands that no stage consumes}}
  kernel.elementwise %x with %r0 outs %y {stages = []} : (memref<4xf32>, memref<4xf32>, memref<4xf32>) -> ()
  return
}

// -----

func.func @stage_operand_type(%x: memref<4xf32>, %r0: memref<4xi8>, %y: memref<4xf32>) {
  // expected-error @below {{expects a stage operand of f32, found 'i8'}}
  kernel.elementwise %x with %r0 outs %y {stages = [#kernel.add_f32]} : (memref<4xf32>, memref<4xi8>, memref<4xf32>) -> ()
  return
}

// -----

func.func @stage_operand_integer(%x: memref<4xi8>, %r0: memref<4xf32>, %y: memref<4xi8>) {
  // expected-error @below {{expects a stage operand of i8, i16 or i32, found 'f32'}}
  kernel.elementwise %x with %r0 outs %y {stages = [#kernel.mul<output = <multiplier = 1, shift = 0>>]} : (memref<4xi8>, memref<4xf32>, memref<4xi8>) -> ()
  return
}

// -----

func.func @stage_operand_shape(%x: memref<4xf32>, %r0: memref<3xf32>, %y: memref<4xf32>) {
  // expected-error @below {{has a stage operand of type 'memref<3xf32>', which does not broadcast to the output 'memref<4xf32>'}}
  kernel.elementwise %x with %r0 outs %y {stages = [#kernel.add_f32]} : (memref<4xf32>, memref<3xf32>, memref<4xf32>) -> ()
  return
}

// -----

func.func @stored_type(%x: memref<4xi8>, %y: memref<4xf32>) {
  // expected-error @below {{ends with a running value of type 'i32', which cannot be stored as 'f32'}}
  kernel.elementwise %x outs %y {stages = []} : (memref<4xi8>, memref<4xf32>) -> ()
  return
}

// -----

func.func @conv_rank(%x: memref<4x4x4xi8>, %w: memref<8x1x1x4xi8>, %b: memref<8xi32>, %y: memref<1x4x4x8xi32>) {
  // expected-error @below {{expected input and output of rank 4, found 'memref<4x4x4xi8>' and}}
  kernel.conv_2d %x, %w bias %b outs %y {kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, stages = []} : (memref<4x4x4xi8>, memref<8x1x1x4xi8>, memref<8xi32>, memref<1x4x4x8xi32>) -> ()
  return
}

// -----

func.func @conv_kernel_count(%x: memref<1x4x4x4xi8>, %w: memref<8x1x1x4xi8>, %b: memref<8xi32>, %y: memref<1x4x4x8xi32>) {
  // expected-error @below {{expected 2 kernel, found 1}}
  kernel.conv_2d %x, %w bias %b outs %y {kernel = array<i64: 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, stages = []} : (memref<1x4x4x4xi8>, memref<8x1x1x4xi8>, memref<8xi32>, memref<1x4x4x8xi32>) -> ()
  return
}

// -----

func.func @conv_stride(%x: memref<1x4x4x4xi8>, %w: memref<8x1x1x4xi8>, %b: memref<8xi32>, %y: memref<1x4x4x8xi32>) {
  // expected-error @below {{expected strides of at least 1, found 0}}
  kernel.conv_2d %x, %w bias %b outs %y {kernel = array<i64: 1, 1>, strides = array<i64: 0, 1>, dilations = array<i64: 1, 1>, stages = []} : (memref<1x4x4x4xi8>, memref<8x1x1x4xi8>, memref<8xi32>, memref<1x4x4x8xi32>) -> ()
  return
}

// -----

func.func @conv_batch(%x: memref<1x4x4x4xi8>, %w: memref<8x1x1x4xi8>, %b: memref<8xi32>, %y: memref<2x4x4x8xi32>) {
  // expected-error @below {{expected the output's batch to be 1, found 2}}
  kernel.conv_2d %x, %w bias %b outs %y {kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, stages = []} : (memref<1x4x4x4xi8>, memref<8x1x1x4xi8>, memref<8xi32>, memref<2x4x4x8xi32>) -> ()
  return
}

// -----

func.func @conv_extent(%x: memref<1x4x4x4xi8>, %w: memref<8x1x1x4xi8>, %b: memref<8xi32>, %y: memref<1x3x4x8xi32>) {
  // expected-error @below {{expected the output's dimension 1 to be 4, found 3}}
  kernel.conv_2d %x, %w bias %b outs %y {kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, stages = []} : (memref<1x4x4x4xi8>, memref<8x1x1x4xi8>, memref<8xi32>, memref<1x3x4x8xi32>) -> ()
  return
}

// -----

func.func @conv_types(%x: memref<1x4x4x4xi8>, %w: memref<8x1x1x4xi16>, %b: memref<8xi32>, %y: memref<1x4x4x8xi32>) {
  // expected-error @below {{expected input, filter and bias of i8 or i16, i8, and i32 or i64, or all of f32; found 'i8', 'i16' and 'i32'}}
  kernel.conv_2d %x, %w bias %b outs %y {kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, stages = []} : (memref<1x4x4x4xi8>, memref<8x1x1x4xi16>, memref<8xi32>, memref<1x4x4x8xi32>) -> ()
  return
}

// -----

func.func @conv_float_sign(%x: memref<1x4x4x4xf32>, %w: memref<8x1x1x4xf32>, %b: memref<8xf32>, %y: memref<1x4x4x8xf32>) {
  // expected-error @below {{of f32 has no signedness and no zero point}}
  kernel.conv_2d %x, %w bias %b outs %y {kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, input_unsigned, stages = []} : (memref<1x4x4x4xf32>, memref<8x1x1x4xf32>, memref<8xf32>, memref<1x4x4x8xf32>) -> ()
  return
}

// -----

func.func @conv_bias(%x: memref<1x4x4x4xi8>, %w: memref<8x1x1x4xi8>, %b: memref<7xi32>, %y: memref<1x4x4x8xi32>) {
  // expected-error @below {{expected a bias with 8 elements, found 'memref<7xi32>'}}
  kernel.conv_2d %x, %w bias %b outs %y {kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, stages = []} : (memref<1x4x4x4xi8>, memref<8x1x1x4xi8>, memref<7xi32>, memref<1x4x4x8xi32>) -> ()
  return
}

// -----

func.func @conv_packed(%x: memref<1x4x4x4xi8>, %w: memref<8x1x1x4xi8>, %b: memref<8xi32>, %y: memref<1x4x4x8xi32>) {
  // expected-error @below {{has a packed filter, but no schedule to say how}}
  kernel.conv_2d %x, %w bias %b outs %y {kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, packed, stages = []} : (memref<1x4x4x4xi8>, memref<8x1x1x4xi8>, memref<8xi32>, memref<1x4x4x8xi32>) -> ()
  return
}

// -----

func.func @conv_groups(%x: memref<1x4x4x4xi8>, %w: memref<8x1x1x4xi8>, %b: memref<8xi32>, %y: memref<1x4x4x8xi32>) {
  // expected-error @below {{expected groups to divide 4 input and 8 output channels, found 3}}
  kernel.conv_2d %x, %w bias %b outs %y {kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 3 : i64, stages = []} : (memref<1x4x4x4xi8>, memref<8x1x1x4xi8>, memref<8xi32>, memref<1x4x4x8xi32>) -> ()
  return
}

// -----

func.func @conv_filter(%x: memref<1x4x4x4xi8>, %w: memref<8x1x1x3xi8>, %b: memref<8xi32>, %y: memref<1x4x4x8xi32>) {
  // expected-error @below {{expected a filter of shape [8, 1, 1, 4], found 'memref<8x1x1x3xi8>'}}
  kernel.conv_2d %x, %w bias %b outs %y {kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, stages = []} : (memref<1x4x4x4xi8>, memref<8x1x1x3xi8>, memref<8xi32>, memref<1x4x4x8xi32>) -> ()
  return
}

// -----

func.func @depthwise_multiple(%x: memref<1x4x4x3xi8>, %w: memref<1x1x8xi8>, %b: memref<8xi32>, %y: memref<1x4x4x8xi32>) {
  // expected-error @below {{expected output channels to be a multiple of 3 input channels, found 8}}
  kernel.depthwise_conv_2d %x, %w bias %b outs %y {kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, stages = []} : (memref<1x4x4x3xi8>, memref<1x1x8xi8>, memref<8xi32>, memref<1x4x4x8xi32>) -> ()
  return
}

// -----

func.func @conv_scale_missing(%x: memref<1x4x4x4xi8>, %w: memref<8x1x1x4xi8>, %b: memref<8xi32>, %y: memref<1x4x4x8xi32>) {
  // expected-error @below {{has a per-channel requantize stage, which needs multiplier and shift operands}}
  kernel.conv_2d %x, %w bias %b outs %y {kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, stages = [#kernel.requantize<>]} : (memref<1x4x4x4xi8>, memref<8x1x1x4xi8>, memref<8xi32>, memref<1x4x4x8xi32>) -> ()
  return
}

// -----

func.func @conv_scale_unused(%x: memref<1x4x4x4xi8>, %w: memref<8x1x1x4xi8>, %b: memref<8xi32>, %s0: memref<8xi32>, %s1: memref<8xi32>, %y: memref<1x4x4x8xi32>) {
  // expected-error @below {{has multiplier and shift operands, but no stage that reads them}}
  kernel.conv_2d %x, %w bias %b scale %s0, %s1 outs %y {kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, stages = []} : (memref<1x4x4x4xi8>, memref<8x1x1x4xi8>, memref<8xi32>, memref<8xi32>, memref<8xi32>, memref<1x4x4x8xi32>) -> ()
  return
}

// -----

func.func @conv_scale_size(%x: memref<1x4x4x4xi8>, %w: memref<8x1x1x4xi8>, %b: memref<8xi32>, %s0: memref<7xi32>, %s1: memref<7xi32>, %y: memref<1x4x4x8xi32>) {
  // expected-error @below {{expected multiplier with 8 elements, found 7}}
  kernel.conv_2d %x, %w bias %b scale %s0, %s1 outs %y {kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, stages = [#kernel.requantize<>]} : (memref<1x4x4x4xi8>, memref<8x1x1x4xi8>, memref<8xi32>, memref<7xi32>, memref<7xi32>, memref<1x4x4x8xi32>) -> ()
  return
}

// -----

func.func @conv_stage_value(%x: memref<1x4x4x4xi8>, %w: memref<8x1x1x4xi8>, %b: memref<8xi64>, %y: memref<1x4x4x8xi32>) {
  // expected-error @below {{expects a running value of type i32, found 'i64'}}
  kernel.conv_2d %x, %w bias %b outs %y {kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, stages = [#kernel.requantize<multiplier = 3, shift = 0>]} : (memref<1x4x4x4xi8>, memref<8x1x1x4xi8>, memref<8xi64>, memref<1x4x4x8xi32>) -> ()
  return
}

// -----

func.func @pool_rank(%x: memref<4x4x2xi8>, %y: memref<1x2x2x2xi8>) {
  // expected-error @below {{expected input and output of rank 4, found 'memref<4x4x2xi8>' and}}
  kernel.pool_2d max %x outs %y {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>, stages = []} : (memref<4x4x2xi8>, memref<1x2x2x2xi8>) -> ()
  return
}

// -----

func.func @pool_channels(%x: memref<1x4x4x3xi8>, %y: memref<1x2x2x2xi8>) {
  // expected-error @below {{expected equal batch and channels, found 'memref<1x4x4x3xi8>' and}}
  kernel.pool_2d max %x outs %y {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>, stages = []} : (memref<1x4x4x3xi8>, memref<1x2x2x2xi8>) -> ()
  return
}

// -----

func.func @pool_type(%x: memref<1x4x4x2xi32>, %y: memref<1x2x2x2xi8>) {
  // expected-error @below {{expected elements of i8, i16 or f32, found 'i32'}}
  kernel.pool_2d max %x outs %y {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>, stages = []} : (memref<1x4x4x2xi32>, memref<1x2x2x2xi8>) -> ()
  return
}

// -----

func.func @pool_sizes(%x: memref<1x4x4x2xi8>, %y: memref<1x2x2x2xi8>) {
  // expected-error @below {{expected 2 kernel sizes, 2 strides and 4 paddings, found 1, 2 and 4}}
  kernel.pool_2d max %x outs %y {kernel = array<i64: 2>, strides = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>, stages = []} : (memref<1x4x4x2xi8>, memref<1x2x2x2xi8>) -> ()
  return
}

// -----

func.func @pool_stride(%x: memref<1x4x4x2xi8>, %y: memref<1x2x2x2xi8>) {
  // expected-error @below {{expected kernel and strides of at least 1, found 2 and 0}}
  kernel.pool_2d max %x outs %y {kernel = array<i64: 2, 2>, strides = array<i64: 0, 2>, padding = array<i64: 0, 0, 0, 0>, stages = []} : (memref<1x4x4x2xi8>, memref<1x2x2x2xi8>) -> ()
  return
}

// -----

func.func @pool_padding(%x: memref<1x4x4x2xi8>, %y: memref<1x2x2x2xi8>) {
  // expected-error @below {{expected paddings in 0...1, found 2 and 0}}
  kernel.pool_2d max %x outs %y {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding = array<i64: 2, 0, 0, 0>, stages = []} : (memref<1x4x4x2xi8>, memref<1x2x2x2xi8>) -> ()
  return
}

// -----

func.func @pool_extent(%x: memref<1x4x4x2xi8>, %y: memref<1x3x2x2xi8>) {
  // expected-error @below {{expected the output's dimension 1 to be 2, found 3}}
  kernel.pool_2d max %x outs %y {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>, stages = []} : (memref<1x4x4x2xi8>, memref<1x3x2x2xi8>) -> ()
  return
}

// -----

func.func @mean_axes(%x: memref<4x4xf32>, %y: memref<4xf32>) {
  // expected-error @below {{expected ascending axes below the rank 2, found 2 after -1}}
  kernel.mean %x outs %y {axes = array<i64: 2>, stages = []} : (memref<4x4xf32>, memref<4xf32>) -> ()
  return
}

// -----

func.func @mean_output(%x: memref<4x4xf32>, %y: memref<3xf32>) {
  // expected-error @below {{has an output of type 'memref<3xf32>', which is not 'memref<4x4xf32>' without the axes}}
  kernel.mean %x outs %y {axes = array<i64: 1>, stages = []} : (memref<4x4xf32>, memref<3xf32>) -> ()
  return
}

// -----

func.func @arg_max_axis(%x: memref<4x4xi8>, %y: memref<4xi32>) {
  // expected-error @below {{expected an axis below the rank 2, found 2}}
  kernel.arg_max %x outs %y {axis = 2 : i64} : (memref<4x4xi8>, memref<4xi32>) -> ()
  return
}

// -----

func.func @arg_max_output(%x: memref<4x4xi8>, %y: memref<3xi32>) {
  // expected-error @below {{has an output of type 'memref<3xi32>', which is not 'memref<4x4xi8>' without axis 1}}
  kernel.arg_max %x outs %y {axis = 1 : i64} : (memref<4x4xi8>, memref<3xi32>) -> ()
  return
}

// -----

func.func @arg_max_type(%x: memref<4x4xi8>, %y: memref<4xi8>) {
  // expected-error @below {{expected an output of i32 or i64, found 'i8'}}
  kernel.arg_max %x outs %y {axis = 1 : i64} : (memref<4x4xi8>, memref<4xi8>) -> ()
  return
}

// -----

func.func @softmax_type(%x: memref<4xf32>, %y: memref<4xi8>) {
  // expected-error @below {{expected input and output of one type with an axis, found}}
  kernel.softmax %x outs %y {} : (memref<4xf32>, memref<4xi8>) -> ()
  return
}

// -----

func.func @softmax_element(%x: memref<4xi32>, %y: memref<4xi32>) {
  // expected-error @below {{expected elements of i8, i16 or f32, found 'i32'}}
  kernel.softmax %x outs %y {} : (memref<4xi32>, memref<4xi32>) -> ()
  return
}

// -----

func.func @softmax_tables(%x: memref<4xi8>, %y: memref<4xi8>) {
  // expected-error @below {{of 'i8' expected 1 tables, found 0}}
  kernel.softmax %x outs %y {} : (memref<4xi8>, memref<4xi8>) -> ()
  return
}

// -----

func.func @softmax_table(%x: memref<4xi8>, %y: memref<4xi8>) {
  // expected-error @below {{expected tables of 256 i32, found 'tensor<255xi32>'}}
  kernel.softmax %x outs %y {tables = [dense<1> : tensor<255xi32>]} : (memref<4xi8>, memref<4xi8>) -> ()
  return
}

// -----

func.func @pad_rank(%x: memref<4x4xi8>, %y: memref<6x6xi8>) {
  // expected-error @below {{expected low, high and output of rank 2, found 1, 2 and 2}}
  kernel.pad %x outs %y {low = array<i64: 1>, high = array<i64: 1, 1>, value = 0 : i8} : (memref<4x4xi8>, memref<6x6xi8>) -> ()
  return
}

// -----

func.func @pad_negative(%x: memref<4xi8>, %y: memref<4xi8>) {
  // expected-error @below {{expected paddings of at least 0, found -1 and 1}}
  kernel.pad %x outs %y {low = array<i64: -1>, high = array<i64: 1>, value = 0 : i8} : (memref<4xi8>, memref<4xi8>) -> ()
  return
}

// -----

func.func @pad_extent(%x: memref<4xi8>, %y: memref<5xi8>) {
  // expected-error @below {{expected the output's dimension 0 to be 6, found 5}}
  kernel.pad %x outs %y {low = array<i64: 1>, high = array<i64: 1>, value = 0 : i8} : (memref<4xi8>, memref<5xi8>) -> ()
  return
}

// -----

func.func @pad_value(%x: memref<4xi8>, %y: memref<6xi8>) {
  // expected-error @below {{expected output and value of 'i8', found 'i8' and 'i16'}}
  kernel.pad %x outs %y {low = array<i64: 1>, high = array<i64: 1>, value = 0 : i16} : (memref<4xi8>, memref<6xi8>) -> ()
  return
}

// -----

func.func @pad_other_interior(%x: memref<4x4xi8, strided<[5, 1]>>, %y: memref<6x6xi8>) {
  // expected-error @below {{expected an input with gaps to be the interior of the output, found 'memref<4x4xi8, strided<[5, 1]>>' and 'memref<6x6xi8>'}}
  kernel.pad %x outs %y {low = array<i64: 1, 1>, high = array<i64: 1, 1>, value = 0 : i8} : (memref<4x4xi8, strided<[5, 1]>>, memref<6x6xi8>) -> ()
  return
}

// -----

func.func @strided_slice_rank(%x: memref<4x4xi8>, %y: memref<2xi8>) {
  // expected-error @below {{expected offsets, strides and output of rank 2, found 2, 2 and 1}}
  kernel.strided_slice %x outs %y {offsets = array<i64: 0, 0>, strides = array<i64: 1, 1>} : (memref<4x4xi8>, memref<2xi8>) -> ()
  return
}

// -----

func.func @strided_slice_element(%x: memref<4xi8>, %y: memref<2xi16>) {
  // expected-error @below {{expected an output of 'i8', found 'i16'}}
  kernel.strided_slice %x outs %y {offsets = array<i64: 0>, strides = array<i64: 1>} : (memref<4xi8>, memref<2xi16>) -> ()
  return
}

// -----

func.func @strided_slice_outside(%x: memref<4xi8>, %y: memref<3xi8>) {
  // expected-error @below {{takes 3 elements from 0 by 2 of dimension 0, which has 4}}
  kernel.strided_slice %x outs %y {offsets = array<i64: 0>, strides = array<i64: 2>} : (memref<4xi8>, memref<3xi8>) -> ()
  return
}

// -----

func.func @strided_slice_still(%x: memref<4xi8>, %y: memref<1xi8>) {
  // expected-error @below {{takes 1 elements from 0 by 0 of dimension 0, which has 4}}
  kernel.strided_slice %x outs %y {offsets = array<i64: 0>, strides = array<i64: 0>} : (memref<4xi8>, memref<1xi8>) -> ()
  return
}

// -----

func.func @concat_axis(%x: memref<4xi8>, %y: memref<4xi8>) {
  // expected-error @below {{expected an axis below the rank 1, found 1}}
  kernel.concat %x outs %y {axis = 1 : i64} : (memref<4xi8>, memref<4xi8>) -> ()
  return
}

// -----

func.func @concat_part(%x: memref<4x2xi8>, %y: memref<4x4xi8>) {
  // expected-error @below {{has an input of type 'memref<4x2xi8>', which is no part of the output 'memref<4x4xi8>' along axis 0}}
  kernel.concat %x outs %y {axis = 0 : i64} : (memref<4x2xi8>, memref<4x4xi8>) -> ()
  return
}

// -----

func.func @concat_sum(%x: memref<4xi8>, %y: memref<5xi8>) {
  // expected-error @below {{expected the output's dimension 0 to be 4, found 5}}
  kernel.concat %x outs %y {axis = 0 : i64} : (memref<4xi8>, memref<5xi8>) -> ()
  return
}

// -----

func.func @resize_images(%x: memref<1x2x2x3xi8>, %y: memref<1x4x4x4xi8>) {
  // expected-error @below {{expected images with equal batch, channels and element type, found}}
  kernel.resize_bilinear %x outs %y {} : (memref<1x2x2x3xi8>, memref<1x4x4x4xi8>) -> ()
  return
}

// -----

func.func @resize_modes(%x: memref<1x2x2x3xi8>, %y: memref<1x4x4x3xi8>) {
  // expected-error @below {{cannot have both align_corners and half_pixel_centers}}
  kernel.resize_bilinear %x outs %y {align_corners, half_pixel_centers} : (memref<1x2x2x3xi8>, memref<1x4x4x3xi8>) -> ()
  return
}

// -----

func.func @view_kinds(%x: tensor<4xi8>) {
  // expected-error @below {{mixes tensors and memrefs}}
  %0 = kernel.view %x : tensor<4xi8> to memref<4xi8>
  return
}

// -----

func.func @view_size(%x: memref<4xi8>) {
  // expected-error @below {{expected as many elements of one type, found 'memref<4xi8>' and 'memref<5xi8>'}}
  %0 = kernel.view %x : memref<4xi8> to memref<5xi8>
  return
}

// -----

func.func @transpose_permutation(%x: memref<2x3xi8>, %y: memref<3x2xi8>) {
  // expected-error @below {{expected a permutation of the input's 2 dimensions, found [1, 1]}}
  kernel.transpose %x outs %y {permutation = array<i64: 1, 1>} : (memref<2x3xi8>, memref<3x2xi8>) -> ()
  return
}

// -----

func.func @transpose_shape(%x: memref<2x3xi8>, %y: memref<2x3xi8>) {
  // expected-error @below {{expected the input's elements in permuted order, found an output of 'memref<2x3xi8>'}}
  kernel.transpose %x outs %y {permutation = array<i64: 1, 0>} : (memref<2x3xi8>, memref<2x3xi8>) -> ()
  return
}

// -----

func.func @sum_shift(%x: tensor<4xi8>, %r: tensor<4xi8>, %o: tensor<4xi8>) -> tensor<4xi8> {
  // expected-error @+1 {{expected a shift in 1...30, found 31}}
  %0 = kernel.elementwise %x with %r outs %o {stages = [#kernel.scaled_sum<value = 5, operand = 4, shift = 31>, #kernel.clamp<min = -128, max = 127>]} : (tensor<4xi8>, tensor<4xi8>, tensor<4xi8>) -> tensor<4xi8>
  return %0 : tensor<4xi8>
}

// -----

func.func @sum_operand(%x: tensor<4xi8>, %r: tensor<4xi16>, %o: tensor<4xi8>) -> tensor<4xi8> {
  // expected-error @+1 {{expects a stage operand of i8, found 'i16'}}
  %0 = kernel.elementwise %x with %r outs %o {stages = [#kernel.scaled_sum<value = 5, operand = 4, shift = 3>, #kernel.clamp<min = -128, max = 127>]} : (tensor<4xi8>, tensor<4xi16>, tensor<4xi8>) -> tensor<4xi8>
  return %0 : tensor<4xi8>
}

// -----

func.func @flip_type(%x: tensor<4xi16>, %o: tensor<5xi16>) -> tensor<5xi16> {
  // expected-error @+1 {{flips elements of i8, found 'i16'}}
  %0 = kernel.pad %x outs %o {low = array<i64: 1>, high = array<i64: 0>, value = 0 : i16, flip} : (tensor<4xi16>, tensor<5xi16>) -> tensor<5xi16>
  return %0 : tensor<5xi16>
}
