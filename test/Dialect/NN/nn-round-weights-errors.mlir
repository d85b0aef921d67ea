// RUN: not qopt %s --nn-round-weights 2>&1 | FileCheck %s --check-prefix=NONE
// RUN: not qopt %s --nn-round-weights=moments=%t.missing 2>&1 | FileCheck %s --check-prefix=MISSING
// RUN: not qopt %s --nn-round-weights=moments=%s 2>&1 | FileCheck %s --check-prefix=OTHER
// RUN: not qopt %s --nn-round-weights=moments=%S/Inputs/cut-off.moments 2>&1 | FileCheck %s --check-prefix=CUT
// RUN: not qopt %s --nn-round-weights=method=fair 2>&1 | FileCheck %s --check-prefix=METHOD

// NONE: error: this way of rounding weights needs the moments of the layers' inputs; give 'moments=FILE' or use method=nearest
// MISSING: error: cannot read moments from '{{.*}}.missing': {{[Nn]}}o such file or directory
// OTHER: error: cannot read moments: '{{.*}}' does not begin with 'qopt moments 1': no file of moments
// CUT: error: cannot read moments: '{{.*}}' ends before layer 'y' at byte 15 is complete
// METHOD: fair
func.func @main(%x: tensor<1xf32>) -> tensor<1xf32> {
  return %x : tensor<1xf32>
}
