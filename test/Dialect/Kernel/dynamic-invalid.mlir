// RUN: qopt --split-input-file --verify-diagnostics %s

func.func @range_input(%x: tensor<4xi8>, %o: tensor<2xf32>) {
  // expected-error @below {{expected an input of f32, found 'tensor<4xi8>'}}
  %0 = kernel.dynamic_range %x outs %o : (tensor<4xi8>, tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @range_output(%x: tensor<4xf32>, %o: tensor<3xf32>) {
  // expected-error @below {{expected an output of 2xf32, found 'tensor<3xf32>'}}
  %0 = kernel.dynamic_range %x outs %o : (tensor<4xf32>, tensor<3xf32>) -> tensor<3xf32>
  return
}

// -----

func.func @parameter_range(%x: tensor<3xf32>, %o: tensor<1xf32>) {
  // expected-error @below {{expected a range of 2xf32, found 'tensor<3xf32>'}}
  %0 = kernel.dynamic_parameter %x outs %o : (tensor<3xf32>, tensor<1xf32>) -> tensor<1xf32>
  return
}

// -----

func.func @parameter_output(%x: tensor<2xf32>, %o: tensor<1xi8>) {
  // expected-error @below {{expected an output of 1xf32 (a scale) or 1xi32 (a zero point), found 'tensor<1xi8>'}}
  %0 = kernel.dynamic_parameter %x outs %o : (tensor<2xf32>, tensor<1xi8>) -> tensor<1xi8>
  return
}

// -----

func.func @quantize_value(%x: tensor<4xi32>, %s: tensor<1xf32>, %z: tensor<1xi32>, %o: tensor<4xi8>) {
  // expected-error @below {{expects a running value of type 'f32', found 'i32'}}
  %0 = kernel.elementwise %x with %s, %z outs %o {stages = [#kernel.dynamic_quantize<>]} : (tensor<4xi32>, tensor<1xf32>, tensor<1xi32>, tensor<4xi8>) -> tensor<4xi8>
  return
}

// -----

func.func @quantize_operands(%x: tensor<4xf32>, %s: tensor<1xf32>, %o: tensor<4xi8>) {
  // expected-error @below {{expects stage operand 1 of 'i32', found 'f32'}}
  %0 = kernel.elementwise %x with %s, %s outs %o {stages = [#kernel.dynamic_quantize<>]} : (tensor<4xf32>, tensor<1xf32>, tensor<1xf32>, tensor<4xi8>) -> tensor<4xi8>
  return
}

// -----

func.func @filter_bits(%x: tensor<1x1x1x4xf32>, %w: tensor<8x1x1x4xi8>, %b: tensor<8xf32>, %o: tensor<1x1x1x8xf32>) {
  // expected-error @below {{expected filter_bits of 4 or 8, found 3}}
  %0 = kernel.conv_2d %x, %w bias %b outs %o {kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, filter_bits = 3, stages = []}
    : (tensor<1x1x1x4xf32>, tensor<8x1x1x4xi8>, tensor<8xf32>, tensor<1x1x1x8xf32>) -> tensor<1x1x1x8xf32>
  return
}

// -----

func.func @float_filter_bits(%x: tensor<1x1x1x4xf32>, %w: tensor<8x1x1x4xf32>, %b: tensor<8xf32>, %o: tensor<1x1x1x8xf32>) {
  // expected-error @below {{has filter_bits of 4, which an f32 input and a signed filter of i8 may have}}
  %0 = kernel.conv_2d %x, %w bias %b outs %o {kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, filter_bits = 4, stages = []}
    : (tensor<1x1x1x4xf32>, tensor<8x1x1x4xf32>, tensor<8xf32>, tensor<1x1x1x8xf32>) -> tensor<1x1x1x8xf32>
  return
}

// -----

func.func @group_size_alone(%x: tensor<1x1x1x4xf32>, %w: tensor<8x1x1x4xi8>, %b: tensor<8xf32>, %o: tensor<1x1x1x8xf32>) {
  // expected-error @below {{has a group_size, but no scales}}
  %0 = kernel.conv_2d %x, %w bias %b outs %o {kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, group_size = 2, stages = []}
    : (tensor<1x1x1x4xf32>, tensor<8x1x1x4xi8>, tensor<8xf32>, tensor<1x1x1x8xf32>) -> tensor<1x1x1x8xf32>
  return
}

// -----

func.func @scales_alone(%x: tensor<1x1x1x4xf32>, %w: tensor<8x1x1x4xi8>, %s: tensor<8x2xf32>, %b: tensor<8xf32>, %o: tensor<1x1x1x8xf32>) {
  // expected-error @below {{has scales, but no group_size}}
  %0 = kernel.conv_2d %x, %w scales %s bias %b outs %o {kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, stages = []}
    : (tensor<1x1x1x4xf32>, tensor<8x1x1x4xi8>, tensor<8x2xf32>, tensor<8xf32>, tensor<1x1x1x8xf32>) -> tensor<1x1x1x8xf32>
  return
}

// -----

func.func @group_size(%x: tensor<1x1x1x4xf32>, %w: tensor<8x1x1x4xi8>, %s: tensor<8x2xf32>, %b: tensor<8xf32>, %o: tensor<1x1x1x8xf32>) {
  // expected-error @below {{expected a group_size that divides 4 input channels, found 3}}
  %0 = kernel.conv_2d %x, %w scales %s bias %b outs %o {kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, group_size = 3, stages = []}
    : (tensor<1x1x1x4xf32>, tensor<8x1x1x4xi8>, tensor<8x2xf32>, tensor<8xf32>, tensor<1x1x1x8xf32>) -> tensor<1x1x1x8xf32>
  return
}

// -----

func.func @scales(%x: tensor<1x1x1x4xf32>, %w: tensor<8x1x1x4xi8>, %s: tensor<8x4xf32>, %b: tensor<8xf32>, %o: tensor<1x1x1x8xf32>) {
  // expected-error @below {{expected scales of 8x2xf32, found 'tensor<8x4xf32>'}}
  %0 = kernel.conv_2d %x, %w scales %s bias %b outs %o {kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, group_size = 2, stages = []}
    : (tensor<1x1x1x4xf32>, tensor<8x1x1x4xi8>, tensor<8x4xf32>, tensor<8xf32>, tensor<1x1x1x8xf32>) -> tensor<1x1x1x8xf32>
  return
}

// -----

func.func @integer_scales(%x: tensor<1x1x1x4xi8>, %w: tensor<8x1x1x4xi8>, %s: tensor<8x2xf32>, %b: tensor<8xi32>, %o: tensor<1x1x1x8xi32>) {
  // expected-error @below {{has scales of groups, which an f32 input and a filter of i8 may have}}
  %0 = kernel.conv_2d %x, %w scales %s bias %b outs %o {kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, group_size = 2, stages = []}
    : (tensor<1x1x1x4xi8>, tensor<8x1x1x4xi8>, tensor<8x2xf32>, tensor<8xi32>, tensor<1x1x1x8xi32>) -> tensor<1x1x1x8xi32>
  return
}
