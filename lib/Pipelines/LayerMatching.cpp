// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The stages have their ops in the same order, with casts in between; names
// and shapes say which belong together where an op is missing in one of them.

#include "LayerMatching.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "qopt/Dialect/NN/IR/NN.h"
#include "qopt/Dialect/NN/IR/TensorNames.h"
#include "qopt/Dialect/Quant/IR/QuantOps.h"

using namespace llvm;
using namespace qopt;

static bool isLayer(mlir::Operation &op) {
  return op.getNumOperands() > 0 && op.getNumResults() == 1 &&
         !isa<nn::ReshapeOp, nn::TransposeOp, nn::PadOp, nn::SliceOp,
              quant::QuantizeCastOp, quant::DequantizeCastOp,
              quant::StorageCastOp, quant::RequantizeOp>(op);
}

static std::vector<mlir::Operation *> listLayers(mlir::ModuleOp module) {
  std::vector<mlir::Operation *> layers;
  if (!module)
    return layers;
  auto main = module.lookupSymbol<mlir::func::FuncOp>("main");
  for (mlir::Operation &op : main.getBody().front().without_terminator())
    if (isLayer(op))
      layers.push_back(&op);
  return layers;
}

static bool belongTogether(mlir::Operation *lhs, mlir::Operation *rhs) {
  auto getShape = [](mlir::Operation *op) {
    return cast<mlir::ShapedType>(op->getResult(0).getType()).getShape();
  };
  bool haveOneKind = lhs->getName() == rhs->getName() ||
                     (isa<nn::AddOp>(lhs) && isa<nn::ResidualAddOp>(rhs));
  return haveOneKind && getShape(lhs) == getShape(rhs) &&
         nn::getTensorName(lhs->getResult(0)) ==
             nn::getTensorName(rhs->getResult(0));
}

std::vector<MatchedLayer> qopt::matchLayers(const QuantizationStages &stages) {
  std::vector<MatchedLayer> layers;
  for (mlir::Operation *op : listLayers(*stages.prepared)) {
    layers.emplace_back();
    layers.back().prepared = op;
  }
  auto match = [&](const mlir::OwningOpRef<mlir::ModuleOp> &stage,
                   mlir::Operation *MatchedLayer::*member) {
    if (!stage)
      return;
    std::vector<mlir::Operation *> ops = listLayers(*stage);
    ArrayRef<mlir::Operation *> rest = ops;
    for (MatchedLayer &layer : layers) {
      const auto *found = find_if(rest, [&](mlir::Operation *op) {
        return belongTogether(layer.prepared, op);
      });
      if (found == rest.end())
        continue;
      layer.*member = *found;
      rest = rest.drop_front(found - rest.begin() + 1);
    }
  };
  match(stages.folded, &MatchedLayer::folded);
  match(stages.simulation, &MatchedLayer::simulated);
  match(stages.quantized, &MatchedLayer::quantized);
  return layers;
}

mlir::Operation *qopt::findQuantize(mlir::Value value) {
  for (mlir::Operation *user : value.getUsers())
    if (isa<quant::QuantizeCastOp>(user))
      return user;
  return nullptr;
}

mlir::Value qopt::findSimulated(mlir::Value value) {
  mlir::Operation *quantize = findQuantize(value);
  if (!quantize)
    return value;
  for (mlir::Operation *user : quantize->getResult(0).getUsers())
    if (isa<quant::DequantizeCastOp>(user))
      return user->getResult(0);
  return value;
}
