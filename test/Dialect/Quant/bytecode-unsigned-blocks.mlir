// Zero points above the signed maximum in blocks: the bytes cross over, though
// the other dialect prints them as if they were signed.
// RUN: qopt %s --emit-bytecode | mlir-opt --emit-bytecode | qopt | FileCheck %s

// CHECK{LITERAL}: t.a = !quant.uniform<u8:f32:{0:2}, {1.000000e+00:200, 2.000000e+00:255}>
// CHECK-SAME{LITERAL}: t.b = !quant.uniform<u8:f32:{}, {1.000000e+00:128}>
module attributes {
  t.a = !quant.uniform<u8:f32:{0:2}, {1.0:200, 2.0:255}>,
  t.b = !quant.uniform<ui8:f32:{}, {1.0:128}>
} {}
