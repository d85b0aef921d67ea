// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A copy of the module goes through phase `kernel` as far as schedules are
// chosen. Each convolution whose key the database lacks becomes a model of one
// layer for each candidate, which is compiled and timed as whole models are.

#include "qopt/Pipelines/TuneSchedules.h"

#include "qopt/Dialect/Kernel/Transforms/Passes.h"
#include "qopt/Dialect/Kernel/Transforms/ScheduleDatabase.h"
#include "qopt/Pipelines/CompileNative.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FormatVariadic.h"
#include <chrono>

using namespace llvm;
using namespace qopt;
using Clock = std::chrono::steady_clock;

/// How many schedules are tried for a kernel, the default included.
static constexpr unsigned kCandidates = 8;
/// A schedule must take at most this part of the default's time to win.
static constexpr double kClearlyFaster = 0.97;

static double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

//===----------------------------------------------------------------------===//
// One kernel alone
//===----------------------------------------------------------------------===//

/// A model whose only layer is the op with another schedule.
static mlir::OwningOpRef<mlir::ModuleOp>
isolate(mlir::Operation *op, kernel::ScheduleAttr schedule) {
  auto source = op->getParentOfType<mlir::ModuleOp>();
  mlir::OpBuilder builder(op->getContext());
  mlir::OwningOpRef<mlir::ModuleOp> module =
      mlir::ModuleOp::create(builder, op->getLoc());
  (*module)->setAttrs(source->getAttrDictionary());
  builder.setInsertionPointToEnd(module->getBody());
  auto init = cast<mlir::DestinationStyleOpInterface>(op).getDpsInits()[0];
  // Inputs and residuals; constants and the destination are made here.
  SmallVector<mlir::Value> given;
  for (mlir::Value operand : op->getOperands())
    if (operand != init && !mlir::matchPattern(operand, mlir::m_Constant()))
      given.push_back(operand);
  auto function = mlir::func::FuncOp::create(
      builder, op->getLoc(), "main",
      builder.getFunctionType(mlir::ValueRange(given).getTypes(),
                              op->getResultTypes()));
  mlir::IRMapping mapping;
  mlir::Block *body = function.addEntryBlock();
  mapping.map(given, body->getArguments());
  builder.setInsertionPointToStart(body);
  for (mlir::Value operand : op->getOperands())
    if (!mapping.contains(operand))
      builder.clone(*operand.getDefiningOp(), mapping);
  mlir::Operation *kernel = builder.clone(*op, mapping);
  kernel->setAttr("schedule", schedule);
  mlir::func::ReturnOp::create(builder, op->getLoc(), kernel->getResults());
  return module;
}

/// Compiles the model of one layer for this machine.
static Expected<std::unique_ptr<NativeEngine>>
compile(mlir::ModuleOp module, const CompileOptions &options) {
  mlir::PassManager pm(module.getContext());
  pm.addPass(kernel::createKernelChooseSchedulesPass());
  pm.addPass(kernel::createKernelUseFMARequantizePass());
  pm.addPass(kernel::createKernelPackWeightsPass());
  if (mlir::failed(pm.run(module)))
    return createStringError("cannot compile a kernel to measure it");
  CompileOptions own;
  own.name = "tuned";
  own.target = options.target;
  own.startAfter = Phase::Kernel;
  return compileNative(module, own);
}

/// The least time of some runs.
static Expected<double> measure(NativeEngine &engine, double seconds) {
  Example inputs;
  for (const TensorInterface &input : engine.getInterface().inputs)
    inputs.emplace_back(input.kind, input.shape);
  double least = std::numeric_limits<double>::infinity();
  Clock::time_point start = Clock::now();
  do {
    auto time = engine.runInPlace(inputs);
    if (!time)
      return time.takeError();
    least = std::min(least, *time);
  } while (secondsSince(start) < seconds);
  return least;
}

//===----------------------------------------------------------------------===//
// The race
//===----------------------------------------------------------------------===//

namespace {
struct Race {
  kernel::ScheduleAttr winner;
  double winnerTime = 0, defaultTime = 0;
};
} // namespace

/// Runs all candidates in turns, so that what disturbs the machine disturbs
/// all of them.
static Expected<Race> race(mlir::Operation *op,
                           ArrayRef<kernel::ScheduleAttr> schedules,
                           const CompileOptions &options) {
  std::vector<std::unique_ptr<NativeEngine>> engines;
  std::vector<double> times;
  for (kernel::ScheduleAttr schedule : schedules) {
    auto module = isolate(op, schedule);
    auto engine = compile(*module, options);
    if (!engine)
      return engine.takeError();
    engines.push_back(std::move(*engine));
    times.push_back(std::numeric_limits<double>::infinity());
  }
  for (int turn = 0; turn < 5; ++turn)
    for (auto [engine, least] : zip(engines, times)) {
      auto time = measure(*engine, 1e-3);
      if (!time)
        return time.takeError();
      least = std::min(least, *time);
    }
  size_t best = std::min_element(times.begin(), times.end()) - times.begin();
  if (times[best] > kClearlyFaster * times[0])
    best = 0;
  return Race{schedules[best], times[best], times[0]};
}

//===----------------------------------------------------------------------===//
// All kernels
//===----------------------------------------------------------------------===//

/// A copy of the module in which schedules would be chosen next.
static Expected<mlir::OwningOpRef<mlir::ModuleOp>>
lowerToKernels(mlir::ModuleOp module, const CompileOptions &options) {
  mlir::OwningOpRef<mlir::ModuleOp> copy = module.clone();
  mlir::PassManager pm(module.getContext());
  KernelPipelineOptions kernel;
  kernel.triple = options.target.triple;
  kernel.cpu = options.target.cpu;
  kernel.features = options.target.features;
  kernel.shareWeights = options.shareWeights;
  kernel.stopBeforeSchedules = true;
  buildKernelPipeline(pm, kernel);
  if (mlir::failed(pm.run(*copy)))
    return createStringError("phase 'kernel' failed");
  return std::move(copy);
}

Error qopt::tuneSchedules(mlir::ModuleOp module,
                          const CompileOptions &options) {
  Clock::time_point start = Clock::now();
  auto database = kernel::ScheduleDatabase::load(options.tuneDatabase);
  if (!database)
    return database.takeError();
  auto kernels = lowerToKernels(module, options);
  if (!kernels)
    return kernels.takeError();
  MapVector<StringRef, mlir::Operation *> missing;
  StringMap<char> keys;
  Error failed = Error::success();
  (*kernels)->walk([&](mlir::Operation *op) {
    std::string key = kernel::getScheduleKey(op);
    if (key.empty() || failed)
      return;
    auto known = database->lookup(key, module.getContext());
    if (!known)
      failed = joinErrors(std::move(failed), known.takeError());
    else if (!*known)
      missing.insert({keys.try_emplace(key).first->first(), op});
  });
  if (failed)
    return failed;
  unsigned number = 0;
  for (auto [key, op] : missing) {
    ++number;
    if (secondsSince(start) > options.tuneSeconds) {
      errs() << formatv("tuning: {0} of {1} kernels left, give more seconds\n",
                        missing.size() - number + 1, missing.size());
      break;
    }
    auto schedules = kernel::listSchedules(op, kCandidates);
    if (!schedules)
      return schedules.takeError();
    if (schedules->empty())
      continue;
    auto result = race(op, *schedules, options);
    if (!result)
      return result.takeError();
    database->insert(key, result->winner);
    errs() << formatv("tuning: {0}/{1} {2,9:f2} -> {3,9:f2} us  {4}\n", number,
                      missing.size(), result->defaultTime * 1e6,
                      result->winnerTime * 1e6, key.split(" stages").first);
  }
  if (missing.empty())
    return Error::success();
  return writeOutputFile(options.tuneDatabase, [&](raw_pwrite_stream &out) {
    database->print(out);
    return Error::success();
  });
}
