// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Inner tensors become results. A tensor may be a result more than once: the
// caller finds its own where they were and the exposed ones behind them.

#include "qopt/Dialect/NN/Transforms/Calibration.h"
#include "qopt/Dialect/NN/Transforms/Passes.h"
#include "qopt/Support/PassStatistics.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringMap.h"

namespace qopt::nn {
#define GEN_PASS_DEF_NNEXPOSETENSORSPASS
#include "qopt/Dialect/NN/Transforms/Passes.h.inc"
} // namespace qopt::nn

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;

static bool isFloatTensor(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.getElementType().isF32();
}

llvm::SmallVector<NamedTensor>
qopt::nn::collectObservedTensors(func::FuncOp func) {
  llvm::SmallVector<NamedTensor> observed;
  for (NamedTensor &tensor : collectTensorNames(func)) {
    Operation *op = tensor.value.getDefiningOp();
    // Ranges are attributes of the op, which must make one tensor only; what
    // has no operands is a constant.
    if (isFloatTensor(tensor.value) &&
        (!op || (op->getBlock() == &func.getBody().front() &&
                 op->getNumOperands() != 0 && op->getNumResults() == 1)))
      observed.push_back(std::move(tensor));
  }
  return observed;
}

void qopt::nn::exposeTensors(func::FuncOp func, ArrayRef<NamedTensor> tensors) {
  Builder builder(func.getContext());
  Operation *terminator = func.getBody().back().getTerminator();
  SmallVector<Value> results(terminator->getOperands());
  SmallVector<Type> types(func.getResultTypes());
  SmallVector<DictionaryAttr> attributes;
  for (unsigned i = 0; i < types.size(); ++i)
    attributes.push_back(func.getResultAttrDict(i)
                             ? func.getResultAttrDict(i)
                             : builder.getDictionaryAttr({}));
  for (const NamedTensor &tensor : tensors) {
    results.push_back(tensor.value);
    types.push_back(tensor.value.getType());
    attributes.push_back(builder.getDictionaryAttr(
        builder.getNamedAttr("nn.name", builder.getStringAttr(tensor.name))));
  }
  terminator->setOperands(results);
  func.setFunctionType(builder.getFunctionType(func.getArgumentTypes(), types));
  func.setAllResultAttrs(attributes);
}

namespace {
struct NNExposeTensors : nn::impl::NNExposeTensorsPassBase<NNExposeTensors> {
  using NNExposeTensorsPassBase::NNExposeTensorsPassBase;

  void runOnOperation() override {
    func::FuncOp func = getOperation();
    if (func.isExternal())
      return;
    llvm::SmallVector<NamedTensor> tensors;
    if (names.empty()) {
      for (NamedTensor &tensor : collectObservedTensors(func))
        if (tensor.value.getDefiningOp())
          tensors.push_back(std::move(tensor));
    } else {
      llvm::StringMap<Value> byName;
      for (const NamedTensor &tensor : collectTensorNames(func))
        byName[tensor.name] = tensor.value;
      for (const std::string &name : names) {
        Value value = byName.lookup(name);
        if (!value) {
          func.emitError("no tensor is called '") << name << "'";
          return signalPassFailure();
        }
        tensors.push_back({value, name});
      }
    }
    exposeTensors(func, tensors);
    recordStatistic(*this, "num-exposed", tensors.size());
  }
};
} // namespace
