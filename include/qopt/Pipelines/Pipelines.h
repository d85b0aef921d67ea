// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The compiler as a list of named phases. Each is a pipeline with an options
// struct that tools, tests and `qopt --<name>` share.

#ifndef QOPT_PIPELINES_PIPELINES_H
#define QOPT_PIPELINES_PIPELINES_H

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"
#include "qopt/Dialect/NN/Transforms/MomentsTable.h"
#include "qopt/WeightRounding/Rounding.h"

namespace qopt {

/// What is known after a phase, in the order in which they run.
enum class Phase {
  /// nn ops as the model's file has them.
  Import,
  /// The float graph as small as it gets: constants, batch norms and
  /// activations folded. Quantized ops are left as they are.
  Float,
  /// Float ops with quantize and dequantize where integers will be stored.
  Simulation,
  /// nn ops on quantized tensors.
  Quantized,
  /// Activations fused, requantizations canonical.
  Cleanup,
  /// Integers only: accumulators, multipliers, folded zero points.
  Integer,
  /// kernel ops with epilogues, schedules and packed weights.
  Kernel,
  /// Static buffers in one arena, one function a kernel.
  Buffers,
  /// Loops over vectors.
  Loops,
  /// The LLVM dialect.
  LLVM,
};

/// All phases in order.
llvm::ArrayRef<Phase> getPhases();
/// "import", "cleanup", …
llvm::StringRef getName(Phase phase);
/// One line that says what is known after it.
llvm::StringRef getDescription(Phase phase);

struct FloatPipelineOptions : mlir::PassPipelineOptions<FloatPipelineOptions> {
  Option<bool> equalize{
      *this, "equalize",
      llvm::cl::desc("equalize channels between layers, for weights with one "
                     "scale a tensor"),
      llvm::cl::init(false)};
  Option<bool> replaceRelu6{
      *this, "replace-relu6",
      llvm::cl::desc("let equalization put relu in the place of relu6"),
      llvm::cl::init(false)};
  Option<bool> absorbBias{*this, "absorb-bias",
                          llvm::cl::desc("move high biases to the next layer"),
                          llvm::cl::init(false)};
};

struct SimulationPipelineOptions
    : mlir::PassPipelineOptions<SimulationPipelineOptions> {
  Option<std::string> profile{*this, "profile",
                              llvm::cl::desc("target profile, name or path"),
                              llvm::cl::init("qopt")};
  Option<std::string> recipe{*this, "recipe",
                             llvm::cl::desc("file with rules for layers")};
  Option<std::string> scheme{*this, "scheme",
                             llvm::cl::desc("bits of weights and activations"),
                             llvm::cl::init("int8")};
  Option<std::string> granularity{
      *this, "granularity", llvm::cl::desc("which weights share a scale")};
  Option<int64_t> groupSize{
      *this, "group-size",
      llvm::cl::desc("input channels that share a scale in sub-channel groups"),
      llvm::cl::init(32)};
  Option<std::string> weightEstimator{
      *this, "weight-estimator",
      llvm::cl::desc("how weights get their ranges: minmax, mse"),
      llvm::cl::init("minmax")};
  Option<rounding::Method> weightRounding{
      *this, "weight-rounding", llvm::cl::desc("how weights become integers"),
      llvm::cl::values(clEnumValN(rounding::Method::Nearest, "nearest",
                                  "each weight by itself"),
                       clEnumValN(rounding::Method::Sequential, "gptq",
                                  "one after the other"),
                       clEnumValN(rounding::Method::Learned, "adaround",
                                  "all at once, by learning")),
      llvm::cl::init(rounding::Method::Nearest)};
  Option<bool> correctBias{
      *this, "correct-bias",
      llvm::cl::desc("give layers the mean result that they had"),
      llvm::cl::init(false)};
  Option<bool> searchWeightScales{
      *this, "search-weight-scales",
      llvm::cl::desc("shrink scales where layers gain by it"),
      llvm::cl::init(false)};
  Option<std::string> moments{
      *this, "moments",
      llvm::cl::desc("file with the moments of the layers' inputs")};
};

struct QuantizedPipelineOptions
    : mlir::PassPipelineOptions<QuantizedPipelineOptions> {
  Option<bool> floatInterface{
      *this, "float-interface",
      llvm::cl::desc("keep the arguments and results of functions float"),
      llvm::cl::init(false)};
};

struct CleanupPipelineOptions
    : mlir::PassPipelineOptions<CleanupPipelineOptions> {};

struct IntegerPipelineOptions
    : mlir::PassPipelineOptions<IntegerPipelineOptions> {};

struct KernelPipelineOptions
    : mlir::PassPipelineOptions<KernelPipelineOptions> {
  Option<std::string> triple{*this, "triple",
                             llvm::cl::desc("target triple, as of LLVM")};
  Option<std::string> cpu{*this, "cpu", llvm::cl::desc("name of the CPU")};
  Option<std::string> features{
      *this, "features", llvm::cl::desc("features to add and remove: +a,-b")};
  Option<std::string> tuneDatabase{
      *this, "tune-database",
      llvm::cl::desc("file of schedules that were found by measuring")};
  Option<bool> shareWeights{
      *this, "share-weights",
      llvm::cl::desc("pack weights as kernels for other CPUs read them, too"),
      llvm::cl::init(false)};
  Option<bool> stopBeforeSchedules{
      *this, "stop-before-schedules",
      llvm::cl::desc("leave schedules and packing to passes that follow"),
      llvm::cl::init(false)};
};

/// A call of spinning threads takes 800 cycles where cores share a cache; on a
/// machine whose virtual CPUs move between complexes of cores it takes 2000,
/// and what a layer reads comes from the other one's cache. Cut by the first
/// figure, small networks were half as fast on two threads as on one there.
inline constexpr double kCallCycles = 8000;
inline constexpr double kRangeCycles = 6000;

struct BuffersPipelineOptions
    : mlir::PassPipelineOptions<BuffersPipelineOptions> {
  Option<bool> printMemory{
      *this, "print-memory",
      llvm::cl::desc("print the arena's map to standard error"),
      llvm::cl::init(false)};
  Option<unsigned> threads{
      *this, "threads",
      llvm::cl::desc("cut large kernels for so many threads; 0 for none"),
      llvm::cl::init(0)};
  Option<bool> minArena{
      *this, "min-arena",
      llvm::cl::desc("run kernels by bands so that the arena is small"),
      llvm::cl::init(false)};
  Option<double> callCycles{
      *this, "call-cycles",
      llvm::cl::desc("what a call of parallel_for costs beside its bodies"),
      llvm::cl::init(kCallCycles)};
  Option<double> rangeCycles{
      *this, "range-cycles",
      llvm::cl::desc("the least work that is worth a body of its own"),
      llvm::cl::init(kRangeCycles)};
};

struct LoopsPipelineOptions : mlir::PassPipelineOptions<LoopsPipelineOptions> {
};

struct LLVMPipelineOptions : mlir::PassPipelineOptions<LLVMPipelineOptions> {
  Option<bool> profile{*this, "profile",
                       llvm::cl::desc("time every kernel call"),
                       llvm::cl::init(false)};
  Option<std::string> counter{*this, "counter",
                              llvm::cl::desc("intrinsic that reads the clock"),
                              llvm::cl::init("llvm.readcyclecounter")};
};

void buildFloatPipeline(mlir::OpPassManager &pm,
                        const FloatPipelineOptions &options);
/// `moments` are used instead of the file that the options name.
void buildSimulationPipeline(mlir::OpPassManager &pm,
                             const SimulationPipelineOptions &options,
                             nn::SharedMoments moments = nullptr);
void buildQuantizedPipeline(mlir::OpPassManager &pm,
                            const QuantizedPipelineOptions &options);
/// Makes of a simulation the form that it is run in: floats that store the very
/// values which the integer graph stores.
void buildExactSimulationPipeline(mlir::OpPassManager &pm);
void buildCleanupPipeline(mlir::OpPassManager &pm,
                          const CleanupPipelineOptions &options);
void buildIntegerPipeline(mlir::OpPassManager &pm,
                          const IntegerPipelineOptions &options);
void buildKernelPipeline(mlir::OpPassManager &pm,
                         const KernelPipelineOptions &options);
void buildBuffersPipeline(mlir::OpPassManager &pm,
                          const BuffersPipelineOptions &options);
void buildLoopsPipeline(mlir::OpPassManager &pm,
                        const LoopsPipelineOptions &options);
void buildLLVMPipeline(mlir::OpPassManager &pm,
                       const LLVMPipelineOptions &options);

/// Registers all of them by name: `--qopt-float`, `--qopt-cleanup`, …
void registerPipelines();

} // namespace qopt

#endif // QOPT_PIPELINES_PIPELINES_H
