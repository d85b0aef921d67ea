// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes on the kernel dialect, in the order in which the pipeline runs them.

#ifndef QOPT_DIALECT_KERNEL_TRANSFORMS_PASSES
#define QOPT_DIALECT_KERNEL_TRANSFORMS_PASSES

include "mlir/Pass/PassBase.td"

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

def KernelChooseSchedulesPass
    : Pass<"kernel-choose-schedules", "::mlir::ModuleOp"> {
  let summary = "choose how convolutions are written for the target";
  let description = [{
    Gives each `kernel.conv_2d` and `kernel.depthwise_conv_2d` a `schedule`:
    the instruction family, and the register tile for which a cost model over
    the target's facts and the shape of the op expects the fewest cycles. A
    schedule that is there already is kept. A convolution whose filter is not
    constant gets none.

    ```mlir
    kernel.conv_2d %x, %w bias %b outs %y {…}
    // becomes, for a target with avx512vnni
    kernel.conv_2d %x, %w bias %b outs %y {
      schedule = #kernel.schedule<vpdpbusd, lanes = 16, vectors = 4, pixels = 6>, …}
    ```
  }];
  let statistics = [
    Statistic<"numChosen", "num-chosen", "Number of schedules chosen">,
    Statistic<"numKept", "num-kept", "Number of schedules found and kept">
  ];
  let dependentDialects = ["::qopt::kernel::KernelDialect"];
}

def KernelUseFMARequantizePass
    : Pass<"kernel-use-fma-requantize", "::mlir::ModuleOp"> {
  let summary = "requantize by one float instruction where that is exact";
  let description = [{
    On targets with AVX-512: replaces the `#kernel.requantize` stage (mode
    `double`, per channel, constant multipliers, followed by a clamp) of a
    convolution by `#kernel.requantize_fma`, if for every channel a float scale
    and offset are found that give the same integers for every accumulator.
    Both are step functions of the accumulator, so this is proved by looking at
    the two accumulators at each of the at most 255 steps. Where one channel has
    no solution, the op keeps its integer stage.

    ```mlir
    kernel.conv_2d %x, %w bias %b scale %m, %s … {stages = [
      #kernel.requantize<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    // becomes, with the bits of floats in %m and %s,
    kernel.conv_2d %x, %w bias %b scale %m, %s … {stages = [
      #kernel.requantize_fma<zero_point = -128>, #kernel.clamp<min = -128, max = 127>]}
    ```
  }];
  let statistics = [
    Statistic<"numReplaced", "num-replaced", "Number of requantizes replaced">,
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

    ```mlir
    %w = arith.constant dense<…> : tensor<32x1x1x16xi8>
    kernel.conv_2d %x, %w bias %b … {schedule = #kernel.schedule<sdot, lanes = 4, vectors = 4, pixels = 5>}
    // becomes
    %w = arith.constant dense<…> : tensor<512xi8>
    kernel.conv_2d %x, %w bias %b … {packed, schedule = …}
    ```
  }];
  let statistics = [
    Statistic<"numPacked", "num-packed", "Number of filters packed">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::qopt::kernel::KernelDialect"];
}

#endif // QOPT_DIALECT_KERNEL_TRANSFORMS_PASSES
