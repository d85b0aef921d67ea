// RUN: qopt %s -split-input-file -verify-diagnostics

//===----------------------------------------------------------------------===//
// Every op
//===----------------------------------------------------------------------===//

func.func @tensor_too_large(%a: tensor<4294967296x4294967296xf32>) {
  // expected-error @+1 {{operand #0 has shape 4294967296x4294967296, which is more than 2^63 - 1 elements}}
  %0 = nn.relu %a : (tensor<4294967296x4294967296xf32>) -> tensor<4294967296x4294967296xf32>
  return
}

// -----

func.func @tensor_too_large_in_part(%a: tensor<4294967296x4294967296x0xf32>) {
  // expected-error @+1 {{operand #0 has shape 4294967296x4294967296x0, which is more than 2^63 - 1 elements}}
  %0 = nn.relu %a : (tensor<4294967296x4294967296x0xf32>) -> tensor<4294967296x4294967296x0xf32>
  return
}

// -----

!x = !quant.uniform<i8:f32, 0.5:-3>
!w = !quant.uniform<i8:f32:0, {0.5, 0.25}>

func.func @channels_do_not_fit_the_type(%x: tensor<1x8x!x>, %w: tensor<3x8x!w>) {
  // expected-error @+1 {{quantized dimension size does not match number of scales; operand #1 has size 3 and 2 scales}}
  %0 = nn.fully_connected %x, %w : (tensor<1x8x!x>, tensor<3x8x!w>) -> tensor<1x3x!x>
  return
}

// -----

!h = !quant.uniform<i8:f16, 0.5>

func.func @expressed_type(%x: tensor<4x!h>) {
  // expected-error @+1 {{operand #0 must be statically shaped tensor of 32-bit float or f32 quantized per tensor values}}
  %0 = nn.relu %x : (tensor<4x!h>) -> tensor<4x!h>
  return
}

// -----

func.func @dynamic_shape(%x: tensor<?xf32>) {
  // expected-error @+1 {{operand #0 must be statically shaped tensor}}
  %0 = nn.relu %x : (tensor<?xf32>) -> tensor<?xf32>
  return
}

// -----

//===----------------------------------------------------------------------===//
// Attributes of functions
//===----------------------------------------------------------------------===//

// expected-error @+1 {{has an 'nn.name' that is not a string: 3 : i64}}
func.func @name_is_no_string(%a: tensor<4xi8> {nn.name = 3 : i64}) {
  return
}

// -----

// expected-error @+1 {{has an 'nn.type' that is not a type: "i8"}}
func.func @type_is_no_type(%a: tensor<4xi8>) -> (tensor<4xi8> {nn.type = "i8"}) {
  return %a : tensor<4xi8>
}

// -----

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

!x = !quant.uniform<i8:f32, 0.5:-3>

func.func @constant_shape() {
  // expected-error @+1 {{value has shape 2, expected the result's 3}}
  %0 = nn.constant dense<1> : tensor<2xi8> -> tensor<3x!x>
  return
}

// -----

!x = !quant.uniform<i8:f32, 0.5:-3>

func.func @constant_vector() {
  // expected-error @+1 {{value is a 'vector<3xi8>', expected a tensor}}
  %0 = nn.constant dense<1> : vector<3xi8> -> tensor<3x!x>
  return
}

// -----

func.func @constant_large_splat() {
  // expected-error @+1 {{value holds 0 at index 0, outside of the storage range [1, 254]}}
  %0 = nn.constant dense<0> : tensor<1099511627776xi8> -> tensor<1099511627776x!quant.uniform<u8<1:254>:f32, 0.5:7>>
  return
}

// -----

!x = !quant.uniform<i8:f32, 0.5:-3>

func.func @constant_rank_0() {
  // expected-error @+1 {{value has shape scalar, expected the result's 3}}
  %0 = nn.constant dense<1> : tensor<i8> -> tensor<3x!x>
  return
}

// -----

!x = !quant.uniform<i8:f32, 0.5:-3>

func.func @constant_element_type() {
  // expected-error @+1 {{value has elements of 'i32', expected 'i8'}}
  %0 = nn.constant dense<1> : tensor<2xi32> -> tensor<2x!x>
  return
}

// -----

!w = !quant.uniform<i8<-127:127>:f32, 0.25>

func.func @constant_storage_range() {
  // expected-error @+1 {{value holds -128 at index 1, outside of the storage range [-127, 127]}}
  %0 = nn.constant dense<[1, -128]> : tensor<2xi8> -> tensor<2x!w>
  return
}

// -----

func.func @constant_storage_range_unsigned() {
  // expected-error @+1 {{value holds 255 at index 1, outside of the storage range [1, 254]}}
  %0 = nn.constant dense<[1, -1]> : tensor<2xi8> -> tensor<2x!quant.uniform<u8<1:254>:f32, 0.5:7>>
  return
}

// -----

func.func @constant_storage_range_of_a_resource() {
  // expected-error @+1 {{value holds -128 at index 3, outside of the storage range [-127, 127]}}
  %0 = nn.constant dense_resource<weights> : tensor<4xi8> -> tensor<4x!quant.uniform<i8<-127:127>:f32, 0.5>>
  return
}

{-#
  dialect_resources: {
    builtin: {
      weights: "0x0100000001020380"
    }
  }
#-}

// -----

//===----------------------------------------------------------------------===//
// Linear ops
//===----------------------------------------------------------------------===//

func.func @conv_2d_result_shape(%x: tensor<1x8x8x4xf32>, %w: tensor<2x3x3x4xf32>) {
  // expected-error @+1 {{result has shape 1x8x8x2, expected 1x6x6x2}}
  %0 = nn.conv_2d %x, %w : (tensor<1x8x8x4xf32>, tensor<2x3x3x4xf32>) -> tensor<1x8x8x2xf32>
  return
}

// -----

func.func @conv_2d_result_shape_stride(%x: tensor<1x8x8x4xf32>, %w: tensor<2x3x3x4xf32>) {
  // expected-error @+1 {{result has shape 1x6x6x2, expected 1x4x3x2}}
  %0 = nn.conv_2d %x, %w {strides = array<i64: 2, 2>, padding = array<i64: 1, 1, 0, 0>} : (tensor<1x8x8x4xf32>, tensor<2x3x3x4xf32>) -> tensor<1x6x6x2xf32>
  return
}

// -----

func.func @conv_2d_input_rank(%x: tensor<8x8x4xf32>, %w: tensor<2x3x3x4xf32>) {
  // expected-error @+1 {{input has rank 3, expected 4}}
  %0 = nn.conv_2d %x, %w : (tensor<8x8x4xf32>, tensor<2x3x3x4xf32>) -> tensor<1x6x6x2xf32>
  return
}

// -----

func.func @conv_2d_filter_rank(%x: tensor<1x8x8x4xf32>, %w: tensor<2x3x3x4x1xf32>) {
  // expected-error @+1 {{filter has rank 5, expected 4}}
  %0 = nn.conv_2d %x, %w : (tensor<1x8x8x4xf32>, tensor<2x3x3x4x1xf32>) -> tensor<1x6x6x2xf32>
  return
}

// -----

func.func @conv_2d_result_rank(%x: tensor<1x8x8x4xf32>, %w: tensor<2x3x3x4xf32>) {
  // expected-error @+1 {{result has rank 2, expected 4}}
  %0 = nn.conv_2d %x, %w : (tensor<1x8x8x4xf32>, tensor<2x3x3x4xf32>) -> tensor<1x72xf32>
  return
}

// -----

func.func @conv_2d_empty_kernel(%x: tensor<1x8x8x4xf32>, %w: tensor<2x0x3x4xf32>) {
  // expected-error @+1 {{filter's height and width holds 0, expected 1 or more}}
  %0 = nn.conv_2d %x, %w : (tensor<1x8x8x4xf32>, tensor<2x0x3x4xf32>) -> tensor<1x6x6x2xf32>
  return
}

// -----

func.func @conv_2d_strides_count(%x: tensor<1x8x8x4xf32>, %w: tensor<2x3x3x4xf32>) {
  // expected-error @+1 {{strides has 3 numbers, expected 2}}
  %0 = nn.conv_2d %x, %w {strides = array<i64: 1, 1, 1>} : (tensor<1x8x8x4xf32>, tensor<2x3x3x4xf32>) -> tensor<1x6x6x2xf32>
  return
}

// -----

func.func @conv_2d_strides_zero(%x: tensor<1x8x8x4xf32>, %w: tensor<2x3x3x4xf32>) {
  // expected-error @+1 {{strides holds 0, expected 1 or more}}
  %0 = nn.conv_2d %x, %w {strides = array<i64: 1, 0>} : (tensor<1x8x8x4xf32>, tensor<2x3x3x4xf32>) -> tensor<1x6x6x2xf32>
  return
}

// -----

func.func @conv_2d_dilations_negative(%x: tensor<1x8x8x4xf32>, %w: tensor<2x3x3x4xf32>) {
  // expected-error @+1 {{dilations holds -1, expected 1 or more}}
  %0 = nn.conv_2d %x, %w {dilations = array<i64: -1, 1>} : (tensor<1x8x8x4xf32>, tensor<2x3x3x4xf32>) -> tensor<1x6x6x2xf32>
  return
}

// -----

func.func @conv_2d_padding_negative(%x: tensor<1x8x8x4xf32>, %w: tensor<2x3x3x4xf32>) {
  // expected-error @+1 {{padding holds -2, expected 0 or more}}
  %0 = nn.conv_2d %x, %w {padding = array<i64: 0, 0, -2, 0>} : (tensor<1x8x8x4xf32>, tensor<2x3x3x4xf32>) -> tensor<1x6x6x2xf32>
  return
}

// -----

func.func @conv_2d_padding_overflow(%x: tensor<1x8x8x4xf32>, %w: tensor<2x3x3x4xf32>) {
  // expected-error @+1 {{padded height or dilated kernel height overflows 64 bits}}
  %0 = nn.conv_2d %x, %w {padding = array<i64: 9223372036854775807, 0, 0, 0>} : (tensor<1x8x8x4xf32>, tensor<2x3x3x4xf32>) -> tensor<1x6x6x2xf32>
  return
}

// -----

func.func @conv_2d_dilation_overflow(%x: tensor<1x8x8x4xf32>, %w: tensor<2x3x3x4xf32>) {
  // expected-error @+1 {{padded width or dilated kernel width overflows 64 bits}}
  %0 = nn.conv_2d %x, %w {dilations = array<i64: 1, 9223372036854775807>} : (tensor<1x8x8x4xf32>, tensor<2x3x3x4xf32>) -> tensor<1x6x6x2xf32>
  return
}

// -----

func.func @conv_2d_kernel_too_large(%x: tensor<1x8x8x4xf32>, %w: tensor<2x3x3x4xf32>) {
  // expected-error @+1 {{padded input has width 8, less than the kernel's 9}}
  %0 = nn.conv_2d %x, %w {dilations = array<i64: 1, 4>} : (tensor<1x8x8x4xf32>, tensor<2x3x3x4xf32>) -> tensor<1x6x6x2xf32>
  return
}

// -----

func.func @conv_2d_groups_zero(%x: tensor<1x8x8x4xf32>, %w: tensor<2x3x3x4xf32>) {
  // expected-error @+1 {{groups is 0, expected 1 or more}}
  %0 = nn.conv_2d %x, %w {groups = 0} : (tensor<1x8x8x4xf32>, tensor<2x3x3x4xf32>) -> tensor<1x6x6x2xf32>
  return
}

// -----

func.func @conv_2d_groups_divisor(%x: tensor<1x8x8x4xf32>, %w: tensor<2x3x3x4xf32>) {
  // expected-error @+1 {{groups is 3, expected a divisor of the 4 input channels and the 2 output channels}}
  %0 = nn.conv_2d %x, %w {groups = 3} : (tensor<1x8x8x4xf32>, tensor<2x3x3x4xf32>) -> tensor<1x6x6x2xf32>
  return
}

// -----

func.func @conv_2d_filter_channels(%x: tensor<1x8x8x4xf32>, %w: tensor<2x3x3x4xf32>) {
  // expected-error @+1 {{filter has 4 input channels, expected 2}}
  %0 = nn.conv_2d %x, %w {groups = 2} : (tensor<1x8x8x4xf32>, tensor<2x3x3x4xf32>) -> tensor<1x6x6x2xf32>
  return
}

// -----

!x = !quant.uniform<i8:f32, 0.25>

func.func @conv_2d_mixes(%x: tensor<1x8x8x4x!x>, %w: tensor<2x3x3x4xf32>) {
  // expected-error @+1 {{mixes float and quantized tensors: input '!quant.uniform<i8:f32, 2.500000e-01>', filter 'f32', result '!quant.uniform<i8:f32, 2.500000e-01>'}}
  %0 = nn.conv_2d %x, %w : (tensor<1x8x8x4x!x>, tensor<2x3x3x4xf32>) -> tensor<1x6x6x2x!x>
  return
}

// -----

!x = !quant.uniform<i8:f32, 0.5:-3>
!w = !quant.uniform<i8<-127:127>:f32, 0.25>
!acc = !quant.uniform<i32:f32, 0.125>

func.func @conv_2d_input_storage(%x: tensor<1x8x8x4x!acc>, %w: tensor<2x3x3x4x!w>) {
  // expected-error @+1 {{input has elements of '!quant.uniform<i32:f32, 1.250000e-01>', expected 16 bits of storage or fewer}}
  %0 = nn.conv_2d %x, %w : (tensor<1x8x8x4x!acc>, tensor<2x3x3x4x!w>) -> tensor<1x6x6x2x!x>
  return
}

// -----

!x = !quant.uniform<i8:f32, 0.5:-3>
!w3 = !quant.uniform<i8:f32:3, {0.5, 0.25, 1.0, 2.0}>

func.func @conv_2d_filter_axis(%x: tensor<1x8x8x4x!x>, %w: tensor<2x3x3x4x!w3>) {
  // expected-error @+1 {{filter is quantized along dimension 3, expected its channels 0}}
  %0 = nn.conv_2d %x, %w : (tensor<1x8x8x4x!x>, tensor<2x3x3x4x!w3>) -> tensor<1x6x6x2x!x>
  return
}

// -----

!x = !quant.uniform<i8:f32, 0.5:-3>
!w = !quant.uniform<i8<-127:127>:f32, 0.25>
!y = !quant.uniform<i8:f32:3, {0.5, 0.25}>

func.func @conv_2d_result_per_channel(%x: tensor<1x8x8x4x!x>, %w: tensor<2x3x3x4x!w>) {
  // expected-error @+1 {{result is quantized per channel, expected per tensor unless it is an i32 accumulator}}
  %0 = nn.conv_2d %x, %w : (tensor<1x8x8x4x!x>, tensor<2x3x3x4x!w>) -> tensor<1x6x6x2x!y>
  return
}

// -----

!x = !quant.uniform<i8:f32, 0.5:-3>
!w = !quant.uniform<i8<-127:127>:f32, 0.25>

func.func @conv_2d_accumulator_activation(%x: tensor<1x8x8x4x!x>, %w: tensor<2x3x3x4x!w>) {
  // expected-error @+1 {{has activation relu on an accumulator, expected none}}
  %0 = nn.conv_2d %x, %w {activation = #nn.activation<relu>} : (tensor<1x8x8x4x!x>, tensor<2x3x3x4x!w>) -> tensor<1x6x6x2xi32>
  return
}

// -----

!x = !quant.uniform<i8:f32, 0.5:-3>
!w = !quant.uniform<i8<-127:127>:f32, 0.25>
!y = !quant.uniform<i32:f32:0, {0.125, 0.125}>

func.func @conv_2d_accumulator_axis(%x: tensor<2x8x8x4x!x>, %w: tensor<2x3x3x4x!w>) {
  // expected-error @+1 {{accumulator is quantized along dimension 0, expected its channels 3}}
  %0 = nn.conv_2d %x, %w : (tensor<2x8x8x4x!x>, tensor<2x3x3x4x!w>) -> tensor<2x6x6x2x!y>
  return
}

// -----

!x = !quant.uniform<i8:f32, 0.5:-3>
!w = !quant.uniform<i8<-127:127>:f32, 0.25>
!y = !quant.uniform<i32:f32, 0.125:7>

func.func @conv_2d_accumulator_zero_point(%x: tensor<1x8x8x4x!x>, %w: tensor<2x3x3x4x!w>) {
  // expected-error @+1 {{accumulator has zero point 7, expected 0}}
  %0 = nn.conv_2d %x, %w : (tensor<1x8x8x4x!x>, tensor<2x3x3x4x!w>) -> tensor<1x6x6x2x!y>
  return
}

// -----

!x = !quant.uniform<i8:f32, 0.5:-3>
!w = !quant.uniform<i8<-127:127>:f32, 0.25>
!y = !quant.uniform<i32:f32:3, {0.125, 0.25}>

func.func @conv_2d_accumulator_scale(%x: tensor<1x8x8x4x!x>, %w: tensor<2x3x3x4x!w>) {
  // expected-error @+1 {{accumulator has scale 2.500000e-01 in channel 1, expected the product of the input's and the filter's 1.250000e-01}}
  %0 = nn.conv_2d %x, %w : (tensor<1x8x8x4x!x>, tensor<2x3x3x4x!w>) -> tensor<1x6x6x2x!y>
  return
}

// -----

func.func @bias_shape(%x: tensor<1x8xf32>, %w: tensor<4x8xf32>, %b: tensor<1x4xf32>) {
  // expected-error @+1 {{bias has shape 1x4, expected 4}}
  %0 = nn.fully_connected %x, %w, %b : (tensor<1x8xf32>, tensor<4x8xf32>, tensor<1x4xf32>) -> tensor<1x4xf32>
  return
}

// -----

!x = !quant.uniform<i8:f32, 0.5:-3>
!w = !quant.uniform<i8<-127:127>:f32, 0.25>

func.func @bias_of_floats(%x: tensor<1x8x!x>, %w: tensor<4x8x!w>, %b: tensor<4xf32>) {
  // expected-error @+1 {{bias has elements of 'f32', the result of '!quant.uniform<i8:f32, 5.000000e-01:-3>'}}
  %0 = nn.fully_connected %x, %w, %b : (tensor<1x8x!x>, tensor<4x8x!w>, tensor<4xf32>) -> tensor<1x4x!x>
  return
}

// -----

!x = !quant.uniform<i8:f32, 0.5:-3>
!w = !quant.uniform<i8<-127:127>:f32, 0.25>
!acc = !quant.uniform<i32:f32, 0.125>

func.func @bias_of_plain_accumulator(%x: tensor<1x8x!x>, %w: tensor<4x8x!w>, %b: tensor<4x!acc>) {
  // expected-error @+1 {{bias has elements of '!quant.uniform<i32:f32, 1.250000e-01>', expected plain integers as in the result}}
  %0 = nn.fully_connected %x, %w, %b : (tensor<1x8x!x>, tensor<4x8x!w>, tensor<4x!acc>) -> tensor<1x4xi32>
  return
}

// -----

!x = !quant.uniform<i8:f32, 0.5:-3>
!w = !quant.uniform<i8<-127:127>:f32, 0.25>
!b = !quant.uniform<i32:f32, 0.125:5>

func.func @bias_zero_point(%x: tensor<1x8x!x>, %w: tensor<4x8x!w>, %b: tensor<4x!b>) {
  // expected-error @+1 {{bias has zero point 5, expected 0}}
  %0 = nn.fully_connected %x, %w, %b : (tensor<1x8x!x>, tensor<4x8x!w>, tensor<4x!b>) -> tensor<1x4x!x>
  return
}

// -----

func.func @fully_connected_filter_rank(%x: tensor<1x8xf32>, %w: tensor<4x8x1xf32>) {
  // expected-error @+1 {{filter has rank 3, expected 2}}
  %0 = nn.fully_connected %x, %w : (tensor<1x8xf32>, tensor<4x8x1xf32>) -> tensor<1x4xf32>
  return
}

// -----

func.func @fully_connected_columns(%x: tensor<1x7xf32>, %w: tensor<4x8xf32>) {
  // expected-error @+1 {{input has 7 elements, expected a multiple of the filter's 8 columns}}
  %0 = nn.fully_connected %x, %w : (tensor<1x7xf32>, tensor<4x8xf32>) -> tensor<1x4xf32>
  return
}

// -----

func.func @fully_connected_last_dimension(%x: tensor<1x8xf32>, %w: tensor<4x8xf32>) {
  // expected-error @+1 {{result has shape 1x5, expected a last dimension of 4}}
  %0 = nn.fully_connected %x, %w : (tensor<1x8xf32>, tensor<4x8xf32>) -> tensor<1x5xf32>
  return
}

// -----

func.func @fully_connected_rows(%x: tensor<2x8xf32>, %w: tensor<4x8xf32>) {
  // expected-error @+1 {{result has 3 rows, expected 2}}
  %0 = nn.fully_connected %x, %w : (tensor<2x8xf32>, tensor<4x8xf32>) -> tensor<3x4xf32>
  return
}

// -----

func.func @depthwise_leading_extent(%x: tensor<1x8x8x4xf32>, %w: tensor<2x1x1x4xf32>) {
  // expected-error @+1 {{filter has leading extent 2, expected 1}}
  %0 = nn.depthwise_conv_2d %x, %w : (tensor<1x8x8x4xf32>, tensor<2x1x1x4xf32>) -> tensor<1x8x8x4xf32>
  return
}

// -----

func.func @depthwise_channels(%x: tensor<1x8x8x4xf32>, %w: tensor<1x1x1x6xf32>) {
  // expected-error @+1 {{filter has 6 channels, expected a multiple of the input's 4}}
  %0 = nn.depthwise_conv_2d %x, %w : (tensor<1x8x8x4xf32>, tensor<1x1x1x6xf32>) -> tensor<1x8x8x6xf32>
  return
}

// -----

func.func @depthwise_result_shape(%x: tensor<1x8x8x4xf32>, %w: tensor<1x1x1x8xf32>) {
  // expected-error @+1 {{result has shape 1x8x8x4, expected 1x8x8x8}}
  %0 = nn.depthwise_conv_2d %x, %w : (tensor<1x8x8x4xf32>, tensor<1x1x1x8xf32>) -> tensor<1x8x8x4xf32>
  return
}

// -----

!x = !quant.uniform<i8:f32, 0.5:-3>
!w0 = !quant.uniform<i8:f32:0, {0.5}>

func.func @depthwise_filter_axis(%x: tensor<1x8x8x4x!x>, %w: tensor<1x1x1x4x!w0>) {
  // expected-error @+1 {{filter is quantized along dimension 0, expected its channels 3}}
  %0 = nn.depthwise_conv_2d %x, %w : (tensor<1x8x8x4x!x>, tensor<1x1x1x4x!w0>) -> tensor<1x8x8x4x!x>
  return
}

// -----

func.func @batch_norm_rank(%x: tensor<f32>, %v: tensor<4xf32>, %o: tensor<4xf32>) {
  // expected-error @+1 {{input has rank 0, expected 1 or more}}
  %0 = nn.batch_norm %x, %v, %o, %v, %v : (tensor<f32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<f32>
  return
}

// -----

func.func @batch_norm_vector(%x: tensor<1x4xf32>, %v: tensor<4xf32>, %o: tensor<3xf32>) {
  // expected-error @+1 {{offset has shape 3, expected 4}}
  %0 = nn.batch_norm %x, %v, %o, %v, %v : (tensor<1x4xf32>, tensor<4xf32>, tensor<3xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  return
}

// -----

func.func @batch_norm_epsilon(%x: tensor<1x4xf32>, %v: tensor<4xf32>, %o: tensor<4xf32>) {
  // expected-error @+1 {{epsilon is -1.000000e+00, expected 0 or more}}
  %0 = nn.batch_norm %x, %v, %o, %v, %v {epsilon = -1.0 : f64} : (tensor<1x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  return
}

// -----

//===----------------------------------------------------------------------===//
// Element-wise ops
//===----------------------------------------------------------------------===//

func.func @add_broadcast(%a: tensor<2x3xf32>, %b: tensor<2x4xf32>) {
  // expected-error @+1 {{operands of shapes 2x3 and 2x4 do not broadcast}}
  %0 = nn.add %a, %b : (tensor<2x3xf32>, tensor<2x4xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @sub_result_shape(%a: tensor<2x3xf32>, %b: tensor<3xf32>) {
  // expected-error @+1 {{result has shape 1x3, expected 2x3}}
  %0 = nn.sub %a, %b : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<1x3xf32>
  return
}

// -----

!x = !quant.uniform<i8:f32, 0.5:-3>

func.func @mul_storage(%a: tensor<4x!x>, %b: tensor<4xf32>) {
  // expected-error @+1 {{rhs and result differ in storage: 'f32' and '!quant.uniform<i8:f32, 5.000000e-01:-3>'}}
  %0 = nn.mul %a, %b : (tensor<4x!x>, tensor<4xf32>) -> tensor<4x!x>
  return
}

// -----

!x = !quant.uniform<i8:f32, 0.5:-3>

func.func @add_storage_sign(%a: tensor<4x!quant.uniform<u8:f32, 0.5>>, %b: tensor<4x!x>) {
  // expected-error @+1 {{lhs and result differ in storage: '!quant.uniform<u8:f32, 5.000000e-01>' and '!quant.uniform<i8:f32, 5.000000e-01:-3>'}}
  %0 = nn.add %a, %b : (tensor<4x!quant.uniform<u8:f32, 0.5>>, tensor<4x!x>) -> tensor<4x!x>
  return
}

// -----

!s = !quant.uniform<i16:f32, 0.5>

func.func @add_16_bit_zero_point(%a: tensor<4x!s>, %b: tensor<4x!quant.uniform<i16:f32, 0.5:1>>) {
  // expected-error @+1 {{rhs has 16 bits and zero point 1, expected 0}}
  %0 = nn.add %a, %b : (tensor<4x!s>, tensor<4x!quant.uniform<i16:f32, 0.5:1>>) -> tensor<4x!s>
  return
}

// -----

!x = !quant.uniform<i8:f32, 0.5:-3>

func.func @pot_scale_8_bits(%a: tensor<4x!x>, %b: tensor<4x!x>) {
  // expected-error @+1 {{has pot_scale and elements of '!quant.uniform<i8:f32, 5.000000e-01:-3>', expected 16-bit quantized tensors}}
  %0 = nn.add %a, %b {pot_scale} : (tensor<4x!x>, tensor<4x!x>) -> tensor<4x!x>
  return
}

// -----

!s = !quant.uniform<i16:f32, 0.5>
!t = !quant.uniform<i16:f32, 0.3>

func.func @pot_scale_scale(%a: tensor<4x!s>, %b: tensor<4x!t>) {
  // expected-error @+1 {{has pot_scale and scale 3.000000e-01, expected a power of two}}
  %0 = nn.sub %a, %b {pot_scale} : (tensor<4x!s>, tensor<4x!t>) -> tensor<4x!s>
  return
}

// -----

!s = !quant.uniform<i16:f32, 0.5>
!t = !quant.uniform<i16:f32, 1.0>

func.func @pot_scale_coarser_operand(%a: tensor<4x!s>, %b: tensor<4x!t>) {
  // expected-error @+1 {{has pot_scale and operands whose scales are 2^0 and 2^1 times the result's, expected 1 and at most 1}}
  %0 = nn.add %a, %b {pot_scale} : (tensor<4x!s>, tensor<4x!t>) -> tensor<4x!s>
  return
}

// -----

func.func @relu_shape(%x: tensor<4xf32>) {
  // expected-error @+1 {{result has shape 5, expected 4}}
  %0 = nn.relu %x : (tensor<4xf32>) -> tensor<5xf32>
  return
}

// -----

!x = !quant.uniform<i8:f32, 0.5:-3>

func.func @relu6_storage(%x: tensor<4xf32>) {
  // expected-error @+1 {{input and result differ in storage: 'f32' and '!quant.uniform<i8:f32, 5.000000e-01:-3>'}}
  %0 = nn.relu6 %x : (tensor<4xf32>) -> tensor<4x!x>
  return
}

// -----

func.func @relu_16_bit_zero_point(%x: tensor<4x!quant.uniform<i16:f32, 0.5>>) {
  // expected-error @+1 {{result has 16 bits and zero point 2, expected 0}}
  %0 = nn.relu %x : (tensor<4x!quant.uniform<i16:f32, 0.5>>) -> tensor<4x!quant.uniform<i16:f32, 0.5:2>>
  return
}

// -----

func.func @clip_bounds(%x: tensor<4xf32>) {
  // expected-error @+1 {{min is 1.000000e+00 and max 0.000000e+00, expected min <= max}}
  %0 = nn.clip %x {min = 1.0 : f64, max = 0.0 : f64} : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @clip_nan(%x: tensor<4xf32>) {
  // expected-error @+1 {{min is nan and max 0.000000e+00, expected min <= max}}
  %0 = nn.clip %x {min = 0x7FF8000000000000 : f64, max = 0.0 : f64} : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @softmax_rank(%x: tensor<f32>) {
  // expected-error @+1 {{input has rank 0, expected 1 or more}}
  %0 = nn.softmax %x : (tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @softmax_beta(%x: tensor<4xf32>) {
  // expected-error @+1 {{beta is INF, expected a finite number}}
  %0 = nn.softmax %x {beta = 0x7FF0000000000000 : f64} : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @softmax_shape(%x: tensor<4xf32>) {
  // expected-error @+1 {{result has shape 3, expected 4}}
  %0 = nn.softmax %x : (tensor<4xf32>) -> tensor<3xf32>
  return
}

// -----

func.func @softmax_mixes(%x: tensor<4xf32>) {
  // expected-error @+1 {{mixes float and quantized tensors: input 'f32', result '!quant.uniform<i8:f32, 3.906250e-03:-128>'}}
  %0 = nn.softmax %x : (tensor<4xf32>) -> tensor<4x!quant.uniform<i8:f32, 0.00390625:-128>>
  return
}

// -----

!x = !quant.uniform<i8:f32, 0.5:-3>

func.func @softmax_scale(%x: tensor<4x!x>) {
  // expected-error @+1 {{result has scale 5.000000e-01 and zero point -3, expected 3.906250e-03 and -128}}
  %0 = nn.softmax %x : (tensor<4x!x>) -> tensor<4x!x>
  return
}

// -----

func.func @softmax_unsigned_zero_point(%x: tensor<4x!quant.uniform<u8:f32, 0.5>>) {
  // expected-error @+1 {{result has scale 3.906250e-03 and zero point 128, expected 3.906250e-03 and 0}}
  %0 = nn.softmax %x : (tensor<4x!quant.uniform<u8:f32, 0.5>>) -> tensor<4x!quant.uniform<u8:f32, 0.00390625:128>>
  return
}

// -----

func.func @softmax_16_bits(%x: tensor<4x!quant.uniform<i16:f32, 0.5>>) {
  // expected-error @+1 {{result has scale 5.000000e-01 and zero point 0, expected 3.051758e-05 and 0}}
  %0 = nn.softmax %x : (tensor<4x!quant.uniform<i16:f32, 0.5>>) -> tensor<4x!quant.uniform<i16:f32, 0.5>>
  return
}

// -----

func.func @softmax_4_bits(%x: tensor<4x!quant.uniform<i4:f32, 0.5>>) {
  // expected-error @+1 {{result has 4 bits, expected 8 or 16}}
  %0 = nn.softmax %x : (tensor<4x!quant.uniform<i4:f32, 0.5>>) -> tensor<4x!quant.uniform<i4:f32, 0.5>>
  return
}

// -----

!x = !quant.uniform<i8:f32, 0.5:-3>

func.func @logistic_scale(%x: tensor<4x!x>) {
  // expected-error @+1 {{result has scale 5.000000e-01 and zero point -3, expected 3.906250e-03 and -128}}
  %0 = nn.logistic %x : (tensor<4x!x>) -> tensor<4x!x>
  return
}

// -----

//===----------------------------------------------------------------------===//
// Pooling and reductions
//===----------------------------------------------------------------------===//

func.func @pool_input_rank(%x: tensor<8x8x2xf32>) {
  // expected-error @+1 {{input has rank 3, expected 4}}
  %0 = nn.average_pool_2d %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<8x8x2xf32>) -> tensor<1x4x4x2xf32>
  return
}

// -----

func.func @pool_result_rank(%x: tensor<1x8x8x2xf32>) {
  // expected-error @+1 {{result has rank 3, expected 4}}
  %0 = nn.average_pool_2d %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<1x8x8x2xf32>) -> tensor<4x4x2xf32>
  return
}

// -----

func.func @pool_result_shape(%x: tensor<1x8x8x2xf32>) {
  // expected-error @+1 {{result has shape 1x4x4x2, expected 1x7x7x2}}
  %0 = nn.average_pool_2d %x {kernel = array<i64: 2, 2>} : (tensor<1x8x8x2xf32>) -> tensor<1x4x4x2xf32>
  return
}

// -----

func.func @pool_kernel_zero(%x: tensor<1x8x8x2xf32>) {
  // expected-error @+1 {{kernel holds 0, expected 1 or more}}
  %0 = nn.max_pool_2d %x {kernel = array<i64: 0, 2>, strides = array<i64: 2, 2>} : (tensor<1x8x8x2xf32>) -> tensor<1x4x4x2xf32>
  return
}

// -----

func.func @pool_strides_count(%x: tensor<1x8x8x2xf32>) {
  // expected-error @+1 {{strides has 1 numbers, expected 2}}
  %0 = nn.average_pool_2d %x {kernel = array<i64: 2, 2>, strides = array<i64: 2>} : (tensor<1x8x8x2xf32>) -> tensor<1x4x4x2xf32>
  return
}

// -----

func.func @pool_padding_reaches_kernel(%x: tensor<1x8x8x2xf32>) {
  // expected-error @+1 {{padding [0, 0, 2, 0] reaches the kernel's extents [2, 2], expected less}}
  %0 = nn.average_pool_2d %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding = array<i64: 0, 0, 2, 0>} : (tensor<1x8x8x2xf32>) -> tensor<1x4x4x2xf32>
  return
}

// -----

!x = !quant.uniform<i8:f32, 0.5:-3>

func.func @pool_parameters(%x: tensor<1x8x8x2x!x>) {
  // expected-error @+1 {{input and result need the same scale and zero point, found '!quant.uniform<i8:f32, 5.000000e-01:-3>' and '!quant.uniform<i8:f32, 5.000000e-01>'; requantize one of them}}
  %0 = nn.max_pool_2d %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<1x8x8x2x!x>) -> tensor<1x4x4x2x!quant.uniform<i8:f32, 0.5>>
  return
}

// -----

func.func @mean_axis(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{axis is 2, expected 0 or more and less than the rank 2}}
  %0 = nn.mean %x {axes = array<i64: 2>} : (tensor<2x3xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @mean_axis_negative(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{axis is -1, expected 0 or more and less than the rank 2}}
  %0 = nn.mean %x {axes = array<i64: -1>} : (tensor<2x3xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @mean_axis_twice(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{axes name dimension 1 twice}}
  %0 = nn.mean %x {axes = array<i64: 1, 1>} : (tensor<2x3xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @mean_empty(%x: tensor<2x0xf32>) {
  // expected-error @+1 {{averages over dimension 1, which is empty}}
  %0 = nn.mean %x {axes = array<i64: 1>} : (tensor<2x0xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @mean_shape(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{result has shape 2, expected 2x1}}
  %0 = nn.mean %x {axes = array<i64: 1>, keep_dims = true} : (tensor<2x3xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @mean_16_bit_zero_point(%x: tensor<2x3x!quant.uniform<i16:f32, 0.5:2>>) {
  // expected-error @+1 {{input has 16 bits and zero point 2, expected 0}}
  %0 = nn.mean %x {axes = array<i64: 1>} : (tensor<2x3x!quant.uniform<i16:f32, 0.5:2>>) -> tensor<2x!quant.uniform<i16:f32, 0.5>>
  return
}

// -----

func.func @arg_max_axis(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{axis is 2, expected 0 or more and less than the rank 2}}
  %0 = nn.arg_max %x {axis = 2} : (tensor<2x3xf32>) -> tensor<2xi32>
  return
}

// -----

func.func @arg_max_empty(%x: tensor<2x0xf32>) {
  // expected-error @+1 {{searches dimension 1, which is empty}}
  %0 = nn.arg_max %x {axis = 1} : (tensor<2x0xf32>) -> tensor<2xi32>
  return
}

// -----

func.func @arg_max_shape(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{result has shape 3, expected 2}}
  %0 = nn.arg_max %x {axis = 1} : (tensor<2x3xf32>) -> tensor<3xi32>
  return
}

// -----

//===----------------------------------------------------------------------===//
// Moves
//===----------------------------------------------------------------------===//

func.func @reshape_elements(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{result has shape 7, expected as many elements as 2x3}}
  %0 = nn.reshape %x : (tensor<2x3xf32>) -> tensor<7xf32>
  return
}

// -----

func.func @reshape_element_type(%x: tensor<2x3xi32>) {
  // expected-error @+1 {{input and result differ in storage: 'i32' and 'i64'}}
  %0 = nn.reshape %x : (tensor<2x3xi32>) -> tensor<6xi64>
  return
}

// -----

!x = !quant.uniform<i8:f32, 0.5:-3>

func.func @reshape_parameters(%x: tensor<2x3x!x>) {
  // expected-error @+1 {{input and result need the same scale and zero point, found '!quant.uniform<i8:f32, 5.000000e-01:-3>' and '!quant.uniform<i8:f32, 2.500000e-01:-3>'; requantize one of them}}
  %0 = nn.reshape %x : (tensor<2x3x!x>) -> tensor<6x!quant.uniform<i8:f32, 0.25:-3>>
  return
}

// -----

func.func @reshape_channels(%x: tensor<2x3x!quant.uniform<i8:f32:0, {0.5, 0.25}>>) {
  // expected-error @+1 {{moves elements between channels: from dimension 0 of 2x3 to dimension 1 of 3x2, or with other scales}}
  %0 = nn.reshape %x : (tensor<2x3x!quant.uniform<i8:f32:0, {0.5, 0.25}>>) -> tensor<3x2x!quant.uniform<i8:f32:1, {0.5, 0.25}>>
  return
}

// -----

func.func @slice_rank(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{result has rank 1, expected 2}}
  %0 = nn.slice %x {offsets = array<i64: 0, 0>, strides = array<i64: 1, 1>} : (tensor<2x3xf32>) -> tensor<3xf32>
  return
}

// -----

func.func @slice_count(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{strides has 1 numbers, expected 2}}
  %0 = nn.slice %x {offsets = array<i64: 0, 0>, strides = array<i64: 1>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @slice_negative(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{offsets holds -1, expected 0 or more}}
  %0 = nn.slice %x {offsets = array<i64: 0, -1>, strides = array<i64: 1, 1>} : (tensor<2x3xf32>) -> tensor<2x1xf32>
  return
}

// -----

func.func @slice_stride(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{stride of dimension 1 is 0, expected another number}}
  %0 = nn.slice %x {offsets = array<i64: 0, 0>, strides = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @slice_outside(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{takes 2 elements from 2 by 1 of dimension 1, which has 3}}
  %0 = nn.slice %x {offsets = array<i64: 0, 2>, strides = array<i64: 1, 1>} : (tensor<2x3xf32>) -> tensor<2x2xf32>
  return
}

// -----

func.func @slice_before(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{takes 3 elements from 1 by -1 of dimension 1, which has 3}}
  %0 = nn.slice %x {offsets = array<i64: 0, 1>, strides = array<i64: 1, -1>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @slice_overflow(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{takes 3 elements from 0 by 9223372036854775807 of dimension 1, which has 3}}
  %0 = nn.slice %x {offsets = array<i64: 0, 0>, strides = array<i64: 1, 9223372036854775807>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @slice_parameters(%x: tensor<2x!quant.uniform<i8:f32, 0.5>>) {
  // expected-error @+1 {{input and result need the same scale and zero point}}
  %0 = nn.slice %x {offsets = array<i64: 0>, strides = array<i64: 1>} : (tensor<2x!quant.uniform<i8:f32, 0.5>>) -> tensor<1x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @pad_count(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{low has 1 numbers, expected 2}}
  %0 = nn.pad %x {low = array<i64: 0>, high = array<i64: 0, 0>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @pad_negative(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{high holds -1, expected 0 or more}}
  %0 = nn.pad %x {low = array<i64: 0, 0>, high = array<i64: 0, -1>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @pad_overflow(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{padded extent overflows 64 bits}}
  %0 = nn.pad %x {low = array<i64: 9223372036854775807, 0>, high = array<i64: 0, 0>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @pad_shape(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{result has shape 2x3, expected 3x3}}
  %0 = nn.pad %x {low = array<i64: 1, 0>, high = array<i64: 0, 0>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @pad_value_infinite(%x: tensor<2xi32>) {
  // expected-error @+1 {{pads elements of 'i32' with INF, expected a finite value}}
  %0 = nn.pad %x {low = array<i64: 1>, high = array<i64: 0>, value = 0x7FF0000000000000 : f64} : (tensor<2xi32>) -> tensor<3xi32>
  return
}

// -----

func.func @pad_value_fraction(%x: tensor<2xi32>) {
  // expected-error @+1 {{pads elements of 'i32' with 5.000000e-01, expected an integer}}
  %0 = nn.pad %x {low = array<i64: 1>, high = array<i64: 0>, value = 0.5 : f64} : (tensor<2xi32>) -> tensor<3xi32>
  return
}

// -----

!x = !quant.uniform<i8:f32, 0.5:-3>

func.func @pad_parameters(%x: tensor<2x!x>) {
  // expected-error @+1 {{input and result need the same scale and zero point, found '!quant.uniform<i8:f32, 5.000000e-01:-3>' and '!quant.uniform<i8:f32, 5.000000e-01>'; requantize one of them}}
  %0 = nn.pad %x {low = array<i64: 1>, high = array<i64: 0>} : (tensor<2x!x>) -> tensor<3x!quant.uniform<i8:f32, 0.5>>
  return
}

// -----

func.func @concat_nothing() {
  // expected-error @+1 {{has no inputs, expected 1 or more}}
  %0 = "nn.concat"() {axis = 0 : i64} : () -> tensor<1xf32>
  return
}

// -----

func.func @concat_axis(%a: tensor<2x3xf32>, %b: tensor<2x4xf32>) {
  // expected-error @+1 {{axis is 2, expected 0 or more and less than the rank 2}}
  %0 = nn.concat %a, %b {axis = 2} : (tensor<2x3xf32>, tensor<2x4xf32>) -> tensor<2x7xf32>
  return
}

// -----

func.func @concat_rank(%a: tensor<2x3xf32>, %b: tensor<4xf32>) {
  // expected-error @+1 {{input has rank 1, expected 2}}
  %0 = nn.concat %a, %b {axis = 1} : (tensor<2x3xf32>, tensor<4xf32>) -> tensor<2x7xf32>
  return
}

// -----

func.func @concat_other_dimension(%a: tensor<2x3xf32>, %b: tensor<3x4xf32>) {
  // expected-error @+1 {{input has shape 3x4, which differs from the first input outside dimension 1}}
  %0 = nn.concat %a, %b {axis = 1} : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x7xf32>
  return
}

// -----

func.func @concat_overflow(%a: tensor<9223372036854775807xi8>, %b: tensor<1xi8>) {
  // expected-error @+1 {{concatenated extent overflows 64 bits}}
  %0 = nn.concat %a, %b {axis = 0} : (tensor<9223372036854775807xi8>, tensor<1xi8>) -> tensor<5xi8>
  return
}

// -----

func.func @concat_shape(%a: tensor<2x3xf32>, %b: tensor<2x4xf32>) {
  // expected-error @+1 {{result has shape 2x8, expected 2x7}}
  %0 = nn.concat %a, %b {axis = 1} : (tensor<2x3xf32>, tensor<2x4xf32>) -> tensor<2x8xf32>
  return
}

// -----

!x = !quant.uniform<i8:f32, 0.5:-3>

func.func @concat_parameters(%a: tensor<2x!x>, %b: tensor<2x!quant.uniform<i8:f32, 0.5>>) {
  // expected-error @+1 {{input and result need the same scale and zero point, found '!quant.uniform<i8:f32, 5.000000e-01>' and '!quant.uniform<i8:f32, 5.000000e-01:-3>'; requantize one of them}}
  %0 = nn.concat %a, %b {axis = 0} : (tensor<2x!x>, tensor<2x!quant.uniform<i8:f32, 0.5>>) -> tensor<4x!x>
  return
}

// -----

func.func @resize_rank(%x: tensor<4x4x2xf32>) {
  // expected-error @+1 {{input has rank 3, expected 4}}
  %0 = nn.resize_bilinear %x : (tensor<4x4x2xf32>) -> tensor<1x8x8x2xf32>
  return
}

// -----

func.func @resize_result_rank(%x: tensor<1x4x4x2xf32>) {
  // expected-error @+1 {{result has rank 3, expected 4}}
  %0 = nn.resize_bilinear %x : (tensor<1x4x4x2xf32>) -> tensor<8x8x2xf32>
  return
}

// -----

func.func @resize_both_modes(%x: tensor<1x4x4x2xf32>) {
  // expected-error @+1 {{sets both align_corners and half_pixel_centers, expected at most one}}
  %0 = nn.resize_bilinear %x {align_corners = true, half_pixel_centers = true} : (tensor<1x4x4x2xf32>) -> tensor<1x8x8x2xf32>
  return
}

// -----

func.func @resize_channels(%x: tensor<1x4x4x2xf32>) {
  // expected-error @+1 {{result has shape 1x8x8x3, expected 1x8x8x2}}
  %0 = nn.resize_bilinear %x : (tensor<1x4x4x2xf32>) -> tensor<1x8x8x3xf32>
  return
}

// -----

func.func @resize_empty(%x: tensor<1x0x4x2xf32>) {
  // expected-error @+1 {{input is an empty image: 1x0x4x2}}
  %0 = nn.resize_bilinear %x : (tensor<1x0x4x2xf32>) -> tensor<1x8x8x2xf32>
  return
}

// -----

func.func @transpose_repeats(%x: tensor<2x3x4xf32>) {
  // expected-error @+1 {{permutation is [0, 2, 2], expected every number from 0 to 2 once}}
  %0 = nn.transpose %x {permutation = array<i64: 0, 2, 2>} : (tensor<2x3x4xf32>) -> tensor<2x4x4xf32>
  return
}

// -----

func.func @transpose_outside(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{permutation is [9, -1], expected every number from 0 to 1 once}}
  %0 = nn.transpose %x {permutation = array<i64: 9, -1>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  return
}

// -----

func.func @transpose_rank(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{permutation is [0], expected every number from 0 to 1 once}}
  %0 = nn.transpose %x {permutation = array<i64: 0>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @transpose_shape(%x: tensor<2x3xf32>) {
  // expected-error @+1 {{result has shape 2x3, expected 3x2}}
  %0 = nn.transpose %x {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

// The channels are in dimension 1 afterwards.
func.func @transpose_channels(%x: tensor<2x3x!quant.uniform<i8:f32:0, {0.5, 0.25}>>) {
  // expected-error @+1 {{permuted input and result need the same scale and zero point}}
  %0 = nn.transpose %x {permutation = array<i64: 1, 0>} : (tensor<2x3x!quant.uniform<i8:f32:0, {0.5, 0.25}>>) -> tensor<3x2x!quant.uniform<i8:f32, 0.5>>
  return
}

// -----

func.func @tanh_16_bits(%x: tensor<4x!quant.uniform<i16:f32, 0.5>>) {
  // expected-error @+1 {{expected 8 bits of storage}}
  %0 = nn.tanh %x : (tensor<4x!quant.uniform<i16:f32, 0.5>>) -> tensor<4x!quant.uniform<i16:f32, 0.5>>
  return
}

// -----

func.func @tanh_scale(%x: tensor<4x!quant.uniform<i8:f32, 0.5>>) {
  // expected-error @+1 {{result has scale 5.000000e-01 and zero point 0, expected 7.812500e-03 and 0}}
  %0 = nn.tanh %x : (tensor<4x!quant.uniform<i8:f32, 0.5>>) -> tensor<4x!quant.uniform<i8:f32, 0.5>>
  return
}

// -----

func.func @hard_swish_scales(%x: tensor<4x!quant.uniform<i8:f32, 128.0>>) {
  // expected-error @+1 {{has input scale 1.280000e+02 and result scale 1.000000e+00, expected a quotient below 128}}
  %0 = nn.hard_swish %x : (tensor<4x!quant.uniform<i8:f32, 128.0>>) -> tensor<4x!quant.uniform<i8:f32, 1.0>>
  return
}

// -----

func.func @leaky_relu_alpha(%x: tensor<4xf32>) {
  // expected-error @+1 {{alpha is INF, expected a finite number}}
  %0 = nn.leaky_relu %x {alpha = 0x7FF0000000000000 : f64} : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @transpose_conv_shape(%x: tensor<1x2x2x1xf32>, %w: tensor<1x2x2x1xf32>) {
  // expected-error @+1 {{result has shape 1x2x2x1, expected 1x4x4x1}}
  %0 = nn.transpose_conv_2d %x, %w {strides = array<i64: 2, 2>} : (tensor<1x2x2x1xf32>, tensor<1x2x2x1xf32>) -> tensor<1x2x2x1xf32>
  return
}

// -----

func.func @transpose_conv_padding(%x: tensor<1x2x2x1xf32>, %w: tensor<1x2x2x1xf32>) {
  // expected-error @+1 {{padding is [-1, 0, 0, 0], expected top and left not negative}}
  %0 = nn.transpose_conv_2d %x, %w {padding = array<i64: -1, 0, 0, 0>} : (tensor<1x2x2x1xf32>, tensor<1x2x2x1xf32>) -> tensor<1x4x3x1xf32>
  return
}

// -----

func.func @transpose_conv_all_cut(%x: tensor<1x2x2x1xf32>, %w: tensor<1x2x2x1xf32>) {
  // expected-error @+1 {{padding 2 and 1 leave 0 of the height, expected 1 or more}}
  %0 = nn.transpose_conv_2d %x, %w {padding = array<i64: 2, 1, 0, 0>} : (tensor<1x2x2x1xf32>, tensor<1x2x2x1xf32>) -> tensor<1x4x3x1xf32>
  return
}

// -----

func.func @transpose_conv_overflow(%x: tensor<1x2x2x1xf32>, %w: tensor<1x2x2x1xf32>) {
  // expected-error @+1 {{height of the result overflows 64 bits}}
  %0 = nn.transpose_conv_2d %x, %w {strides = array<i64: 9223372036854775807, 1>, dilations = array<i64: 9223372036854775807, 1>} : (tensor<1x2x2x1xf32>, tensor<1x2x2x1xf32>) -> tensor<1x4x3x1xf32>
  return
}

// -----

func.func @transpose_conv_groups(%x: tensor<1x2x2x1xf32>, %w: tensor<1x2x2x1xf32>) {
  // expected-error @+1 {{groups is 2, expected a divisor of the 1 input channels and the 1 output channels}}
  %0 = nn.transpose_conv_2d %x, %w {groups = 2 : i64} : (tensor<1x2x2x1xf32>, tensor<1x2x2x1xf32>) -> tensor<1x3x3x1xf32>
  return
}

// -----

func.func @transpose_conv_no_groups(%x: tensor<1x2x2x1xf32>, %w: tensor<1x2x2x1xf32>) {
  // expected-error @+1 {{groups is 0, expected 1 or more}}
  %0 = nn.transpose_conv_2d %x, %w {groups = 0 : i64} : (tensor<1x2x2x1xf32>, tensor<1x2x2x1xf32>) -> tensor<1x3x3x1xf32>
  return
}

// -----

func.func @transpose_conv_filter(%x: tensor<1x2x2x1xf32>, %w: tensor<1x2x2x2xf32>) {
  // expected-error @+1 {{filter has 2 input channels, expected 1}}
  %0 = nn.transpose_conv_2d %x, %w : (tensor<1x2x2x1xf32>, tensor<1x2x2x2xf32>) -> tensor<1x3x3x1xf32>
  return
}
