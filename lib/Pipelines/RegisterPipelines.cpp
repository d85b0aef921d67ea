// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Makes the phases known to `qopt` and to textual pass pipelines.

#include "qopt/Pipelines/Pipelines.h"

#include "mlir/Pass/PassRegistry.h"

using namespace mlir;

void qopt::registerPipelines() {
  static PassPipelineRegistration<FloatPipelineOptions> floatGraph(
      "qopt-float", "phase float: fold what a float graph can do without",
      buildFloatPipeline);
  static PassPipelineRegistration<SimulationPipelineOptions> simulation(
      "qopt-simulation", "phase simulation: casts around what is quantized",
      [](OpPassManager &pm, const SimulationPipelineOptions &options) {
        buildSimulationPipeline(pm, options);
      });
  static PassPipelineRegistration<QuantizedPipelineOptions> quantized(
      "qopt-quantized", "phase quantized: integer ops for the simulation's",
      buildQuantizedPipeline);
  static PassPipelineRegistration<> exact(
      "qopt-exact-simulation",
      "a simulation with the integer graph's sums and roundings, in floats",
      buildExactSimulationPipeline);
  static PassPipelineRegistration<CleanupPipelineOptions> cleanup(
      "qopt-cleanup",
      "phase cleanup: fuse activations, canonicalize requantize",
      buildCleanupPipeline);
  static PassPipelineRegistration<IntegerPipelineOptions> integer(
      "qopt-integer", "phase integer: accumulators, multipliers, zero points",
      buildIntegerPipeline);
  static PassPipelineRegistration<KernelPipelineOptions> kernel(
      "qopt-kernel", "phase kernel: kernel ops, epilogues, schedules, packing",
      buildKernelPipeline);
  static PassPipelineRegistration<BuffersPipelineOptions> buffers(
      "qopt-buffers",
      "phase buffers: bufferize, plan the arena, outline, split",
      buildBuffersPipeline);
  static PassPipelineRegistration<LoopsPipelineOptions> loops(
      "qopt-loops", "phase loops: expand kernels to loops over vectors",
      buildLoopsPipeline);
  static PassPipelineRegistration<LLVMPipelineOptions> llvm(
      "qopt-lower-to-llvm", "phase llvm: lower loops over vectors to llvm",
      buildLLVMPipeline);
}
