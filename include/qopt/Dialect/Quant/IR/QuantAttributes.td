// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Attributes: how to round, the fixed-point form of a real multiplier, and the
// range of a tensor.

#ifndef QOPT_DIALECT_QUANT_IR_QUANTATTRIBUTES_TD
#define QOPT_DIALECT_QUANT_IR_QUANTATTRIBUTES_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "qopt/Dialect/Quant/IR/QuantDialect.td"
include "qopt/Dialect/Quant/IR/QuantEnums.td"

def Quant_RoundingModeAttr
    : EnumAttr<Quant_Dialect, Quant_RoundingMode, "rounding"> {
  let summary = "how a product with a real multiplier becomes an integer";
  let description = [{
    For a multiplier `M = M0 * 2^shift / 2^31` and an integer `x`:

    | mode | meaning | whose |
    |---|---|---|
    | `double` | `x * 2^max(shift, 0)`, doubling high multiply by `M0` (ties up, saturating), then a rounding right shift, ties away from zero | gemmlowp, TFLite's reference kernels |
    | `single` | `(x * M0 + 2^(30 - shift)) >> (31 - shift)` in 64 bits | TOSA, TFLite built for single rounding |
    | `wide` | 64-bit `x`, `M0` reduced to 16 bits, one rounding shift | TFLite's 16-bit activations |
    | `float` | `M` and the product in float32, ties to even | ONNX, XNNPACK |
    | `shift` | `M` is a power of two: one rounding shift | dyadic schemes |
    | `real` | `M` and the product in float64, ties away from zero | TFLite's fully connected kernels |

    A pass never changes the integer that the mode of an importer gives. (Where
    a fixed-point form was proved to give the same ones as `real`, that form
    takes its place.)

    Example:

    ```mlir
    #mode = #quant.rounding<double>
    ```
  }];
  let assemblyFormat = "`<` $value `>`";
}

def Quant_FixedPointMultiplierAttr
    : AttrDef<Quant_Dialect, "FixedPointMultiplier"> {
  let mnemonic = "multiplier";
  let summary = "real multipliers as integers and shifts";
  let description = [{
    ```
    multiplier ::= `#quant.multiplier` `<` `[` m0 (`,` m0)* `]` `,`
                   `[` shift (`,` shift)* `]` (`,` `axis` `=` axis)? `>`
    ```

    Multiplier `c` is the real number `m0[c] * 2^shift[c] / 2^31`. A positive
    shift is to the left. Without an axis there is one multiplier for the whole
    tensor; with one, index `c` along that axis uses multiplier `c`.

    Constraints:

    - as many shifts as multipliers, at least one, and exactly one without axis;
    - each `m0` is in [2^30, 2^31), with a shift in [-31, 30]; or is 0, with
      shift 0;
    - the axis is not negative.

    Example:

    ```mlir
    #one = #quant.multiplier<[1073741824], [-3]>
    #channels = #quant.multiplier<[1518500250, 0], [-7, 0], axis = 3>
    ```
  }];
  let parameters = (ins
    ArrayRefParameter<"int32_t", "mantissas scaled by 2^31">:$multipliers,
    ArrayRefParameter<"int32_t", "left shifts">:$shifts,
    OptionalParameter<"::std::optional<int32_t>", "the channel axis">:$axis);
  let assemblyFormat =
      "`<` `[` $multipliers `]` `,` `[` $shifts `]` (`,` `axis` `=` $axis^)? `>`";
  let genVerifyDecl = 1;
}

def Quant_RealMultiplierAttr : AttrDef<Quant_Dialect, "RealMultiplier"> {
  let mnemonic = "real_multiplier";
  let summary = "real multipliers as floating-point numbers";
  let description = [{
    ```
    multiplier ::= `#quant.real_multiplier` `<` `[` real (`,` real)* `]`
                   (`,` `axis` `=` axis)? `>`
    ```

    What the rounding modes `float` and `real` multiply by; the integer modes
    have `#quant.multiplier`. Without an axis there is one multiplier for the
    whole tensor; with one, index `c` along that axis uses multiplier `c`.

    Constraints:

    - at least one multiplier, and exactly one without axis;
    - each is finite and not negative;
    - the axis is not negative.

    Example:

    ```mlir
    #half = #quant.real_multiplier<[5.000000e-01]>
    #reals = #quant.real_multiplier<[1.250000e-01, 1.000000e-01], axis = 3>
    ```
  }];
  let parameters = (ins
    "::mlir::DenseF64ArrayAttr":$multipliers,
    OptionalParameter<"::std::optional<int32_t>", "the channel axis">:$axis);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

def Quant_RangeAttr : AttrDef<Quant_Dialect, "Range"> {
  let mnemonic = "range";
  let summary = "the least and the greatest real that a tensor holds";
  let description = [{
    As `quant.range` on the op that makes a float tensor, or on a function's
    argument, it is what calibration found; quantization parameters are made of
    it.

    Constraints:

    - both bounds are finite, and the first is not above the second.

    Example:

    ```mlir
    #range = #quant.range<-1.000000e+00, 2.500000e+00>
    ```
  }];
  let parameters = (ins
    APFloatParameter<"the least real">:$minValue,
    APFloatParameter<"the greatest real">:$maxValue);
  let builders = [
    AttrBuilder<(ins "double":$min, "double":$max), [{
      return $_get($_ctxt, ::llvm::APFloat(min), ::llvm::APFloat(max));
    }]>
  ];
  let extraClassDeclaration = [{
    double getMin() const { return getMinValue().convertToDouble(); }
    double getMax() const { return getMaxValue().convertToDouble(); }
  }];
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

#endif // QOPT_DIALECT_QUANT_IR_QUANTATTRIBUTES_TD
