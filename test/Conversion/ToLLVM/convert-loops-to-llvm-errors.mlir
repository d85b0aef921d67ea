// RUN: qopt --convert-loops-to-llvm --split-input-file --verify-diagnostics %s

// What no pattern lowers is named.

func.func private @kernel(%x: memref<4xf32>, %y: memref<4xf32>) {
  // expected-error @below {{failed to legalize operation 'kernel.elementwise'}}
  kernel.elementwise %x outs %y {stages = [#kernel.logistic_f32]} : (memref<4xf32>, memref<4xf32>) -> ()
  return
}
