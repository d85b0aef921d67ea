// RUN: qopt %s -split-input-file -verify-diagnostics

func.func @quantized_result(%x: tensor<1x2xf32>, %w: tensor<1x2x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error @+1 {{mixes float and quantized tensors: input 'f32', filter '!quant.uniform<i8:f32, 2.500000e-01>', result '!quant.uniform<i8:f32, 5.000000e-01>'}}
  %0 = nn.fully_connected %x, %w : (tensor<1x2xf32>, tensor<1x2x!quant.uniform<i8:f32, 0.25>>) -> tensor<1x1x!quant.uniform<i8:f32, 0.5>>
  return
}

// -----

func.func @axis(%x: tensor<1x2xf32>, %w: tensor<2x2x!quant.uniform<i8:f32:1, {0.25, 0.5}>>) {
  // expected-error @+1 {{filter is quantized along dimension 1, expected its channels 0}}
  %0 = nn.fully_connected %x, %w : (tensor<1x2xf32>, tensor<2x2x!quant.uniform<i8:f32:1, {0.25, 0.5}>>) -> tensor<1x2xf32>
  return
}

// -----

!w = !quant.uniform<i8:f32:{0:2, 1:2}, {{0.25, 0.5}}>
func.func @blocks_of_two_channels(%x: tensor<1x4xf32>, %w: tensor<2x4x!w>) {
  // expected-error @+1 {{filter is quantized in blocks of another form than one output channel, the whole window and some input channels}}
  %0 = nn.fully_connected %x, %w : (tensor<1x4xf32>, tensor<2x4x!w>) -> tensor<1x2xf32>
  return
}

// -----

!w = !quant.uniform<i8:f32:{0:1, 2:1}, {{{{0.25}, {0.5}}}}>
func.func @blocks_of_a_part_of_the_window(%x: tensor<1x1x2x4xf32>, %w: tensor<1x1x2x4x!w>) {
  // expected-error @+1 {{filter is quantized in blocks of another form}}
  %0 = nn.conv_2d %x, %w : (tensor<1x1x2x4xf32>, tensor<1x1x2x4x!w>) -> tensor<1x1x1x1xf32>
  return
}

// -----

!x = !quant.uniform<i8:f32, 0.5>
!w = !quant.uniform<i8:f32:{0:1, 1:2}, {{0.25, 0.5}}>
func.func @accumulator(%x: tensor<1x4x!x>, %w: tensor<1x4x!w>) {
  // expected-error @+1 {{is an accumulator, which has no scale where the filter is quantized in groups; run nn-fold-group-scales first}}
  %0 = nn.fully_connected %x, %w : (tensor<1x4x!x>, tensor<1x4x!w>) -> tensor<1x1xi32>
  return
}

// -----

func.func @dynamic_float_weights(%x: tensor<1x2xf32>, %w: tensor<1x2xf32>) {
  // expected-error @+1 {{has dynamic_input, which wants an f32 input and weights quantized per tensor or per channel, found input 'f32', filter 'f32'}}
  %0 = nn.fully_connected %x, %w {dynamic_input} : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
  return
}

// -----

func.func @dynamic_unsigned_weights(%x: tensor<1x2xf32>, %w: tensor<1x2x!quant.uniform<u8:f32, 0.25:128>>) {
  // expected-error @+1 {{has dynamic_input, which wants signed weights of 8 bits or fewer, found '!quant.uniform<u8:f32, 2.500000e-01:128>'}}
  %0 = nn.fully_connected %x, %w {dynamic_input} : (tensor<1x2xf32>, tensor<1x2x!quant.uniform<u8:f32, 0.25:128>>) -> tensor<1x1xf32>
  return
}

// -----

func.func @dynamic_zero_point(%x: tensor<1x2xf32>, %w: tensor<2x2x!quant.uniform<i8:f32:0, {0.25, 0.25:3}>>) {
  // expected-error @+1 {{has dynamic_input, which wants weights of zero point 0, found 3 in channel 1}}
  %0 = nn.fully_connected %x, %w {dynamic_input} : (tensor<1x2xf32>, tensor<2x2x!quant.uniform<i8:f32:0, {0.25, 0.25:3}>>) -> tensor<1x2xf32>
  return
}
