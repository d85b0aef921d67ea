// RUN: qopt --kernel-share-functions --split-input-file %s | FileCheck %s
// RUN: qopt --kernel-share-functions --split-input-file --pass-statistics %s -o /dev/null 2>&1 | FileCheck %s --check-prefix=STATS
// STATS: kernel-share-functions: num-parameters = 9
// STATS-NEXT: kernel-share-functions: num-removed = 6

// Scales, offsets and bytes are words of one block; a constant has as many
// parameters as the other function has constants in its places.
// CHECK-LABEL: module
// CHECK-SAME: qopt.shared = {scale_1 = @scale_0}
// CHECK-DAG: memref.global "private" constant @[[N0:.*]] : memref<3xi32> = dense<[10, 1056964608, 10]>
// CHECK-DAG: memref.global "private" constant @[[N1:.*]] : memref<3xi32> = dense<[-20, 1048576000, 30]>
module {
// CHECK: func.func @main(%[[X:.*]]: memref<16xi32>, %[[Y:.*]]: memref<16xf32>)
func.func @main(%x: memref<16xi32>, %y: memref<16xf32>) {
  // CHECK-NEXT: %[[A:.*]] = memref.get_global @[[N0]] : memref<3xi32>
  // CHECK-NEXT: call @scale_0(%[[X]], %[[Y]], %[[A]])
  call @scale_0(%x, %y) : (memref<16xi32>, memref<16xf32>) -> ()
  // CHECK-NEXT: %[[B:.*]] = memref.get_global @[[N1]] : memref<3xi32>
  // CHECK-NEXT: call @scale_0(%[[X]], %[[Y]], %[[B]])
  call @scale_1(%x, %y) : (memref<16xi32>, memref<16xf32>) -> ()
  return
}
// CHECK: func.func private @scale_0(%{{.*}}: memref<16xi32>, %{{.*}}: memref<16xf32>, %[[NUMBERS:.*]]: memref<3xi32>)
// CHECK: %[[C0:.*]] = arith.constant 0 : index
// CHECK: %[[W0:.*]] = memref.load %[[NUMBERS]][%[[C0]]]
// CHECK: %[[OFFSET:.*]] = vector.broadcast %[[W0]] : i32 to vector<16xi32>
// CHECK: %[[W1:.*]] = memref.load %[[NUMBERS]][%{{.*}}]
// CHECK: %[[F1:.*]] = arith.bitcast %[[W1]] : i32 to f32
// CHECK: %[[SCALE:.*]] = vector.broadcast %[[F1]] : f32 to vector<16xf32>
// CHECK: %[[W2:.*]] = memref.load %[[NUMBERS]][%{{.*}}]
// CHECK: %[[B2:.*]] = arith.trunci %[[W2]] : i32 to i8
// CHECK: arith.addi %{{.*}}, %[[OFFSET]]
// CHECK: arith.mulf %{{.*}}, %[[SCALE]]
// CHECK: arith.xori %[[B2]], %[[B2]]
// CHECK-NOT: @scale_1
func.func private @scale_0(%x: memref<16xi32>, %y: memref<16xf32>) {
  %c0 = arith.constant 0 : index
  %offset = arith.constant dense<10> : vector<16xi32>
  %scale = arith.constant dense<0.5> : vector<16xf32>
  %byte = arith.constant 10 : i8
  %0 = vector.load %x[%c0] : memref<16xi32>, vector<16xi32>
  %1 = arith.addi %0, %offset : vector<16xi32>
  %2 = arith.sitofp %1 : vector<16xi32> to vector<16xf32>
  %3 = arith.mulf %2, %scale : vector<16xf32>
  %4 = arith.xori %byte, %byte : i8
  vector.store %3, %y[%c0] : memref<16xf32>, vector<16xf32>
  return
}
func.func private @scale_1(%x: memref<16xi32>, %y: memref<16xf32>) {
  %c0 = arith.constant 0 : index
  %byte = arith.constant 30 : i8
  %scale = arith.constant dense<0.25> : vector<16xf32>
  %offset = arith.constant dense<-20> : vector<16xi32>
  %0 = vector.load %x[%c0] : memref<16xi32>, vector<16xi32>
  %1 = arith.addi %0, %offset : vector<16xi32>
  %2 = arith.sitofp %1 : vector<16xi32> to vector<16xf32>
  %3 = arith.mulf %2, %scale : vector<16xf32>
  %4 = arith.xori %byte, %byte : i8
  vector.store %3, %y[%c0] : memref<16xf32>, vector<16xf32>
  return
}
}

// -----

// Addresses of globals; no block where there are no numbers. What calls a
// function once for each range gets no index from here.
// CHECK-LABEL: func.func @addresses
// CHECK: %[[A:.*]] = memref.get_global @table_a
// CHECK-NEXT: kernel.parallel_call @look_up_0(%{{.*}}, %[[A]]) ranges 2
// CHECK: %[[B:.*]] = memref.get_global @table_b
// CHECK-NEXT: kernel.parallel_call @look_up_0(%{{.*}}, %[[B]]) ranges 2
// CHECK: func.func private @look_up_0(%{{.*}}: memref<2xi8>, %[[TABLE:.*]]: memref<4xi8>, %[[INDEX:.*]]: index)
// CHECK-NEXT: memref.load %[[TABLE]][%[[INDEX]]]
memref.global "private" constant @table_a : memref<4xi8> = dense<[1, 2, 3, 4]>
memref.global "private" constant @table_b : memref<4xi8> = dense<[4, 3, 2, 1]>
func.func @addresses(%x: memref<2xi8>, %threads: !kernel.threads) {
  kernel.parallel_call @look_up_0(%x) ranges 2 on %threads : memref<2xi8>
  kernel.parallel_call @look_up_1(%x) ranges 2 on %threads : memref<2xi8>
  return
}
func.func private @look_up_0(%x: memref<2xi8>, %i: index) {
  %table = memref.get_global @table_a : memref<4xi8>
  %0 = memref.load %table[%i] : memref<4xi8>
  memref.store %0, %x[%i] : memref<2xi8>
  return
}
func.func private @look_up_1(%x: memref<2xi8>, %i: index) {
  %table = memref.get_global @table_b : memref<4xi8>
  %0 = memref.load %table[%i] : memref<4xi8>
  memref.store %0, %x[%i] : memref<2xi8>
  return
}

// -----

// Equal functions need no parameters.
// CHECK-LABEL: func.func @equal
// CHECK-NEXT: call @zero_0(%{{.*}}) : (memref<4xi8>) -> ()
// CHECK-NEXT: call @zero_0(%{{.*}}) : (memref<4xi8>) -> ()
func.func @equal(%x: memref<4xi8>) {
  call @zero_0(%x) : (memref<4xi8>) -> ()
  call @zero_1(%x) : (memref<4xi8>) -> ()
  return
}
func.func private @zero_0(%x: memref<4xi8>) {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0 : i8
  memref.store %zero, %x[%c0] : memref<4xi8>
  return
}
func.func private @zero_1(%x: memref<4xi8>) {
  %zero = arith.constant 0 : i8
  %c0 = arith.constant 0 : index
  memref.store %zero, %x[%c0] : memref<4xi8>
  return
}

// -----

// Parts of tables, also where one of them has equal lanes.
// CHECK-DAG: memref.global "private" constant @[[T0:.*]] : memref<8xi8> = dense<[1, 2, 3, 4, 5, 5, 5, 5]>
// CHECK-DAG: memref.global "private" constant @[[T1:.*]] : memref<8xi8> = dense<[7, 7, 7, 7, 6, 5, 4, 3]>
// CHECK-DAG: memref.global "private" constant @[[N0:.*]] : memref<1xi32> = dense<9>
// CHECK: func.func @parts
// CHECK: memref.get_global @[[T0]]
// CHECK: call @parts_0(
// CHECK: memref.get_global @[[T1]]
// CHECK: call @parts_0(
// CHECK: func.func private @parts_0(%{{.*}}: memref<4xi8>, %[[NUMBERS:.*]]: memref<1xi32>, %[[TABLES:.*]]: memref<8xi8>)
// CHECK: %[[C0:.*]] = arith.constant 0 : index
// CHECK: %[[A:.*]] = vector.load %[[TABLES]][%[[C0]]] : memref<8xi8>, vector<4xi8>
// CHECK: %[[C4:.*]] = arith.constant 4 : index
// CHECK: %[[B:.*]] = vector.load %[[TABLES]][%[[C4]]] : memref<8xi8>, vector<4xi8>
// CHECK: arith.addi %{{.*}}, %[[A]]
// CHECK: arith.subi %{{.*}}, %[[B]]
func.func @parts(%x: memref<4xi8>) {
  call @parts_0(%x) : (memref<4xi8>) -> ()
  call @parts_1(%x) : (memref<4xi8>) -> ()
  return
}
func.func private @parts_0(%x: memref<4xi8>) {
  %c0 = arith.constant 0 : index
  %a = arith.constant dense<[1, 2, 3, 4]> : vector<4xi8>
  %b = arith.constant dense<5> : vector<4xi8>
  %c = arith.constant dense<9> : vector<4xi8>
  %0 = vector.load %x[%c0] : memref<4xi8>, vector<4xi8>
  %1 = arith.addi %0, %a : vector<4xi8>
  %2 = arith.subi %1, %b : vector<4xi8>
  %3 = arith.xori %2, %c : vector<4xi8>
  vector.store %3, %x[%c0] : memref<4xi8>, vector<4xi8>
  return
}
func.func private @parts_1(%x: memref<4xi8>) {
  %c0 = arith.constant 0 : index
  %a = arith.constant dense<7> : vector<4xi8>
  %b = arith.constant dense<[6, 5, 4, 3]> : vector<4xi8>
  %c = arith.constant dense<10> : vector<4xi8>
  %0 = vector.load %x[%c0] : memref<4xi8>, vector<4xi8>
  %1 = arith.addi %0, %a : vector<4xi8>
  %2 = arith.subi %1, %b : vector<4xi8>
  %3 = arith.xori %2, %c : vector<4xi8>
  vector.store %3, %x[%c0] : memref<4xi8>, vector<4xi8>
  return
}

// -----

// Loops keep their constants: @start_1 begins elsewhere, @shift_1 shifts by
// another number of bits, @clamp_1 saturates, @order_1 subtracts the other way.
// Only @clamp_2 and @multiply_1 have found their like.
// CHECK-LABEL: func.func @different
// CHECK-NEXT: call @start_0(
// CHECK-NEXT: call @start_1(
// CHECK-NEXT: call @shift_0(
// CHECK-NEXT: call @shift_1(
// CHECK-NEXT: %[[CLAMP_0:.*]] = memref.get_global
// CHECK-NEXT: call @clamp_0(%{{.*}}, %[[CLAMP_0]])
// CHECK-NEXT: call @clamp_1(
// CHECK-NEXT: %[[CLAMP_2:.*]] = memref.get_global
// CHECK-NEXT: call @clamp_0(%{{.*}}, %[[CLAMP_2]])
// CHECK-NEXT: %{{.*}} = memref.get_global
// CHECK-NEXT: call @multiply_0(
// CHECK-NEXT: %{{.*}} = memref.get_global
// CHECK-NEXT: call @multiply_0(
// CHECK-NEXT: call @order_0(
// CHECK-NEXT: call @order_1(
func.func @different(%x: memref<4xi32>) {
  call @start_0(%x) : (memref<4xi32>) -> ()
  call @start_1(%x) : (memref<4xi32>) -> ()
  call @shift_0(%x) : (memref<4xi32>) -> ()
  call @shift_1(%x) : (memref<4xi32>) -> ()
  call @clamp_0(%x) : (memref<4xi32>) -> ()
  call @clamp_1(%x) : (memref<4xi32>) -> ()
  call @clamp_2(%x) : (memref<4xi32>) -> ()
  call @multiply_0(%x) : (memref<4xi32>) -> ()
  call @multiply_1(%x) : (memref<4xi32>) -> ()
  call @order_0(%x) : (memref<4xi32>) -> ()
  call @order_1(%x) : (memref<4xi32>) -> ()
  return
}
func.func private @start_0(%x: memref<4xi32>) {
  %c2 = arith.constant 2 : index
  %0 = memref.load %x[%c2] : memref<4xi32>
  memref.store %0, %x[%c2] : memref<4xi32>
  return
}
func.func private @start_1(%x: memref<4xi32>) {
  %c3 = arith.constant 3 : index
  %0 = memref.load %x[%c3] : memref<4xi32>
  memref.store %0, %x[%c3] : memref<4xi32>
  return
}
func.func private @shift_0(%x: memref<4xi32>) {
  %c0 = arith.constant 0 : index
  %bits = arith.constant 5 : i32
  %0 = memref.load %x[%c0] : memref<4xi32>
  %1 = arith.shrsi %0, %bits : i32
  memref.store %1, %x[%c0] : memref<4xi32>
  return
}
func.func private @shift_1(%x: memref<4xi32>) {
  %c0 = arith.constant 0 : index
  %bits = arith.constant 6 : i32
  %0 = memref.load %x[%c0] : memref<4xi32>
  %1 = arith.shrsi %0, %bits : i32
  memref.store %1, %x[%c0] : memref<4xi32>
  return
}
func.func private @clamp_0(%x: memref<4xi32>) {
  %c0 = arith.constant 0 : index
  %high = arith.constant 100 : i32
  %0 = memref.load %x[%c0] : memref<4xi32>
  %1 = arith.minsi %0, %high : i32
  memref.store %1, %x[%c0] : memref<4xi32>
  return
}
func.func private @clamp_1(%x: memref<4xi32>) {
  %c0 = arith.constant 0 : index
  %high = arith.constant 127 : i32
  %0 = memref.load %x[%c0] : memref<4xi32>
  %1 = arith.minsi %0, %high : i32
  memref.store %1, %x[%c0] : memref<4xi32>
  return
}
func.func private @clamp_2(%x: memref<4xi32>) {
  %c0 = arith.constant 0 : index
  %high = arith.constant 110 : i32
  %0 = memref.load %x[%c0] : memref<4xi32>
  %1 = arith.minsi %0, %high : i32
  memref.store %1, %x[%c0] : memref<4xi32>
  return
}
func.func private @multiply_0(%x: memref<4xi32>) {
  %c0 = arith.constant 0 : index
  %factor = arith.constant 3 : i32
  %0 = memref.load %x[%c0] : memref<4xi32>
  %1 = arith.muli %0, %factor : i32
  memref.store %1, %x[%c0] : memref<4xi32>
  return
}
func.func private @multiply_1(%x: memref<4xi32>) {
  %c0 = arith.constant 0 : index
  %factor = arith.constant 8 : i32
  %0 = memref.load %x[%c0] : memref<4xi32>
  %1 = arith.muli %0, %factor : i32
  memref.store %1, %x[%c0] : memref<4xi32>
  return
}
func.func private @order_0(%x: memref<4xi32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %0 = memref.load %x[%c0] : memref<4xi32>
  %1 = memref.load %x[%c1] : memref<4xi32>
  %2 = arith.subi %0, %1 : i32
  memref.store %2, %x[%c0] : memref<4xi32>
  return
}
func.func private @order_1(%x: memref<4xi32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %0 = memref.load %x[%c0] : memref<4xi32>
  %1 = memref.load %x[%c1] : memref<4xi32>
  %2 = arith.subi %1, %0 : i32
  memref.store %2, %x[%c0] : memref<4xi32>
  return
}

// -----

// Functions that others see, that call, or whose address is taken, stay.
// CHECK-LABEL: func.func @visible
// CHECK-NOT: numbers
func.func @visible(%x: memref<4xi32>) {
  call @part_0(%x) : (memref<4xi32>) -> ()
  call @part_1(%x) : (memref<4xi32>) -> ()
  %f = constant @taken_0 : (memref<4xi32>) -> ()
  %g = constant @taken_1 : (memref<4xi32>) -> ()
  call_indirect %f(%x) : (memref<4xi32>) -> ()
  call_indirect %g(%x) : (memref<4xi32>) -> ()
  call @taken_0(%x) : (memref<4xi32>) -> ()
  call @taken_1(%x) : (memref<4xi32>) -> ()
  return
}
// CHECK: @part_0
func.func private @part_0(%x: memref<4xi32>) {
  call @visible(%x) : (memref<4xi32>) -> ()
  return
}
// CHECK: @part_1
func.func private @part_1(%x: memref<4xi32>) {
  call @visible(%x) : (memref<4xi32>) -> ()
  return
}
// CHECK: @taken_0
func.func private @taken_0(%x: memref<4xi32>) {
  return
}
// CHECK: @taken_1
func.func private @taken_1(%x: memref<4xi32>) {
  return
}
