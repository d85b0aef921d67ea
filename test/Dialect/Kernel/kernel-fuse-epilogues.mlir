// RUN: qopt --kernel-fuse-epilogues --split-input-file %s | FileCheck %s
// RUN: qopt --kernel-fuse-epilogues=max-stages=3 --split-input-file %s | FileCheck %s --check-prefix=SHORT
// RUN: qopt --kernel-fuse-epilogues --split-input-file --pass-statistics %s -o /dev/null 2>&1 | FileCheck %s --check-prefix=STATS

// STATS: kernel-fuse-epilogues: num-fused = 2
// STATS-NEXT: kernel-fuse-epilogues: num-residuals = 2

#conv = [#kernel.requantize<multiplier = 1518500250, shift = -5, zero_point = 4>,
         #kernel.clamp<min = -128, max = 127>]
#add = #kernel.add<left_shift = 20,
         value = <offset = -4, multiplier = 1073741824, shift = -1>,
         operand = <offset = -5, multiplier = 1518500250, shift = 0>,
         output = <offset = 12, multiplier = 1347440720, shift = -18>>

// The convolution adds its residual in registers.
// CHECK-LABEL: @conv_add
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<1x4x4x4xi8>, {{.*}}, {{.*}}, %[[Y:[a-z0-9]+]]: tensor<1x4x4x8xi8>)
// CHECK: kernel.conv_2d %[[X]], {{.*}} residuals %[[Y]] outs
// CHECK-SAME: #kernel.requantize
// CHECK-SAME: #kernel.clamp<min = -128, max = 127>
// CHECK-SAME: #kernel.add<
// CHECK-SAME: #kernel.clamp<min = 0, max = 127>
// CHECK-NOT: kernel.elementwise

// A list that would become too long stays apart.
// SHORT-LABEL: @conv_add
// SHORT: kernel.conv_2d
// SHORT: kernel.elementwise
func.func @conv_add(%x: tensor<1x4x4x4xi8>, %w: tensor<8x1x1x4xi8>,
    %b: tensor<8xi32>, %y: tensor<1x4x4x8xi8>) -> tensor<1x4x4x8xi8> {
  %e = tensor.empty() : tensor<1x4x4x8xi8>
  %c = kernel.conv_2d %x, %w bias %b outs %e {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>,
    dilations = array<i64: 1, 1>, stages = #conv}
    : (tensor<1x4x4x4xi8>, tensor<8x1x1x4xi8>, tensor<8xi32>, tensor<1x4x4x8xi8>) -> tensor<1x4x4x8xi8>
  %r = kernel.elementwise %c with %y outs %e {stages = [#add, #kernel.clamp<min = 0, max = 127>]}
    : (tensor<1x4x4x8xi8>, tensor<1x4x4x8xi8>, tensor<1x4x4x8xi8>) -> tensor<1x4x4x8xi8>
  return %r : tensor<1x4x4x8xi8>
}

// -----

#conv = [#kernel.requantize<multiplier = 1518500250, shift = -5, zero_point = 4>,
         #kernel.clamp<min = -128, max = 127>]
#add = #kernel.add<left_shift = 20,
         value = <offset = -4, multiplier = 1073741824, shift = -1>,
         operand = <offset = -5, multiplier = 1518500250, shift = 0>,
         output = <offset = 12, multiplier = 1347440720, shift = -18>>

// The convolution makes the second operand: the roles are exchanged.
// CHECK-LABEL: @add_conv
// CHECK: kernel.conv_2d {{.*}} residuals
// CHECK-SAME: #kernel.add<left_shift = 20, value = <offset = -5, multiplier = 1518500250, shift = 0>, operand = <offset = -4, multiplier = 1073741824, shift = -1>
// CHECK-NOT: kernel.elementwise
func.func @add_conv(%x: tensor<1x4x4x4xi8>, %w: tensor<8x1x1x4xi8>,
    %b: tensor<8xi32>, %y: tensor<1x4x4x8xi8>) -> tensor<1x4x4x8xi8> {
  %e = tensor.empty() : tensor<1x4x4x8xi8>
  %c = kernel.conv_2d %x, %w bias %b outs %e {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>,
    dilations = array<i64: 1, 1>, stages = #conv}
    : (tensor<1x4x4x4xi8>, tensor<8x1x1x4xi8>, tensor<8xi32>, tensor<1x4x4x8xi8>) -> tensor<1x4x4x8xi8>
  %r = kernel.elementwise %y with %c outs %e {stages = [#add, #kernel.clamp<min = 0, max = 127>]}
    : (tensor<1x4x4x8xi8>, tensor<1x4x4x8xi8>, tensor<1x4x4x8xi8>) -> tensor<1x4x4x8xi8>
  return %r : tensor<1x4x4x8xi8>
}

// -----

#conv = [#kernel.requantize<multiplier = 1518500250, shift = -5, zero_point = 4>,
         #kernel.clamp<min = -128, max = 127>]

// A value that others read as well is needed in memory.
// CHECK-LABEL: @no_fuse_other_user
// CHECK: kernel.conv_2d
// CHECK: kernel.elementwise
func.func @no_fuse_other_user(%x: tensor<1x4x4x4xi8>, %w: tensor<8x1x1x4xi8>,
    %b: tensor<8xi32>) -> (tensor<1x4x4x8xi8>, tensor<1x4x4x8xi8>) {
  %e = tensor.empty() : tensor<1x4x4x8xi8>
  %c = kernel.conv_2d %x, %w bias %b outs %e {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>,
    dilations = array<i64: 1, 1>, stages = #conv}
    : (tensor<1x4x4x4xi8>, tensor<8x1x1x4xi8>, tensor<8xi32>, tensor<1x4x4x8xi8>) -> tensor<1x4x4x8xi8>
  %r = kernel.elementwise %c outs %e {stages = [#kernel.clamp<min = 0, max = 127>]}
    : (tensor<1x4x4x8xi8>, tensor<1x4x4x8xi8>) -> tensor<1x4x4x8xi8>
  return %c, %r : tensor<1x4x4x8xi8>, tensor<1x4x4x8xi8>
}

// -----

// Without a clamp the stored value may differ from the running one.
// CHECK-LABEL: @no_fuse_unknown_range
// CHECK: kernel.conv_2d
// CHECK: kernel.elementwise
func.func @no_fuse_unknown_range(%x: tensor<1x4x4x4xi8>, %w: tensor<8x1x1x4xi8>,
    %b: tensor<8xi32>) -> tensor<1x4x4x8xi8> {
  %e = tensor.empty() : tensor<1x4x4x8xi8>
  %c = kernel.conv_2d %x, %w bias %b outs %e {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>,
    dilations = array<i64: 1, 1>,
    stages = [#kernel.requantize<multiplier = 1518500250, shift = -5, zero_point = 4>]}
    : (tensor<1x4x4x4xi8>, tensor<8x1x1x4xi8>, tensor<8xi32>, tensor<1x4x4x8xi8>) -> tensor<1x4x4x8xi8>
  %r = kernel.elementwise %c outs %e {stages = [#kernel.clamp<min = 0, max = 127>]}
    : (tensor<1x4x4x8xi8>, tensor<1x4x4x8xi8>) -> tensor<1x4x4x8xi8>
  return %r : tensor<1x4x4x8xi8>
}
