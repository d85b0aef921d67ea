// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The pass that turns kernels into loops over vectors.

#ifndef QOPT_CONVERSION_KERNELTOVECTOR_PASSES
#define QOPT_CONVERSION_KERNELTOVECTOR_PASSES

include "mlir/Pass/PassBase.td"

def ConvertKernelToVectorPass
    : Pass<"convert-kernel-to-vector", "::mlir::ModuleOp"> {
  let summary = "expand kernels on buffers into loops over vectors";
  let description = [{
    Replaces every kernel op on memrefs by `scf` loops over `vector`, `arith`
    and `memref` ops for the module's `kernel.target` (without one, for a
    generic machine with 16-byte vectors). An expansion is a function of the op,
    its schedule and the target's facts alone. Tables become constant globals of
    the module; equal ones are shared.

    A kernel on tensors is an error (`kernel-bufferize` comes first), and so is
    one that no expansion accepts.

    ```mlir
    kernel.elementwise %a with %b outs %c {stages = [#kernel.add_f32]}
      : (memref<64xf32>, memref<64xf32>, memref<64xf32>) -> ()
    // becomes
    scf.for %i = %c0 to %c64 step %c4 {
      %0 = vector.load %a[%i] : memref<64xf32>, vector<4xf32>
      %1 = vector.load %b[%i] : memref<64xf32>, vector<4xf32>
      %2 = arith.addf %0, %1 : vector<4xf32>
      vector.store %2, %c[%i] : memref<64xf32>, vector<4xf32>
    }
    ```
  }];
  let statistics = [
    Statistic<"numExpanded", "num-expanded", "Number of kernels expanded">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::LLVM::LLVMDialect",
                           "::mlir::memref::MemRefDialect",
                           "::mlir::scf::SCFDialect",
                           "::mlir::vector::VectorDialect"];
}

#endif // QOPT_CONVERSION_KERNELTOVECTOR_PASSES
