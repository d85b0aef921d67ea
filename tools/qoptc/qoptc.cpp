// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// qoptc: compiles a model file to native code. Everything that it does is a
// call of qopt::Compiler.

#include "Explain.h"
#include "Options.h"
#include "Outputs.h"
#include "Reports.h"

#include "mlir/IR/MLIRContext.h"
#include "qopt/InitAllDialects.h"
#include "qopt/Support/Diagnostics.h"
#include "llvm/Support/BuryPointer.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/WithColor.h"

using namespace llvm;

static Error run(const qoptc::Options &options, qopt::PhaseTimes &times) {
  auto emit = qoptc::chooseEmit(options);
  if (!emit)
    return emit.takeError();
  if (Error error = qoptc::checkReports(options))
    return error;
  if (Error error = qoptc::checkExplain(options, *emit))
    return error;
  mlir::DialectRegistry registry;
  qopt::registerAllDialects(registry);
  qopt::registerCodeGenTranslations(registry);
  auto context = std::make_unique<mlir::MLIRContext>(
      registry, mlir::MLIRContext::Threading::DISABLED);
  qopt::DiagnosticPrinter printer(context.get(), "qoptc");
  Expected<mlir::OwningOpRef<mlir::ModuleOp>> module = [&] {
    qopt::PhaseTimes::Scope scope(times, "import");
    return qopt::loadModel(options.model, *context, options.onnxImport);
  }();
  if (!module)
    return module.takeError();
  auto compiler = qopt::Compiler::create(**module, options.compile, times);
  if (!compiler)
    return compiler.takeError();
  qopt::QuantizationStages stages;
  if (!options.reports.empty())
    (*compiler)->recordStages(stages);
  if (Error error = qoptc::writeOutputs(**compiler, **module, options, *emit))
    return error;
  if (Error error = qoptc::writeExplanation(**compiler, options))
    return error;
  if (!options.reports.empty()) {
    qopt::PhaseTimes::Scope scope(times, "report");
    if (Error error = qoptc::writeReports(stages, **compiler, options))
      return error;
  }
  // The process ends: nothing need be taken apart op by op.
  BuryPointer(std::move(*compiler));
  (void)module->release();
  BuryPointer(std::move(context));
  return Error::success();
}

int main(int argc, char **argv) {
  InitLLVM init(argc, argv);
  qoptc::Options options = qoptc::parseCommandLine(argc, argv);
  qopt::PhaseTimes times;
  if (Error error = run(options, times)) {
    logAllUnhandledErrors(std::move(error), WithColor::error(errs(), "qoptc"));
    return 1;
  }
  if (options.timing)
    times.print(errs());
  return 0;
}
