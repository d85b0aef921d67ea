// The types and casts cross over to MLIR's own quant dialect and back, in
// bytecode: what one tool writes, the other reads.
// RUN: qopt %s --emit-bytecode | mlir-opt | FileCheck %s
// RUN: mlir-opt %s --emit-bytecode | qopt | FileCheck %s
// RUN: qopt %s --emit-bytecode | qopt | FileCheck %s
// RUN: mlir-opt %s --emit-bytecode | qopt --emit-bytecode | mlir-opt | FileCheck %s
//
// Text does too.
// RUN: qopt %s | mlir-opt | FileCheck %s
// RUN: mlir-opt %s | qopt | FileCheck %s

// CHECK: module attributes {
module attributes {
  // CHECK-SAME: t.a = !quant.any<i8<-8:7>:f32>
  t.a = !quant.any<i8<-8:7>:f32>,
  // CHECK-SAME: t.b = !quant.any<u16>
  t.b = !quant.any<u16>,
  // CHECK-SAME: t.c = !quant.calibrated<f32<-0.998:1.232100e+00>>
  t.c = !quant.calibrated<f32<-0.998:1.2321>>,
  // CHECK-SAME: t.d = !quant.uniform<i8<-8:7>:f32, 9.987200e-01:-3>
  t.d = !quant.uniform<i8<-8:7>:f32, 9.987200e-01:-3>,
  // CHECK-SAME: t.e = !quant.uniform<u8:bf16, 0.052961245179176331:200>
  t.e = !quant.uniform<u8:bf16, 0.05296124517917633:200>,
  // CHECK-SAME: t.f = !quant.uniform<u8:f32:1, {2.000000e+02:120,9.987200e-01:127}>
  t.f = !quant.uniform<u8:f32:1, {2.0e+2:120,0.99872:127}>,
  // CHECK-SAME: t.g = !quant.uniform<i8<-127:127>:f64:3, {2.000000e+02,9.987200e-01}>
  t.g = !quant.uniform<i8<-127:127>:f64:3, {2.0e+2,0.99872}>,
  // CHECK-SAME{LITERAL}: t.h = !quant.uniform<i4:f16:{0:1, 1:2}, {{2.000000e+00:-8, 3.000000e+00:7}, {4.000000e+00:1, 5.000000e+00}}>
  t.h = !quant.uniform<i4:f16:{0:1, 1:2}, {{2.0:-8, 3.0:7}, {4.0:1, 5.0}}>,
  // CHECK-SAME: t.i = !quant.uniform<u32:f32, 1.000000e+00:4294967295>
  t.i = !quant.uniform<u32:f32, 1.0:4294967295>,
  // The other dialect keeps ui8 inside; both print u8.
  // CHECK-SAME: t.j = !quant.uniform<u8:f32, 1.000000e+00:200>
  t.j = !quant.uniform<ui8:f32, 1.0:200>
} {
  // CHECK: quant.qcast
  // CHECK: quant.scast
  // CHECK: quant.scast
  // CHECK: quant.dcast
  func.func @casts(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
    %q = quant.qcast %x : tensor<2x3xf32> to tensor<2x3x!quant.uniform<i8:f32, 0.5:-3>>
    %i = quant.scast %q : tensor<2x3x!quant.uniform<i8:f32, 0.5:-3>> to tensor<2x3xi8>
    %j = quant.scast %i : tensor<2x3xi8> to tensor<2x3x!quant.uniform<i8:f32, 0.5:-3>>
    %d = quant.dcast %j : tensor<2x3x!quant.uniform<i8:f32, 0.5:-3>> to tensor<2x3xf32>
    return %d : tensor<2x3xf32>
  }
}
