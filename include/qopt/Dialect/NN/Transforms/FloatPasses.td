// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes on the float graph, in the order of the pipeline.

#ifndef QOPT_DIALECT_NN_TRANSFORMS_FLOATPASSES_TD
#define QOPT_DIALECT_NN_TRANSFORMS_FLOATPASSES_TD

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

#endif // QOPT_DIALECT_NN_TRANSFORMS_FLOATPASSES_TD
