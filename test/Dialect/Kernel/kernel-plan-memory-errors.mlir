// RUN: qopt --kernel-plan-memory --split-input-file --verify-diagnostics %s

func.func @dynamic(%n: index) {
  // expected-error @below {{of 'memref<?xf32>' has no place in an arena}}
  %a = memref.alloc(%n) : memref<?xf32>
  return
}

// -----

func.func @number_taken() {
  %a = memref.alloc() {kernel.buffer = 1 : i64} : memref<4xi8>
  // expected-error @below {{has kernel.buffer = 1, which another allocation has, expected a number of its own}}
  %b = memref.alloc() {kernel.buffer = 1 : i64} : memref<4xi8>
  return
}

// -----

func.func @no_pair() {
  // expected-error @below {{has kernel.below of 3 numbers, expected pairs of a buffer and a distance}}
  %a = memref.alloc() {kernel.below = array<i64: 1, 2, 3>} : memref<4xi8>
  return
}

// -----

func.func @unknown_buffer() {
  %a = memref.alloc() {kernel.buffer = 1 : i64} : memref<4xi8>
  // expected-error @below {{has kernel.below of buffer 2, expected the kernel.buffer of another allocation}}
  %b = memref.alloc() {kernel.below = array<i64: 2, 0>} : memref<4xi8>
  return
}

// -----

func.func @above() {
  %a = memref.alloc() {kernel.buffer = 1 : i64} : memref<4xi8>
  // expected-error @below {{has a distance of -64 in kernel.below, expected at least 0}}
  %b = memref.alloc() {kernel.below = array<i64: 1, -64>} : memref<4xi8>
  return
}
