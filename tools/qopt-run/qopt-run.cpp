// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// qopt-run: runs a model and checks, evaluates or times it.

#include "Commands.h"

#include "qopt/InitAllDialects.h"
#include "qopt/Support/Diagnostics.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/WithColor.h"

using namespace llvm;
using namespace qoptrun;

static Expected<bool> run(const Options &options) {
  mlir::DialectRegistry registry;
  qopt::registerAllDialects(registry);
  qopt::registerCodeGenTranslations(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  qopt::DiagnosticPrinter printer(&context, "qopt-run");
  auto model = openModel(options, context);
  if (!model)
    return model.takeError();
  if (!options.inputs.empty())
    if (Error error = runFiles(*model, options))
      return std::move(error);
  if (!options.evaluate.empty())
    if (Error error = runEvaluation(*model, options))
      return std::move(error);
  if (options.bench)
    if (Error error = runBench(*model, options))
      return std::move(error);
  if (options.profile)
    if (Error error = runProfile(*model, options))
      return std::move(error);
  // Last, for the last line of the output is its count.
  if (!options.check.empty())
    return runCheck(*model, options);
  return true;
}

int main(int argc, char **argv) {
  InitLLVM init(argc, argv);
  Options options = parseCommandLine(argc, argv);
  Expected<bool> passed = run(options);
  if (passed)
    return *passed ? 0 : 1;
  outs().flush();
  logAllUnhandledErrors(passed.takeError(),
                        WithColor::error(errs(), "qopt-run"));
  return 1;
}
