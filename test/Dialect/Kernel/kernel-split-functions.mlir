// RUN: qopt --kernel-split-functions="max-calls=2" --split-input-file %s | FileCheck %s
// RUN: qopt --kernel-split-functions="max-calls=2" --split-input-file --pass-statistics %s -o /dev/null 2>&1 | FileCheck %s --check-prefix=STATS
// RUN: qopt --kernel-split-functions --split-input-file %s | FileCheck %s --check-prefix=WHOLE

// STATS: kernel-split-functions: num-parts = 9
// STATS-NEXT: kernel-split-functions: num-split = 3
// WHOLE-NOT: kernel.part

// Each part gets the arguments that it needs, in the order in which it needs
// them, and makes the rest anew.
memref.global "private" constant @w : memref<4xi8> = dense<1>
func.func private @kernel(memref<4xi8>, memref<4xi8>)
// CHECK-LABEL: func.func @cut
// CHECK-SAME: (%[[X:.*]]: memref<4xi8>, %[[Y:.*]]: memref<4xi8> {kernel.output}, %[[ARENA:.*]]: memref<128xi8> {kernel.arena})
// CHECK-NEXT: call @cut_part_0(%[[X]], %[[ARENA]]) : (memref<4xi8>, memref<128xi8>) -> ()
// CHECK-NEXT: call @cut_part_1(%[[ARENA]], %[[Y]]) : (memref<128xi8>, memref<4xi8>) -> ()
// CHECK-NEXT: return
// CHECK: func.func private @cut_part_0(%[[X:.*]]: memref<4xi8>, %[[ARENA:.*]]: memref<128xi8>) attributes {kernel.part, no_inline}
// CHECK: %[[C0:.*]] = arith.constant 0 : index
// CHECK: %[[A:.*]] = memref.view %[[ARENA]][%[[C0]]]
// CHECK: %[[C64:.*]] = arith.constant 64 : index
// CHECK: %[[B:.*]] = memref.view %[[ARENA]][%[[C64]]]
// CHECK: call @kernel(%[[X]], %[[A]])
// CHECK: call @kernel(%[[A]], %[[B]])
// CHECK: return
// CHECK: func.func private @cut_part_1(%[[ARENA:.*]]: memref<128xi8>, %[[Y:.*]]: memref<4xi8>)
// CHECK: %[[W:.*]] = memref.get_global @w
// CHECK: %[[C64:.*]] = arith.constant 64 : index
// CHECK: %[[B:.*]] = memref.view %[[ARENA]][%[[C64]]]
// CHECK: call @kernel(%[[W]], %[[B]])
// CHECK: call @kernel(%[[B]], %[[Y]])
// CHECK-NOT: memref.view
func.func @cut(%x: memref<4xi8>, %y: memref<4xi8> {kernel.output}, %arena: memref<128xi8> {kernel.arena}) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  %a = memref.view %arena[%c0][] : memref<128xi8> to memref<4xi8>
  %b = memref.view %arena[%c64][] : memref<128xi8> to memref<4xi8>
  %w = memref.get_global @w : memref<4xi8>
  call @kernel(%x, %a) : (memref<4xi8>, memref<4xi8>) -> ()
  call @kernel(%a, %b) : (memref<4xi8>, memref<4xi8>) -> ()
  call @kernel(%w, %b) : (memref<4xi8>, memref<4xi8>) -> ()
  call @kernel(%b, %y) : (memref<4xi8>, memref<4xi8>) -> ()
  return
}

// -----

// Parts that are too many are cut in the same way.
func.func private @kernel(memref<4xi8>)
// CHECK-LABEL: func.func @nest
// CHECK-NEXT: call @nest_part_3(
// CHECK-NEXT: call @nest_part_4(
// CHECK-NEXT: return
// CHECK: func.func private @nest_part_0(
// CHECK-COUNT-2: call @kernel
// CHECK: func.func private @nest_part_1(
// CHECK-COUNT-2: call @kernel
// CHECK: func.func private @nest_part_2(
// CHECK-COUNT-1: call @kernel
// CHECK: func.func private @nest_part_3(
// CHECK-NEXT: call @nest_part_0(
// CHECK-NEXT: call @nest_part_1(
// CHECK-NEXT: return
// CHECK: func.func private @nest_part_4(
// CHECK-NEXT: call @nest_part_2(
// CHECK-NEXT: return
func.func @nest(%x: memref<4xi8> {kernel.output}) {
  call @kernel(%x) : (memref<4xi8>) -> ()
  call @kernel(%x) : (memref<4xi8>) -> ()
  call @kernel(%x) : (memref<4xi8>) -> ()
  call @kernel(%x) : (memref<4xi8>) -> ()
  call @kernel(%x) : (memref<4xi8>) -> ()
  return
}

// -----

// Nothing to do: as many calls as a function may have.
func.func private @kernel(memref<4xi8>)
// CHECK-LABEL: func.func @short
// CHECK-COUNT-2: call @kernel
// CHECK-NOT: kernel.part
func.func @short(%x: memref<4xi8> {kernel.output}) {
  call @kernel(%x) : (memref<4xi8>) -> ()
  call @kernel(%x) : (memref<4xi8>) -> ()
  return
}

// -----

// A loop is one step; its part gets what it takes from around it.
func.func private @kernel(memref<4xi8>, memref<4xi8>)
// CHECK-LABEL: func.func @bands(
// CHECK: call @bands_part_0(
// CHECK: func.func private @bands_part_0(
// CHECK: %[[C4:.*]] = arith.constant 4 : index
// CHECK: scf.for %[[I:.*]] =
// CHECK: arith.muli %[[I]], %[[C4]]
// CHECK: call @kernel(
// CHECK: call @kernel(
func.func @bands(%x: memref<12xi8>, %y: memref<12xi8> {kernel.output}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c4 = arith.constant 4 : index
  scf.for %i = %c0 to %c2 step %c1 {
    %o = arith.muli %i, %c4 : index
    %a = kernel.slice %x[%o] : memref<12xi8> to memref<4xi8>
    %b = kernel.slice %y[%o] : memref<12xi8> to memref<4xi8>
    func.call @kernel(%a, %b) : (memref<4xi8>, memref<4xi8>) -> ()
  }
  %a = kernel.slice %x[%c4] : memref<12xi8> to memref<4xi8>
  %b = kernel.slice %y[%c4] : memref<12xi8> to memref<4xi8>
  func.call @kernel(%a, %b) : (memref<4xi8>, memref<4xi8>) -> ()
  func.call @kernel(%a, %b) : (memref<4xi8>, memref<4xi8>) -> ()
  return
}
