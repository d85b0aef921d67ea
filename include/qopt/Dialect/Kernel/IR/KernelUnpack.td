// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Constants of 4-bit integers that kernels read as bytes.

#ifndef QOPT_DIALECT_KERNEL_IR_KERNELUNPACK_TD
#define QOPT_DIALECT_KERNEL_IR_KERNELUNPACK_TD

include "qopt/Dialect/Kernel/IR/KernelOps.td"

def Kernel_UnpackOp : Kernel_Op<"unpack"> {
  let summary = "two integers of 4 bits a byte, as bytes";
  let description = [{
    ```
    for all blocks b of 16 bytes of the input, and all j < 16:
      outs[32*b + j]      = bits 0 to 3 of input[16*b + j], sign-extended
      outs[32*b + 16 + j] = bits 4 to 7 of input[16*b + j], sign-extended
    ```
    Halves stand a vector apart, so that no byte has to cross lanes.

    Constraints: both are 1-dimensional of i8; the output has a multiple of 32
    elements, twice as many as the input.

    Example:
    ```mlir
    %r = kernel.unpack %x outs %init
      : (tensor<16xi8>, tensor<32xi8>) -> tensor<32xi8>
    ```
  }];
  let arguments = (ins Kernel_Buffer:$input, Kernel_Buffer:$init);
  let assemblyFormat = [{
    $input `outs` $init attr-dict `:` functional-type(operands, results)
  }];
  let extraClassDeclaration = destinationStyle # [{
    /// Bytes of input that make a block of output.
    static constexpr int64_t blockBytes = 16;
  }];
}

#endif // QOPT_DIALECT_KERNEL_IR_KERNELUNPACK_TD
