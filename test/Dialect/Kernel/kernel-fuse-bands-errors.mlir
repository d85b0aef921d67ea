// RUN: not qopt --kernel-fuse-bands=max-kernels=0 %s 2>&1 | FileCheck %s --check-prefix=KERNELS
// RUN: not qopt --kernel-fuse-bands=max-overhead=-1 %s 2>&1 | FileCheck %s --check-prefix=OVERHEAD
// RUN: not qopt --kernel-fuse-bands=min-arena=maybe %s 2>&1 | FileCheck %s --check-prefix=VALUE

// KERNELS: error: max-kernels is 0, expected at least 1
// OVERHEAD: error: max-overhead is -1{{.*}} percent, expected at least 0
// VALUE: min-arena
module {}
