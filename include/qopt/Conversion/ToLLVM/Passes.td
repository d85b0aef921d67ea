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

def KernelShareFunctionsPass
    : Pass<"kernel-share-functions", "::mlir::ModuleOp"> {
  let summary = "make one function of kernels that differ in constants";
  let description = [{
    Private functions whose loops are equal but for constants (scales and
    offsets of requantizations, zero points, clamps, addresses of tables) become
    one function. What differs is read from a block of 32-bit words, or of bytes
    of tables, or is the address of a global; each call hands them over, and
    they are loaded once, at the function's start. Constants that make better instructions than others
    (0, powers of two, limits of saturation), numbers of bits to shift by and
    immediates of intrinsics are never parameters, nor is anything that
    addresses or numbers of iterations depend on: the code stays as fast, is
    smaller, and is compiled once.

    The module attribute `qopt.shared` says which function stands for those that
    are gone.

    ```mlir
    func.func private @a(%x: memref<4xi32>) {
      %c = arith.constant dense<10> : vector<4xi32>
      …
    func.func private @b(%x: memref<4xi32>) {
      %c = arith.constant dense<20> : vector<4xi32>
      …
    // becomes
    func.func private @a(%x: memref<4xi32>, %numbers: memref<1xi32>) {
      %c0 = arith.constant 0 : index
      %n = memref.load %numbers[%c0] : memref<1xi32>
      %c = vector.broadcast %n : i32 to vector<4xi32>
      …
    ```
  }];
  let statistics = [
    Statistic<"numRemoved", "num-removed", "Number of functions that are gone">,
    Statistic<"numParameters", "num-parameters",
              "Number of constants that became parameters">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect",
                           "::mlir::vector::VectorDialect"];
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
