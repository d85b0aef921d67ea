// RUN: qopt --split-input-file --verify-diagnostics %s

func.func @no_function(%x: memref<4xi8>, %t: !kernel.threads) {
  // expected-error @below {{calls 'nothing', which is no function}}
  kernel.parallel_call @nothing(%x) ranges 2 on %t : memref<4xi8>
  return
}

// -----

func.func private @kernel(memref<4xi8>)
func.func @no_index(%x: memref<4xi8>, %t: !kernel.threads) {
  // expected-error @below {{expected 'kernel' to take ('memref<4xi8>', 'index') and return nothing, found ('memref<4xi8>') and 0 results}}
  kernel.parallel_call @kernel(%x) ranges 2 on %t : memref<4xi8>
  return
}

// -----

func.func private @kernel(memref<4xi8>, index)
func.func @no_ranges(%x: memref<4xi8>, %t: !kernel.threads) {
  // expected-error @below {{attribute 'ranges' failed to satisfy constraint: 32-bit signless integer attribute whose value is positive}}
  kernel.parallel_call @kernel(%x) ranges 0 on %t : memref<4xi8>
  return
}

// -----

func.func @slice_layout(%x: memref<4xi8, strided<[2]>>, %i: index) {
  // expected-error @below {{expected statically shaped row-major buffers without an offset, found}}
  %0 = kernel.slice %x[%i] : memref<4xi8, strided<[2]>> to memref<2xi8>
  return
}

// -----

func.func @slice_size(%x: memref<4xi8>, %i: index) {
  // expected-error @below {{expected a result of at most 4 elements of 'i8', found 'memref<5xi8>'}}
  %0 = kernel.slice %x[%i] : memref<4xi8> to memref<5xi8>
  return
}

// -----

// With the gaps between its rows.
func.func @slice_span(%x: memref<4x4xi8>, %i: index) {
  // expected-error @below {{expected a result of at most 16 elements of 'i8', found 'memref<3x3xi8, strided<[8, 1]>>'}}
  %0 = kernel.slice %x[%i] : memref<4x4xi8> to memref<3x3xi8, strided<[8, 1]>>
  return
}

// -----

func.func @slice_overlap(%x: memref<4x4xi8>, %i: index) {
  // expected-error @below {{expected statically shaped row-major buffers without an offset, found}}
  %0 = kernel.slice %x[%i] : memref<4x4xi8> to memref<3x3xi8, strided<[2, 1]>>
  return
}
