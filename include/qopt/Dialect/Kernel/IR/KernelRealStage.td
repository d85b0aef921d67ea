// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The stage that requantizes by a floating-point multiplier.

#ifndef QOPT_DIALECT_KERNEL_IR_KERNELREALSTAGE_TD
#define QOPT_DIALECT_KERNEL_IR_KERNELREALSTAGE_TD

include "mlir/IR/AttrTypeBase.td"
include "qopt/Dialect/Kernel/IR/KernelDialect.td"
include "qopt/Dialect/Kernel/IR/KernelInterfaces.td"
include "qopt/Dialect/Quant/IR/QuantEnums.td"

def Kernel_RequantizeRealAttr : AttrDef<Kernel_Dialect, "RequantizeReal",
    [DeclareAttrInterfaceMethods<Kernel_StageAttrInterface,
                                 ["usesChannelScale", "getValueRange",
                                  "getWithResultOffset"]>]> {
  let mnemonic = "requantize_real";
  let summary = "v = zero_point + round(clamp(v * multiplier))";
  let description = [{
    i32 or i64 to i32, for the rounding modes that are defined on
    floating-point numbers:

    * `float`: v becomes the nearest float32 and is multiplied in float32; the
      result is the nearest integer, ties to even.
    * `real`: the same in float64, but ties go away from zero.

    The product is clamped to [min - zero_point, max - zero_point] before it is
    rounded, so that every integer fits; min and max are those of the result and
    lie between -2^16 and 2^16. The multiplier is an immediate f64 (a float32
    number for `float`); without it, the op's multiplier and shift operands (per
    channel) hold bits: of the float32 number and 0, or the high and the low
    half of the float64 number.

    Example: `#kernel.requantize_real<rounding = float, multiplier = 0.015625 :
    f64, zero_point = 4, min = -128, max = 127>`
  }];
  let parameters = (ins
    EnumParameter<Quant_RoundingMode>:$rounding,
    OptionalParameter<"::mlir::FloatAttr">:$multiplier,
    DefaultValuedParameter<"int32_t", "0">:$zero_point,
    "int32_t":$min,
    "int32_t":$max);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

#endif // QOPT_DIALECT_KERNEL_IR_KERNELREALSTAGE_TD
