// Code for vectors of 4, 8 and 16 lanes reads bytes of weights in one order, so
// that variants of one artefact share them: CSE leaves one filter.

// RUN: qopt %s --pass-pipeline="builtin.module(kernel-pack-weights,cse)" | FileCheck %s

// Panels of 16 channels, four inputs at a time, and 8 of 40 channels behind them.
// CHECK: func.func @levels(
// CHECK: %[[W:.*]] = arith.constant dense<{{.*}}> : tensor<320xi8>
// CHECK-NOT: tensor<{{[0-9]+}}xi8>
// CHECK-COUNT-4: kernel.conv_2d %{{.*}}, %[[W]]
func.func @levels(%x: tensor<1x4x4x8xi8>, %y: tensor<1x4x4x40xi8>)
    -> (tensor<1x4x4x40xi8>, tensor<1x4x4x40xi8>, tensor<1x4x4x40xi8>, tensor<1x4x4x40xi8>) {
  %w = arith.constant dense<[[[[-93, 18, 89, 78, 68, -111, -62, -97]]], [[[-1, 67, -12, -7, 39, -30, 74, -74]]], [[[-103, -3, -120, 101, 86, -28, -17, 28]]], [[[68, 69, -127, 51, -13, -59, 57, 78]]], [[[-69, 24, 114, -101, 103, -46, -120, -122]]], [[[-121, 39, 11, -125, 113, 98, -30, 48]]], [[[-72, 121, -19, 58, -120, 8, -71, 68]]], [[[-15, 113, -1, 14, -68, -39, -68, 46]]], [[[-71, 67, -10, 116, -53, 110, -122, -21]]], [[[87, 107, 15, 109, 37, -102, -80, 34]]], [[[127, 58, 93, -52, -97, 63, -42, 102]]], [[[57, 122, 55, 1, 112, 120, -19, 2]]], [[[85, 106, 44, -79, -50, -55, 23, 122]]], [[[98, 0, 89, 113, 2, -27, 23, 91]]], [[[-119, -5, -65, 63, 77, -24, -21, 43]]], [[[-83, -34, 13, 98, 52, 71, 45, 61]]], [[[-32, -105, -15, 42, 3, -100, 72, -86]]], [[[6, 88, -27, -33, -2, 60, -120, -7]]], [[[-116, -49, 53, 90, 124, 30, 24, 21]]], [[[-27, 38, -84, -84, 1, -69, 124, -124]]], [[[70, -76, 11, 108, 93, 13, -68, -24]]], [[[4, -39, 116, 89, 20, -37, -10, 105]]], [[[-59, 41, 13, 28, 118, 59, -126, -29]]], [[[73, 92, 83, 117, 99, 113, 62, 4]]], [[[80, -94, 5, 72, 16, -75, -18, 116]]], [[[-113, -4, 95, -34, 18, 14, -76, 113]]], [[[2, -22, -3, 81, -36, -21, -39, -127]]], [[[10, 11, 32, 74, 29, -43, -10, 26]]], [[[-120, 78, -69, 35, -82, 13, 22, -81]]], [[[93, -104, 77, 14, 77, 90, 82, 111]]], [[[-62, -119, 88, 114, 45, -109, -106, 95]]], [[[-123, -12, -124, 66, 66, -56, -64, -59]]], [[[-99, 77, 32, -80, -39, -53, -110, -85]]], [[[-87, -62, 8, 116, -84, 41, -58, 38]]], [[[55, -52, -11, 52, -45, 0, -6, -98]]], [[[-121, -48, -29, -40, -20, 76, -79, -61]]], [[[-100, -63, 103, 59, 3, 123, -74, 120]]], [[[28, -17, 82, 122, -122, -70, -123, -26]]], [[[-90, -118, 57, 118, -86, -13, 53, 2]]], [[[46, -18, 12, 86, -71, 123, 122, 34]]]]> : tensor<40x1x1x8xi8>
  %b = arith.constant dense<0> : tensor<40xi32>
  %sse = kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    schedule = #kernel.schedule<pmaddwd, lanes = 4, vectors = 2, pixels = 5, interleaved = true>,
    stages = [#kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x4x4x8xi8>, tensor<40x1x1x8xi8>, tensor<40xi32>, tensor<1x4x4x40xi8>) -> tensor<1x4x4x40xi8>
  %avx2 = kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    schedule = #kernel.schedule<pmaddwd, lanes = 8, vectors = 2, pixels = 5, interleaved = true>,
    stages = [#kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x4x4x8xi8>, tensor<40x1x1x8xi8>, tensor<40xi32>, tensor<1x4x4x40xi8>) -> tensor<1x4x4x40xi8>
  %vnni = kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    schedule = #kernel.schedule<vpdpbusd, lanes = 16, vectors = 3, pixels = 4, interleaved = true>,
    stages = [#kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x4x4x8xi8>, tensor<40x1x1x8xi8>, tensor<40xi32>, tensor<1x4x4x40xi8>) -> tensor<1x4x4x40xi8>
  %avx_vnni = kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    schedule = #kernel.schedule<vpdpbusd, lanes = 8, vectors = 4, pixels = 2, interleaved = true>,
    stages = [#kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x4x4x8xi8>, tensor<40x1x1x8xi8>, tensor<40xi32>, tensor<1x4x4x40xi8>) -> tensor<1x4x4x40xi8>
  return %sse, %avx2, %vnni, %avx_vnni : tensor<1x4x4x40xi8>, tensor<1x4x4x40xi8>, tensor<1x4x4x40xi8>, tensor<1x4x4x40xi8>
}

// A block of 24 channels does not end where a panel does: it has an order of its
// own.
// CHECK: func.func @own(
// CHECK: %[[SHARED:.*]] = arith.constant dense<"0x0101010105050505090909{{.*}}"> : tensor<384xi8>
// CHECK: kernel.conv_2d %{{.*}}, %[[SHARED]]
// CHECK: %[[OWN:.*]] = arith.constant dense<"0x010105050909{{.*}}"> : tensor<384xi8>
// CHECK: kernel.conv_2d %{{.*}}, %[[OWN]]
func.func @own(%x: tensor<1x4x4x8xi8>, %y: tensor<1x4x4x48xi8>)
    -> (tensor<1x4x4x48xi8>, tensor<1x4x4x48xi8>) {
  %w = arith.constant dense<[[[[1, 1, 1, 1, 1, 1, 1, 1]]], [[[5, 5, 5, 5, 5, 5, 5, 5]]], [[[9, 9, 9, 9, 9, 9, 9, 9]]], [[[13, 13, 13, 13, 13, 13, 13, 13]]], [[[17, 17, 17, 17, 17, 17, 17, 17]]], [[[21, 21, 21, 21, 21, 21, 21, 21]]], [[[25, 25, 25, 25, 25, 25, 25, 25]]], [[[29, 29, 29, 29, 29, 29, 29, 29]]], [[[33, 33, 33, 33, 33, 33, 33, 33]]], [[[37, 37, 37, 37, 37, 37, 37, 37]]], [[[41, 41, 41, 41, 41, 41, 41, 41]]], [[[45, 45, 45, 45, 45, 45, 45, 45]]], [[[49, 49, 49, 49, 49, 49, 49, 49]]], [[[53, 53, 53, 53, 53, 53, 53, 53]]], [[[57, 57, 57, 57, 57, 57, 57, 57]]], [[[61, 61, 61, 61, 61, 61, 61, 61]]], [[[65, 65, 65, 65, 65, 65, 65, 65]]], [[[69, 69, 69, 69, 69, 69, 69, 69]]], [[[73, 73, 73, 73, 73, 73, 73, 73]]], [[[77, 77, 77, 77, 77, 77, 77, 77]]], [[[81, 81, 81, 81, 81, 81, 81, 81]]], [[[85, 85, 85, 85, 85, 85, 85, 85]]], [[[89, 89, 89, 89, 89, 89, 89, 89]]], [[[93, 93, 93, 93, 93, 93, 93, 93]]], [[[97, 97, 97, 97, 97, 97, 97, 97]]], [[[101, 101, 101, 101, 101, 101, 101, 101]]], [[[105, 105, 105, 105, 105, 105, 105, 105]]], [[[109, 109, 109, 109, 109, 109, 109, 109]]], [[[113, 113, 113, 113, 113, 113, 113, 113]]], [[[117, 117, 117, 117, 117, 117, 117, 117]]], [[[1, 1, 1, 1, 1, 1, 1, 1]]], [[[5, 5, 5, 5, 5, 5, 5, 5]]], [[[9, 9, 9, 9, 9, 9, 9, 9]]], [[[13, 13, 13, 13, 13, 13, 13, 13]]], [[[17, 17, 17, 17, 17, 17, 17, 17]]], [[[21, 21, 21, 21, 21, 21, 21, 21]]], [[[25, 25, 25, 25, 25, 25, 25, 25]]], [[[29, 29, 29, 29, 29, 29, 29, 29]]], [[[33, 33, 33, 33, 33, 33, 33, 33]]], [[[37, 37, 37, 37, 37, 37, 37, 37]]], [[[41, 41, 41, 41, 41, 41, 41, 41]]], [[[45, 45, 45, 45, 45, 45, 45, 45]]], [[[49, 49, 49, 49, 49, 49, 49, 49]]], [[[53, 53, 53, 53, 53, 53, 53, 53]]], [[[57, 57, 57, 57, 57, 57, 57, 57]]], [[[61, 61, 61, 61, 61, 61, 61, 61]]], [[[65, 65, 65, 65, 65, 65, 65, 65]]], [[[69, 69, 69, 69, 69, 69, 69, 69]]]]> : tensor<48x1x1x8xi8>
  %b = arith.constant dense<0> : tensor<48xi32>
  %two = kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    schedule = #kernel.schedule<pmaddwd, lanes = 8, vectors = 2, pixels = 3, interleaved = true>,
    stages = [#kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x4x4x8xi8>, tensor<48x1x1x8xi8>, tensor<48xi32>, tensor<1x4x4x48xi8>) -> tensor<1x4x4x48xi8>
  %three = kernel.conv_2d %x, %w bias %b outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    schedule = #kernel.schedule<pmaddwd, lanes = 8, vectors = 3, pixels = 3, interleaved = true>,
    stages = [#kernel.clamp<min = -128, max = 127>]}
    : (tensor<1x4x4x8xi8>, tensor<48x1x1x8xi8>, tensor<48xi32>, tensor<1x4x4x48xi8>) -> tensor<1x4x4x48xi8>
  return %two, %three : tensor<1x4x4x48xi8>, tensor<1x4x4x48xi8>
}
