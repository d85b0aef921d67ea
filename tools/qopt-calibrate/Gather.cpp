// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs the model on samples. Ctrl-C stops after the current sample and keeps
// what was gathered; the second one kills.

#include "Commands.h"
#include "Progress.h"

#include "mlir/IR/MLIRContext.h"
#include "qopt/CodeGen/CodeGen.h"
#include "qopt/InitAllDialects.h"
#include "qopt/Pipelines/Calibrator.h"
#include "qopt/Pipelines/Compiler.h"
#include "qopt/Support/Diagnostics.h"

#include <csignal>

using namespace llvm;
using namespace qoptcalibrate;

static volatile std::sig_atomic_t interrupted = 0;

static void handleSignal(int signal) {
  interrupted = 1;
  std::signal(signal, SIG_DFL);
}

Error qoptcalibrate::gather(const Options &options) {
  mlir::DialectRegistry registry;
  qopt::registerAllDialects(registry);
  qopt::registerCodeGenTranslations(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  qopt::DiagnosticPrinter printer(&context, "qopt-calibrate");
  auto module = qopt::loadModel(options.files[0], context);
  if (!module)
    return module.takeError();
  qopt::CompileOptions compile;
  compile.target = qopt::resolveTarget("", "", "");
  qopt::PhaseTimes times;
  auto compiler = qopt::Compiler::create(**module, compile, times);
  if (!compiler)
    return compiler.takeError();
  if (Error error = (*compiler)->runPhases(qopt::Phase::Float))
    return error;
  auto calibrator = qopt::Calibrator::create(**module);
  if (!calibrator)
    return calibrator.takeError();
  if ((*calibrator)->getTensors().empty())
    return createStringError("'" + options.files[0] +
                             "' has no tensors of f32 to observe");
  auto samples = qopt::samples::SampleSet::open(
      options.data, qopt::getInputFormats((*calibrator)->getInterface()),
      options.samples);
  if (!samples)
    return samples.takeError();
  int64_t available =
      (samples->size() - options.first + options.step - 1) / options.step;
  if (options.first >= samples->size())
    return createStringError("--first is " + Twine(options.first) +
                             ", but there are " + Twine(samples->size()) +
                             " samples");
  int64_t count =
      options.limit < 0 ? available : std::min(available, options.limit);

  std::signal(SIGINT, handleSignal);
  std::signal(SIGTERM, handleSignal);
  Progress progress(count, options.quiet);
  std::vector<qopt::Tensor> sample;
  int64_t done = 0;
  for (; done < count && !interrupted; ++done) {
    progress.update(done);
    if (Error error =
            samples->read(options.first + done * options.step, sample))
      return error;
    if (Error error = (*calibrator)->add(sample))
      return error;
  }
  progress.finish(done);
  const qopt::calibration::Statistics &statistics =
      (*calibrator)->getStatistics();
  for (const qopt::calibration::TensorStatistics &tensor : statistics.tensors)
    if (tensor.numNaNs + tensor.numInfinities > 0)
      errs() << "warning: tensor '" << tensor.name << "' holds "
             << tensor.numNaNs << " NaNs and " << tensor.numInfinities
             << " infinities, which its range leaves out\n";
  if (Error error = save(statistics, options.output))
    return error;
  if (interrupted)
    return createStringError("interrupted; '" + options.output + "' has " +
                             Twine(done) + " of " + Twine(count) + " samples");
  return Error::success();
}
