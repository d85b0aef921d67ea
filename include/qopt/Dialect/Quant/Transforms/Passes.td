// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes on the quant dialect.

#ifndef QOPT_DIALECT_QUANT_TRANSFORMS_PASSES_TD
#define QOPT_DIALECT_QUANT_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def QuantCanonicalizeRequantizePass
    : Pass<"quant-canonicalize-requantize"> {
  let summary = "remove and merge requantizations that are provably redundant";
  let description = [{
    Four rewritings, none of which changes a bit of any result:

    - a requantize between equal types that clamps nothing disappears;
    - a requantize of a requantize becomes one, when the second only clamps, or
      when both round alike and one gives the same result for every stored value
      of the first one's input (which must have at most 8 bits);
    - a quantize of a dequantize disappears when it gives back every stored
      value;
    - otherwise it becomes a requantize, if one with rounding `double`, or else
      `single`, gives the same result for every stored value.

    Only a value with no other use is skipped over, so no work is done twice.
    "Every stored value" is meant literally: the pass evaluates both forms for
    all of them, in each channel.

    ```mlir
    !i8 = !quant.uniform<i8:f32, 0.5:-3>
    !u8 = !quant.uniform<u8:f32, 0.5:125>
    func.func @before(%x: tensor<4x!i8>) -> tensor<4x!i8> {
      %0 = quant.requantize %x {rounding = #quant.rounding<double>} : tensor<4x!i8> to tensor<4x!u8>
      %1 = quant.requantize %0 {rounding = #quant.rounding<double>, min = -3} : tensor<4x!u8> to tensor<4x!i8>
      return %1 : tensor<4x!i8>
    }

    // becomes

    func.func @after(%x: tensor<4x!i8>) -> tensor<4x!i8> {
      %0 = quant.requantize %x {rounding = #quant.rounding<double>, min = -3} : tensor<4x!i8> to tensor<4x!i8>
      return %0 : tensor<4x!i8>
    }
    ```

    With `allow-approximate`, two requantizations that round alike are merged
    without proof. One rounding instead of two is closer to the real result, but
    not equal to what the graph says; `num-merged-approximately` counts them.
  }];
  let options = [
    Option<"allowApproximate", "allow-approximate", "bool", "false",
           "Merge requantizations of which equality is not proved">
  ];
  let statistics = [
    Statistic<"numRemoved", "num-removed",
              "Number of requantizations between equal types removed">,
    Statistic<"numMerged", "num-merged",
              "Number of pairs of requantizations merged, provably equal">,
    Statistic<"numMergedApproximately", "num-merged-approximately",
              "Number of pairs of requantizations merged without proof">,
    Statistic<"numCastsRemoved", "num-casts-removed",
              "Number of quantize(dequantize(x)) replaced by x">,
    Statistic<"numCastsReplaced", "num-casts-replaced",
              "Number of quantize(dequantize(x)) replaced by a requantize">
  ];
  let dependentDialects = ["::qopt::quant::QuantDialect"];
}

def QuantLegalizeMultipliersPass : Pass<"quant-legalize-multipliers"> {
  let summary = "give requantizations multipliers, in fixed point where there is one";
  let description = [{
    Every `quant.requantize` becomes a `quant.scast` to stored integers and a
    `quant.apply_multiplier`, whose multipliers are the fixed-point form of
    `input scale / result scale`, computed in double. The multiplier is per axis
    when either type is.

    The rounding modes on real numbers are treated apart. `real` becomes
    `single`, with the nearest multiplier or one beside it, if for each channel
    both give the same integers within the clamp for every accumulator of 32
    bits. Both are monotone, so this is proved by looking at the two
    accumulators at each of the at most 255 steps. Where one channel has no such
    multiplier, and for results of more than 8 bits, the mode stays, with a
    `#quant.real_multiplier`. `float` always stays; its multiplier is the
    quotient in float32.

    ```mlir
    !acc = !quant.uniform<i32:f32, 0.001>
    !i8 = !quant.uniform<i8:f32, 0.05:-3>
    func.func @before(%acc: tensor<1x8x!acc>) -> tensor<1x8x!i8> {
      %0 = quant.requantize %acc {rounding = #quant.rounding<double>, min = -3} : tensor<1x8x!acc> to tensor<1x8x!i8>
      return %0 : tensor<1x8x!i8>
    }

    // becomes

    func.func @after(%acc: tensor<1x8x!acc>) -> tensor<1x8x!i8> {
      %0 = quant.scast %acc : tensor<1x8x!acc> to tensor<1x8xi32>
      %1 = quant.apply_multiplier %0 {multiplier = #quant.multiplier<[1374389535], [-5]>, rounding = #quant.rounding<double>, min = -3} : tensor<1x8xi32> to tensor<1x8x!i8>
      return %1 : tensor<1x8x!i8>
    }
    ```

    It is an error when a multiplier cannot be represented (the message has its
    value and, per axis, its channel), when `shift` meets a multiplier that is no power of
    two, when the input's zero points differ along an axis, and when a type is
    quantized in blocks.
  }];
  let statistics = [
    Statistic<"numLegalized", "num-legalized",
              "Number of requantizations given multipliers">,
    Statistic<"numChannels", "num-channels",
              "Number of multipliers computed, one a channel">,
    Statistic<"numProved", "num-proved",
              "Number of requantizations of mode real proved equal to single">,
    Statistic<"numReal", "num-real",
              "Number of requantizations that keep real multipliers">
  ];
  let dependentDialects = ["::qopt::quant::QuantDialect"];
}

#endif // QOPT_DIALECT_QUANT_TRANSFORMS_PASSES_TD
