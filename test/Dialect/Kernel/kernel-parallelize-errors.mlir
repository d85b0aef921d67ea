// RUN: not qopt --kernel-parallelize=threads=1 %s 2>&1 | FileCheck %s

// CHECK: error: threads is 1, expected at least 2
func.func @main() {
  return
}
