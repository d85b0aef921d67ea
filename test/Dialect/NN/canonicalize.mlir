// RUN: qopt %s --canonicalize | FileCheck %s

!x = !quant.uniform<i8:f32, 0.5:-3>
// Zero is the least stored value: relu has nothing to do.
!z = !quant.uniform<i8:f32, 0.5:-128>
// And 6 is the greatest.
!six = !quant.uniform<u8:f32, 0.023529411764705882>
!w = !quant.uniform<i8<-127:127>:f32:0, {0.5, 0.25}>
!w1 = !quant.uniform<i8<-127:127>:f32:1, {0.5, 0.25}>

//===----------------------------------------------------------------------===//
// reshape
//===----------------------------------------------------------------------===//

// CHECK-LABEL: @reshape_identity_fold
// CHECK-NEXT: return %arg0
func.func @reshape_identity_fold(%x: tensor<2x3x!x>) -> tensor<2x3x!x> {
  %0 = nn.reshape %x : (tensor<2x3x!x>) -> tensor<2x3x!x>
  return %0 : tensor<2x3x!x>
}

// CHECK-LABEL: @reshape_reshape_fold
// CHECK-NEXT: %[[Y:.*]] = nn.reshape %arg0 : (tensor<2x3x{{.*}}) -> tensor<3x2x
// CHECK-NEXT: return %[[Y]]
func.func @reshape_reshape_fold(%x: tensor<2x3x!x>) -> tensor<3x2x!x> {
  %0 = nn.reshape %x : (tensor<2x3x!x>) -> tensor<6x!x>
  %1 = nn.reshape %0 : (tensor<6x!x>) -> tensor<3x2x!x>
  return %1 : tensor<3x2x!x>
}

// CHECK-LABEL: @reshape_there_and_back_fold
// CHECK-NEXT: return %arg0
func.func @reshape_there_and_back_fold(%x: tensor<2x3x!x>) -> tensor<2x3x!x> {
  %0 = nn.reshape %x : (tensor<2x3x!x>) -> tensor<6x!x>
  %1 = nn.reshape %0 : (tensor<6x!x>) -> tensor<2x3x!x>
  return %1 : tensor<2x3x!x>
}

// CHECK-LABEL: @reshape_constant_fold
// CHECK-NEXT: %[[Y:.*]] = nn.constant dense<[1, 2, 3, 4]> : tensor<4xi8> -> tensor<4x!quant.uniform<i8:f32, 5.000000e-01:-3>>
// CHECK-NEXT: return %[[Y]]
func.func @reshape_constant_fold() -> tensor<4x!x> {
  %0 = nn.constant dense<[[1, 2], [3, 4]]> : tensor<2x2xi8> -> tensor<2x2x!x>
  %1 = nn.reshape %0 : (tensor<2x2x!x>) -> tensor<4x!x>
  return %1 : tensor<4x!x>
}

// The channels move from dimension 0 to dimension 1.
// CHECK-LABEL: @reshape_constant_channels_fold
// CHECK-NEXT: nn.constant dense<{{\[\[\[1\], \[2\]\]\]}}> : tensor<1x2x1xi8> -> tensor<1x2x1x!quant.uniform<i8<-127:127>:f32:1,
func.func @reshape_constant_channels_fold() -> tensor<1x2x1x!w1> {
  %0 = nn.constant dense<[[1], [2]]> : tensor<2x1xi8> -> tensor<2x1x!w>
  %1 = nn.reshape %0 : (tensor<2x1x!w>) -> tensor<1x2x1x!w1>
  return %1 : tensor<1x2x1x!w1>
}

// CHECK-LABEL: @reshape_resource_fold
// CHECK-NEXT: nn.constant dense_resource<weights> : tensor<4xi8> -> tensor<4x
// CHECK-NEXT: return
func.func @reshape_resource_fold() -> tensor<4x!x> {
  %0 = nn.constant dense_resource<weights> : tensor<2x2xi8> -> tensor<2x2x!x>
  %1 = nn.reshape %0 : (tensor<2x2x!x>) -> tensor<4x!x>
  return %1 : tensor<4x!x>
}

// CHECK-LABEL: @reshape_no_fold_other_shape
// CHECK-NEXT: nn.reshape
func.func @reshape_no_fold_other_shape(%x: tensor<2x3x!x>) -> tensor<3x2x!x> {
  %0 = nn.reshape %x : (tensor<2x3x!x>) -> tensor<3x2x!x>
  return %0 : tensor<3x2x!x>
}

//===----------------------------------------------------------------------===//
// pad, concat
//===----------------------------------------------------------------------===//

// CHECK-LABEL: @pad_nothing_fold
// CHECK-NEXT: return %arg0
func.func @pad_nothing_fold(%x: tensor<2x3x!x>) -> tensor<2x3x!x> {
  %0 = nn.pad %x {low = array<i64: 0, 0>, high = array<i64: 0, 0>} : (tensor<2x3x!x>) -> tensor<2x3x!x>
  return %0 : tensor<2x3x!x>
}

// CHECK-LABEL: @pad_no_fold_high
// CHECK-NEXT: nn.pad
func.func @pad_no_fold_high(%x: tensor<2x3x!x>) -> tensor<2x4x!x> {
  %0 = nn.pad %x {low = array<i64: 0, 0>, high = array<i64: 0, 1>} : (tensor<2x3x!x>) -> tensor<2x4x!x>
  return %0 : tensor<2x4x!x>
}

// Scales a hair apart move the same integers but are two types.
// CHECK-LABEL: @pad_no_fold_other_scale
// CHECK-NEXT: nn.pad
func.func @pad_no_fold_other_scale(%x: tensor<2x!x>) -> tensor<2x!quant.uniform<i8:f32, 0.5000001:-3>> {
  %0 = nn.pad %x {low = array<i64: 0>, high = array<i64: 0>} : (tensor<2x!x>) -> tensor<2x!quant.uniform<i8:f32, 0.5000001:-3>>
  return %0 : tensor<2x!quant.uniform<i8:f32, 0.5000001:-3>>
}

// CHECK-LABEL: @slice_of_all_fold
// CHECK-NEXT: return %arg0
func.func @slice_of_all_fold(%x: tensor<2x3x!x>) -> tensor<2x3x!x> {
  %0 = nn.slice %x {offsets = array<i64: 0, 0>, strides = array<i64: 1, 1>} : (tensor<2x3x!x>) -> tensor<2x3x!x>
  return %0 : tensor<2x3x!x>
}

// CHECK-LABEL: @slice_no_fold_backwards
// CHECK-NEXT: nn.slice
func.func @slice_no_fold_backwards(%x: tensor<2x3x!x>) -> tensor<2x3x!x> {
  %0 = nn.slice %x {offsets = array<i64: 0, 2>, strides = array<i64: 1, -1>} : (tensor<2x3x!x>) -> tensor<2x3x!x>
  return %0 : tensor<2x3x!x>
}

// CHECK-LABEL: @slice_no_fold_part
// CHECK-NEXT: nn.slice
func.func @slice_no_fold_part(%x: tensor<2x3x!x>) -> tensor<2x2x!x> {
  %0 = nn.slice %x {offsets = array<i64: 0, 0>, strides = array<i64: 1, 2>} : (tensor<2x3x!x>) -> tensor<2x2x!x>
  return %0 : tensor<2x2x!x>
}

// CHECK-LABEL: @concat_of_one_fold
// CHECK-NEXT: return %arg0
func.func @concat_of_one_fold(%x: tensor<2x!x>) -> tensor<2x!x> {
  %0 = nn.concat %x {axis = 0} : (tensor<2x!x>) -> tensor<2x!x>
  return %0 : tensor<2x!x>
}

// CHECK-LABEL: @concat_no_fold_two
// CHECK-NEXT: nn.concat
func.func @concat_no_fold_two(%x: tensor<2x!x>) -> tensor<4x!x> {
  %0 = nn.concat %x, %x {axis = 0} : (tensor<2x!x>, tensor<2x!x>) -> tensor<4x!x>
  return %0 : tensor<4x!x>
}

// CHECK-LABEL: @concat_no_fold_activation
// CHECK-NEXT: nn.concat
func.func @concat_no_fold_activation(%x: tensor<2x!x>) -> tensor<2x!x> {
  %0 = nn.concat %x {axis = 0, activation = #nn.activation<relu>} : (tensor<2x!x>) -> tensor<2x!x>
  return %0 : tensor<2x!x>
}

// CHECK-LABEL: @concat_no_fold_rescales
// CHECK-NEXT: nn.concat
func.func @concat_no_fold_rescales(%x: tensor<2x!quant.uniform<u8:f32, 0.5>>) -> tensor<2x!quant.uniform<u8:f32, 0.25>> {
  %0 = nn.concat %x {axis = 0} : (tensor<2x!quant.uniform<u8:f32, 0.5>>) -> tensor<2x!quant.uniform<u8:f32, 0.25>>
  return %0 : tensor<2x!quant.uniform<u8:f32, 0.25>>
}

//===----------------------------------------------------------------------===//
// relu, relu6, clip
//===----------------------------------------------------------------------===//

// CHECK-LABEL: @relu_of_nothing_negative_fold
// CHECK-NEXT: return %arg0
func.func @relu_of_nothing_negative_fold(%x: tensor<4x!z>) -> tensor<4x!z> {
  %0 = nn.relu %x : (tensor<4x!z>) -> tensor<4x!z>
  return %0 : tensor<4x!z>
}

// CHECK-LABEL: @relu6_of_zero_to_six_fold
// CHECK-NEXT: return %arg0
func.func @relu6_of_zero_to_six_fold(%x: tensor<4x!six>) -> tensor<4x!six> {
  %0 = nn.relu6 %x : (tensor<4x!six>) -> tensor<4x!six>
  return %0 : tensor<4x!six>
}

// CHECK-LABEL: @relu_of_relu6_fold
// CHECK-NEXT: %[[Y:.*]] = nn.relu6 %arg0
// CHECK-NEXT: return %[[Y]]
func.func @relu_of_relu6_fold(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = nn.relu6 %x : (tensor<4xf32>) -> tensor<4xf32>
  %1 = nn.relu %0 : (tensor<4xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// CHECK-LABEL: @relu_of_fused_relu_fold
// CHECK-NEXT: %[[Y:.*]] = nn.add
// CHECK-NEXT: return %[[Y]]
func.func @relu_of_fused_relu_fold(%x: tensor<4x!x>) -> tensor<4x!x> {
  %0 = nn.add %x, %x {activation = #nn.activation<relu>} : (tensor<4x!x>, tensor<4x!x>) -> tensor<4x!x>
  %1 = nn.relu %0 : (tensor<4x!x>) -> tensor<4x!x>
  return %1 : tensor<4x!x>
}

// CHECK-LABEL: @clip_to_all_reals_fold
// CHECK-NEXT: return %arg0
func.func @clip_to_all_reals_fold(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = nn.clip %x {min = 0xFFF0000000000000 : f64, max = 0x7FF0000000000000 : f64} : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @relu_no_fold_negative
// CHECK-NEXT: nn.relu
func.func @relu_no_fold_negative(%x: tensor<4x!x>) -> tensor<4x!x> {
  %0 = nn.relu %x : (tensor<4x!x>) -> tensor<4x!x>
  return %0 : tensor<4x!x>
}

// CHECK-LABEL: @relu_no_fold_float
// CHECK-NEXT: nn.relu
func.func @relu_no_fold_float(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = nn.relu %x : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @relu_no_fold_rescales
// CHECK-NEXT: nn.relu
func.func @relu_no_fold_rescales(%x: tensor<4x!z>) -> tensor<4x!x> {
  %0 = nn.relu %x : (tensor<4x!z>) -> tensor<4x!x>
  return %0 : tensor<4x!x>
}

// 255 is more than 6 here.
// CHECK-LABEL: @relu6_no_fold_wider_range
// CHECK-NEXT: nn.relu6
func.func @relu6_no_fold_wider_range(%x: tensor<4x!quant.uniform<u8:f32, 0.024>>) -> tensor<4x!quant.uniform<u8:f32, 0.024>> {
  %0 = nn.relu6 %x : (tensor<4x!quant.uniform<u8:f32, 0.024>>) -> tensor<4x!quant.uniform<u8:f32, 0.024>>
  return %0 : tensor<4x!quant.uniform<u8:f32, 0.024>>
}

// CHECK-LABEL: @relu6_of_relu_no_fold_unbounded
// CHECK-NEXT: nn.relu %
// CHECK-NEXT: nn.relu6
func.func @relu6_of_relu_no_fold_unbounded(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = nn.relu %x : (tensor<4xf32>) -> tensor<4xf32>
  %1 = nn.relu6 %0 : (tensor<4xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}


//===----------------------------------------------------------------------===//
// transpose
//===----------------------------------------------------------------------===//

// CHECK-LABEL: @transpose_identity_fold
// CHECK-NEXT: return %arg0
func.func @transpose_identity_fold(%x: tensor<2x3x!x>) -> tensor<2x3x!x> {
  %0 = nn.transpose %x {permutation = array<i64: 0, 1>}
    : (tensor<2x3x!x>) -> tensor<2x3x!x>
  return %0 : tensor<2x3x!x>
}

// CHECK-LABEL: @transpose_transpose_fold
// CHECK-NEXT: %[[Y:.*]] = nn.transpose %arg0 {permutation = array<i64: 2, 0, 1>} : (tensor<2x3x4xf32>) -> tensor<4x2x3xf32>
// CHECK-NEXT: return %[[Y]]
func.func @transpose_transpose_fold(%x: tensor<2x3x4xf32>) -> tensor<4x2x3xf32> {
  %0 = nn.transpose %x {permutation = array<i64: 1, 0, 2>}
    : (tensor<2x3x4xf32>) -> tensor<3x2x4xf32>
  %1 = nn.transpose %0 {permutation = array<i64: 2, 1, 0>}
    : (tensor<3x2x4xf32>) -> tensor<4x2x3xf32>
  return %1 : tensor<4x2x3xf32>
}

// CHECK-LABEL: @transpose_there_and_back_fold
// CHECK-NEXT: return %arg0
func.func @transpose_there_and_back_fold(%x: tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32> {
  %0 = nn.transpose %x {permutation = array<i64: 0, 2, 3, 1>}
    : (tensor<1x2x3x4xf32>) -> tensor<1x3x4x2xf32>
  %1 = nn.transpose %0 {permutation = array<i64: 0, 3, 1, 2>}
    : (tensor<1x3x4x2xf32>) -> tensor<1x2x3x4xf32>
  return %1 : tensor<1x2x3x4xf32>
}

// CHECK-LABEL: @transpose_constant_fold
// CHECK-NEXT: %[[Y:.*]] = nn.constant dense<{{\[}}[1, 4], [2, 5], [3, 6]]> : tensor<3x2xi8> -> tensor<3x2x!quant.uniform<i8<-127:127>:f32:1, {5.000000e-01,2.500000e-01}>>
// CHECK-NEXT: return %[[Y]]
func.func @transpose_constant_fold() -> tensor<3x2x!w1> {
  %0 = nn.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi8> -> tensor<2x3x!w>
  %1 = nn.transpose %0 {permutation = array<i64: 1, 0>}
    : (tensor<2x3x!w>) -> tensor<3x2x!w1>
  return %1 : tensor<3x2x!w1>
}

// CHECK-LABEL: @transpose_splat_fold
// CHECK-NEXT: %[[Y:.*]] = nn.constant dense<2.000000e+00> : tensor<3x2xf32>
func.func @transpose_splat_fold() -> tensor<3x2xf32> {
  %0 = nn.constant dense<2.0> : tensor<2x3xf32>
  %1 = nn.transpose %0 {permutation = array<i64: 1, 0>}
    : (tensor<2x3xf32>) -> tensor<3x2xf32>
  return %1 : tensor<3x2xf32>
}

// Other bytes than one element a byte, and a resource.
// CHECK-LABEL: @transpose_resource_fold
// CHECK-NEXT: %[[Y:.*]] = nn.constant dense<{{\[}}[1, 3], [2, 4]]> : tensor<2x2xi16>
func.func @transpose_resource_fold() -> tensor<2x2xi16> {
  %0 = nn.constant dense_resource<transposed> : tensor<2x2xi16>
  %1 = nn.transpose %0 {permutation = array<i64: 1, 0>}
    : (tensor<2x2xi16>) -> tensor<2x2xi16>
  return %1 : tensor<2x2xi16>
}

{-#
  dialect_resources: {
    builtin: {
      weights: "0x0100000001020304",
      transposed: "0x020000000100020003000400"
    }
  }
#-}
