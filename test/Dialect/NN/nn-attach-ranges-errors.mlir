// Statistics that are missing, damaged, of another model, and wrong options.
// RUN: rm -rf %t && mkdir %t && cd %t
// RUN: qopt %S/Inputs/net.mlir --qopt-float -o float.mlir
// RUN: printf '{"format": "qopt.statistics", "version": 1, "model": {"sha256": "%%064d"}, "samples": 0, "tensors": []}' 0 > other.qcal
// RUN: not qopt float.mlir --nn-attach-ranges 2>&1 | FileCheck %s --check-prefix=NONE
// NONE: error: nn-attach-ranges needs a file of statistics: nn-attach-ranges{statistics=FILE}
// RUN: not qopt float.mlir --nn-attach-ranges=statistics=missing.qcal 2>&1 | FileCheck %s --check-prefix=MISSING
// MISSING: error: cannot read 'missing.qcal': No such file
// RUN: not qopt float.mlir --nn-attach-ranges=statistics=other.qcal 2>&1 | FileCheck %s --check-prefix=OTHER
// OTHER: error: 'other.qcal' was made of another model or with another version or options: its fingerprint is 000000000000..., expected {{[0-9a-f]+}}...; calibrate this model again
// RUN: not qopt float.mlir '--nn-attach-ranges=statistics=other.qcal bits=1' 2>&1 | FileCheck %s --check-prefix=BITS
// BITS: error: bits is 1, expected 2 to 16
// RUN: not qopt float.mlir '--nn-attach-ranges=statistics=other.qcal overrides=mse' 2>&1 | FileCheck %s --check-prefix=OVERRIDE
// OVERRIDE: error: override is 'mse', expected PATTERN=ESTIMATOR
// RUN: echo '{' > damaged.qcal
// RUN: not qopt float.mlir --nn-attach-ranges=statistics=damaged.qcal 2>&1 | FileCheck %s --check-prefix=DAMAGED
// DAMAGED: error: 'damaged.qcal' is damaged or no statistics:
// RUN: echo 'func.func @other() { return }' | not qopt --nn-attach-ranges=statistics=other.qcal 2>&1 | FileCheck %s --check-prefix=MAIN
// MAIN: error: the module has no function 'main'
