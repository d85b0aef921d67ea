// RUN: qopt --kernel-plan-memory --split-input-file --verify-diagnostics %s

func.func @dynamic(%n: index) {
  // expected-error @below {{of 'memref<?xf32>' has no place in an arena}}
  %a = memref.alloc(%n) : memref<?xf32>
  return
}
