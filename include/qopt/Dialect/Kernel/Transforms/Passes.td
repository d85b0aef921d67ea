// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes on the kernel dialect, in the order in which the pipeline runs them.

#ifndef QOPT_DIALECT_KERNEL_TRANSFORMS_PASSES
#define QOPT_DIALECT_KERNEL_TRANSFORMS_PASSES

include "mlir/Pass/PassBase.td"

//===----------------------------------------------------------------------===//
// Fusion
//===----------------------------------------------------------------------===//

def KernelFuseEpiloguesPass
    : Pass<"kernel-fuse-epilogues", "::mlir::func::FuncOp"> {
  let summary = "append element-wise kernels to the kernel that makes their input";
  let description = [{
    The stages of a `kernel.elementwise` move behind those of the op whose
    result it reads: a convolution then adds its residual and clamps in
    registers. Every bit stays: the value between the two ops is known to fit
    the type in which it was stored. Either operand of an addition may be the
    one that is made by the convolution; where both are, the later one absorbs
    the addition. The fused op stands where the element-wise one stood, so the
    other operand dominates it.

    Not fused are values with other users, broadcast values or operands, values
    whose range is unknown, and lists of more than `max-stages` stages.

    ```mlir
    %c = kernel.conv_2d %x, %w bias %b outs %i {…, stages = [#kernel.requantize<…>, #kernel.clamp<min = -128, max = 127>]}
    %r = kernel.elementwise %y with %c outs %j {stages = [#kernel.add<…>, #kernel.clamp<…>]}
    // becomes
    %r = kernel.conv_2d %x, %w bias %b residuals %y outs %j {…,
      stages = [#kernel.requantize<…>, #kernel.clamp<min = -128, max = 127>, #kernel.add<…>, #kernel.clamp<…>]}
    ```
  }];
  let options = [
    Option<"maxStages", "max-stages", "unsigned", "16",
           "the longest list of stages that fusion makes">
  ];
  let statistics = [
    Statistic<"numFused", "num-fused", "Number of element-wise kernels fused">,
    Statistic<"numResiduals", "num-residuals",
              "Number of operands that became residuals">
  ];
  let dependentDialects = ["::qopt::kernel::KernelDialect"];
}

//===----------------------------------------------------------------------===//
// Target, schedules, packing
//===----------------------------------------------------------------------===//

def KernelSetTargetPass : Pass<"kernel-set-target", "::mlir::ModuleOp"> {
  let summary = "say which machine the module is compiled for";
  let description = [{
    Sets the module attribute `kernel.target`, from which later passes take the
    facts that they choose by. An empty triple is that of this host; the CPU
    `native`, and an empty CPU with an empty triple, stand for the feature bits
    of this host, which are written out: the attribute never depends on where
    later passes run. A triple, CPU or feature that LLVM does not know is an
    error.

    ```mlir
    module {}
    // with triple=x86_64-unknown-linux-gnu cpu=x86-64-v3 becomes
    module attributes {kernel.target = #kernel.target<
      triple = "x86_64-unknown-linux-gnu", cpu = "x86-64-v3", features = "">} {}
    ```
  }];
  let options = [
    Option<"triple", "triple", "std::string", "",
           "target triple; empty: this host">,
    Option<"cpu", "cpu", "std::string", "",
           "processor as LLVM names it, or native">,
    Option<"features", "features", "std::string", "",
           "feature bits to add or take away, as +avx512vnni,-avx512vl">
  ];
  let dependentDialects = ["::qopt::kernel::KernelDialect"];
}

def KernelChooseSignednessPass
    : Pass<"kernel-choose-signedness", "::mlir::ModuleOp"> {
  let summary = "store bytes with the sign that the target multiplies";
  let description = [{
    `vpdpbusd` (AVX-512 VNNI, AVX-VNNI) multiplies unsigned by signed bytes,
    NEON signed by signed ones. Bytes between kernels that have the other sign
    are rewritten to it: the kernel that makes them gets another zero point and
    clamp, a convolution that reads them another bias, an addition other
    offsets. The same real numbers are stored, so every result stays as it is.

    Values that share their bytes (views, concatenations, transposes, pads,
    maxima) are rewritten together, or not at all: arguments and results of the
    function, what an average or a resize reads (their rounding depends on the
    sign), and what no clamp bounds stay. Where a pad stands between the two,
    it flips the bytes that it moves. Of the convolutions that read a value
    those with more products decide.

    `pmaddubsw` (SSE4.1, AVX2) multiplies unsigned bytes, too: a convolution
    wants them where the model of costs says that its weights suit that family.

    ```mlir
    %c = kernel.conv_2d %x, %w bias %b outs %i {…, stages = [
      #kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    %r = kernel.conv_2d %c, %w bias %b outs %j {…}
    // becomes, for a target with avx512vnni
    %c = kernel.conv_2d %x, %w bias %b outs %i {…, stages = [
      #kernel.requantize, #kernel.clamp<min = 0, max = 255>]}
    %r = kernel.conv_2d %c, %w bias %b2 outs %j {…, input_unsigned}
    ```
  }];
  let options = [
    Option<"shareWeights", "share-weights", "bool", "false",
           "want what families do whose packed weights other CPUs can read">
  ];
  let statistics = [
    Statistic<"numFlipped", "num-flipped", "Number of values rewritten">,
    Statistic<"numPads", "num-pads", "Number of pads that flip bytes">,
    Statistic<"numKept", "num-kept",
              "Number of values that convolutions wanted otherwise">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::qopt::kernel::KernelDialect"];
}

def KernelUseTablesPass
    : Pass<"kernel-use-tables", "::mlir::func::FuncOp"> {
  let summary = "tabulate functions of one byte";
  let description = [{
    Stages that depend on one byte and constants only, and whose result is a
    byte, are a function with 256 values: they become the `#kernel.table` of
    their results if there is a table or a stage operand among them. x ·
    logistic(x), x · relu6(x + 3) / 6 and their kin become one table, which
    kernel-fuse-epilogues then moves into the kernel that makes x.

    ```mlir
    kernel.elementwise %x with %x outs %i {stages = [
      #kernel.table<entries = …>, #kernel.mul<…>, #kernel.clamp<min = -128, max = 127>]}
    // becomes
    kernel.elementwise %x outs %i {stages = [#kernel.table<entries = …>]}
    ```
  }];
  let statistics = [
    Statistic<"numTables", "num-tables", "Number of tables made">,
    Statistic<"numStages", "num-stages", "Number of stages they replace">
  ];
  let dependentDialects = ["::qopt::kernel::KernelDialect"];
}

def KernelUseScaledSumsPass
    : Pass<"kernel-use-scaled-sums", "::mlir::func::FuncOp"> {
  let summary = "add bytes by two multiplications where that is exact";
  let description = [{
    TFLite's addition rounds each operand to a common scale, adds, and rounds
    twice more. Of two bytes there are 65,536 pairs: a `#kernel.add` or
    `#kernel.sub` (mode `double`, followed by a clamp) becomes a
    `#kernel.scaled_sum`, one rounding of one sum of two products, if factors
    are found for which the clamped results of all pairs are equal.

    ```mlir
    kernel.elementwise %a with %b outs %i {stages = [
      #kernel.add<left_shift = 20, …>, #kernel.clamp<min = -128, max = 127>]}
    // becomes
    kernel.elementwise %a with %b outs %i {stages = [
      #kernel.scaled_sum<value = 1321533, operand = 2049105, offset = …, shift = 21>,
      #kernel.clamp<min = -128, max = 127>]}
    ```
  }];
  let statistics = [
    Statistic<"numReplaced", "num-replaced", "Number of sums replaced">,
    Statistic<"numRefused", "num-refused",
              "Number of sums of bytes without such a form">
  ];
  let dependentDialects = ["::qopt::kernel::KernelDialect"];
}

def KernelChooseSchedulesPass
    : Pass<"kernel-choose-schedules", "::mlir::ModuleOp"> {
  let summary = "choose how convolutions are written for the target";
  let description = [{
    Gives each `kernel.conv_2d` and `kernel.depthwise_conv_2d` a `schedule`:
    the instruction family, and the register tile for which a cost model over
    the target's facts and the shape of the op expects the fewest cycles. A
    schedule that is there already is kept. A convolution whose filter is not
    constant gets none. Where results are bytes and the constants of channels
    can be reordered, schedules for x86 are interleaved (`interleave=0` does
    not do that). With SSE4.1 or AVX2 alone, sums of bytes' products are added
    up in 16 bits (family `pmaddubsw`) where the constant weights need few steps
    more for that; `byte-sums=0` and `share-weights` do without.

    ```mlir
    kernel.conv_2d %x, %w bias %b outs %y {…}
    // becomes, for a target with avx512vnni
    kernel.conv_2d %x, %w bias %b outs %y {
      schedule = #kernel.schedule<vpdpbusd, lanes = 16, vectors = 4, pixels = 6>, …}
    ```
  }];
  let options = [
    Option<"interleave", "interleave", "bool", "true",
           "allow channels in the order in which x86 packs them to bytes">,
    Option<"byteSums", "byte-sums", "bool", "true",
           "allow sums of bytes' products in 16 bits on x86">,
    Option<"shareWeights", "share-weights", "bool", "false",
           "choose only families whose packed weights other CPUs can read">,
    Option<"database", "database", "std::string", "",
           "file of schedules that were found by measuring; see tuning.md">
  ];
  let statistics = [
    Statistic<"numInterleaved", "num-interleaved",
              "Number of interleaved schedules chosen">,
    Statistic<"numByteSums", "num-byte-sums",
              "Number of schedules chosen that add up in 16 bits">,
    Statistic<"numTuned", "num-tuned",
              "Number of schedules taken from the database">,
    Statistic<"numChosen", "num-chosen", "Number of schedules chosen">,
    Statistic<"numKept", "num-kept", "Number of schedules found and kept">
  ];
  let dependentDialects = ["::qopt::kernel::KernelDialect"];
}

def KernelUseFMARequantizePass
    : Pass<"kernel-use-fma-requantize", "::mlir::ModuleOp"> {
  let summary = "requantize by one float instruction where that is exact";
  let description = [{
    On x86 with AVX-512 or FMA: replaces the `#kernel.requantize` stage (mode
    `double` or `single`, constant multipliers, followed by a clamp) of a
    convolution by `#kernel.requantize_fma`, if for every channel a float scale
    and offset are found that give the same integers for every accumulator.
    Both are step functions of the accumulator, so this is proved by looking at
    the two accumulators at each of the at most 255 steps. Where a channel has
    no solution, the whole op is given a second term, for which nearly every
    multiplier has one (`split=0` does not try it); else the op keeps its
    integer stage. AVX-512 multiplies and adds with rounding toward zero, FMA to
    the nearest (`to_nearest`), where fewer pairs fit.

    A `#kernel.mul` of bytes before a clamp, of any kernel, is searched as well:
    it then scales by one, and such a stage follows.

    ```mlir
    kernel.conv_2d %x, %w bias %b scale %m, %s … {stages = [
      #kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    // becomes, with the bits of floats in %m and %s,
    kernel.conv_2d %x, %w bias %b scale %m, %s … {stages = [
      #kernel.requantize_fma<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    ```
  }];
  let options = [
    Option<"split", "split", "bool", "true",
           "allow a second term where one multiply-add is not exact">
  ];
  let statistics = [
    Statistic<"numReplaced", "num-replaced", "Number of requantizes replaced">,
    Statistic<"numSplit", "num-split",
              "Number of those that need a second term">,
    Statistic<"numRefused", "num-refused",
              "Number of requantizes without a float form">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::qopt::kernel::KernelDialect"];
}

def KernelPackWeightsPass : Pass<"kernel-pack-weights", "::mlir::ModuleOp"> {
  let summary = "bring constant weights into the layout of the schedule";
  let description = [{
    Replaces the filter of a convolution that has a schedule by a constant in
    the order in which the scheduled code reads it, and marks the op `packed`.
    What the order is: see ConvolutionLayout.h. Corrections go into the bias:
    where the family flips the sign of the input (stored value plus f), the
    bias loses f times the sum of the channel's weights. Depthwise convolutions
    of the family `vpdpbusd` also get their biases, multipliers and shifts in
    the order of the vectors; those of other families stay as they are.

    For `pmaddubsw` the steps of each block of channels are sorted into groups
    whose sums of products fit 16 bits whatever the inputs are, which is proved
    for every channel; a step whose weights are too large is stored as the sum
    of two or more (ByteSums.h).

    ```mlir
    %w = arith.constant dense<…> : tensor<32x1x1x16xi8>
    kernel.conv_2d %x, %w bias %b … {schedule = #kernel.schedule<sdot, lanes = 4, vectors = 4, pixels = 5>}
    // becomes
    %w = arith.constant dense<…> : tensor<512xi8>
    kernel.conv_2d %x, %w bias %b … {packed, schedule = …}
    ```
  }];
  let statistics = [
    Statistic<"numPacked", "num-packed", "Number of filters packed">,
    Statistic<"numSteps", "num-byte-steps",
              "Number of steps of blocks that are added up in 16 bits">,
    Statistic<"numSplitSteps", "num-split-steps",
              "Number of further steps that those were split into">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::qopt::kernel::KernelDialect"];
}

def KernelPackHalfBytesPass
    : Pass<"kernel-pack-half-bytes", "::mlir::ModuleOp"> {
  let summary = "store packed filters of 4-bit integers two a byte";
  let description = [{
    A packed filter of a convolution of integers (after `kernel-pack-weights`)
    all of whose bytes lie in -8...7 becomes a constant of half the size and a
    `kernel.unpack` in front of the convolution, which makes the bytes anew in
    each call. What the convolution reads, and so its result, stays the same;
    the arena holds the bytes of one filter at a time.

    ```mlir
    %w = arith.constant dense<…> : tensor<512xi8>
    kernel.conv_2d %x, %w bias %b … {packed, …}
    // becomes
    %h = arith.constant dense<…> : tensor<256xi8>
    %0 = tensor.empty() : tensor<512xi8>
    %w = kernel.unpack %h outs %0 : (tensor<256xi8>, tensor<512xi8>) -> tensor<512xi8>
    kernel.conv_2d %x, %w bias %b … {packed, …}
    ```
  }];
  let options = [
    Option<"minBytes", "min-bytes", "int64_t", "512",
           "filters of fewer bytes stay as they are">
  ];
  let statistics = [
    Statistic<"numPacked", "num-packed", "Number of filters stored in 4 bits">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::tensor::TensorDialect",
                           "::qopt::kernel::KernelDialect"];
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

def KernelBufferizePass : Pass<"kernel-bufferize", "::mlir::ModuleOp"> {
  let summary = "turn tensors into buffers";
  let description = [{
    Tensor arguments become memref arguments. Results become further arguments
    at the end, marked `kernel.output`, which keep the attributes of the
    results; the function writes them and returns nothing. A kernel writes the
    output argument itself where its result is returned; a returned argument or
    constant, and a value returned twice, is copied. Every other result gets a
    `memref.alloc`, every constant a `memref.global` aligned to 64 bytes (equal
    constants share one). Views stay views.

    ```mlir
    func.func @main(%x: tensor<4xf32>) -> (tensor<4xf32> {nn.name = "y"}) {
      %0 = tensor.empty() : tensor<4xf32>
      %1 = kernel.elementwise %x outs %0 {stages = [#kernel.logistic_f32]} : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
      return %1 : tensor<4xf32>
    }
    // becomes
    func.func @main(%x: memref<4xf32>, %y: memref<4xf32> {kernel.output, nn.name = "y"}) {
      kernel.elementwise %x outs %y {stages = [#kernel.logistic_f32]} : (memref<4xf32>, memref<4xf32>) -> ()
      return
    }
    ```
  }];
  let statistics = [
    Statistic<"numAllocations", "num-allocations", "Number of buffers allocated">,
    Statistic<"numCopies", "num-copies", "Number of copies to results">
  ];
  let dependentDialects = ["::mlir::memref::MemRefDialect",
                           "::qopt::kernel::KernelDialect"];
}

def KernelPadInPlacePass : Pass<"kernel-pad-in-place", "::mlir::ModuleOp"> {
  let summary = "let kernels write into the interior of padded buffers";
  let description = [{
    Where a kernel's result is read by nothing but a `kernel.pad`, the kernel
    writes into the padded buffer at once: its output becomes a
    `kernel.slice` with the strides of that buffer, and of the padding kernel,
    which moves before it, only the padding itself is left. That saves the copy
    and the buffer that was copied. Kernels that can leave gaps between rows of
    their output are convolutions without residuals, and `kernel.elementwise`;
    the dimension of the channels has to stay as it is.

    ```mlir
    %a = memref.alloc() : memref<1x4x4x16xi8>
    kernel.conv_2d … outs %a
    %b = memref.alloc() : memref<1x6x6x16xi8>
    kernel.pad %a outs %b {low = array<i64: 0, 1, 1, 0>, high = array<i64: 0, 1, 1, 0>, value = 0 : i8}
    // becomes
    %b = memref.alloc() : memref<1x6x6x16xi8>
    %a = kernel.slice %b[%c112] : memref<1x6x6x16xi8> to memref<1x4x4x16xi8, strided<[576, 96, 16, 1]>>
    kernel.pad %a outs %b {low = array<i64: 0, 1, 1, 0>, high = array<i64: 0, 1, 1, 0>, value = 0 : i8}
    kernel.conv_2d … outs %a
    ```
  }];
  let statistics = [
    Statistic<"numInPlace", "num-in-place", "Number of paddings without a copy">,
    Statistic<"numCopies", "num-copies", "Number of paddings that copy">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def KernelFuseBandsPass : Pass<"kernel-fuse-bands", "::mlir::ModuleOp"> {
  let summary = "run neighbouring kernels on a few rows at a time";
  let description = [{
    Kernels that follow each other run band by band: each makes the next few
    rows of its output (a band), from the top to the bottom of the picture.
    What is read within the bands only needs memory for the rows that are read
    again, which move up at the end of a band. What is read for the last time
    gives its memory, row by row, to what is made meanwhile: of two allocations
    one is noted as one that may begin a distance below the other
    (`kernel.below`, `kernel.buffer`; `kernel-plan-memory` takes them away).
    Nothing is computed twice, and every byte is as before.

    A band is made of the same kernels on fewer rows; all bands in which no
    kernel begins or ends are one loop. Kernels that have rows are convolutions,
    pools, pads, element-wise kernels, softmax and concatenations of channels,
    with any windows, strides and dilations, on one picture; what they make may
    be read by several, also behind the bands.

    By default kernels run by bands only where the arena would be larger than
    that of unpadded tensors, arguments and results among them, as TFLite's
    planner would place them; the least expensive bands within that limit are
    taken. With `min-arena` the arena is
    as small as possible, and bands are as large as that allows.

    ```mlir
    kernel.conv_2d %x, %w … outs %a : (memref<1x64x64x16xi8>, …, memref<1x64x64x96xi8>) -> ()
    kernel.depthwise_conv_2d %a, … outs %b : (memref<1x64x64x96xi8>, …, memref<1x62x62x96xi8>) -> ()
    // becomes
    %r = memref.alloc() : memref<24576xi8> // four rows of %a
    scf.for %band = … {
      %x2 = kernel.slice %x[…] : memref<1x64x64x16xi8> to memref<1x2x64x16xi8>
      %a2 = kernel.slice %r[%c12288] : memref<24576xi8> to memref<1x2x64x96xi8>
      kernel.conv_2d %x2, %w … outs %a2
      %a4 = kernel.slice %r[%c0] : memref<24576xi8> to memref<1x4x64x96xi8>
      %b2 = kernel.slice %b[…] : memref<1x62x62x96xi8> to memref<1x2x62x96xi8>
      kernel.depthwise_conv_2d %a4, … outs %b2
      … // rows 2 and 3 of %r move to its beginning
    }
    ```
  }];
  let options = [
    Option<"minArena", "min-arena", "bool", "false",
           "make the arena as small as possible">,
    Option<"maxKernels", "max-kernels", "unsigned", "64",
           "the most kernels that run together; at least 1">,
    Option<"maxOverhead", "max-overhead", "double", "100",
           "what copied rows and calls may cost, in percent of the kernels">
  ];
  let statistics = [
    Statistic<"numChains", "num-chains", "Number of groups of kernels that run by bands">,
    Statistic<"numKernels", "num-kernels", "Number of kernels in them">,
    Statistic<"arenaBefore", "arena-before", "Bytes of arenas without bands">,
    Statistic<"arenaAfter", "arena-after", "Bytes of arenas with them">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect",
                           "::mlir::scf::SCFDialect"];
}

def KernelPlanMemoryPass : Pass<"kernel-plan-memory", "::mlir::ModuleOp"> {
  let summary = "place all buffers in one arena";
  let description = [{
    Replaces every `memref.alloc` of a function by a view of one further
    argument at the end, the arena, marked `kernel.arena`. Buffers that are
    alive at the same time do not overlap; a view keeps its source alive.
    Offsets are multiples of 64. Plans are made by size (largest first, into the
    lowest gap) and by time (first fit), and where both leave gaps others that
    place sooner what stuck out; the smallest is taken. Buffers that
    `kernel-fuse-bands` noted may overlap by what it found. The arena's size is
    recorded in the function's attribute `kernel.arena_size`.

    ```mlir
    func.func @main(%x: memref<4xf32>, %y: memref<4xf32> {kernel.output}) {
      %0 = memref.alloc() : memref<4xf32>
    // becomes
    func.func @main(%x: memref<4xf32>, %y: memref<4xf32> {kernel.output}, %arena: memref<64xi8> {kernel.arena})
        attributes {kernel.arena_size = 64 : i64} {
      %c0 = arith.constant 0 : index
      %0 = memref.view %arena[%c0][] : memref<64xi8> to memref<4xf32>
    ```
  }];
  let options = [
    Option<"print", "print", "bool", "false",
           "print each buffer's place and time to the standard error stream">
  ];
  let statistics = [
    Statistic<"arenaBytes", "arena-bytes", "Sum of the sizes of arenas">,
    Statistic<"bufferBytes", "buffer-bytes", "Sum of the sizes of buffers">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect"];
}

def KernelOutlinePass : Pass<"kernel-outline", "::mlir::ModuleOp"> {
  let summary = "move each distinct kernel into a function";
  let description = [{
    Every kernel of a public function becomes a call of a private function
    whose arguments are the kernel's operands. Kernels that are equal in
    everything but their operands share a function: constants are operands too,
    so two layers of one shape are one kernel, and so are bands of one height.
    The functions are not inlined.

    ```mlir
    kernel.elementwise %x outs %y {stages = [#kernel.logistic_f32]} : (memref<4xf32>, memref<4xf32>) -> ()
    // becomes
    call @elementwise_4_0(%x, %y) : (memref<4xf32>, memref<4xf32>) -> ()
    func.func private @elementwise_4_0(%a: memref<4xf32>, %b: memref<4xf32>) attributes {no_inline} {…}
    ```
  }];
  let statistics = [
    Statistic<"numKernels", "num-kernels", "Number of functions made">,
    Statistic<"numCalls", "num-calls", "Number of kernels replaced by calls">
  ];
  let dependentDialects = ["::mlir::func::FuncDialect"];
}

def KernelParallelizePass : Pass<"kernel-parallelize", "::mlir::ModuleOp"> {
  let summary = "cut large kernels into ranges for several threads";
  let description = [{
    Gives the public function an argument, the caller's threads. A kernel that
    is large enough for several threads to be done with it earlier, what it
    costs to call them (`call-cycles`) included, is cut along its output into
    ranges of at least `min-cycles` (images, rows, pixels; blocks of channels
    where there is one pixel): its function takes the number of a range as a further argument and
    works on slices of the buffers, and its calls become
    `kernel.parallel_call`s. Smaller kernels, and those that cannot be cut,
    stay as they are. The number of ranges is the one for which a cost model
    expects 2 to `threads` threads, each taking the next range when it is done
    with one, to end soonest. The first and the last range have code of their own if
    their shapes or paddings differ from those of the others.

    Ranges write disjoint stretches of memory and depend on no other range, so
    neither their order nor the number of threads changes a result.

    ```mlir
    func.func @main(%x: memref<1x64x64x64xf32>, %y: memref<1x64x64x64xf32>) {
      call @clamp(%x, %y) : (memref<1x64x64x64xf32>, memref<1x64x64x64xf32>) -> ()
      return
    }
    // becomes
    func.func @main(%x: memref<1x64x64x64xf32>, %y: memref<1x64x64x64xf32>, %threads: !kernel.threads {kernel.threads}) {
      kernel.parallel_call @clamp(%x, %y) ranges 4 on %threads : memref<1x64x64x64xf32>, memref<1x64x64x64xf32>
      return
    }
    func.func private @clamp(%x: memref<1x64x64x64xf32>, %y: memref<1x64x64x64xf32>, %range: index) {
      %first = arith.muli %range, %c16 : index
      %a = kernel.slice %x[…] : memref<1x64x64x64xf32> to memref<1x16x64x64xf32>
      %b = kernel.slice %y[…] : memref<1x64x64x64xf32> to memref<1x16x64x64xf32>
      kernel.elementwise %a outs %b …
    ```
  }];
  let options = [
    Option<"threads", "threads", "unsigned", "4",
           "the number of threads that ranges are made for; at least 2">,
    Option<"minCycles", "min-cycles", "double", "2000",
           "the least cycles that a range is to take">,
    Option<"callCycles", "call-cycles", "double", "2000",
           "cycles until all threads have seen a call and have left it">
  ];
  let statistics = [
    Statistic<"numParallel", "num-parallel", "Number of calls cut into ranges">,
    Statistic<"numSingle", "num-single", "Number of calls left to one thread">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::scf::SCFDialect",
                           "::qopt::kernel::KernelDialect"];
}

def KernelSplitFunctionsPass
    : Pass<"kernel-split-functions", "::mlir::ModuleOp"> {
  let summary = "cut long functions into parts of a bounded number of calls";
  let description = [{
    A public function of more than `max-calls` kernel calls becomes calls of
    private functions, its parts, with at most `max-calls` calls each, in the
    same order. A part gets the arguments that it needs and makes constants,
    addresses of weights and views of the arena anew. If the calls of parts are
    more than `max-calls`, they are cut in the same way. Parts carry the
    attribute `kernel.part`, which tells them from kernels, and are not inlined.

    Nothing is computed differently; LLVM's register allocator, whose time grows
    faster than a function's length, only ever sees functions of bounded length,
    so that the compile time grows as the number of layers does.

    ```mlir
    func.func @main(%x: memref<4xi8>, %arena: memref<64xi8> {kernel.arena}) {
      %c0 = arith.constant 0 : index
      %0 = memref.view %arena[%c0][] : memref<64xi8> to memref<4xi8>
      call @a(%x, %0) : (memref<4xi8>, memref<4xi8>) -> ()
      … // more than max-calls
    // becomes
    func.func @main(%x: memref<4xi8>, %arena: memref<64xi8> {kernel.arena}) {
      call @main_part_0(%x, %arena) : (memref<4xi8>, memref<64xi8>) -> ()
      …
    func.func private @main_part_0(%x: memref<4xi8>, %arena: memref<64xi8>) attributes {kernel.part, no_inline} {
      %c0 = arith.constant 0 : index
      %0 = memref.view %arena[%c0][] : memref<64xi8> to memref<4xi8>
      call @a(%x, %0) : (memref<4xi8>, memref<4xi8>) -> ()
      …
    ```
  }];
  let options = [
    Option<"maxCalls", "max-calls", "unsigned", "256",
           "the most calls that a function may have; at least 2">
  ];
  let statistics = [
    Statistic<"numSplit", "num-split", "Number of functions cut">,
    Statistic<"numParts", "num-parts", "Number of parts made">
  ];
  let dependentDialects = ["::mlir::func::FuncDialect"];
}

#endif // QOPT_DIALECT_KERNEL_TRANSFORMS_PASSES
