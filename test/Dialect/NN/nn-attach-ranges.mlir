// Statistics of a model, observed by qopt-calibrate, come back as ranges.
// x is 1, -2, 4, 8; y is 1, 1, 1, 1: dense is 1, -4, -4, 4, sum 2, -3, -3, 5.
// RUN: rm -rf %t && mkdir %t && cd %t
// RUN: printf '\000\000\200\077\000\000\000\300\000\000\200\100\000\000\000\101' > x.raw
// RUN: printf '\000\000\200\077\000\000\200\077\000\000\200\077\000\000\200\077' > y.raw
// RUN: qopt-calibrate %S/Inputs/net.mlir --data=x.raw,y.raw -o net.qcal --quiet
// RUN: qopt %S/Inputs/net.mlir --qopt-float --nn-attach-ranges=statistics=net.qcal --pass-statistics 2>&1 | FileCheck %s
// RUN: qopt %S/Inputs/net.mlir --qopt-float '--nn-attach-ranges=statistics=net.qcal estimator=mse overrides=s*=minmax,/^d/=moving-average symmetric' \
// RUN:   | FileCheck %s --check-prefix=MIXED

// CHECK: func.func @main(
// CHECK-SAME: {nn.name = "x", quant.range = #quant.range<-2.000000e+00, 8.000000e+00>}
// CHECK-SAME: {nn.name = "y", quant.range = #quant.range<0.000000e+00, 1.000000e+00>}
// CHECK: nn.constant
// CHECK-NOT: quant.range
// CHECK: nn.fully_connected {{.*}} {quant.range = #quant.range<-4.000000e+00, 4.000000e+00>}
// CHECK: nn.add {{.*}} {quant.range = #quant.range<-3.000000e+00, 5.000000e+00>}
// CHECK: nn.logistic {{.*}} {quant.range = #quant.range<0.000000e+00, {{9.93307[0-9]*e-01|0.993307[0-9]*}}>}
// CHECK: nn-attach-ranges: num-attached = 5

// MIXED: nn.fully_connected {{.*}} {quant.range = #quant.range<-4.000000e+00, 4.000000e+00>}
// MIXED: nn.add {{.*}} {quant.range = #quant.range<-3.000000e+00, 5.000000e+00>}
