// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The stage that requantizes with one float instruction where that was proved
// to be exact.

#ifndef QOPT_DIALECT_KERNEL_IR_KERNELFMASTAGE_TD
#define QOPT_DIALECT_KERNEL_IR_KERNELFMASTAGE_TD

include "mlir/IR/AttrTypeBase.td"
include "qopt/Dialect/Kernel/IR/KernelDialect.td"
include "qopt/Dialect/Kernel/IR/KernelInterfaces.td"

def Kernel_RequantizeFMAAttr : AttrDef<Kernel_Dialect, "RequantizeFMA",
    [DeclareAttrInterfaceMethods<Kernel_StageAttrInterface,
                                 ["usesChannelScale",
                                  "getWithResultOffset"]>]> {
  let mnemonic = "requantize_fma";
  let summary = "v = zero_point + trunc(fma(float(v), scale, offset))";
  let description = [{
    i32 to i32. Scale and offset, both positive f32, are immediates; without
    them, the op's multiplier and shift operands (per channel) hold the bits of
    the scales and of the offsets. `float` rounds
    to the nearest float32, ties to even; the fused multiply-add rounds toward
    zero, with `to_nearest` as usual; with `is_signed` the offset has the sign of
    v. |scale| is at most 1/2.

    A second term makes the product more precise: v = zero_point +
    trunc(fma(float(v), scale, fma(float(v), rest, offset))), where the inner
    multiply-add rounds to nearest. `rest` is an immediate beside the others;
    with `is_split` the rests of all channels stand in the multiplier operand
    behind the scales, so that it has twice as many elements.

    `kernel-use-fma-requantize` makes it from a `#kernel.requantize` stage of
    mode `double` where it has proved that both give the same integers within
    the clamp that follows. Rounding toward zero needs AVX-512, whose
    instructions carry their rounding mode; `to_nearest` needs any fused
    multiply-add.

    Example: `#kernel.requantize_fma<zero_point = -128>`,
    `#kernel.requantize_fma<scale = 0.0048828125 : f32, offset = 0.50390625 : f32,
    zero_point = 4, is_signed = true>`
  }];
  let parameters = (ins
    OptionalParameter<"::mlir::FloatAttr">:$scale,
    OptionalParameter<"::mlir::FloatAttr">:$offset,
    DefaultValuedParameter<"int32_t", "0">:$zero_point,
    DefaultValuedParameter<"bool", "false">:$is_signed,
    OptionalParameter<"::mlir::FloatAttr">:$rest,
    DefaultValuedParameter<"bool", "false">:$is_split,
    DefaultValuedParameter<"bool", "false">:$to_nearest);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

#endif // QOPT_DIALECT_KERNEL_IR_KERNELFMASTAGE_TD
