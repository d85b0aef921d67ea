// RUN: not qopt %s --nn-search-weight-scales=step=0 2>&1 | FileCheck %s --check-prefix=STEP
// RUN: not qopt %s --nn-search-weight-scales=least=2 2>&1 | FileCheck %s --check-prefix=LEAST
// RUN: not qopt %s --nn-search-weight-scales=moments=%S/Inputs/cut-off.moments 2>&1 | FileCheck %s --check-prefix=CUT

// STEP: error: cannot search for scales from 1 down to 6.000000e-01 in steps of 0.000000e+00, expected two numbers in (0, 1]
// LEAST: error: cannot search for scales from 1 down to 2.000000e+00 in steps of 2.000000e-02, expected two numbers in (0, 1]
// CUT: error: cannot read moments: '{{.*}}' ends before layer 'y' at byte 15 is complete
func.func @main(%x: tensor<1xf32>) -> tensor<1xf32> {
  return %x : tensor<1xf32>
}
