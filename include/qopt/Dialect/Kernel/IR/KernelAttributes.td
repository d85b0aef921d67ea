// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Stages: exact steps on the running value of a kernel. `v` is the running
// value, `r` the stage operand (for integers extended to i32: sign-extended, or
// zero-extended with `is_unsigned`), `mbqm(x, m, s)` the fixed-point multiply
// x * m * 2^s / 2^31 in the stage's rounding mode (see `quant.apply_multiplier`
// and the page on numerics for the formulas; s > 0 shifts left). All integer
// arithmetic is i32 and does not overflow unless said otherwise.

#ifndef QOPT_DIALECT_KERNEL_IR_KERNELATTRIBUTES_TD
#define QOPT_DIALECT_KERNEL_IR_KERNELATTRIBUTES_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/CommonAttrConstraints.td"
include "qopt/Dialect/Kernel/IR/KernelEnums.td"
include "qopt/Dialect/Kernel/IR/KernelInterfaces.td"
include "qopt/Dialect/Quant/IR/QuantEnums.td"

class Kernel_Attr<string name, string attrMnemonic, list<Trait> traits = []>
    : AttrDef<Kernel_Dialect, name, traits> {
  let mnemonic = attrMnemonic;
  let assemblyFormat = "`<` struct(params) `>`";
}

/// A stage without operand; `methods` of the interface are its own.
class Kernel_Stage<string name, string attrMnemonic, list<string> methods = []>
    : Kernel_Attr<name, attrMnemonic,
                  [DeclareAttrInterfaceMethods<Kernel_StageAttrInterface,
                                               methods>]>;

/// A stage that consumes one stage operand.
class Kernel_OperandStage<string name, string attrMnemonic,
                          list<string> methods = []>
    : Kernel_Attr<name, attrMnemonic,
                  [DeclareAttrInterfaceMethods<
                      Kernel_StageAttrInterface,
                      ["getNumStageOperands", "getSwapped"] # methods>]> {
  let extraClassDefinition = [{
    unsigned $cppClass::getNumStageOperands() const { return 1; }
  }];
}

/// What stages with an offset for each number can tell.
defvar Kernel_AffineMethods = ["isOperandUnsigned", "getWithResultOffset",
                               "getWithValueOffset", "getWithOperandOffset"];

def Kernel_RoundingParameter : EnumParameter<Quant_RoundingMode> {
  let defaultValue = "::qopt::quant::RoundingMode::Double";
}
class Kernel_I32Parameter<string desc, string value = "0">
    : DefaultValuedParameter<"int32_t", value, desc>;
class Kernel_FlagParameter<string desc>
    : DefaultValuedParameter<"bool", "false", desc>;

//===----------------------------------------------------------------------===//
// Integer stages
//===----------------------------------------------------------------------===//

def Kernel_RequantizeAttr : Kernel_Attr<"Requantize", "requantize",
    [DeclareAttrInterfaceMethods<Kernel_StageAttrInterface,
                                 ["usesChannelScale",
                                  "getWithResultOffset"]>]> {
  let summary = "v = zero_point + mbqm(v, multiplier, shift)";
  let description = [{
    i32 or i64 to i32. With `multiplier` and `shift` these are immediates;
    without, they are elements of the op's multiplier and shift operands at the
    position of the last axis of the output (per channel).

    * `double`: v is i32; v * 2^max(shift,0) wraps.
    * `single`: v is i32, the product has 64 bits.
    * `wide`: v is i32 or i64; the multiplier is first reduced to 16 bits, as in
      TFLite's 64-bit MultiplyByQuantizedMultiplier.
    * `shift`: the multiplier is 2^30, so M = 2^(shift - 1): one shift, to the
      right with ties toward +infinity.
    * `float` has no fixed-point form and is not allowed.

    An immediate multiplier may be any number from 0 to 2^31 - 1 (a mean folds
    its division into it). The result is not clamped: a `#kernel.clamp` follows wherever the value is
    to be stored in 8 or 16 bits. The sum with zero_point does not overflow for
    the values that occur in a verified graph.

    `right_shifts` promises, for the form with operands, that every shift is in
    -31...-1 and no multiplier is negative, so that the short form of `double`
    applies; a multiplier of 0 has shift -1 there. (The operands of an outlined
    kernel are no longer known.)

    Example: `#kernel.requantize<zero_point = -3, right_shifts = true>`,
    `#kernel.requantize<multiplier = 1518500250, shift = -5, zero_point = 4>`
  }];
  let parameters = (ins
    Kernel_RoundingParameter:$rounding,
    OptionalParameter<"std::optional<int32_t>", "immediate multiplier">:$multiplier,
    OptionalParameter<"std::optional<int32_t>", "immediate shift">:$shift,
    Kernel_I32Parameter<"added after scaling">:$zero_point,
    Kernel_FlagParameter<"all shifts are negative">:$right_shifts);
  let genVerifyDecl = 1;
}

def Kernel_ClampAttr : Kernel_Stage<"Clamp", "clamp", ["getValueRange"]> {
  let summary = "v = min(max(v, min), max)";
  let description = [{
    Example: `#kernel.clamp<min = -128, max = 127>`
  }];
  let parameters = (ins "int32_t":$min, "int32_t":$max);
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    bool isToSignedByte() const {
      return getMin() >= -128 && getMax() <= 127 && getMin() <= getMax();
    }
    bool isToUnsignedByte() const {
      return getMin() >= 0 && getMax() <= 255 && getMin() <= getMax();
    }
  }];
}

def Kernel_AffineAttr : Kernel_Attr<"Affine", "affine"> {
  let summary = "an offset and a fixed-point multiplier";
  let description = [{
    A part of `#kernel.add`, `#kernel.sub` and `#kernel.mul`, not a stage.

    Example: `#kernel.affine<offset = 128, multiplier = 1073741824, shift = -2>`
  }];
  let parameters = (ins
    Kernel_I32Parameter<"what is added">:$offset,
    "int32_t":$multiplier, "int32_t":$shift);
}

def Kernel_AddAttr : Kernel_OperandStage<"Add", "add", Kernel_AffineMethods> {
  let summary = "element-wise addition of quantized values, TFLite's arithmetic";
  let description = [{
    ```
    a = mbqm((v + value.offset)   << left_shift, value.multiplier,   value.shift)
    b = mbqm((r + operand.offset) << left_shift, operand.multiplier, operand.shift)
    v = mbqm(a + b, output.multiplier, output.shift) + output.offset
    ```
    i32 to i32. The stage operand is i8 or i16 (extended) or i32. The sum is
    commutative, so it does not matter which side of the addition the running
    value was. A `#kernel.clamp` follows. The shifts of all three are at most 0.

    Example: `#kernel.add<left_shift = 20,
    value = <offset = 128, multiplier = 1073741824, shift = -1>,
    operand = <offset = 5, multiplier = 1518500250, shift = 0>,
    output = <offset = -128, multiplier = 1347440720, shift = -18>>`
  }];
  let parameters = (ins
    Kernel_RoundingParameter:$rounding, "int32_t":$left_shift,
    "AffineAttr":$value, "AffineAttr":$operand, "AffineAttr":$output,
    Kernel_FlagParameter<"the stage operand is zero-extended">:$is_unsigned);
  let genVerifyDecl = 1;
}

def Kernel_ResidualAttr : Kernel_Attr<"Residual", "residual",
    [DeclareAttrInterfaceMethods<Kernel_StageAttrInterface,
                                 ["getNumStageOperands", "isOperandUnsigned",
                                  "getWithResultOffset",
                                  "getWithOperandOffset"]>]> {
  let summary = "addition of a quantized value to a sum that is wider";
  let description = [{
    ```
    v = mbqm(v + mbqm(r + operand.offset, operand.multiplier, operand.shift),
             output.multiplier, output.shift) + output.offset
    ```
    i32 to i32. The stage operand is i8 or i16 (extended). |v| and the scaled
    operand are at most 2^30. A `#kernel.clamp` follows.

    Example: `#kernel.residual<rounding = single,
    operand = <offset = 5, multiplier = 1342177280, shift = 10>,
    output = <offset = -128, multiplier = 1073741824, shift = -11>>`
  }];
  let parameters = (ins
    Kernel_RoundingParameter:$rounding,
    "AffineAttr":$operand, "AffineAttr":$output,
    Kernel_FlagParameter<"the stage operand is zero-extended">:$is_unsigned);
  let genVerifyDecl = 1;
  let extraClassDefinition = [{
    unsigned $cppClass::getNumStageOperands() const { return 1; }
    bool $cppClass::isOperandUnsigned() const { return getIsUnsigned(); }
  }];
}

def Kernel_SubAttr : Kernel_OperandStage<"Sub", "sub", Kernel_AffineMethods> {
  let summary = "element-wise subtraction of quantized values, TFLite's arithmetic";
  let description = [{
    As `#kernel.add` with `a - b` instead of `a + b`, or `b - a` if `reversed`
    (the running value is what is subtracted).
  }];
  let parameters = (ins
    Kernel_RoundingParameter:$rounding, "int32_t":$left_shift,
    "AffineAttr":$value, "AffineAttr":$operand, "AffineAttr":$output,
    Kernel_FlagParameter<"the stage operand is zero-extended">:$is_unsigned,
    Kernel_FlagParameter<"operand minus value">:$reversed);
  let genVerifyDecl = 1;
}

def Kernel_AddPotAttr : Kernel_OperandStage<"AddPot", "add_pot", ["getValueRange"]> {
  let summary = "16-bit addition with power-of-two scales, TFLite's arithmetic";
  let description = [{
    ```
    v = saturate_i16(rdpot(v, value_shift) + rdpot(r, operand_shift))
    ```
    with rdpot(x, s) = x / 2^s rounded to nearest, ties away from zero. With
    `subtract` the second term is subtracted, with `reversed` also the value
    from the operand. Both shifts are in 0…15. A `#kernel.clamp` may follow.
  }];
  let parameters = (ins
    Kernel_I32Parameter<"right shift of the running value">:$value_shift,
    Kernel_I32Parameter<"right shift of the stage operand">:$operand_shift,
    Kernel_FlagParameter<"subtract instead of add">:$subtract,
    Kernel_FlagParameter<"operand minus value">:$reversed);
  let genVerifyDecl = 1;
}

def Kernel_MulAttr : Kernel_OperandStage<"Mul", "mul", Kernel_AffineMethods> {
  let summary = "element-wise product of quantized values, TFLite's arithmetic";
  let description = [{
    ```
    v = mbqm((v + value_offset) * (r + operand_offset),
             output.multiplier, output.shift) + output.offset
    ```
    i32 to i32; commutative; a `#kernel.clamp` follows.
  }];
  let parameters = (ins
    Kernel_RoundingParameter:$rounding,
    Kernel_I32Parameter<"added to the running value">:$value_offset,
    Kernel_I32Parameter<"added to the stage operand">:$operand_offset,
    "AffineAttr":$output,
    Kernel_FlagParameter<"the stage operand is zero-extended">:$is_unsigned);
}

def Kernel_TableAttr : Kernel_Stage<"Table", "table",
    ["getValueRange", "getWithResultOffset", "getWithValueOffset"]> {
  let summary = "v = entries[bits of v]";
  let description = [{
    Looks the running value up, whose low 8 (256 entries) or 16 bits (65536
    entries) are the index, read as an unsigned number: entry 255 belongs to
    the i8 value -1. `entries` is a tensor of i8 or i16 and may be a splat; an
    entry is sign-extended to i32, or zero-extended with `is_unsigned`. The
    running value must be a valid i8 or u8 (i16) value, by a clamp before, or
    because it was just loaded.

    Example: `#kernel.table<entries = dense<0> : tensor<256xi8>>`
  }];
  let parameters = (ins
    "::mlir::DenseIntElementsAttr":$entries,
    Kernel_FlagParameter<"entries are zero-extended">:$is_unsigned);
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// Whether both index and entries are bytes.
    bool isOfBytes() const {
      return getEntries().getNumElements() == 256 &&
             getEntries().getElementType().isInteger(8);
    }
  }];
}

//===----------------------------------------------------------------------===//
// Between integer and float
//===----------------------------------------------------------------------===//

def Kernel_QuantizeAttr : Kernel_Stage<"Quantize", "quantize",
    ["getValueRange", "getWithResultOffset"]> {
  let summary = "v = clamp(round(v / scale) + zero_point, min, max), f32 to i32";
  let description = [{
    The division is one IEEE float32 division (no reciprocal). Rounding is to
    nearest, ties away from zero, or ties to even with `ties_to_even`. The
    result is exact for every float: infinities give min or max, a quotient
    that is not a number gives zero_point.

    With `zero_point_first` it is added in float32 before rounding, which moves
    ties where it is odd.

    Example: `#kernel.quantize<scale = 5.000000e-01 : f32, zero_point = -1,
    min = -128, max = 127>`
  }];
  let parameters = (ins
    "::mlir::FloatAttr":$scale, Kernel_I32Parameter<"">:$zero_point,
    "int32_t":$min, "int32_t":$max,
    Kernel_FlagParameter<"round ties to even">:$ties_to_even,
    Kernel_FlagParameter<"round after the zero point">:$zero_point_first);
  let genVerifyDecl = 1;
}

def Kernel_DequantizeAttr : Kernel_Stage<"Dequantize", "dequantize",
    ["getWithValueOffset"]> {
  let summary = "v = scale * float(v - zero_point), i32 to f32";
  let description = [{
    The product is rounded once to float32.

    Example: `#kernel.dequantize<scale = 5.000000e-01 : f32, zero_point = -1>`
  }];
  let parameters = (ins
    "::mlir::FloatAttr":$scale, Kernel_I32Parameter<"">:$zero_point);
  let genVerifyDecl = 1;
}

//===----------------------------------------------------------------------===//
// Float stages
//===----------------------------------------------------------------------===//

def Kernel_AddF32Attr : Kernel_OperandStage<"AddF32", "add_f32"> {
  let summary = "v = v + r";
  let parameters = (ins);
  let assemblyFormat = "";
}
def Kernel_SubF32Attr : Kernel_OperandStage<"SubF32", "sub_f32"> {
  let summary = "v = v - r, or r - v if reversed";
  let description = [{
    Example: `#kernel.sub_f32<>`, `#kernel.sub_f32<reversed = true>`
  }];
  let parameters = (ins Kernel_FlagParameter<"operand minus value">:$reversed);
}
def Kernel_MulF32Attr : Kernel_OperandStage<"MulF32", "mul_f32"> {
  let summary = "v = v * r";
  let parameters = (ins);
  let assemblyFormat = "";
}
def Kernel_ClampF32Attr : Kernel_Stage<"ClampF32", "clamp_f32"> {
  let summary = "v = min(max(v, min), max)";
  let description = [{
    NaN stays NaN. Bounds may be infinite (`0xFF800000 : f32`).
  }];
  let parameters = (ins "::mlir::FloatAttr":$min, "::mlir::FloatAttr":$max);
  let genVerifyDecl = 1;
}
def Kernel_LogisticF32Attr : Kernel_Stage<"LogisticF32", "logistic_f32"> {
  let summary = "v = 1 / (1 + exp(-v))";
  let parameters = (ins);
  let assemblyFormat = "";
}

def Kernel_TanhF32Attr : Kernel_Stage<"TanhF32", "tanh_f32"> {
  let summary = "v = tanh(v)";
  let parameters = (ins);
  let assemblyFormat = "";
}
def Kernel_HardSwishF32Attr : Kernel_Stage<"HardSwishF32", "hard_swish_f32"> {
  let summary = "v = v * clamp(v + 3, 0, 6) / 6";
  let parameters = (ins);
  let assemblyFormat = "";
}
def Kernel_LeakyReluF32Attr : Kernel_Stage<"LeakyReluF32", "leaky_relu_f32"> {
  let summary = "v = v where it is not negative, else alpha * v";
  let parameters = (ins "::mlir::FloatAttr":$alpha);
}

def Kernel_StageArrayAttr
    : TypedArrayAttrBase<Kernel_StageAttrInterface, "array of kernel stages">;

#endif // QOPT_DIALECT_KERNEL_IR_KERNELATTRIBUTES_TD
