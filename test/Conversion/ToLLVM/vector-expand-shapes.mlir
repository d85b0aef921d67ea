// RUN: qopt --vector-expand-shapes --split-input-file %s | FileCheck %s

// CHECK-LABEL: @broadcast_becomes_insert
// CHECK-SAME: (%[[A:.*]]: vector<4xi32>)
func.func @broadcast_becomes_insert(%a: vector<4xi32>) -> vector<2x4xi32> {
  // CHECK: %[[ONE:.*]] = vector.insert %[[A]], %{{.*}} [0]
  // CHECK: vector.insert %[[A]], %[[ONE]] [1]
  %0 = vector.broadcast %a : vector<4xi32> to vector<2x4xi32>
  return %0 : vector<2x4xi32>
}

// -----

// CHECK-LABEL: @transfer_becomes_load
// CHECK-SAME: (%[[X:.*]]: memref<32xi8>, %[[I:.*]]: index)
func.func @transfer_becomes_load(%x: memref<32xi8>, %i: index) -> vector<16xi8> {
  %zero = arith.constant 0 : i8
  // CHECK: vector.load %[[X]][%[[I]]] : memref<32xi8>, vector<16xi8>
  %0 = vector.transfer_read %x[%i], %zero {in_bounds = [true]} : memref<32xi8>, vector<16xi8>
  return %0 : vector<16xi8>
}

// -----

// CHECK-LABEL: @one_dimension_stays
func.func @one_dimension_stays(%a: vector<16xi8>, %b: vector<16xi8>) -> vector<16xi8> {
  // CHECK: arith.addi %{{.*}}, %{{.*}} : vector<16xi8>
  %0 = arith.addi %a, %b : vector<16xi8>
  return %0 : vector<16xi8>
}
