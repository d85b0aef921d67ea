// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Observes ranges with the interpreter.

#include "qopt/Pipelines/QuantizeModel.h"

#include "qopt/Dialect/Quant/IR/Quant.h"
#include "qopt/Reference/Interpreter.h"
#include "qopt/Support/Npy.h"

#include "llvm/ADT/MapVector.h"

using namespace llvm;
using namespace qopt;

namespace {
struct Extent {
  double min = 0, max = 0;
  bool any = false;
  void add(const Tensor &tensor) {
    for (float x : tensor.get<float>()) {
      min = any ? std::min<double>(min, x) : x;
      max = any ? std::max<double>(max, x) : x;
      any = true;
    }
  }
};
} // namespace

llvm::Error qopt::attachRanges(mlir::ModuleOp module,
                               const QuantizeOptions &options) {
  auto main = module.lookupSymbol<mlir::func::FuncOp>("main");
  if (!main)
    return createStringError("the module has no function 'main'");
  if (options.calibrate.empty() || main.getNumArguments() != 1)
    return createStringError("--quantize needs --calibrate with samples for "
                             "the model's input");
  MapVector<mlir::Operation *, Extent> extents;
  Extent input;
  for (const std::string &path : options.calibrate) {
    auto samples = readNpy(path);
    if (!samples)
      return samples.takeError();
    auto argument = reference::makeTensor(main.getArgumentTypes()[0]);
    if (!argument)
      return argument.takeError();
    size_t size = argument->bytes.size();
    if (samples->kind != argument->kind || samples->bytes.size() % size != 0)
      return createStringError("'" + path + "' holds " +
                               samples->describeType() + ", expected " +
                               argument->describeType());
    for (size_t offset = 0; offset < samples->bytes.size(); offset += size) {
      std::copy_n(samples->bytes.begin() + offset, size,
                  argument->bytes.begin());
      input.add(*argument);
      auto outputs = reference::interpret(
          main, {*argument},
          [&](mlir::Operation *op, ArrayRef<Tensor> results) {
            if (op->getNumOperands() && results.size() == 1 &&
                results[0].kind == ElementKind::Float32)
              extents[op].add(results[0]);
          });
      if (!outputs)
        return outputs.takeError();
    }
  }
  mlir::MLIRContext *context = module.getContext();
  main.setArgAttr(0, "quant.range",
                  quant::RangeAttr::get(context, input.min, input.max));
  for (auto &[op, extent] : extents)
    op->setAttr("quant.range",
                quant::RangeAttr::get(context, extent.min, extent.max));
  return Error::success();
}
