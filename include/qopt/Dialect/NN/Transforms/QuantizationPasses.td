// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes that turn a float graph into one of integers: ranges, simulation,
// rounding of weights, conversion.

#ifndef QOPT_DIALECT_NN_TRANSFORMS_QUANTIZATIONPASSES_TD
#define QOPT_DIALECT_NN_TRANSFORMS_QUANTIZATIONPASSES_TD

include "mlir/Pass/PassBase.td"

def NNAttachRangesPass : Pass<"nn-attach-ranges", "::mlir::ModuleOp"> {
  let summary = "set the ranges that statistics give";
  let description = [{
    Reads a file of statistics, as `qopt-calibrate` writes it, and sets
    `quant.range` on the f32 arguments of `main` and on the ops that make its
    f32 tensors. The range is what an estimator makes of a tensor's statistics
    for the bits and the symmetry that it will be stored with; `overrides`, a
    list of `PATTERN=ESTIMATOR`, names others for single tensors (a pattern is
    that of a recipe: a glob, or a regular expression between slashes; the last
    one that matches counts).

    The statistics must have been made of this very module: their fingerprint is
    compared, and every tensor must be among them.

    Before:

    ```mlir
    func.func @main(%x: tensor<1x4xf32> {nn.name = "x"}) -> tensor<1x4xf32> {
      %0 = nn.relu %x : (tensor<1x4xf32>) -> tensor<1x4xf32>
      return %0 : tensor<1x4xf32>
    }
    ```

    After `nn-attach-ranges{statistics=x.qcal}`:

    ```mlir
    func.func @main(%x: tensor<1x4xf32> {nn.name = "x",
          quant.range = #quant.range<-1.0, 1.0>}) -> tensor<1x4xf32> {
      %0 = nn.relu %x {quant.range = #quant.range<0.0, 1.0>}
        : (tensor<1x4xf32>) -> tensor<1x4xf32>
      return %0 : tensor<1x4xf32>
    }
    ```
  }];
  let dependentDialects = ["::qopt::quant::QuantDialect"];
  let options = [
    Option<"statistics", "statistics", "std::string", /*default=*/"",
           "the file of statistics">,
    Option<"estimator", "estimator", "std::string", /*default=*/"\"minmax\"",
           "how ranges are estimated: minmax, moving-average, percentile:99.99, "
           "kl, mse, aciq">,
    Option<"bits", "bits", "unsigned", /*default=*/"8",
           "bits that tensors will be stored with">,
    Option<"symmetric", "symmetric", "bool", /*default=*/"false",
           "whether zero points will be 0">,
    ListOption<"overrides", "overrides", "std::string",
               "other estimators, PATTERN=ESTIMATOR">
  ];
  let statistics = [
    Statistic<"numAttached", "num-attached", "Tensors that got a range">
  ];
}

def NNInsertFakeQuantizePass
    : Pass<"nn-insert-fake-quantize", "::mlir::ModuleOp"> {
  let summary = "simulate quantization in float";
  let description = [{
    Turns a float graph whose tensors carry `quant.range` into a simulation of
    the integer graph: weights and biases become integers that are dequantized,
    and every tensor that the integer graph stores passes through a pair
    `quant.qcast`, `quant.dcast`. What a layer may look like is said by the
    target `profile`; what the user wants otherwise for some layers by the
    `recipe`. The result is still a float graph and can be run.

    - Weights get their scales from their values; a bias has the scale
      S_x * S_w. Where weights are tiny against their bias the scale is raised
      until the bias fits 32 bits; the pass warns where that costs resolution.
    - Ops that only move values share parameters with their operands, made of
      the hull of their ranges. Softmax and logistic have fixed parameters.
    - An op stays float if it has no quantized form, if profile or recipe say
      so, or if its weights are not constant. A tensor that is to be quantized
      and has no range is an error.

    Before:

    ```mlir
    func.func @before(
        %x: tensor<1x2xf32> {quant.range = #quant.range<-1.0, 1.0>})
        -> tensor<1x1xf32> {
      %w = nn.constant dense<[[0.5, -1.0]]> : tensor<1x2xf32>
      %y = nn.fully_connected %x, %w {quant.range = #quant.range<-2.0, 2.0>}
        : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
      return %y : tensor<1x1xf32>
    }
    ```

    After (`profile=tflite`):

    ```mlir
    !x = !quant.uniform<i8:f32, 0.0078431377187371254>
    !w = !quant.uniform<i8<-127:127>:f32:0, {0.007874015718698502}>
    !y = !quant.uniform<i8:f32, 0.015686275437474251>
    func.func @after(%x: tensor<1x2xf32>) -> tensor<1x1xf32> {
      %0 = quant.qcast %x : tensor<1x2xf32> to tensor<1x2x!x>
      %1 = quant.dcast %0 : tensor<1x2x!x> to tensor<1x2xf32>
      %2 = nn.constant dense<[[64, -127]]> : tensor<1x2xi8> -> tensor<1x2x!w>
      %3 = quant.dcast %2 : tensor<1x2x!w> to tensor<1x2xf32>
      %4 = nn.fully_connected %1, %3 {rounding = #quant.rounding<single>}
        : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
      %5 = quant.qcast %4 : tensor<1x1xf32> to tensor<1x1x!y>
      %6 = quant.dcast %5 : tensor<1x1x!y> to tensor<1x1xf32>
      return %6 : tensor<1x1xf32>
    }
    ```
  }];
  let options = [
    Option<"profile", "profile", "std::string", "\"qopt\"",
           "target profile: a name, or the path of a file">,
    Option<"recipe", "recipe", "std::string", "\"\"",
           "file with rules for single layers">,
    Option<"scheme", "scheme", "std::string", "\"int8\"",
           "bits of weights and activations: int8, int16x8, int4w8a, ...">,
    Option<"granularity", "granularity", "std::string", "\"\"",
           "which weights share a scale: per-tensor, per-channel, sub-channel "
           "(default: what the profile prefers)">,
    Option<"groupSize", "group-size", "int64_t", "32",
           "input channels of a group where the granularity is sub-channel: "
           "the greatest divisor of a layer's that is not above it">,
    Option<"weightEstimator", "weight-estimator", "std::string", "\"minmax\"",
           "how weights get their ranges: minmax, mse">,
    Option<"keepWeights", "keep-weights", "bool", "false",
           "leave weights reals that are quantized at their place, for "
           "nn-search-weight-scales and nn-round-weights">
  ];
  let dependentDialects = ["::qopt::quant::QuantDialect"];
  let statistics = [
    Statistic<"numPairs", "num-pairs", "Pairs of casts inserted">,
    Statistic<"numLayers", "num-layers", "Layers that become integer ones">,
    Statistic<"numLifted", "num-lifted", "Channels whose scale was raised">
  ];
}

def NNSearchWeightScalesPass
    : Pass<"nn-search-weight-scales", "::mlir::ModuleOp"> {
  let summary = "shrink weight scales where that makes a layer's error smaller";
  let description = [{
    Of weights that are quantized at their place (`nn.constant`, `quant.qcast`,
    `quant.dcast`; `nn-insert-fake-quantize{keep-weights}` leaves them so) each
    scale is multiplied by the factor in 1, 1 - step, ..., least with which
    rounding gives the least squared error: of the layer's result, if the
    moments of its input are known, else of the weights. For the result's error
    single integers are moved from the nearest ones as long as that makes it
    smaller, and the scale is fitted to them, by at most a tenth. A smaller
    scale cuts off the largest weights and is finer for the others; with 8 bits
    that rarely pays, with 4 it often does. The bias follows the scale. Powers
    of two stay powers of two, weights in groups and scales that were raised for
    the sake of the bias stay as they are.

    Before:

    ```mlir
    !x = !quant.uniform<i8:f32, 0.5>
    !w = !quant.uniform<i4<-7:7>:f32:0, {0.9}>
    func.func @before(%x: tensor<1x6x!x>) -> tensor<1x1xf32> {
      %0 = quant.dcast %x : tensor<1x6x!x> to tensor<1x6xf32>
      %w = nn.constant dense<[[6.3, 0.5, -0.5, 0.5, 0.5, 0.5]]>
        : tensor<1x6xf32>
      %1 = quant.qcast %w : tensor<1x6xf32> to tensor<1x6x!w>
      %2 = quant.dcast %1 : tensor<1x6x!w> to tensor<1x6xf32>
      %y = nn.fully_connected %0, %2
        : (tensor<1x6xf32>, tensor<1x6xf32>) -> tensor<1x1xf32>
      return %y : tensor<1x1xf32>
    }
    ```

    After:

    ```mlir
    !x = !quant.uniform<i8:f32, 0.5>
    !w = !quant.uniform<i4<-7:7>:f32:0, {0.86400002241134644}>
    func.func @after(%x: tensor<1x6x!x>) -> tensor<1x1xf32> {
      %0 = quant.dcast %x : tensor<1x6x!x> to tensor<1x6xf32>
      %w = nn.constant dense<[[6.3, 0.5, -0.5, 0.5, 0.5, 0.5]]>
        : tensor<1x6xf32>
      %1 = quant.qcast %w : tensor<1x6xf32> to tensor<1x6x!w>
      %2 = quant.dcast %1 : tensor<1x6x!w> to tensor<1x6xf32>
      %y = nn.fully_connected %0, %2
        : (tensor<1x6xf32>, tensor<1x6xf32>) -> tensor<1x1xf32>
      return %y : tensor<1x1xf32>
    }
    ```
  }];
  let options = [
    Option<"momentsFile", "moments", "std::string", "\"\"",
           "file with the moments of the layers' inputs">,
    Option<"damping", "damping", "double", "0.01",
           "part of the mean moment that is added to each input's own">,
    Option<"least", "least", "double", "0.6", "the smallest factor">,
    Option<"step", "step", "double", "0.02", "from factor to factor">
  ];
  let dependentDialects = ["::qopt::quant::QuantDialect"];
  let statistics = [
    Statistic<"numShrunk", "num-shrunk", "Scales that were made smaller">
  ];
}

def NNRoundWeightsPass : Pass<"nn-round-weights", "::mlir::ModuleOp"> {
  let summary = "choose the integers that stand for weights";
  let description = [{
    Weights that are quantized at their place (`nn.constant`, `quant.qcast`,
    `quant.dcast`) become constants of integers. `nearest` does what the cast
    does. The other methods make the squared error of the layer's result small,
    given the second moments of its input; no row of weights gets a greater
    error than by rounding to the nearest:

    - `gptq` rounds one weight after the other and lets the rest make up for
      the error (Frantar et al. 2022, arXiv 2210.17323), then moves single
      weights as long as that helps. It takes a second or two for a network
      of a million weights.
    - `adaround` learns for all weights at once whether to go up or down (Nagel
      et al. 2020, arXiv 2004.10568), then moves single weights. Slower; equal
      on most layers.

    With `centered` (the default) the mean of the error does not count: it is
    left to `nn-correct-bias`.

    Before:

    ```mlir
    !w = !quant.uniform<i8<-127:127>:f32:0, {0.25}>
    func.func @before(%x: tensor<1x2xf32>) -> tensor<1x1xf32> {
      %w = nn.constant dense<[[1.0, -0.7]]> : tensor<1x2xf32>
      %0 = quant.qcast %w : tensor<1x2xf32> to tensor<1x2x!w>
      %1 = quant.dcast %0 : tensor<1x2x!w> to tensor<1x2xf32>
      %y = nn.fully_connected %x, %1
        : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
      return %y : tensor<1x1xf32>
    }
    ```

    After (`method=nearest`):

    ```mlir
    !w = !quant.uniform<i8<-127:127>:f32:0, {0.25}>
    func.func @after(%x: tensor<1x2xf32>) -> tensor<1x1xf32> {
      %0 = nn.constant dense<[[4, -3]]> : tensor<1x2xi8> -> tensor<1x2x!w>
      %1 = quant.dcast %0 : tensor<1x2x!w> to tensor<1x2xf32>
      %y = nn.fully_connected %x, %1
        : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
      return %y : tensor<1x1xf32>
    }
    ```
  }];
  let options = [
    Option<"momentsFile", "moments", "std::string", "\"\"",
           "file with the moments of the layers' inputs">,
    Option<"method", "method", "::qopt::rounding::Method",
           "::qopt::rounding::Method::Sequential", "how to round",
           [{::llvm::cl::values(
               clEnumValN(::qopt::rounding::Method::Nearest, "nearest",
                          "each weight by itself"),
               clEnumValN(::qopt::rounding::Method::Sequential, "gptq",
                          "one after the other"),
               clEnumValN(::qopt::rounding::Method::Learned, "adaround",
                          "all at once, by learning"))}]>,
    Option<"damping", "damping", "double", "0.01",
           "part of the mean moment that is added to each input's own">,
    Option<"centered", "centered", "bool", "true",
           "leave the mean of the error to the bias">
  ];
  let dependentDialects = ["::qopt::quant::QuantDialect"];
  let statistics = [
    Statistic<"numRounded", "num-rounded", "Layers whose weights were rounded">,
    Statistic<"numMoved", "num-moved",
              "Weights that are not the nearest integers">
  ];
}

def NNCorrectBiasPass : Pass<"nn-correct-bias", "::mlir::ModuleOp"> {
  let summary = "give each layer the mean result that it had in the float graph";
  let description = [{
    Rounded weights shift the mean of each channel (Nagel et al. 2019, arXiv
    1906.04721, section 4.2). The bias of each linear layer with quantized
    weights is set to

        mean result of the float layer - sum_k weight[k] * mean input[k]

    with both means measured on calibration data in the float graph. A layer
    without bias gets one.

    Before:

    ```mlir
    !x = !quant.uniform<i8:f32, 0.5>
    !w = !quant.uniform<i8<-127:127>:f32:0, {0.25}>
    func.func @before(%x: tensor<1x2x!x>) -> tensor<1x1xf32> {
      %0 = quant.dcast %x : tensor<1x2x!x> to tensor<1x2xf32>
      %w = nn.constant dense<[[4, -3]]> : tensor<1x2xi8> -> tensor<1x2x!w>
      %1 = quant.dcast %w : tensor<1x2x!w> to tensor<1x2xf32>
      %y = nn.fully_connected %0, %1
        : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
      return %y : tensor<1x1xf32>
    }
    ```

    After, where the means of the input are 2 and 4 and the float layer's mean
    result was -0.8:

    ```mlir
    !x = !quant.uniform<i8:f32, 0.5>
    !w = !quant.uniform<i8<-127:127>:f32:0, {0.25}>
    !b = !quant.uniform<i32:f32:0, {0.125}>
    func.func @after(%x: tensor<1x2x!x>) -> tensor<1x1xf32> {
      %0 = quant.dcast %x : tensor<1x2x!x> to tensor<1x2xf32>
      %w = nn.constant dense<[[4, -3]]> : tensor<1x2xi8> -> tensor<1x2x!w>
      %1 = quant.dcast %w : tensor<1x2x!w> to tensor<1x2xf32>
      %b = nn.constant dense<2> : tensor<1xi32> -> tensor<1x!b>
      %2 = quant.dcast %b : tensor<1x!b> to tensor<1xf32>
      %y = nn.fully_connected %0, %1, %2
        : (tensor<1x2xf32>, tensor<1x2xf32>, tensor<1xf32>) -> tensor<1x1xf32>
      return %y : tensor<1x1xf32>
    }
    ```
  }];
  let options = [
    Option<"momentsFile", "moments", "std::string", "\"\"",
           "file with the moments of the layers' inputs">
  ];
  let dependentDialects = ["::qopt::quant::QuantDialect"];
  let statistics = [
    Statistic<"numCorrected", "num-corrected", "Layers whose bias was set">
  ];
}

def NNConvertFakeQuantizedPass
    : Pass<"nn-convert-fake-quantized", "::mlir::ModuleOp"> {
  let summary = "integer ops for float ops between casts";
  let description = [{
    A float op whose operands are all dequantized (`quant.dcast`) and whose
    result is only quantized (`quant.qcast`) becomes the op on the stored
    integers. Casts that meet become nothing or a `quant.requantize`; the rest
    stays and separates float from integer ops. With `io=quantized` arguments
    and results that are only cast become quantized themselves.

    A linear op whose input stays float takes its 4- or 8-bit weights as they
    are stored, and gets `dynamic_input` if it carries `quant.dynamic`.

    Before:

    ```mlir
    !x = !quant.uniform<i8:f32, 0.5>
    !y = !quant.uniform<i8:f32, 0.25:-3>
    func.func @before(%x: tensor<4xf32>) -> tensor<4xf32> {
      %0 = quant.qcast %x : tensor<4xf32> to tensor<4x!x>
      %1 = quant.dcast %0 : tensor<4x!x> to tensor<4xf32>
      %2 = nn.relu %1 : (tensor<4xf32>) -> tensor<4xf32>
      %3 = quant.qcast %2 : tensor<4xf32> to tensor<4x!y>
      %4 = quant.dcast %3 : tensor<4x!y> to tensor<4xf32>
      return %4 : tensor<4xf32>
    }
    ```

    After:

    ```mlir
    !x = !quant.uniform<i8:f32, 0.5>
    !y = !quant.uniform<i8:f32, 0.25:-3>
    func.func @after(%x: tensor<4x!x>) -> tensor<4x!y> {
      %0 = nn.relu %x : (tensor<4x!x>) -> tensor<4x!y>
      return %0 : tensor<4x!y>
    }
    ```
  }];
  let options = [
    Option<"io", "io", "::qopt::nn::QuantizedInterface",
           "::qopt::nn::QuantizedInterface::Quantized",
           "types of the function's arguments and results",
           [{::llvm::cl::values(
               clEnumValN(::qopt::nn::QuantizedInterface::Quantized,
                          "quantized", "stored integers where they are known"),
               clEnumValN(::qopt::nn::QuantizedInterface::Float, "float",
                          "as they were"))}]>
  ];
  let dependentDialects = ["::qopt::quant::QuantDialect"];
  let statistics = [
    Statistic<"numConverted", "num-converted", "Ops that became integer ones">,
    Statistic<"numBoundary", "num-boundary", "Arguments and results quantized">
  ];
}

def NNSumInFloatsPass : Pass<"nn-sum-in-floats", "::mlir::ModuleOp"> {
  let summary = "sums of stored integers as float sums that are exact";
  let description = [{
    A linear op that makes an accumulator (see `nn-expose-requantize`) becomes
    the op on f32: its operands hold the integers `q - Z`, and its result, a
    whole number, is cast back to the accumulator. Only where no sum, whatever
    the input and in whatever order it is added up, can leave [-2^24, 2^24], in
    which f32 holds every integer. All other ops stay what they are.

    This is how a simulation is run: in floats, with the sums that the integer
    graph has, so that both store the same values.

    Before:

    ```mlir
    !x = !quant.uniform<i8:f32, 0.5:3>
    !w = !quant.uniform<i8:f32, 0.25>
    !a = !quant.uniform<i32:f32, 0.125>
    func.func @before(%x: tensor<1x2x!x>) -> tensor<1x1x!a> {
      %w = nn.constant dense<[[4, -3]]> : tensor<1x2xi8> -> tensor<1x2x!w>
      %y = nn.fully_connected %x, %w
        : (tensor<1x2x!x>, tensor<1x2x!w>) -> tensor<1x1x!a>
      return %y : tensor<1x1x!a>
    }
    ```

    After:

    ```mlir
    !x = !quant.uniform<i8:f32, 0.5:3>
    !u = !quant.uniform<i8:f32, 1.0:3>
    !s = !quant.uniform<i32<-16777216:16777216>:f32, 1.0>
    !a = !quant.uniform<i32:f32, 0.125>
    func.func @after(%x: tensor<1x2x!x>) -> tensor<1x1x!a> {
      %0 = quant.scast %x : tensor<1x2x!x> to tensor<1x2xi8>
      %1 = quant.scast %0 : tensor<1x2xi8> to tensor<1x2x!u>
      %2 = quant.dcast %1 : tensor<1x2x!u> to tensor<1x2xf32>
      %w = nn.constant dense<[[4.0, -3.0]]> : tensor<1x2xf32>
      %3 = nn.fully_connected %2, %w
        : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
      %4 = quant.qcast %3 : tensor<1x1xf32> to tensor<1x1x!s>
      %5 = quant.scast %4 : tensor<1x1x!s> to tensor<1x1xi32>
      %6 = quant.scast %5 : tensor<1x1xi32> to tensor<1x1x!a>
      return %6 : tensor<1x1x!a>
    }
    ```
  }];
  let dependentDialects = ["::qopt::quant::QuantDialect"];
  let statistics = [
    Statistic<"numFloat", "num-float", "Ops that add up floats">,
    Statistic<"numTooLarge", "num-too-large",
              "Ops whose sums may leave [-2^24, 2^24]">
  ];
}

#endif // QOPT_DIALECT_NN_TRANSFORMS_QUANTIZATIONPASSES_TD
