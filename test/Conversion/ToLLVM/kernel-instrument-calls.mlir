// RUN: qopt --kernel-instrument-calls --split-input-file %s | FileCheck %s
// RUN: qopt --kernel-instrument-calls="counter=llvm.readsteadycounter" --split-input-file %s | FileCheck %s --check-prefix=STEADY

// CHECK: module attributes {qopt.layers = {{\[}}["first", "kernel"], ["second + third", "kernel"]]}
// CHECK: memref.global @qopt_profile_ticks : memref<2xi64> = dense<0>
// STEADY: llvm.call_intrinsic "llvm.readsteadycounter"()
func.func private @kernel(memref<4xi8>)

// CHECK-LABEL: @main
func.func @main(%x: memref<4xi8>) {
  // CHECK: %[[START:.*]] = llvm.call_intrinsic "llvm.readcyclecounter"()
  // CHECK: call @kernel
  // CHECK: %[[END:.*]] = llvm.call_intrinsic "llvm.readcyclecounter"()
  // CHECK: %[[TICKS:.*]] = arith.subi %[[END]], %[[START]]
  // CHECK: %[[SUM:.*]] = memref.load %[[COUNTERS:.*]][%[[C0:.*]]]
  // CHECK: %[[NEW:.*]] = arith.addi %[[SUM]], %[[TICKS]]
  // CHECK: memref.store %[[NEW]], %[[COUNTERS]][%[[C0]]]
  call @kernel(%x) : (memref<4xi8>) -> () loc("first")
  // CHECK: call @kernel
  call @kernel(%x) : (memref<4xi8>) -> () loc(fused["second", "third"])
  return
}

// -----

// The calls of parts are timed where their kernels are called, and counted in
// the order in which they run.
// CHECK: module attributes {qopt.layers = {{\[}}["first", "kernel"], ["second", "other"], ["third", "kernel"]]}
// CHECK: memref.global @qopt_profile_ticks : memref<3xi64> = dense<0>
// CHECK-LABEL: @main
// CHECK-NOT: readcyclecounter
// CHECK: call @main_part_1
// CHECK-NOT: readcyclecounter
// CHECK: call @main_part_0
// CHECK-NOT: readcyclecounter
// CHECK: @main_part_0
// CHECK-COUNT-2: readcyclecounter
func.func private @kernel(memref<4xi8>)
func.func private @other(memref<4xi8>)
func.func @main(%x: memref<4xi8>) {
  call @main_part_1(%x) : (memref<4xi8>) -> ()
  call @main_part_0(%x) : (memref<4xi8>) -> ()
  return
}
func.func private @main_part_0(%x: memref<4xi8>) attributes {kernel.part} {
  call @kernel(%x) : (memref<4xi8>) -> () loc("third")
  return
}
func.func private @main_part_1(%x: memref<4xi8>) attributes {kernel.part} {
  call @kernel(%x) : (memref<4xi8>) -> () loc("first")
  call @other(%x) : (memref<4xi8>) -> () loc("second")
  return
}
