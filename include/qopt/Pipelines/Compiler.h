// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The compile driver as a library: loads a model, runs phases, generates code.
// qoptc and qopt-run are thin layers over it.

#ifndef QOPT_PIPELINES_COMPILER_H
#define QOPT_PIPELINES_COMPILER_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "qopt/CodeGen/CodeGen.h"
#include "qopt/Pipelines/ExplainKernels.h"
#include "qopt/Pipelines/MeasureQuantization.h"
#include "qopt/Pipelines/PhaseTimes.h"
#include "qopt/Pipelines/Pipelines.h"
#include "qopt/Pipelines/QuantizeModel.h"
#include "llvm/ADT/StringMap.h"
#include <optional>

namespace qopt {

struct ONNXImportOptions;

/// Everything that decides the bytes of the result.
struct CompileOptions {
  /// Prefix of the C symbols.
  std::string name = "model";
  TargetSpec target;
  /// The phase that the given module has already reached.
  Phase startAfter = Phase::Import;
  /// Set to quantize a float graph on its way.
  std::optional<QuantizeOptions> quantize;
  bool printMemory = false;
  bool profile = false;
  /// Keep what was chosen for each layer, see Compiler::getExplanation.
  bool explain = false;
  /// Cut large kernels for so many threads, which the caller of the code
  /// brings; 0 for code that uses none.
  unsigned threads = 0;
  /// Run kernels by bands so that the arena is as small as possible.
  bool minArena = false;
  /// What a call of the caller's function costs beside its bodies, and the
  /// least work that is worth a body; the usual ones if negative.
  double callCycles = -1, rangeCycles = -1;
  /// Code for each of these CPUs, and a choice between them when it runs; the
  /// target is then what all of them have.
  std::vector<VariantInterface> variants;
  /// File of schedules that were found by measuring; none if it is empty.
  std::string tuneDatabase;
  /// How long to measure the kernels that are not in the file, on this machine.
  double tuneSeconds = 0;
  /// Pack weights so that code for other CPUs reads the same bytes.
  bool shareWeights = false;
};

/// Reads a .tflite or .onnx file, or MLIR as text or bytecode, told apart by
/// content. An .onnx file's open dimensions get the sizes in `onnx`.
llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>>
loadModel(llvm::StringRef path, mlir::MLIRContext &context);
llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>>
loadModel(llvm::StringRef path, mlir::MLIRContext &context,
          const ONNXImportOptions &onnx);

/// Reads names, shapes and quantization of the function `main`'s arguments and
/// results, at any phase.
llvm::Expected<ModelInterface> describeModel(mlir::ModuleOp module);

/// Kind and work of each outlined kernel, by its function's name.
using KernelTable = llvm::StringMap<LayerInterface>;

/// Looks into the kernels' functions after phase `buffers`, while they still
/// hold kernel ops.
KernelTable describeKernels(mlir::ModuleOp module);

/// The timed calls that `kernel-instrument-calls` recorded.
std::vector<LayerInterface> describeLayers(mlir::ModuleOp module,
                                           const KernelTable &kernels);

/// One module on its way to machine code.
class Compiler {
public:
  /// Checks the target. The module stays the caller's.
  static llvm::Expected<std::unique_ptr<Compiler>>
  create(mlir::ModuleOp module, const CompileOptions &options,
         PhaseTimes &times);

  /// Has copies of the module put into `stages` on the way, for a report.
  void recordStages(QuantizationStages &where) { stages = &where; }

  /// Runs the phases up to and including `last`. Details of a failure were
  /// reported as diagnostics.
  llvm::Error runPhases(Phase last);

  /// Runs the phases up to `buffers`; the interface is complete then.
  llvm::Error planMemory();

  /// Runs all phases, translates and optimizes.
  llvm::Error generateCode();

  /// The forms of the generated code.
  llvm::Error emit(FileKind kind, llvm::raw_pwrite_stream &out);
  /// An object that was checked to be freestanding.
  llvm::Error emitObject(llvm::raw_pwrite_stream &out);
  llvm::Error emitSharedLibrary(llvm::StringRef path);
  /// A static Linux program around the model; see makeGuestProgram.
  llvm::Error emitGuestProgram(llvm::StringRef path);

  /// The layers, with code sizes once an object was emitted. Only where options
  /// ask for it.
  llvm::ArrayRef<LayerExplanation> getExplanation() const { return layers; }
  /// What runs by bands, of each variant; as above.
  llvm::ArrayRef<BandExplanation> getBands() const { return bands; }
  const ModelInterface &getInterface() const { return interface; }
  /// What was given, with choices that were settled on the way.
  const CompileOptions &getOptions() const { return options; }
  llvm::TargetMachine &getTargetMachine() { return *machine; }

private:
  /// The code of one CPU on its way: a copy of the module.
  struct VariantState {
    mlir::OwningOpRef<mlir::ModuleOp> module;
    std::unique_ptr<Compiler> compiler;
  };

  Compiler(mlir::ModuleOp module, const CompileOptions &options,
           PhaseTimes &times)
      : module(module), options(options), times(times) {}

  /// Reads the arguments and results of `main`.
  llvm::Error readInterface();
  /// Runs one phase.
  llvm::Error runPhase(Phase phase);
  /// planMemory, of every variant.
  llvm::Error planVariants();
  /// The layers of all variants, as far as these know them by now.
  void collectLayers();
  /// Runs the phases behind planMemory and translates to LLVM IR.
  llvm::Expected<std::unique_ptr<llvm::Module>>
  translate(llvm::LLVMContext &context);
  /// The code of all variants, and the choice.
  llvm::Error translateVariants();

  mlir::ModuleOp module;
  CompileOptions options;
  PhaseTimes &times;
  QuantizationStages *stages = nullptr;
  ModelInterface interface;
  KernelTable kernels;
  std::vector<LayerExplanation> layers;
  std::vector<BandExplanation> bands;
  std::vector<VariantState> variants;
  std::unique_ptr<llvm::TargetMachine> machine;
  llvm::LLVMContext llvmContext;
  std::unique_ptr<llvm::Module> llvmModule;
};

} // namespace qopt

#endif // QOPT_PIPELINES_COMPILER_H
