// Shapes of the loops and the arithmetic that each target gets. That the
// results are right is the business of the unit tests, which run the code.
//
// RUN: qopt %s --convert-kernel-to-vector --canonicalize --cse --split-input-file | FileCheck %s
// RUN: qopt %s --convert-kernel-to-vector --split-input-file --pass-statistics -o /dev/null 2>&1 | FileCheck %s --check-prefix=STATS

// STATS: convert-kernel-to-vector: num-expanded = 14

// Equal shapes are one loop over all elements, whatever their rank.
// CHECK-LABEL: func.func @equal_shapes_are_collapsed
// CHECK-DAG: %[[LAST:.*]] = arith.constant 72 : index
// CHECK-DAG: %[[STEP:.*]] = arith.constant 4 : index
// CHECK-COUNT-1: scf.for %[[I:.*]] = %{{.*}} to %[[LAST]] step %[[STEP]]
// CHECK: vector.load %{{.*}}[%[[I]]] : memref<72xf32>, vector<4xf32>
// CHECK: arith.addf
// CHECK: vector.store %{{.*}}[%[[I]]] : memref<72xf32>, vector<4xf32>
// CHECK: }
// CHECK-NEXT: return
func.func @equal_shapes_are_collapsed(%a: memref<2x3x4x3xf32>, %b: memref<2x3x4x3xf32>, %c: memref<2x3x4x3xf32>) {
  kernel.elementwise %a with %b outs %c {stages = [#kernel.add_f32]}
    : (memref<2x3x4x3xf32>, memref<2x3x4x3xf32>, memref<2x3x4x3xf32>) -> ()
  return
}

// -----

// What is left after the last whole vector is one smaller vector.
// CHECK-LABEL: func.func @remainder_is_exact
// CHECK: scf.for
// CHECK: vector.store {{.*}} vector<16xi8>
// CHECK: }
// CHECK: vector.store {{.*}} vector<5xi8>
func.func @remainder_is_exact(%a: memref<37xi8>, %c: memref<37xi8>) {
  kernel.elementwise %a outs %c {stages = []} : (memref<37xi8>, memref<37xi8>) -> ()
  return
}

// -----

// A channel vector is loaded, a scalar of each pixel is repeated.
// CHECK-LABEL: func.func @broadcast_operands
// CHECK: scf.for
// CHECK: %[[R:.*]] = memref.load
// CHECK: scf.for
// CHECK: vector.load %{{.*}} : memref<80xf32>, vector<4xf32>
// CHECK: vector.broadcast %[[R]] : f32 to vector<4xf32>
func.func @broadcast_operands(%a: memref<10x8xf32>, %b: memref<10x1xf32>, %c: memref<10x8xf32>) {
  kernel.elementwise %a with %b outs %c {stages = [#kernel.add_f32]}
    : (memref<10x8xf32>, memref<10x1xf32>, memref<10x8xf32>) -> ()
  return
}

// -----

// Without facts: 64-bit products of extended lanes.
// CHECK-LABEL: func.func @requantize_generic
// CHECK: arith.extsi {{.*}} : vector<16xi32> to vector<16xi64>
// CHECK: arith.muli {{.*}} : vector<16xi64>
// CHECK: arith.trunci {{.*}} : vector<16xi64> to vector<16xi32>
func.func @requantize_generic(%a: memref<16xi32>, %c: memref<16xi8>) {
  kernel.elementwise %a outs %c {stages = [
    #kernel.requantize<multiplier = 1518500250, shift = -3, zero_point = 4>,
    #kernel.clamp<min = -128, max = 127>]} : (memref<16xi32>, memref<16xi8>) -> ()
  return
}

// -----

// x86 multiplies even and odd lanes apart, and blends; four vectors are packed to
// bytes together.
// CHECK-LABEL: func.func @requantize_x86
// CHECK: vector.load {{.*}} : memref<16xi32>, vector<4xi32>
// CHECK-COUNT-2: arith.muli {{.*}} : vector<2xi64>
// CHECK-NOT: arith.trunci {{.*}} : vector<{{.*}}xi64>
// CHECK: vector.shuffle {{.*}} [0, 5, 2, 7]
// CHECK-COUNT-2: llvm.call_intrinsic "llvm.x86.sse2.packssdw.128"
// CHECK: llvm.call_intrinsic "llvm.x86.sse2.packsswb.128"
module attributes {kernel.target = #kernel.target<triple = "x86_64-unknown-linux-gnu", cpu = "", features = "+avx2">} {
  func.func @requantize_x86(%a: memref<16xi32>, %c: memref<16xi8>) {
    kernel.elementwise %a outs %c {stages = [
      #kernel.requantize<multiplier = 1518500250, shift = -3, zero_point = 4>,
      #kernel.clamp<min = -128, max = 127>]} : (memref<16xi32>, memref<16xi8>) -> ()
    return
  }
}

// -----

// AArch64 has the multiplication and the rounding shift as instructions. Where
// a shift may be 0, the sign is added to shifted lanes only.
// CHECK-LABEL: func.func @requantize_neon
// CHECK-SAME: %{{.*}}: memref<3x4xi32>, %{{.*}}: memref<4xi32>, %[[SHIFTS:.*]]: memref<4xi32>, %{{.*}}: memref<3x4xi8>
// CHECK: %[[SHIFT:.*]] = vector.load %[[SHIFTS]][%{{.*}}] : memref<4xi32>, vector<4xi32>
// CHECK: %[[MASK:.*]] = arith.shrsi %[[SHIFT]]
// CHECK: %[[H:.*]] = llvm.call_intrinsic "llvm.aarch64.neon.sqrdmulh.v4i32"
// CHECK: %[[SIGN:.*]] = arith.shrsi %[[H]]
// CHECK: arith.andi %[[SIGN]], %[[MASK]]
// CHECK: llvm.call_intrinsic "llvm.aarch64.neon.srshl.v4i32"
module attributes {kernel.target = #kernel.target<triple = "aarch64-unknown-linux-gnu", cpu = "", features = "">} {
  func.func @requantize_neon(%a: memref<3x4xi32>, %m: memref<4xi32>, %s: memref<4xi32>, %c: memref<3x4xi8>) {
    kernel.elementwise %a scale %m, %s outs %c {stages = [
      #kernel.requantize<zero_point = 4>,
      #kernel.clamp<min = -128, max = 127>]}
      : (memref<3x4xi32>, memref<4xi32>, memref<4xi32>, memref<3x4xi8>) -> ()
    return
  }
}

// -----

// Equal tables are one global. Behind another stage the lanes are 32 bits wide.
// CHECK-COUNT-1: memref.global "private" constant @kernel_table
// CHECK-NOT: memref.global
// CHECK-LABEL: func.func @tables_are_shared
// CHECK: vector.gather
#table = #kernel.table<entries = dense<1> : tensor<256xi8>>
func.func @tables_are_shared(%a: memref<16xi8>, %b: memref<16xi8>) {
  kernel.elementwise %a outs %b {stages = [#kernel.clamp<min = 0, max = 9>, #table]}
    : (memref<16xi8>, memref<16xi8>) -> ()
  kernel.elementwise %b outs %a {stages = [#kernel.clamp<min = 0, max = 9>, #table]}
    : (memref<16xi8>, memref<16xi8>) -> ()
  return
}

// -----

// A table alone is looked up byte by byte.
// CHECK-LABEL: func.func @table_generic
// CHECK: scf.for
// CHECK-NOT: vector.gather
// CHECK: memref.load %{{.*}} : memref<256xi8>
func.func @table_generic(%a: memref<100xi8>, %b: memref<100xi8>) {
  kernel.elementwise %a outs %b {stages = [#kernel.table<entries = dense<1> : tensor<256xi8>>]}
    : (memref<100xi8>, memref<100xi8>) -> ()
  return
}

// -----

// CHECK-LABEL: func.func @table_vbmi
// CHECK-COUNT-2: llvm.call_intrinsic "llvm.x86.avx512.vpermi2var.qi.512"
module attributes {kernel.target = #kernel.target<triple = "x86_64-unknown-linux-gnu", cpu = "", features = "+avx512vbmi,+avx512dq,+avx512vl">} {
  func.func @table_vbmi(%a: memref<100xi8>, %b: memref<100xi8>) {
    kernel.elementwise %a outs %b {stages = [#kernel.table<entries = dense<1> : tensor<256xi8>>]}
      : (memref<100xi8>, memref<100xi8>) -> ()
    return
  }
}

// -----

// CHECK-LABEL: func.func @table_neon
// CHECK: llvm.call_intrinsic "llvm.aarch64.neon.tbl4.v16i8"
// CHECK-COUNT-3: llvm.call_intrinsic "llvm.aarch64.neon.tbx4.v16i8"
module attributes {kernel.target = #kernel.target<triple = "aarch64-unknown-linux-gnu", cpu = "", features = "">} {
  func.func @table_neon(%a: memref<100xi8>, %b: memref<100xi8>) {
    kernel.elementwise %a outs %b {stages = [#kernel.table<entries = dense<1> : tensor<256xi8>>]}
      : (memref<100xi8>, memref<100xi8>) -> ()
    return
  }
}

// -----

// A window that padding never cuts has a constant size; a maximum without
// stages stays in the storage type.
// CHECK-LABEL: func.func @whole_windows
// CHECK-NOT: arith.min
// CHECK: arith.maxsi {{.*}} : vector<16xi8>
func.func @whole_windows(%x: memref<1x8x8x16xi8>, %y: memref<1x4x4x16xi8>) {
  kernel.pool_2d max %x outs %y {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>,
    padding = array<i64: 0, 0, 0, 0>, stages = []}
    : (memref<1x8x8x16xi8>, memref<1x4x4x16xi8>) -> ()
  return
}

// -----

// Unpadded inner dimensions move as one run.
// CHECK-LABEL: func.func @pad_rows
// CHECK: vector.store %{{.*}}[%{{.*}}] : memref<45xi8>, vector<9xi8>
// CHECK: scf.for
// CHECK-NOT: scf.for
// CHECK: vector.load %{{.*}} : memref<24xi8>, vector<6xi8>
// CHECK: vector.store %{{.*}} : memref<45xi8>, vector<6xi8>
// CHECK: vector.store %{{.*}} : memref<45xi8>, vector<3xi8>
func.func @pad_rows(%x: memref<4x2x3xi8>, %y: memref<5x3x3xi8>) {
  kernel.pad %x outs %y {low = array<i64: 1, 0, 0>, high = array<i64: 0, 1, 0>, value = 7 : i8}
    : (memref<4x2x3xi8>, memref<5x3x3xi8>) -> ()
  return
}

// -----

// CHECK-LABEL: func.func @view_moves_nothing
// CHECK-NEXT: %[[Y:.*]] = memref.reinterpret_cast %{{.*}} : memref<2x3xi8> to memref<6xi8>
// CHECK-NEXT: return %[[Y]]
func.func @view_moves_nothing(%x: memref<2x3xi8>) -> memref<6xi8> {
  %0 = kernel.view %x : memref<2x3xi8> to memref<6xi8>
  return %0 : memref<6xi8>
}
