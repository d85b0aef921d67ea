// RUN: qopt %s --nn-fold-group-scales -split-input-file -verify-diagnostics

!x = !quant.uniform<i8:f32, 0.5>
!w = !quant.uniform<i4<-7:7>:f32:{0:1, 1:2}, {{0.1, 0.3}}>
func.func @scales_without_unit(%x: tensor<1x4x!x>) -> tensor<1x1x!x> {
  %w = nn.constant dense<[[7, -1, 2, 3]]> : tensor<1x4xi4> -> tensor<1x4x!w>
  // expected-error@+1 {{has weights in groups whose scales are no small multiples of one number, so that no integer holds their sum; quantize with int4w8a or per channel}}
  %0 = nn.fully_connected %x, %w : (tensor<1x4x!x>, tensor<1x4x!w>) -> tensor<1x1x!x>
  return %0 : tensor<1x1x!x>
}

// -----

!x = !quant.uniform<i8:f32, 0.5>
!w = !quant.uniform<i4<-7:7>:f32:{0:1, 1:2}, {{0.25, 5.0}}>
func.func @products_beyond_bytes(%x: tensor<1x4x!x>) -> tensor<1x1x!x> {
  %w = nn.constant dense<[[7, -1, 2, 7]]> : tensor<1x4xi4> -> tensor<1x4x!w>
  // expected-error@+1 {{has a weight of 7 steps in channel 0 whose group has 20 times the channel's scale: the product 140 does not fit -127...127}}
  %0 = nn.fully_connected %x, %w : (tensor<1x4x!x>, tensor<1x4x!w>) -> tensor<1x1x!x>
  return %0 : tensor<1x1x!x>
}

// -----

!x = !quant.uniform<i8:f32, 0.5>
!w = !quant.uniform<i4<-7:7>:f32:{0:1, 1:2}, {{0.25, 0.5}}>
func.func @unknown_weights(%x: tensor<1x4x!x>, %w: tensor<1x4x!w>) -> tensor<1x1x!x> {
  // expected-error@+1 {{has weights in groups that are not a constant, expected one}}
  %0 = nn.fully_connected %x, %w : (tensor<1x4x!x>, tensor<1x4x!w>) -> tensor<1x1x!x>
  return %0 : tensor<1x1x!x>
}
