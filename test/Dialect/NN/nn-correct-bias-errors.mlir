// RUN: not qopt %s --nn-correct-bias 2>&1 | FileCheck %s --check-prefix=NONE
// RUN: not qopt %s --nn-correct-bias=moments=%S/Inputs/cut-off.moments 2>&1 | FileCheck %s --check-prefix=CUT

// NONE: error: correcting biases needs the means of the layers' inputs; give 'moments=FILE'
// CUT: error: cannot read moments: '{{.*}}' ends before layer 'y' at byte 15 is complete
func.func @main(%x: tensor<1xf32>) -> tensor<1xf32> {
  return %x : tensor<1xf32>
}
