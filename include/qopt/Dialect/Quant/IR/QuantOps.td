// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The operations: casts between reals, quantized values and stored integers,
// and the two forms of a requantize.

#ifndef QOPT_DIALECT_QUANT_IR_QUANTOPS_TD
#define QOPT_DIALECT_QUANT_IR_QUANTOPS_TD

include "mlir/IR/OpBase.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "qopt/Dialect/Quant/IR/QuantAttributes.td"
include "qopt/Dialect/Quant/IR/QuantTypes.td"
include "qopt/Interfaces/Pointwise.td"

//===----------------------------------------------------------------------===//
// Type constraints
//===----------------------------------------------------------------------===//

class Quant_ScalarOrTensorOf<Type element>
    : Type<Or<[element.predicate, TensorOf<[element]>.predicate]>,
           "scalar or tensor of " # element.summary>;

def Quant_QuantizedType
    : Type<CPred<"::llvm::isa<::qopt::quant::QuantizedType>($_self)">,
           "quantized type">;

/// Types whose stored values mean known reals.
def Quant_AnyUniformType
    : Type<Or<[Quant_UniformType.predicate, Quant_UniformPerAxisType.predicate,
               Quant_UniformSubChannelType.predicate]>,
           "uniform quantized type">;

def Quant_SignlessUpTo64
    : Type<And<[AnySignlessInteger.predicate,
                CPred<"$_self.getIntOrFloatBitWidth() <= 64">]>,
           "signless integer of at most 64 bits">;

def Quant_FloatValue : Quant_ScalarOrTensorOf<AnyFloat>;
def Quant_IntegerValue : Quant_ScalarOrTensorOf<AnySignlessInteger>;
def Quant_AccumulatorValue : Quant_ScalarOrTensorOf<Quant_SignlessUpTo64>;
def Quant_QuantizedValue : Quant_ScalarOrTensorOf<Quant_QuantizedType>;
def Quant_UniformValue : Quant_ScalarOrTensorOf<Quant_AnyUniformType>;
def Quant_IntegerOrQuantizedValue : Quant_ScalarOrTensorOf<
    Type<Or<[AnySignlessInteger.predicate, Quant_QuantizedType.predicate]>,
         "signless integer or quantized type">>;

//===----------------------------------------------------------------------===//
// Traits and the base class
//===----------------------------------------------------------------------===//

def Quant_SameScalarOrTensorShape : PredOpTrait<
    "input and result are both scalars or both tensors with matching shape",
    CPred<"::qopt::quant::haveSameShape($input.getType(), $result.getType())">>;

def Quant_IntegerToQuantizedOrBack : PredOpTrait<
    "input must be integer and result must be quantized, or vice versa",
    CPred<"::llvm::isa<::mlir::IntegerType>("
          "::mlir::getElementTypeOrSelf($input.getType())) != "
          "::llvm::isa<::mlir::IntegerType>("
          "::mlir::getElementTypeOrSelf($result.getType()))">>;

class Quant_Op<string mnemonic, list<Trait> traits = []>
    : Op<Quant_Dialect, mnemonic,
         [Pure, Quant_SameScalarOrTensorShape] # traits> {
  let assemblyFormat = "$input attr-dict `:` type($input) `to` type($result)";
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Casts
//===----------------------------------------------------------------------===//

def Quant_QuantizeCastOp : Quant_Op<"qcast", [Pointwise]> {
  let summary = "real numbers to the nearest stored integers";
  let description = [{
    ```
    result = clamp(zero_point + round(input / scale), storage_min, storage_max)
    ```

    The division is done in the expressed type, the rest in exact integers; a
    quotient that is not a number gives the zero point. `round` takes ties away
    from zero (TFLite's quantize) unless `rounding` is `float`: then ties go to
    the even integer (ONNX). Per-axis and sub-channel types choose the scale
    and zero point of each element.

    Constraints:

    - input and result are both scalars, or tensors of one shape;
    - the expressed type of the result's type is the input's float type;
    - per-axis and sub-channel types fit the tensor (see the types);
    - `rounding`, where given, is `double` (the default) or `float`.

    Example:

    ```mlir
    func.func @qcast(%x: tensor<2x3xf32>) -> tensor<2x3x!quant.uniform<i8:f32, 0.5:-3>> {
      %q = quant.qcast %x : tensor<2x3xf32> to tensor<2x3x!quant.uniform<i8:f32, 0.5:-3>>
      return %q : tensor<2x3x!quant.uniform<i8:f32, 0.5:-3>>
    }
    ```
  }];
  let arguments = (ins Quant_FloatValue:$input,
                       OptionalAttr<Quant_RoundingModeAttr>:$rounding);
  let results = (outs Quant_QuantizedValue:$result);
  let extraClassDeclaration = [{
    /// The float type of the input, of its elements when it is a tensor.
    ::mlir::FloatType getFloatType();
    /// The quantized type of the result, of its elements when it is a tensor.
    ::qopt::quant::QuantizedType getQuantizedType();
  }];
}

def Quant_DequantizeCastOp : Quant_Op<"dcast", [Pointwise]> {
  let summary = "stored integers to the real numbers they stand for";
  let description = [{
    ```
    result = scale * (input - zero_point)
    ```

    The difference is exact; it and the scale are rounded to the expressed type
    and then multiplied in it, ties to even.

    Constraints:

    - input and result are both scalars, or tensors of one shape;
    - the expressed type of the input's type is the result's float type;
    - per-axis and sub-channel types fit the tensor (see the types).

    Example:

    ```mlir
    func.func @dcast(%q: tensor<2x3x!quant.uniform<i8:f32, 0.5:-3>>) -> tensor<2x3xf32> {
      %x = quant.dcast %q : tensor<2x3x!quant.uniform<i8:f32, 0.5:-3>> to tensor<2x3xf32>
      return %x : tensor<2x3xf32>
    }
    ```
  }];
  let arguments = (ins Quant_QuantizedValue:$input);
  let results = (outs Quant_FloatValue:$result);
  let extraClassDeclaration = [{
    /// The float type of the result, of its elements when it is a tensor.
    ::mlir::FloatType getFloatType();
    /// The quantized type of the input, of its elements when it is a tensor.
    ::qopt::quant::QuantizedType getQuantizedType();
  }];
}

def Quant_StorageCastOp : Quant_Op<"scast", [
    Pointwise, Quant_IntegerToQuantizedOrBack]> {
  let summary = "a quantized value as its stored integer, or back";
  let description = [{
    The bits do not change; only the type does.

    Constraints:

    - one of input and result is a signless integer, the other quantized;
    - both are scalars, or tensors of one shape;
    - the storage type of the quantized type is the integer type;
    - per-axis and sub-channel types fit the tensor (see the types).

    Example:

    ```mlir
    func.func @scast(%q: tensor<4x!quant.uniform<u8:f32, 0.5:128>>) -> tensor<4xi8> {
      %i = quant.scast %q : tensor<4x!quant.uniform<u8:f32, 0.5:128>> to tensor<4xi8>
      return %i : tensor<4xi8>
    }
    ```
  }];
  let arguments = (ins Quant_IntegerOrQuantizedValue:$input);
  let results = (outs Quant_IntegerOrQuantizedValue:$result);
  let hasFolder = 1;
  let extraClassDeclaration = [{
    /// The integer type of the side that is not quantized.
    ::mlir::IntegerType getIntegerType();
    /// The quantized type of the other side.
    ::qopt::quant::QuantizedType getQuantizedType();
  }];
}

//===----------------------------------------------------------------------===//
// Requantize
//===----------------------------------------------------------------------===//

def Quant_RequantizeOp : Quant_Op<"requantize", [Pointwise]> {
  let summary = "quantized values under other parameters";
  let description = [{
    ```
    M      = input_scale / result_scale
    result = clamp(result_zero_point + round(M * (input - input_zero_point)),
                   min, max)
    ```

    `rounding` says how the product becomes an integer, to the bit. `min` and
    `max` are stored values of the result, by default its storage range. The
    input may be 8-bit, or a 32-bit accumulator whose scale is the product of
    the scales of activation and weight. `quant-legalize-multipliers` replaces
    it by `quant.apply_multiplier`.

    Constraints:

    - input and result are both scalars, or tensors of one shape, of uniform
      types with one expressed type;
    - per-axis and sub-channel types fit the tensor (see the types);
    - `min` and `max` lie inside the storage range of the result, and `min` is
      not above `max`.

    Example:

    ```mlir
    func.func @requantize(%acc: tensor<1x8x!quant.uniform<i32:f32, 0.001>>) -> tensor<1x8x!quant.uniform<i8:f32, 0.05:-3>> {
      %y = quant.requantize %acc {rounding = #quant.rounding<double>, min = -3, max = 117} : tensor<1x8x!quant.uniform<i32:f32, 0.001>> to tensor<1x8x!quant.uniform<i8:f32, 0.05:-3>>
      return %y : tensor<1x8x!quant.uniform<i8:f32, 0.05:-3>>
    }
    ```
  }];
  let arguments = (ins Quant_UniformValue:$input,
                       Quant_RoundingModeAttr:$rounding,
                       OptionalAttr<I64Attr>:$min,
                       OptionalAttr<I64Attr>:$max);
  let results = (outs Quant_UniformValue:$result);
  let extraClassDeclaration = [{
    ::qopt::quant::QuantizedType getInputQuantizedType();
    ::qopt::quant::QuantizedType getResultQuantizedType();
    /// The least stored value of the result: `min` or the storage minimum.
    int64_t getClampMin();
    /// The greatest stored value of the result: `max` or the storage maximum.
    int64_t getClampMax();
  }];
}

def Quant_MultiplierAttr
    : AnyAttrOf<[Quant_FixedPointMultiplierAttr, Quant_RealMultiplierAttr],
                "multiplier in fixed point or real">;

def Quant_ApplyMultiplierOp : Quant_Op<"apply_multiplier"> {
  let summary = "integers scaled by a multiplier and quantized";
  let description = [{
    ```
    result = clamp(result_zero_point + round(M * (input - input_zero_point)),
                   min, max)
    ```

    `M` is `multiplier` and `rounding` says how the product becomes an integer,
    to the bit; it is a fixed-point number for the integer modes and a real one
    for `float` and `real`. The input is a plain integer: an accumulator whose zero points
    are gone, or stored values (from `quant.scast`) with their zero point in
    `input_zero_point` (default 0). It is read as two's complement unless
    `input_unsigned` is present. `min` and `max` are stored values of the
    result, by default its storage range.

    Constraints:

    - input and result are both scalars, or tensors of one shape; the result is
      per tensor or per axis and fits the tensor;
    - a multiplier with an axis needs a tensor whose static size along it is the
      number of multipliers;
    - `float` and `real` need a `#quant.real_multiplier`, with `float` of
      float32 numbers; the other modes need a `#quant.multiplier`, with `shift`
      of powers of two (every `m0` is 2^30 or 0);
    - an `input_zero_point` lies inside the range of the input's integer type;
    - `min` and `max` lie inside the storage range of the result, and `min` is
      not above `max`.

    Example:

    ```mlir
    func.func @apply(%acc: tensor<1x2xi32>) -> tensor<1x2x!quant.uniform<i8:f32, 0.05:-3>> {
      %y = quant.apply_multiplier %acc {multiplier = #quant.multiplier<[1374389535, 1518500250], [-5, -6], axis = 1>, rounding = #quant.rounding<double>} : tensor<1x2xi32> to tensor<1x2x!quant.uniform<i8:f32, 0.05:-3>>
      return %y : tensor<1x2x!quant.uniform<i8:f32, 0.05:-3>>
    }
    ```
  }];
  let arguments = (ins Quant_AccumulatorValue:$input,
                       Quant_MultiplierAttr:$multiplier,
                       Quant_RoundingModeAttr:$rounding,
                       OptionalAttr<I64Attr>:$input_zero_point,
                       UnitAttr:$input_unsigned,
                       OptionalAttr<I64Attr>:$min,
                       OptionalAttr<I64Attr>:$max);
  let results = (outs Quant_UniformValue:$result);
  let extraClassDeclaration = [{
    ::qopt::quant::QuantizedType getResultQuantizedType();
    /// The least stored value of the result: `min` or the storage minimum.
    int64_t getClampMin();
    /// The greatest stored value of the result: `max` or the storage maximum.
    int64_t getClampMax();
    /// The multiplier of the integer modes, or null.
    ::qopt::quant::FixedPointMultiplierAttr getFixedPointMultiplier() {
      return ::llvm::dyn_cast<::qopt::quant::FixedPointMultiplierAttr>(
          getMultiplier());
    }
    /// The multiplier of `float` and `real`, or null.
    ::qopt::quant::RealMultiplierAttr getRealMultiplier() {
      return ::llvm::dyn_cast<::qopt::quant::RealMultiplierAttr>(
          getMultiplier());
    }
    /// The axis of either.
    ::std::optional<int32_t> getMultiplierAxis();
    /// `input_zero_point` or 0.
    int64_t getInputZeroPointOrZero() {
      return getInputZeroPoint().value_or(0);
    }
  }];
}

#endif // QOPT_DIALECT_QUANT_IR_QUANTOPS_TD
