// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The interface of kernels that can be cut into ranges of their output.

#ifndef QOPT_DIALECT_KERNEL_IR_KERNELRANGES_TD
#define QOPT_DIALECT_KERNEL_IR_KERNELRANGES_TD

include "mlir/IR/OpBase.td"

def Kernel_RangedOpInterface : OpInterface<"RangedOpInterface"> {
  let cppNamespace = "::qopt::kernel";
  let description = [{
    A kernel whose output is a row of units (images, rows, pixels, channels),
    each a contiguous stretch of memory that depends on no other. The kernel of
    some neighbouring units is the same op on smaller operands, which are
    stretches of the whole ones. Ranges whose operands have the same types are
    the same kernel.
  }];
  let methods = [
    InterfaceMethod<"The number of units; 1 where the op cannot be cut.",
      "int64_t", "getRangeExtent">,
    InterfaceMethod<[{How many units the code computes together: ranges of a
      multiple of it leave the least to be done twice.}],
      "int64_t", "getRangeGranularity", (ins), "", "return 1;">,
    InterfaceMethod<[{The operands of the op on `units` units from number
      `first` on, one for each of the op's. Only if the extent is more than 1.}],
      "::llvm::SmallVector<::qopt::kernel::BufferRange>", "getRangeOperands",
      (ins "int64_t":$first, "int64_t":$units)>,
    InterfaceMethod<"Makes the op on the operands of a range.",
      "void", "cloneRange",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::ValueRange":$operands,
           "int64_t":$first, "int64_t":$units), "",
      "builder.clone(*$_op)->setOperands(operands);">,
  ];
}

#endif // QOPT_DIALECT_KERNEL_IR_KERNELRANGES_TD
