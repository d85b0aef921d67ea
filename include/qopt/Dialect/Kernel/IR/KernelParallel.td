// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels on several threads: the type of what the caller brings, the call of
// a function for each range, and the stretch of a buffer that a range works on.

#ifndef QOPT_DIALECT_KERNEL_IR_KERNELPARALLEL_TD
#define QOPT_DIALECT_KERNEL_IR_KERNELPARALLEL_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/Interfaces/ViewLikeInterface.td"
include "qopt/Dialect/Kernel/IR/KernelDialect.td"

//===----------------------------------------------------------------------===//
// Type
//===----------------------------------------------------------------------===//

def Kernel_ThreadsType : TypeDef<Kernel_Dialect, "Threads"> {
  let mnemonic = "threads";
  let summary = "what the caller brings to run several bodies at the same time";
  let description = [{
    Stands for the caller's function `parallel_for` and its context. After
    `kernel-parallelize` the public function has one argument of this type,
    marked `kernel.threads`, which is handed to every `kernel.parallel_call`. In
    memory it is the address of two pointers.
  }];
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

def Kernel_ParallelCallOp : Op<Kernel_Dialect, "parallel_call", [
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "call a function once for each range";
  let description = [{
    Calls the function with the arguments and an index, for each index from 0 to
    `ranges - 1`, in any order and possibly at the same time; all calls have
    ended when the op ends. What the calls write does not overlap, and no call
    reads what another writes, so the result depends neither on the order nor
    on the number of threads.

    Example:
    ```mlir
    func.func private @copy(%x: memref<4xi8>, %y: memref<4xi8>, %i: index) {
      %a = kernel.slice %x[%i] : memref<4xi8> to memref<1xi8>
      %b = kernel.slice %y[%i] : memref<4xi8> to memref<1xi8>
      kernel.elementwise %a outs %b {stages = []} : (memref<1xi8>, memref<1xi8>) -> ()
      return
    }
    func.func @main(%x: memref<4xi8>, %y: memref<4xi8>, %threads: !kernel.threads) {
      kernel.parallel_call @copy(%x, %y) ranges 4 on %threads : memref<4xi8>, memref<4xi8>
      return
    }
    ```
  }];
  let arguments = (ins
    FlatSymbolRefAttr:$callee, Variadic<AnyMemRef>:$arguments,
    ConfinedAttr<I32Attr, [IntPositive]>:$ranges, Kernel_ThreadsType:$threads);
  let assemblyFormat = [{
    $callee `(` $arguments `)` `ranges` $ranges `on` $threads attr-dict
    `:` type($arguments)
  }];
}

def Kernel_SliceOp : Op<Kernel_Dialect, "slice", [
    Pure, ViewLikeOpInterface]> {
  let summary = "a stretch of a buffer";
  let description = [{
    The result aliases the elements of the source from number `offset` on, in
    row-major order, under another shape, which may have strides of its own. All
    of them must lie in the source.

    Example:
    ```mlir
    func.func @rows(%x: memref<1x8x16xi8>, %i: index) -> memref<1x2x16xi8> {
      %r = kernel.slice %x[%i] : memref<1x8x16xi8> to memref<1x2x16xi8>
      return %r : memref<1x2x16xi8>
    }
    ```
  }];
  let arguments = (ins AnyMemRef:$source, Index:$offset);
  let results = (outs AnyMemRef:$result);
  let assemblyFormat = [{
    $source `[` $offset `]` attr-dict `:` type($source) `to` type($result)
  }];
  let extraClassDeclaration = [{
    ::mlir::Value getViewSource() { return getSource(); }
    ::mlir::Value getViewDest() { return getResult(); }
  }];
  let hasVerifier = 1;
}

#endif // QOPT_DIALECT_KERNEL_IR_KERNELPARALLEL_TD
