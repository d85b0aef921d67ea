// RUN: qopt --kernel-instrument-calls --split-input-file --verify-diagnostics %s

func.func private @kernel(memref<4xi8>)
func.func @main(%x: memref<4xi8>) {
  call @part(%x) : (memref<4xi8>) -> ()
  // expected-error @below {{'func.call' op calls the part 'part' a second time, expected one call: its counters would be shared}}
  call @part(%x) : (memref<4xi8>) -> ()
  return
}
func.func private @part(%x: memref<4xi8>) attributes {kernel.part} {
  call @kernel(%x) : (memref<4xi8>) -> ()
  return
}
