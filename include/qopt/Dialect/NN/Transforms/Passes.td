// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The passes of lib/Dialect/NN/Transforms, in the order of the pipeline.

#ifndef QOPT_DIALECT_NN_TRANSFORMS_PASSES_TD
#define QOPT_DIALECT_NN_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def NNFoldConstantsPass : Pass<"nn-fold-constants"> {
  let summary = "compute what is known at compile time";
  let description = [{
    An op on f32 constants that can be computed (arithmetic, clamps, functions,
    moves, batch norm) becomes the constant that it makes, in the float32
    arithmetic that it has at run time. A result of more than `max-elements` is
    left to the run: a constant that large costs more than it saves.

    Before:

    ```mlir
    func.func @before() -> tensor<2xf32> {
      %a = nn.constant dense<[1.0, -2.0]> : tensor<2xf32>
      %b = nn.constant dense<0.5> : tensor<f32>
      %0 = nn.add %a, %b : (tensor<2xf32>, tensor<f32>) -> tensor<2xf32>
      %1 = nn.relu %0 : (tensor<2xf32>) -> tensor<2xf32>
      return %1 : tensor<2xf32>
    }
    ```

    After:

    ```mlir
    func.func @after() -> tensor<2xf32> {
      %0 = nn.constant dense<[1.5, 0.0]> : tensor<2xf32>
      return %0 : tensor<2xf32>
    }
    ```
  }];
  let dependentDialects = ["::qopt::nn::NNDialect"];
  let options = [
    Option<"maxElements", "max-elements", "int64_t", "16777216",
           "most elements of a folded result">
  ];
  let statistics = [
    Statistic<"numFolded", "num-folded", "Ops computed">
  ];
}

def NNGlobalPoolToMeanPass : Pass<"nn-global-pool-to-mean"> {
  let summary = "make a mean of an average over the whole picture";
  let description = [{
    A float `nn.average_pool_2d` whose window is its input becomes an `nn.mean`.
    Quantized, a pool shares its input's parameters; a mean has its own, which
    are finer, as an average hardly ever uses the whole range.

    Before:

    ```mlir
    func.func @before(%x: tensor<1x8x8x4xf32>) -> tensor<1x1x1x4xf32> {
      %0 = nn.average_pool_2d %x {kernel = array<i64: 8, 8>}
        : (tensor<1x8x8x4xf32>) -> tensor<1x1x1x4xf32>
      return %0 : tensor<1x1x1x4xf32>
    }
    ```

    After:

    ```mlir
    func.func @after(%x: tensor<1x8x8x4xf32>) -> tensor<1x1x1x4xf32> {
      %0 = nn.mean %x {axes = array<i64: 1, 2>, keep_dims = true}
        : (tensor<1x8x8x4xf32>) -> tensor<1x1x1x4xf32>
      return %0 : tensor<1x1x1x4xf32>
    }
    ```
  }];
  let dependentDialects = ["::qopt::nn::NNDialect"];
  let statistics = [
    Statistic<"numReplaced", "num-replaced", "Pools replaced">
  ];
}

def NNRemoveDeadChannelsPass : Pass<"nn-remove-dead-channels"> {
  let summary = "remove channels that are constant or not read";
  let description = [{
    A channel whose weights are all zero holds its bias everywhere: what the
    linear ops behind make of that goes into their biases. A channel that is then
    multiplied by zeros only is removed, from the op that makes it, the ops
    between, the weights of the ops that read it, and the depthwise channels that
    were made of it alone.

    Every use of the tensor must end in a linear op with constant weights; where
    such an op has a border of zeros, only a channel of zeros is constant for it.

    A channel that is not dead, but whose weights are less than `tiny` of the
    op's largest, is warned of: a batch norm with a variance or a scale close to
    zero leaves such channels, which no common scale represents.

    Before:

    ```mlir
    func.func @before(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
      %w1 = nn.constant dense<[[2.0], [0.0]]> : tensor<2x1xf32>
      %b1 = nn.constant dense<[0.0, 3.0]> : tensor<2xf32>
      %w2 = nn.constant dense<[[1.0, 4.0]]> : tensor<1x2xf32>
      %0 = nn.fully_connected %x, %w1, %b1
        : (tensor<1x1xf32>, tensor<2x1xf32>, tensor<2xf32>) -> tensor<1x2xf32>
      %1 = nn.relu %0 : (tensor<1x2xf32>) -> tensor<1x2xf32>
      %2 = nn.fully_connected %1, %w2
        : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
      return %2 : tensor<1x1xf32>
    }
    ```

    After:

    ```mlir
    func.func @after(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
      %w1 = nn.constant dense<2.0> : tensor<1x1xf32>
      %b1 = nn.constant dense<0.0> : tensor<1xf32>
      %w2 = nn.constant dense<1.0> : tensor<1x1xf32>
      %b2 = nn.constant dense<12.0> : tensor<1xf32>
      %0 = nn.fully_connected %x, %w1, %b1
        : (tensor<1x1xf32>, tensor<1x1xf32>, tensor<1xf32>) -> tensor<1x1xf32>
      %1 = nn.relu %0 : (tensor<1x1xf32>) -> tensor<1x1xf32>
      %2 = nn.fully_connected %1, %w2, %b2
        : (tensor<1x1xf32>, tensor<1x1xf32>, tensor<1xf32>) -> tensor<1x1xf32>
      return %2 : tensor<1x1xf32>
    }
    ```
  }];
  let dependentDialects = ["::qopt::nn::NNDialect"];
  let options = [
    Option<"tiny", "tiny", "double", "1e-6",
           "part of an op's largest weight below which a channel is warned of">
  ];
  let statistics = [
    Statistic<"numConstant", "num-constant", "Constant channels absorbed">,
    Statistic<"numRemoved", "num-removed", "Channels removed">
  ];
}

def NNAbsorbBiasPass : Pass<"nn-absorb-bias"> {
  let summary = "move high biases into the next layer";
  let description = [{
    Absorption of high biases (Nagel et al. 2019, arXiv 1906.04721). Where a
    linear op with a relu has channels that are almost never below some c > 0,
    c is taken off their bias and W c added to the bias of the ops that read
    them. Activations then need less range. c is the mean less `sigmas`
    standard deviations, from the attributes `nn.result_mean` and
    `nn.result_deviation` that `nn-fold-batch-norm` leaves and that
    `nn-equalize-cross-layer` keeps up to date.

    Results change where a channel is below c after all: with three sigmas in
    0.135 % of cases if it is distributed normally.

    All uses of the tensor must end in linear ops without a border of zeros
    (or with one that can be changed: see `nn-fold-batch-norm`), through ops
    that commute with a shift.

    Before:

    ```mlir
    func.func @before(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
      %w1 = nn.constant dense<1.0> : tensor<1x1xf32>
      %b1 = nn.constant dense<5.0> : tensor<1xf32>
      %w2 = nn.constant dense<2.0> : tensor<1x1xf32>
      %0 = nn.fully_connected %x, %w1, %b1 {
          activation = #nn.activation<relu>,
          nn.result_deviation = array<f64: 0.5>, nn.result_mean = array<f64: 5.5>}
        : (tensor<1x1xf32>, tensor<1x1xf32>, tensor<1xf32>) -> tensor<1x1xf32>
      %1 = nn.fully_connected %0, %w2
        : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
      return %1 : tensor<1x1xf32>
    }
    ```

    After:

    ```mlir
    func.func @after(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
      %w1 = nn.constant dense<1.0> : tensor<1x1xf32>
      %b1 = nn.constant dense<1.0> : tensor<1xf32>
      %w2 = nn.constant dense<2.0> : tensor<1x1xf32>
      %b2 = nn.constant dense<8.0> : tensor<1xf32>
      %0 = nn.fully_connected %x, %w1, %b1 {
          activation = #nn.activation<relu>,
          nn.result_deviation = array<f64: 0.5>, nn.result_mean = array<f64: 1.5>}
        : (tensor<1x1xf32>, tensor<1x1xf32>, tensor<1xf32>) -> tensor<1x1xf32>
      %1 = nn.fully_connected %0, %w2, %b2
        : (tensor<1x1xf32>, tensor<1x1xf32>, tensor<1xf32>) -> tensor<1x1xf32>
      return %1 : tensor<1x1xf32>
    }
    ```
  }];
  let dependentDialects = ["::qopt::nn::NNDialect"];
  let options = [
    Option<"sigmas", "sigmas", "double", "3.0",
           "standard deviations below the mean that are kept">
  ];
  let statistics = [
    Statistic<"numAbsorbed", "num-absorbed", "Ops whose bias was absorbed">
  ];
}

def NNFoldBatchNormPass : Pass<"nn-fold-batch-norm"> {
  let summary = "fold batch norms into weights and biases";
  let description = [{
    A batch norm with known statistics multiplies each channel by a factor and
    adds an offset. Multiplications by and additions of a constant with one
    number a channel do the same and are treated alike; neighbours are composed
    first. All arithmetic is in double precision and rounded once.

    - Behind a linear op (convolution, depthwise, transposed, fully connected)
      factor and offset go into its weights and bias, through ops between that
      commute with them: moves, pools, a relu if there is no offset and no
      negative factor, a pad whose value can be adapted.
    - Before linear ops only, they go into those ops' weights and biases. Where
      such an op has a border of zeros and there is an offset, the border is
      made of the number that the batch norm would have mapped to zero, if that
      is one number for all channels.
    - Any other batch norm becomes a depthwise convolution of 1x1 on images, and
      a multiplication and an addition elsewhere; a remark says why.

    The linear op keeps what the batch norm knew of its result's distribution,
    mean and standard deviation of each channel, in the attributes
    `nn.result_mean` and `nn.result_deviation`.

    Before:

    ```mlir
    func.func @before(%x: tensor<1x2x2x1xf32>) -> tensor<1x2x2x2xf32> {
      %w = nn.constant dense<[[[[1.0]]], [[[3.0]]]]> : tensor<2x1x1x1xf32>
      %scale = nn.constant dense<[2.0, 4.0]> : tensor<2xf32>
      %offset = nn.constant dense<[0.5, 1.0]> : tensor<2xf32>
      %mean = nn.constant dense<[1.0, 2.0]> : tensor<2xf32>
      %variance = nn.constant dense<[4.0, 16.0]> : tensor<2xf32>
      %0 = nn.conv_2d %x, %w
        : (tensor<1x2x2x1xf32>, tensor<2x1x1x1xf32>) -> tensor<1x2x2x2xf32>
      %1 = nn.batch_norm %0, %scale, %offset, %mean, %variance
          {epsilon = 0.0 : f64}
        : (tensor<1x2x2x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>,
           tensor<2xf32>) -> tensor<1x2x2x2xf32>
      return %1 : tensor<1x2x2x2xf32>
    }
    ```

    After:

    ```mlir
    func.func @after(%x: tensor<1x2x2x1xf32>) -> tensor<1x2x2x2xf32> {
      %w = nn.constant dense<[[[[1.0]]], [[[3.0]]]]> : tensor<2x1x1x1xf32>
      %b = nn.constant dense<[-0.5, -1.0]> : tensor<2xf32>
      %0 = nn.conv_2d %x, %w, %b {
          nn.result_deviation = array<f64: 2.0, 4.0>,
          nn.result_mean = array<f64: 0.5, 1.0>}
        : (tensor<1x2x2x1xf32>, tensor<2x1x1x1xf32>, tensor<2xf32>)
        -> tensor<1x2x2x2xf32>
      return %0 : tensor<1x2x2x2xf32>
    }
    ```
  }];
  let dependentDialects = ["::qopt::nn::NNDialect"];
  let statistics = [
    Statistic<"numFoldedBefore", "num-folded-into-op-before",
              "Batch norms folded into the linear op before them">,
    Statistic<"numFoldedBehind", "num-folded-into-ops-behind",
              "Batch norms folded into the linear ops behind them">,
    Statistic<"numRewritten", "num-rewritten",
              "Batch norms written as scale and shift">
  ];
}

def NNEqualizeCrossLayerPass : Pass<"nn-equalize-cross-layer"> {
  let summary = "give the channels between layers weights of equal size";
  let description = [{
    Cross-layer equalization (Nagel et al. 2019, arXiv 1906.04721): channel c of
    a tensor between linear ops is divided by s[c] in the op that makes it and
    multiplied by s[c] in the ops that read it, with
    s[c] = sqrt(range of its weights before / range of its weights behind). One
    scale for all weights of an op then serves all its channels. Pairs are
    visited in turn until no |log2 s| is above `tolerance`. Then each s becomes
    the nearest power of two, which no float rounds; `real-scales` takes s itself.

    Every use of the tensor must end in a linear op with constant weights;
    between there may be ops that commute with positive scales: relu, pools,
    moves, borders of zero. A clamp with an upper bound, relu6, does not: with
    `replace-relu6` a relu takes its place, which changes results where the
    bound was reached.

    Nothing else changes the result: all terms of all sums stay the same floats,
    as long as none is too small for float32's exponent.

    Before:

    ```mlir
    func.func @before(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
      %w1 = nn.constant dense<[[16.0], [1.0]]> : tensor<2x1xf32>
      %w2 = nn.constant dense<[[1.0, 16.0]]> : tensor<1x2xf32>
      %0 = nn.fully_connected %x, %w1 {activation = #nn.activation<relu>}
        : (tensor<1x1xf32>, tensor<2x1xf32>) -> tensor<1x2xf32>
      %1 = nn.fully_connected %0, %w2
        : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
      return %1 : tensor<1x1xf32>
    }
    ```

    After:

    ```mlir
    func.func @after(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
      %w1 = nn.constant dense<4.0> : tensor<2x1xf32>
      %w2 = nn.constant dense<4.0> : tensor<1x2xf32>
      %0 = nn.fully_connected %x, %w1 {activation = #nn.activation<relu>}
        : (tensor<1x1xf32>, tensor<2x1xf32>) -> tensor<1x2xf32>
      %1 = nn.fully_connected %0, %w2
        : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
      return %1 : tensor<1x1xf32>
    }
    ```
  }];
  let dependentDialects = ["::qopt::nn::NNDialect"];
  let options = [
    Option<"replaceRelu6", "replace-relu6", "bool", "false",
           "put a relu in the place of a relu6 between layers">,
    Option<"maxRounds", "max-rounds", "unsigned", "100",
           "most visits of all pairs">,
    Option<"tolerance", "tolerance", "double", "0.001",
           "stop when no |log2 s| is above it">,
    Option<"realScales", "real-scales", "bool", "false",
           "take each s itself, not the nearest power of two">,
    Option<"printPairs", "print-reasons", "bool", "false",
           "remark on every linear op that is not equalized">
  ];
  let statistics = [
    Statistic<"numPairs", "num-pairs", "Tensors between layers equalized">,
    Statistic<"numRounds", "num-rounds", "Visits of all pairs">,
    Statistic<"numReplaced", "num-relu6-replaced", "Relu6 replaced by relu">
  ];
}

def NNPropagateTransposesPass : Pass<"nn-propagate-transposes"> {
  let summary = "move transpositions to where they cancel or cost nothing";
  let description = [{
    Models with channels first arrive with a transposition on each side of every
    convolution. This pass moves transpositions toward the results, through ops
    that say how they work on other orders of dimensions (arithmetic,
    activations, concat, pad, means, casts) and through reshapes that keep
    together what was together. Pairs cancel. Constants and the weights of a
    fully connected op behind a flattening are permuted at compile time. What
    only moves dimensions of extent 1 becomes a reshape, which costs nothing.

    Results are equal, but for the order in which a mean adds.

    Before:

    ```mlir
    func.func @before(%x: tensor<1x4x4x2xf32>, %w: tensor<2x1x1x2xf32>)
        -> tensor<1x4x4x2xf32> {
      %0 = nn.transpose %x {permutation = array<i64: 0, 3, 1, 2>}
        : (tensor<1x4x4x2xf32>) -> tensor<1x2x4x4xf32>
      %1 = nn.relu %0 : (tensor<1x2x4x4xf32>) -> tensor<1x2x4x4xf32>
      %2 = nn.transpose %1 {permutation = array<i64: 0, 2, 3, 1>}
        : (tensor<1x2x4x4xf32>) -> tensor<1x4x4x2xf32>
      %3 = nn.conv_2d %2, %w
        : (tensor<1x4x4x2xf32>, tensor<2x1x1x2xf32>) -> tensor<1x4x4x2xf32>
      return %3 : tensor<1x4x4x2xf32>
    }
    ```

    After:

    ```mlir
    func.func @after(%x: tensor<1x4x4x2xf32>, %w: tensor<2x1x1x2xf32>)
        -> tensor<1x4x4x2xf32> {
      %0 = nn.relu %x : (tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
      %1 = nn.conv_2d %0, %w
        : (tensor<1x4x4x2xf32>, tensor<2x1x1x2xf32>) -> tensor<1x4x4x2xf32>
      return %1 : tensor<1x4x4x2xf32>
    }
    ```
  }];
  let statistics = [
    Statistic<"numRemoved", "num-removed", "Transpositions removed">
  ];
}

def NNFuseActivationsPass : Pass<"nn-fuse-activations"> {
  let summary = "let the op before a clamp do the clamping";
  let description = [{
    Removes an op that only clamps (relu, relu6, clip) where the op that makes
    its input can clamp its own result. The result keeps every bit: the clamp
    must not change scale or zero point, nothing else may use the unclamped
    tensor, and the two clamps together must be one that the op can express.

    Before:

    ```mlir
    !x = !quant.uniform<i8:f32, 0.5:3>
    !w = !quant.uniform<i8:f32, 0.25>
    !y = !quant.uniform<i8:f32, 2.0:-1>
    func.func @before(%x: tensor<1x8x!x>, %w: tensor<4x8x!w>) -> tensor<1x4x!y> {
      %0 = nn.fully_connected %x, %w
        : (tensor<1x8x!x>, tensor<4x8x!w>) -> tensor<1x4x!y>
      %1 = nn.relu6 %0 : (tensor<1x4x!y>) -> tensor<1x4x!y>
      return %1 : tensor<1x4x!y>
    }
    ```

    After:

    ```mlir
    !x = !quant.uniform<i8:f32, 0.5:3>
    !w = !quant.uniform<i8:f32, 0.25>
    !y = !quant.uniform<i8:f32, 2.0:-1>
    func.func @after(%x: tensor<1x8x!x>, %w: tensor<4x8x!w>) -> tensor<1x4x!y> {
      %0 = nn.fully_connected %x, %w {activation = #nn.activation<relu6>}
        : (tensor<1x8x!x>, tensor<4x8x!w>) -> tensor<1x4x!y>
      return %0 : tensor<1x4x!y>
    }
    ```
  }];
  let statistics = [
    Statistic<"numFused", "num-fused", "Activations fused">
  ];
}

def NNExposeTensorsPass : Pass<"nn-expose-tensors", "::mlir::func::FuncOp"> {
  let summary = "make a function return its inner tensors, too";
  let description = [{
    Appends tensors that ops compute to the results of a function, with their
    names (see `nn::collectTensorNames`) as `nn.name`: those of `names`, or all
    tensors of f32 that are made by ops with operands. What calibration observes
    and what debugging compares is then an ordinary result of compiled code.

    Before:

    ```mlir
    func.func @before(%x: tensor<4xf32> {nn.name = "x"}) -> tensor<4xf32> {
      %0 = nn.relu %x : (tensor<4xf32>) -> tensor<4xf32>
      %1 = nn.logistic %0 : (tensor<4xf32>) -> tensor<4xf32>
      return %1 : tensor<4xf32>
    }
    ```

    After:

    ```mlir
    func.func @after(%x: tensor<4xf32> {nn.name = "x"}) -> (tensor<4xf32>,
        tensor<4xf32> {nn.name = "nn.relu"},
        tensor<4xf32> {nn.name = "nn.logistic"}) {
      %0 = nn.relu %x : (tensor<4xf32>) -> tensor<4xf32>
      %1 = nn.logistic %0 : (tensor<4xf32>) -> tensor<4xf32>
      return %1, %0, %1 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
    }
    ```
  }];
  let options = [
    ListOption<"names", "names", "std::string",
               "the tensors to return (default: all of f32)">
  ];
  let statistics = [
    Statistic<"numExposed", "num-exposed", "Tensors appended to the results">
  ];
}

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
           "which weights share a scale: per-tensor, per-channel (default: what "
           "the profile prefers)">,
    Option<"groupSize", "group-size", "int64_t", "32",
           "elements of a group where the granularity is sub-channel">,
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
    rounding to the nearest gives the least squared error: of the layer's
    result, if the moments of its input are known, else of the weights. A
    smaller scale cuts off the largest weights and is finer for the others;
    with 8 bits that rarely pays, with 4 it often does. The bias follows the
    scale. Powers of two stay powers of two; scales that were raised for the
    sake of the bias stay as they are.

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

def NNDecomposeTransposeConvPass : Pass<"nn-decompose-transpose-conv"> {
  let summary = "make convolutions of transposed convolutions";
  let description = [{
    A transposed convolution becomes a convolution of stride 1, with the weights
    turned around, of its input with zeros between the elements (zero points
    where it is quantized). Sums have the same terms, so integer results keep
    every bit.

    It is an error if the weights are no constant, or if the padding leaves less
    of the result than that convolution makes.

    Before:

    ```mlir
    func.func @before(%x: tensor<1x1x2x1xf32>) -> tensor<1x1x4x1xf32> {
      %w = nn.constant dense<[[[[1.0], [2.0]]]]> : tensor<1x1x2x1xf32>
      %0 = nn.transpose_conv_2d %x, %w {strides = array<i64: 1, 2>}
        : (tensor<1x1x2x1xf32>, tensor<1x1x2x1xf32>) -> tensor<1x1x4x1xf32>
      return %0 : tensor<1x1x4x1xf32>
    }
    ```

    After:

    ```mlir
    func.func @after(%x: tensor<1x1x2x1xf32>) -> tensor<1x1x4x1xf32> {
      %w = nn.constant dense<[[[[2.0], [1.0]]]]> : tensor<1x1x2x1xf32>
      %0 = nn.reshape %x : (tensor<1x1x2x1xf32>) -> tensor<1x1x1x2x1x1xf32>
      %1 = nn.pad %0 {low = array<i64: 0, 0, 0, 0, 0, 0>,
                      high = array<i64: 0, 0, 0, 0, 1, 0>}
        : (tensor<1x1x1x2x1x1xf32>) -> tensor<1x1x1x2x2x1xf32>
      %2 = nn.reshape %1 : (tensor<1x1x1x2x2x1xf32>) -> tensor<1x1x4x1xf32>
      %3 = nn.conv_2d %2, %w {padding = array<i64: 0, 0, 1, 0>}
        : (tensor<1x1x4x1xf32>, tensor<1x1x2x1xf32>) -> tensor<1x1x4x1xf32>
      return %3 : tensor<1x1x4x1xf32>
    }
    ```
  }];
  let dependentDialects = ["::qopt::nn::NNDialect"];
  let statistics = [
    Statistic<"numDecomposed", "num-decomposed", "Transposed convolutions">
  ];
}

def NNExposeRequantizePass : Pass<"nn-expose-requantize"> {
  let summary = "split a quantized linear op into accumulator and requantize";
  let description = [{
    A quantized convolution or fully connected op becomes the same op with its
    accumulator as result, and a `quant.requantize` that scales and clamps it.
    The accumulator's scale is S_x * S_w in double precision, rounded to float32
    where the op says `f32_scale_product`; the rounding mode and the stored
    bounds of the activation move to the requantize.

    Before:

    ```mlir
    !x = !quant.uniform<i8:f32, 0.5:3>
    !w = !quant.uniform<i8:f32, 0.25>
    !y = !quant.uniform<i8:f32, 2.0:-1>
    func.func @before(%x: tensor<1x8x!x>, %w: tensor<4x8x!w>) -> tensor<1x4x!y> {
      %0 = nn.fully_connected %x, %w {activation = #nn.activation<relu>}
        : (tensor<1x8x!x>, tensor<4x8x!w>) -> tensor<1x4x!y>
      return %0 : tensor<1x4x!y>
    }
    ```

    After:

    ```mlir
    !x = !quant.uniform<i8:f32, 0.5:3>
    !w = !quant.uniform<i8:f32, 0.25>
    !acc = !quant.uniform<i32:f32, 0.125>
    !y = !quant.uniform<i8:f32, 2.0:-1>
    func.func @after(%x: tensor<1x8x!x>, %w: tensor<4x8x!w>) -> tensor<1x4x!y> {
      %0 = nn.fully_connected %x, %w
        : (tensor<1x8x!x>, tensor<4x8x!w>) -> tensor<1x4x!acc>
      %1 = quant.requantize %0 {
          max = 127 : i64, min = -1 : i64, rounding = #quant.rounding<double>}
        : tensor<1x4x!acc> to tensor<1x4x!y>
      return %1 : tensor<1x4x!y>
    }
    ```
  }];
  let dependentDialects = ["::qopt::quant::QuantDialect"];
  let statistics = [
    Statistic<"numExposed", "num-exposed", "Linear ops split">
  ];
}

def NNFoldZeroPointsPass : Pass<"nn-fold-zero-points"> {
  let summary = "move the input's zero point into the bias";
  let description = [{
    A linear op with a quantized accumulator that is read as plain integers
    becomes the op with plain integers as result:

        sum (q_x - Z_x) * (q_w - Z_w) + q_b
          = sum q_x * (q_w - Z_w) + (q_b - Z_x * sum (q_w - Z_w))

    The second bracket is the new bias, a constant. At the borders padding
    contributes q_x = Z_x, so the equation holds there too.

    An interval is computed for the accumulator of each channel from the
    weights and the range of the input's storage. Where 32 bits hold it the
    result is i32; where they do not, an op on 16-bit activations gets i64, and
    for any other the pass fails and names the op, the channel and the
    interval.

    Before:

    ```mlir
    !x = !quant.uniform<i8:f32, 0.5:3>
    !w = !quant.uniform<i8:f32, 0.25>
    !acc = !quant.uniform<i32:f32, 0.125>
    func.func @before(%x: tensor<1x3x!x>) -> tensor<1x2xi32> {
      %w = nn.constant dense<[[1, 2, 3], [4, -5, 0]]> : tensor<2x3xi8>
        -> tensor<2x3x!w>
      %0 = nn.fully_connected %x, %w
        : (tensor<1x3x!x>, tensor<2x3x!w>) -> tensor<1x2x!acc>
      %1 = quant.scast %0 : tensor<1x2x!acc> to tensor<1x2xi32>
      return %1 : tensor<1x2xi32>
    }
    ```

    After:

    ```mlir
    !x = !quant.uniform<i8:f32, 0.5:3>
    !w = !quant.uniform<i8:f32, 0.25>
    func.func @after(%x: tensor<1x3x!x>) -> tensor<1x2xi32> {
      %w = nn.constant dense<[[1, 2, 3], [4, -5, 0]]> : tensor<2x3xi8>
        -> tensor<2x3x!w>
      %b = nn.constant dense<[-18, 3]> : tensor<2xi32>
      %0 = nn.fully_connected %x, %w, %b
        : (tensor<1x3x!x>, tensor<2x3x!w>, tensor<2xi32>) -> tensor<1x2xi32>
      return %0 : tensor<1x2xi32>
    }
    ```
  }];
  let statistics = [
    Statistic<"numFolded", "num-folded", "Zero points folded">,
    Statistic<"numWidened", "num-widened", "Accumulators widened to i64">
  ];
}

#endif // QOPT_DIALECT_NN_TRANSFORMS_PASSES_TD
