// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The kernel dialect: loops-to-be on plain integers and floats.

#ifndef QOPT_DIALECT_KERNEL_IR_KERNELDIALECT_TD
#define QOPT_DIALECT_KERNEL_IR_KERNELDIALECT_TD

include "mlir/IR/OpBase.td"

def Kernel_Dialect : Dialect {
  let name = "kernel";
  let cppNamespace = "::qopt::kernel";
  let summary = "destination-style compute kernels on plain storage";
  let description = [{
    A kernel op names one loop nest with its exact integer arithmetic. Operands
    are statically shaped tensors, or after `kernel-bufferize` row-major
    memrefs, of `i8`, `i16`, `i32`, `i64` or `f32`. (Between rows of an output
    there may be gaps, see `kernel-pad-in-place`.) Quantized types are gone: zero points, multipliers and clamps are attributes. Integers are
    signless; where an 8-bit operand is to be read as unsigned, an attribute of
    the reader says so (`input_unsigned`, `filter_unsigned`, a stage's
    `unsigned`). Writers need no such flag: a result is stored by truncation.

    **Running value and stages.** Every computing kernel produces a *running
    value* per output element (an accumulator, a pooled value, a loaded
    element) and then applies its `stages`, a list of stage attributes, in
    order. The running value is `i32` (`i64` for wide accumulators) or `f32`;
    a loaded `i8` or `i16` is extended to `i32` first. A stage may consume
    the next *stage operand* (a residual), which is broadcast to the shape of
    the output. The last value is truncated to the element type of the output:
    the stages clamp it into range before.

    **Destination style.** The `outs` operand is fully overwritten and never
    read, so it may be an uninitialised buffer, but it may not overlap an input
    (but see `kernel.elementwise`).

    **Over-read.** After `kernel-outline` each kernel sits in a private function
    whose memref arguments may carry `kernel.slack = N : i64`: N bytes past the
    end of the buffer may be read (their value is arbitrary). Arguments without
    the attribute may not be read past their end. Nothing is ever written past
    an end.
  }];
  let useDefaultAttributePrinterParser = 1;
  let useDefaultTypePrinterParser = 1;
}

#endif // QOPT_DIALECT_KERNEL_IR_KERNELDIALECT_TD
