// DEFINE: %{least} = --kernel-fuse-bands="min-arena max-overhead=10000"
// RUN: qopt %{least} --split-input-file %s | FileCheck %s
// RUN: qopt --kernel-fuse-bands --split-input-file %s | FileCheck %s --check-prefix=DEFAULT
// RUN: qopt %{least} --split-input-file --pass-statistics %s -o /dev/null 2>&1 | FileCheck %s --check-prefix=STATS
// RUN: qopt %{least} --split-input-file %s | qopt %{least} --split-input-file | FileCheck %s
// RUN: qopt --kernel-fuse-bands="min-arena max-kernels=2" --split-input-file %s | FileCheck %s --check-prefix=TWO
// RUN: qopt --kernel-fuse-bands="min-arena max-overhead=0" --split-input-file %s | FileCheck %s --check-prefix=NONE

// STATS: kernel-fuse-bands: arena-after = 13248
// STATS-NEXT: kernel-fuse-bands: arena-before = 23552
// STATS-NEXT: kernel-fuse-bands: num-chains = 4
// STATS-NEXT: kernel-fuse-bands: num-kernels = 9

#one = #kernel.requantize<multiplier = 1073741824, shift = -6, zero_point = 0>
#byte = #kernel.clamp<min = -128, max = 127>

// Expansion, depthwise convolution, projection: the first one leads by two
// bands, three rows of what it makes are held, and two of them move up. The
// default leaves them: without bands the arena is that of the tensors alone.
// CHECK-LABEL: func.func @chain(
// CHECK-SAME: %[[X:[a-z0-9]+]]: memref<1x12x8x4xi8>
// CHECK-SAME: %[[Y:[a-z0-9]+]]: memref<1x10x6x4xi8> {kernel.output})
// CHECK-SAME: kernel.bands = {arena = 256 : i64, arena_before = 1280 : i64, chains = [{bands = 12 : i64, kernels = 3 : i64, rows = 1 : i64}]}
// CHECK-DAG: %[[ONE:.*]] = memref.alloc() : memref<48xi8>
// CHECK-DAG: %[[THREE:.*]] = memref.alloc() : memref<192xi8>
// CHECK: kernel.conv_2d {{.*}} : (memref<1x1x8x4xi8>, {{.*}}, memref<1x1x8x8xi8>) -> ()
// CHECK: kernel.elementwise {{.*}} {stages = []} : (memref<64xi8>, memref<64xi8>) -> ()
// CHECK: kernel.elementwise {{.*}} {stages = []} : (memref<64xi8>, memref<64xi8>) -> ()
// CHECK: kernel.conv_2d
// CHECK: scf.for %[[I:.*]] = %{{.*}} to %[[N:.*]] step
// CHECK: %[[IX:.*]] = arith.muli %[[I]], %c32{{.*}}
// CHECK: %[[OX:.*]] = arith.addi %[[IX]], %c64{{.*}}
// CHECK: kernel.slice %[[X]][%[[OX]]] : memref<1x12x8x4xi8> to memref<1x1x8x4xi8>
// CHECK: kernel.slice %[[THREE]][%c128{{.*}}] : memref<192xi8> to memref<1x1x8x8xi8>
// CHECK: kernel.conv_2d
// CHECK: kernel.slice %[[THREE]][%c0{{.*}}] : memref<192xi8> to memref<1x3x8x8xi8>
// CHECK: kernel.depthwise_conv_2d
// CHECK: kernel.slice %[[Y]][%{{.*}}] : memref<1x10x6x4xi8> to memref<1x1x6x4xi8>
// CHECK: kernel.conv_2d
// CHECK: kernel.elementwise
// CHECK: kernel.elementwise
// CHECK-NOT: kernel.
// CHECK: return
// DEFAULT-LABEL: func.func @chain(
// DEFAULT-NOT: scf.for
// TWO-LABEL: func.func @chain(
// TWO-SAME: kernels = 2 : i64
// NONE-LABEL: func.func @chain(
// NONE-NOT: scf.for
func.func @chain(%x: memref<1x12x8x4xi8>, %w: memref<8x1x1x4xi8>, %b: memref<8xi32>, %d: memref<3x3x8xi8>, %p: memref<4x1x1x8xi8>, %q: memref<4xi32>, %y: memref<1x10x6x4xi8> {kernel.output}) {
  %a = memref.alloc() : memref<1x12x8x8xi8>
  kernel.conv_2d %x, %w bias %b outs %a {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, stages = [#one, #byte]}
    : (memref<1x12x8x4xi8>, memref<8x1x1x4xi8>, memref<8xi32>, memref<1x12x8x8xi8>) -> ()
  %c = memref.alloc() : memref<1x10x6x8xi8>
  kernel.depthwise_conv_2d %a, %d bias %b outs %c {
    kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, stages = [#one, #byte]}
    : (memref<1x12x8x8xi8>, memref<3x3x8xi8>, memref<8xi32>, memref<1x10x6x8xi8>) -> ()
  kernel.conv_2d %c, %p bias %q outs %y {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, stages = [#one, #byte]}
    : (memref<1x10x6x8xi8>, memref<4x1x1x8xi8>, memref<4xi32>, memref<1x10x6x4xi8>) -> ()
  return
}

// -----

#one = #kernel.requantize<multiplier = 1073741824, shift = -6, zero_point = 0>
#byte = #kernel.clamp<min = -128, max = 127>

// A padded buffer is larger than what it pads: by default the kernel that reads
// it runs in a few bands, so that its result lies where rows of it were read.
// The smallest arena holds three padded rows; the border of the first ones is
// written once and moves up with them, the last row of padding is filled.
// DEFAULT-LABEL: func.func @padded(
// DEFAULT: memref.alloc() {kernel.buffer = [[P:[0-9]+]] : i64} : memref<1x10x10x16xi8>
// DEFAULT: kernel.conv_2d {{.*}} memref<1x8x8x16xi8, strided<[1600, 160, 16, 1]>>) -> ()
// DEFAULT: memref.alloc() {kernel.below = array<i64: [[P]], {{[0-9]+}}>} : memref<1x8x8x16xi8>
// DEFAULT: kernel.depthwise_conv_2d {{.*}} memref<1x[[ROWS:[2-7]]]x8x16xi8>) -> ()
// DEFAULT: kernel.mean
// CHECK-LABEL: func.func @padded(
// CHECK: %[[P:.*]] = memref.alloc() : memref<1x3x10x16xi8>
// CHECK: kernel.pad %{{.*}} outs %[[P]] {high = array<i64: 0, 0, 1, 0>, low = array<i64: 0, 2, 1, 0>, value = 3 : i8}
// CHECK: scf.for
// CHECK: kernel.conv_2d {{.*}} memref<1x1x8x16xi8, strided<[160, 160, 16, 1]>>) -> ()
// CHECK: kernel.depthwise_conv_2d {{.*}} : (memref<1x3x10x16xi8>, {{.*}}, memref<1x1x8x16xi8>) -> ()
// CHECK: }
// CHECK: kernel.pad %{{.*}} {high = array<i64: 159>, low = array<i64: 0>, value = 3 : i8} : (memref<1xi8>, memref<160xi8>) -> ()
// CHECK: kernel.depthwise_conv_2d
// TWO-LABEL: func.func @padded(
// NONE-LABEL: func.func @padded(
func.func @padded(%x: memref<1x8x8x1xi8>, %w: memref<16x1x1x1xi8>, %d: memref<3x3x16xi8>, %b: memref<16xi32>, %y: memref<1x16xi8> {kernel.output}) {
  %p = memref.alloc() : memref<1x10x10x16xi8>
  %c176 = arith.constant 176 : index
  %i = kernel.slice %p[%c176] : memref<1x10x10x16xi8> to memref<1x8x8x16xi8, strided<[1600, 160, 16, 1]>>
  kernel.pad %i outs %p {low = array<i64: 0, 1, 1, 0>, high = array<i64: 0, 1, 1, 0>, value = 3 : i8}
    : (memref<1x8x8x16xi8, strided<[1600, 160, 16, 1]>>, memref<1x10x10x16xi8>) -> ()
  kernel.conv_2d %x, %w bias %b outs %i {
    kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, stages = [#one, #byte]}
    : (memref<1x8x8x1xi8>, memref<16x1x1x1xi8>, memref<16xi32>, memref<1x8x8x16xi8, strided<[1600, 160, 16, 1]>>) -> ()
  %a = memref.alloc() : memref<1x8x8x16xi8>
  kernel.depthwise_conv_2d %p, %d bias %b outs %a {
    kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, stages = [#one, #byte]}
    : (memref<1x10x10x16xi8>, memref<3x3x16xi8>, memref<16xi32>, memref<1x8x8x16xi8>) -> ()
  kernel.mean %a outs %y {axes = array<i64: 1, 2>, stages = [#one, #byte]} : (memref<1x8x8x16xi8>, memref<1x16xi8>) -> ()
  return
}

// -----

// What is read for the last time lies above what is made meanwhile: rows of a
// sum are written where rows of the input were, a band behind.
// CHECK-LABEL: func.func @overlap(
// CHECK: memref.alloc() {kernel.buffer = [[A:[0-9]+]] : i64} : memref<1x8x8x16xf32>
// CHECK: memref.alloc() {kernel.below = array<i64: [[A]], {{[0-9]+}}>} : memref<1x8x8x16xf32>
// CHECK: scf.for
// CHECK: kernel.elementwise {{.*}} : (memref<1x1x8x16xf32>, memref<16xf32>, memref<1x1x8x16xf32>) -> ()
func.func @overlap(%x: memref<1x8x16x8xf32>, %s: memref<16xf32>, %y: memref<1x16xf32> {kernel.output}) {
  %a = memref.alloc() : memref<1x8x8x16xf32>
  kernel.transpose %x outs %a {permutation = array<i64: 0, 1, 3, 2>} : (memref<1x8x16x8xf32>, memref<1x8x8x16xf32>) -> ()
  %c = memref.alloc() : memref<1x8x8x16xf32>
  kernel.elementwise %a with %s outs %c {stages = [#kernel.add_f32]} : (memref<1x8x8x16xf32>, memref<16xf32>, memref<1x8x8x16xf32>) -> ()
  kernel.mean %c outs %y {axes = array<i64: 1, 2>, stages = []} : (memref<1x8x8x16xf32>, memref<1x16xf32>) -> ()
  return
}

// -----

// Pads, pools with paddings of their own and concatenations: first and last
// bands are other kernels, and rows of nothing but padding are filled.
// CHECK-LABEL: func.func @borders(
// CHECK: memref.get_global @padding_8_5 : memref<1xi8>
// CHECK: kernel.pad %{{.*}} outs %{{.*}} {high = array<i64: [[#]]>, low = array<i64: 0>, value = 5 : i8} : (memref<1xi8>, memref<[[#]]xi8>) -> ()
// CHECK: kernel.pool_2d max {{.*}} padding = array<i64: 1, 0, 1, 1>
// CHECK: scf.for
// CHECK: kernel.pool_2d max {{.*}} padding = array<i64: 0, 0, 1, 1>
// CHECK: kernel.concat
// CHECK: }
// CHECK: kernel.pool_2d max {{.*}} padding = array<i64: 0, 1, 1, 1>
func.func @borders(%x: memref<1x16x16x8xi8>, %y: memref<1x18x18x16xi8> {kernel.output}) {
  %p = memref.alloc() : memref<1x18x18x8xi8>
  kernel.pad %x outs %p {low = array<i64: 0, 1, 1, 0>, high = array<i64: 0, 1, 1, 0>, value = 5 : i8}
    : (memref<1x16x16x8xi8>, memref<1x18x18x8xi8>) -> ()
  %a = memref.alloc() : memref<1x18x18x8xi8>
  kernel.pool_2d max %p outs %a {kernel = array<i64: 3, 3>, strides = array<i64: 1, 1>, padding = array<i64: 1, 1, 1, 1>, stages = []}
    : (memref<1x18x18x8xi8>, memref<1x18x18x8xi8>) -> ()
  kernel.concat %p, %a outs %y {axis = 3 : i64} : (memref<1x18x18x8xi8>, memref<1x18x18x8xi8>, memref<1x18x18x16xi8>) -> ()
  return
}

// -----

// Not by bands: two pictures, and what is read as a whole where it is made.
// CHECK-LABEL: func.func @pictures(
// CHECK-NOT: scf.for
// CHECK: return
func.func @pictures(%x: memref<2x8x8x8xf32>, %y: memref<2x8x8x8xf32> {kernel.output}) {
  %a = memref.alloc() : memref<2x8x8x8xf32>
  kernel.elementwise %x outs %a {stages = [#kernel.logistic_f32]} : (memref<2x8x8x8xf32>, memref<2x8x8x8xf32>) -> ()
  kernel.elementwise %a outs %y {stages = [#kernel.logistic_f32]} : (memref<2x8x8x8xf32>, memref<2x8x8x8xf32>) -> ()
  return
}

// CHECK-LABEL: func.func @whole(
// CHECK-NOT: scf.for
// CHECK: return
func.func @whole(%x: memref<1x8x8x8xf32>, %y: memref<1x8x8x8xf32> {kernel.output}) {
  %a = memref.alloc() : memref<1x8x8x8xf32>
  kernel.elementwise %x outs %a {stages = [#kernel.logistic_f32]} : (memref<1x8x8x8xf32>, memref<1x8x8x8xf32>) -> ()
  %m = memref.alloc() : memref<1x1x1x8xf32>
  kernel.mean %a outs %m {axes = array<i64: 1, 2>, stages = []} : (memref<1x8x8x8xf32>, memref<1x1x1x8xf32>) -> ()
  kernel.elementwise %a with %m outs %y {stages = [#kernel.mul_f32]} : (memref<1x8x8x8xf32>, memref<1x1x1x8xf32>, memref<1x8x8x8xf32>) -> ()
  return
}
