// RUN: qopt %s --nn-fold-zero-points -split-input-file -verify-diagnostics

!x = !quant.uniform<i8:f32, 0.5:-3>
!w = !quant.uniform<i8<-127:127>:f32, 0.25>
!acc = !quant.uniform<i32:f32, 0.125>

func.func @weights_not_constant(%x: tensor<1x3x!x>, %w: tensor<2x3x!w>) -> tensor<1x2xi32> {
  // expected-error @+1 {{has weights that are not a constant, expected one: the zero point -3 of the input cannot be folded}}
  %0 = nn.fully_connected %x, %w : (tensor<1x3x!x>, tensor<2x3x!w>) -> tensor<1x2x!acc>
  %1 = quant.scast %0 : tensor<1x2x!acc> to tensor<1x2xi32>
  return %1 : tensor<1x2xi32>
}

// -----

!x = !quant.uniform<i8:f32, 0.5:-3>
!w = !quant.uniform<i8<-127:127>:f32, 0.25>
!acc = !quant.uniform<i32:f32, 0.125>

func.func @bias_not_constant(%x: tensor<1x3x!x>, %b: tensor<2x!acc>) -> tensor<1x2xi32> {
  %w = nn.constant dense<1> : tensor<2x3xi8> -> tensor<2x3x!w>
  // expected-error @+1 {{has a bias that is not a constant, expected one: the zero point -3 of the input cannot be folded}}
  %0 = nn.fully_connected %x, %w, %b : (tensor<1x3x!x>, tensor<2x3x!w>, tensor<2x!acc>) -> tensor<1x2x!acc>
  %1 = quant.scast %0 : tensor<1x2x!acc> to tensor<1x2xi32>
  return %1 : tensor<1x2xi32>
}

// -----

!x = !quant.uniform<i8:f32, 0.5:-3>
!w = !quant.uniform<i8<-127:127>:f32, 0.25>
!acc = !quant.uniform<i32:f32, 0.125>

// Channel 0 reaches 2^31 - 1 exactly: 127 * 1 + 3 + 2147483517. Channel 1 goes
// one further.
func.func @int8_overflow(%x: tensor<1x1x!x>) -> tensor<1x2xi32> {
  %w = nn.constant dense<1> : tensor<2x1xi8> -> tensor<2x1x!w>
  %b = nn.constant dense<[2147483517, 2147483518]> : tensor<2xi32> -> tensor<2x!acc>
  // expected-error @+1 {{accumulator of channel 1 lies in [2147483393, 2147483648] with folded bias 2147483521, which 32 bits do not hold; check the scale of its weights and bias}}
  %0 = nn.fully_connected %x, %w, %b : (tensor<1x1x!x>, tensor<2x1x!w>, tensor<2x!acc>) -> tensor<1x2x!acc>
  %1 = quant.scast %0 : tensor<1x2x!acc> to tensor<1x2xi32>
  return %1 : tensor<1x2xi32>
}

// -----

!x16 = !quant.uniform<i16:f32, 0.5>
!w = !quant.uniform<i8<-127:127>:f32, 0.25>
!acc = !quant.uniform<i32:f32, 0.125>

func.func @int16_overflow(%x: tensor<1x1x!x16>) -> tensor<1x2xi32> {
  %w = nn.constant dense<1> : tensor<2x1xi8> -> tensor<2x1x!w>
  %b = nn.constant dense<[0, 9223372036854775807]> : tensor<2xi64>
  // expected-error @+1 {{accumulator of channel 1 lies in [9223372036854743039, 9223372036854808574] with folded bias 9223372036854775807, which 64 bits do not hold}}
  %0 = nn.fully_connected %x, %w, %b : (tensor<1x1x!x16>, tensor<2x1x!w>, tensor<2xi64>) -> tensor<1x2x!acc>
  %1 = quant.scast %0 : tensor<1x2x!acc> to tensor<1x2xi32>
  return %1 : tensor<1x2xi32>
}

// -----

!x16 = !quant.uniform<i16:f32, 0.5>
!w = !quant.uniform<i8<-127:127>:f32, 0.25>
!acc = !quant.uniform<i32:f32, 0.125>

func.func @wide_accumulator_needs_a_multiplier(%x: tensor<1x1x!x16>) -> tensor<1x2xi32> {
  %w = nn.constant dense<1> : tensor<2x1xi8> -> tensor<2x1x!w>
  %b = nn.constant dense<[0, 2147483647]> : tensor<2xi64>
  // expected-error @+1 {{has an accumulator of 64 bits, which func.return does not take}}
  %0 = nn.fully_connected %x, %w, %b : (tensor<1x1x!x16>, tensor<2x1x!w>, tensor<2xi64>) -> tensor<1x2x!acc>
  %1 = quant.scast %0 : tensor<1x2x!acc> to tensor<1x2xi32>
  return %1 : tensor<1x2xi32>
}

// -----

func.func @transposed(%x: tensor<1x1x1x1x!quant.uniform<i8:f32, 0.5:3>>) -> tensor<1x1x1x1xi32> {
  %w = nn.constant dense<1> : tensor<1x1x1x1xi8> -> tensor<1x1x1x1x!quant.uniform<i8:f32, 0.25>>
  // expected-error @+1 {{adds up different weights from place to place, so that its bias cannot hold the zero point 3; run nn-decompose-transpose-conv first}}
  %0 = nn.transpose_conv_2d %x, %w : (tensor<1x1x1x1x!quant.uniform<i8:f32, 0.5:3>>, tensor<1x1x1x1x!quant.uniform<i8:f32, 0.25>>) -> tensor<1x1x1x1x!quant.uniform<i32:f32, 0.125>>
  %1 = quant.scast %0 : tensor<1x1x1x1x!quant.uniform<i32:f32, 0.125>> to tensor<1x1x1x1xi32>
  return %1 : tensor<1x1x1x1xi32>
}
