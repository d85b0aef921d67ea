// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes that end the line: from loops over vectors and static buffers to the
// LLVM dialect.

#ifndef QOPT_CONVERSION_TOLLVM_PASSES
#define QOPT_CONVERSION_TOLLVM_PASSES

include "mlir/Pass/PassBase.td"

def VectorExpandShapesPass : Pass<"vector-expand-shapes"> {
  let summary = "expand vector ops that have no counterpart in LLVM";
  let description = [{
    Rewrites broadcasts, shape casts, transposes, bit casts, gathers and
    transfers of vectors into one-dimensional vector ops, which
    `convert-loops-to-llvm` maps one by one.

    ```mlir
    %0 = vector.broadcast %a : vector<4xi32> to vector<2x4xi32>
    // becomes
    %p = ub.poison : vector<2x4xi32>
    %1 = vector.insert %a, %p [0] : vector<4xi32> into vector<2x4xi32>
    %0 = vector.insert %a, %1 [1] : vector<4xi32> into vector<2x4xi32>
    ```
  }];
  let dependentDialects = ["::mlir::vector::VectorDialect",
                           "::mlir::scf::SCFDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::ub::UBDialect",
                           "::mlir::memref::MemRefDialect"];
}

def KernelInstrumentCallsPass
    : Pass<"kernel-instrument-calls", "::mlir::ModuleOp"> {
  let summary = "time every call of a kernel";
  let description = [{
    Reads the CPU's clock before and after each call of a kernel in the public
    function and its parts (functions with the attribute `kernel.part`) and adds
    the difference to one counter a call, in the global array
    `qopt_profile_ticks`. The layers' names and their kernels' symbols, in the
    order of the counters, are recorded in the module attribute `qopt.layers`.
    For `qopt-run --profile` only: instrumented code is not re-entrant.

    ```mlir
    func.call @conv(%x, %y) : (memref<4xi8>, memref<4xi8>) -> ()
    // becomes
    %t0 = llvm.call_intrinsic "llvm.readcyclecounter"() : () -> i64
    func.call @conv(%x, %y) : (memref<4xi8>, memref<4xi8>) -> ()
    %t1 = llvm.call_intrinsic "llvm.readcyclecounter"() : () -> i64
    // counters[0] += %t1 - %t0
    ```
  }];
  let options = [
    Option<"counter", "counter", "std::string", "\"llvm.readcyclecounter\"",
           "the intrinsic that reads the clock">
  ];
  let statistics = [
    Statistic<"numInstrumented", "num-instrumented", "Number of calls timed">
  ];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect"];
}

def ConvertLoopsToLLVMPass
    : Pass<"convert-loops-to-llvm", "::mlir::ModuleOp"> {
  let summary = "lower vector, arith, math, memref, cf and func to llvm";
  let description = [{
    The last step in MLIR. Buffers have static shapes, so a memref becomes one
    bare pointer, in arguments too. Constant globals keep their alignment.
    Everything that is left over after the conversion is an error that names
    the op.

    ```mlir
    func.func private @copy(%x: memref<4xi8>, %y: memref<4xi8>)
    // becomes
    llvm.func @copy(!llvm.ptr, !llvm.ptr)
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

#endif // QOPT_CONVERSION_TOLLVM_PASSES
