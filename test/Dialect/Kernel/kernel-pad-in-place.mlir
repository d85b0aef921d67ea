// RUN: qopt --kernel-pad-in-place --split-input-file %s | FileCheck %s
// RUN: qopt --kernel-pad-in-place --split-input-file --pass-statistics %s -o /dev/null 2>&1 | FileCheck %s --check-prefix=STATS
// RUN: qopt --kernel-pad-in-place --split-input-file %s | qopt --kernel-pad-in-place --split-input-file | FileCheck %s

// STATS: kernel-pad-in-place: num-copies = 6
// STATS-NEXT: kernel-pad-in-place: num-in-place = 3

// The padding comes first, then the rows inside of it. One buffer is left.
// CHECK-LABEL: func.func @depthwise(
// CHECK-SAME: %[[X:.*]]: memref<1x6x8x16xi8>,
// CHECK-NOT: memref.alloc() : memref<1x4x6x16xi8>
// CHECK: %[[P:.*]] = memref.alloc() : memref<1x6x9x16xi8>
// CHECK: %[[START:.*]] = arith.constant 160 : index
// CHECK: %[[IN:.*]] = kernel.slice %[[P]][%[[START]]] : memref<1x6x9x16xi8> to memref<1x4x6x16xi8, strided<[864, 144, 16, 1]>>
// CHECK: kernel.pad %[[IN]] outs %[[P]] {{.*}} : (memref<1x4x6x16xi8, strided<[864, 144, 16, 1]>>, memref<1x6x9x16xi8>) -> ()
// CHECK: kernel.depthwise_conv_2d %[[X]]{{.*}} outs %[[IN]]
// CHECK: kernel.elementwise %[[P]]
func.func @depthwise(%x: memref<1x6x8x16xi8>, %w: memref<3x3x16xi8>, %b: memref<16xi32>, %y: memref<1x6x9x16xi8>) {
  %a = memref.alloc() : memref<1x4x6x16xi8>
  kernel.depthwise_conv_2d %x, %w bias %b outs %a {
    kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
    stages = [#kernel.requantize<multiplier = 1073741824, shift = -6, zero_point = 0>, #kernel.clamp<min = -128, max = 127>]}
    : (memref<1x6x8x16xi8>, memref<3x3x16xi8>, memref<16xi32>, memref<1x4x6x16xi8>) -> ()
  %p = memref.alloc() : memref<1x6x9x16xi8>
  kernel.pad %a outs %p {low = array<i64: 0, 1, 1, 0>, high = array<i64: 0, 1, 2, 0>, value = 3 : i8}
    : (memref<1x4x6x16xi8>, memref<1x6x9x16xi8>) -> ()
  kernel.elementwise %p outs %y {stages = []} : (memref<1x6x9x16xi8>, memref<1x6x9x16xi8>) -> ()
  return
}

// -----

// Padding above and below only: rows have no gaps, pictures have.
// CHECK-LABEL: func.func @above(
// CHECK: kernel.slice %{{.*}} : memref<2x4x4x4xf32> to memref<2x3x4x4xf32, strided<[64, 16, 4, 1]>>
// CHECK: kernel.pad
// CHECK: kernel.elementwise
func.func @above(%x: memref<2x3x4x4xf32>, %y: memref<2x4x4x4xf32>) {
  %a = memref.alloc() : memref<2x3x4x4xf32>
  kernel.elementwise %x outs %a {stages = []} : (memref<2x3x4x4xf32>, memref<2x3x4x4xf32>) -> ()
  %p = memref.alloc() : memref<2x4x4x4xf32>
  kernel.pad %a outs %p {low = array<i64: 0, 1, 0, 0>, high = array<i64: 0, 0, 0, 0>, value = 0.0 : f32}
    : (memref<2x3x4x4xf32>, memref<2x4x4x4xf32>) -> ()
  kernel.elementwise %p outs %y {stages = []} : (memref<2x4x4x4xf32>, memref<2x4x4x4xf32>) -> ()
  return
}

// -----

// What stays a copy: a value that something else reads, an argument, bytes
// that change, channels with padding between them, a kernel that writes one
// stretch, images whose layout does not change.
// CHECK-LABEL: func.func @copies(
// CHECK-NOT: kernel.slice
func.func @copies(%x: memref<1x3x4x4xi8>, %y: memref<1x4x4x4xi8>, %z: memref<1x3x4x4xi8>, %v: memref<1x3x4x5xi8>, %u: memref<2x3x4x4xi8>) {
  %a = memref.alloc() : memref<1x3x4x4xi8>
  kernel.elementwise %x outs %a {stages = []} : (memref<1x3x4x4xi8>, memref<1x3x4x4xi8>) -> ()
  kernel.elementwise %a outs %z {stages = []} : (memref<1x3x4x4xi8>, memref<1x3x4x4xi8>) -> ()
  %p = memref.alloc() : memref<1x4x4x4xi8>
  kernel.pad %a outs %p {low = array<i64: 0, 1, 0, 0>, high = array<i64: 0, 0, 0, 0>, value = 0 : i8} : (memref<1x3x4x4xi8>, memref<1x4x4x4xi8>) -> ()
  kernel.elementwise %p outs %y {stages = []} : (memref<1x4x4x4xi8>, memref<1x4x4x4xi8>) -> ()
  %q = memref.alloc() : memref<1x4x4x4xi8>
  kernel.pad %x outs %q {low = array<i64: 0, 1, 0, 0>, high = array<i64: 0, 0, 0, 0>, value = 0 : i8} : (memref<1x3x4x4xi8>, memref<1x4x4x4xi8>) -> ()
  kernel.elementwise %q outs %y {stages = []} : (memref<1x4x4x4xi8>, memref<1x4x4x4xi8>) -> ()
  %c = memref.alloc() : memref<1x3x4x4xi8>
  kernel.elementwise %x outs %c {stages = []} : (memref<1x3x4x4xi8>, memref<1x3x4x4xi8>) -> ()
  %r = memref.alloc() : memref<1x4x4x4xi8>
  kernel.pad %c outs %r {low = array<i64: 0, 1, 0, 0>, high = array<i64: 0, 0, 0, 0>, value = 0 : i8, flip} : (memref<1x3x4x4xi8>, memref<1x4x4x4xi8>) -> ()
  kernel.elementwise %r outs %y {stages = []} : (memref<1x4x4x4xi8>, memref<1x4x4x4xi8>) -> ()
  %d = memref.alloc() : memref<1x3x4x4xi8>
  kernel.elementwise %x outs %d {stages = []} : (memref<1x3x4x4xi8>, memref<1x3x4x4xi8>) -> ()
  %s = memref.alloc() : memref<1x3x4x5xi8>
  kernel.pad %d outs %s {low = array<i64: 0, 0, 0, 0>, high = array<i64: 0, 0, 0, 1>, value = 0 : i8} : (memref<1x3x4x4xi8>, memref<1x3x4x5xi8>) -> ()
  kernel.elementwise %s outs %v {stages = []} : (memref<1x3x4x5xi8>, memref<1x3x4x5xi8>) -> ()
  %e = memref.alloc() : memref<1x3x4x4xi8>
  kernel.concat %x outs %e {axis = 3 : i64} : (memref<1x3x4x4xi8>, memref<1x3x4x4xi8>) -> ()
  %t = memref.alloc() : memref<1x4x4x4xi8>
  kernel.pad %e outs %t {low = array<i64: 0, 1, 0, 0>, high = array<i64: 0, 0, 0, 0>, value = 0 : i8} : (memref<1x3x4x4xi8>, memref<1x4x4x4xi8>) -> ()
  kernel.elementwise %t outs %y {stages = []} : (memref<1x4x4x4xi8>, memref<1x4x4x4xi8>) -> ()
  %f = memref.alloc() : memref<1x3x4x4xi8>
  kernel.elementwise %x outs %f {stages = []} : (memref<1x3x4x4xi8>, memref<1x3x4x4xi8>) -> ()
  %o = memref.alloc() : memref<2x3x4x4xi8>
  kernel.pad %f outs %o {low = array<i64: 1, 0, 0, 0>, high = array<i64: 0, 0, 0, 0>, value = 0 : i8} : (memref<1x3x4x4xi8>, memref<2x3x4x4xi8>) -> ()
  kernel.elementwise %o outs %u {stages = []} : (memref<2x3x4x4xi8>, memref<2x3x4x4xi8>) -> ()
  return
}

// -----

// What was not asked for is not looked at.
// CHECK-LABEL: func.func private @external(
func.func private @external(memref<1x3x4x4xi8>)

// CHECK-LABEL: func.func @third(
// CHECK: kernel.slice
func.func @third(%x: memref<1x3x4x4xi8>, %y: memref<1x4x5x4xi8>) {
  %a = memref.alloc() : memref<1x3x4x4xi8>
  kernel.elementwise %x outs %a {stages = [#kernel.clamp<min = 0, max = 6>]} : (memref<1x3x4x4xi8>, memref<1x3x4x4xi8>) -> ()
  %p = memref.alloc() : memref<1x4x5x4xi8>
  kernel.pad %a outs %p {low = array<i64: 0, 0, 0, 0>, high = array<i64: 0, 1, 1, 0>, value = 0 : i8} : (memref<1x3x4x4xi8>, memref<1x4x5x4xi8>) -> ()
  kernel.elementwise %p outs %y {stages = []} : (memref<1x4x5x4xi8>, memref<1x4x5x4xi8>) -> ()
  return
}
