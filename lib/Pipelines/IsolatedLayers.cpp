// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See IsolatedLayers.h.

#include "IsolatedLayers.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"
#include "qopt/Dialect/NN/IR/NN.h"
#include "qopt/Dialect/Quant/IR/QuantOps.h"

using namespace llvm;
using namespace qopt;

/// A copy of the constant and its dequantization that `value` is made by; null
/// if it is no constant.
static mlir::Value copyQuantizedConstant(mlir::OpBuilder &builder,
                                         mlir::Value value) {
  auto dequantize = value.getDefiningOp<quant::DequantizeCastOp>();
  if (!dequantize || !dequantize.getInput().getDefiningOp<nn::ConstantOp>())
    return nullptr;
  mlir::IRMapping mapping;
  builder.clone(*dequantize.getInput().getDefiningOp(), mapping);
  return builder.clone(*dequantize, mapping)->getResult(0);
}

/// The type that the layer's result is stored as; null if it stays float.
static mlir::Type getStoredType(const MatchedLayer &layer) {
  mlir::Operation *cast =
      layer.simulated ? findQuantize(layer.simulated->getResult(0)) : nullptr;
  return cast ? cast->getResult(0).getType() : nullptr;
}

/// Whether the layer takes stored values as they are from its inputs, which
/// have paid for their rounding.
static bool isExact(const MatchedLayer &layer, mlir::Type stored) {
  return stored && isa<nn::MaxPool2DOp, nn::ConcatOp>(layer.simulated) &&
         all_of(layer.simulated->getOperands(), [&](mlir::Value operand) {
           auto dequantize = operand.getDefiningOp<quant::DequantizeCastOp>();
           return dequantize &&
                  mlir::getElementTypeOrSelf(dequantize.getInput()) ==
                      mlir::getElementTypeOrSelf(stored);
         });
}

IsolatedLayers qopt::isolateLayers(mlir::ModuleOp prepared,
                                   ArrayRef<MatchedLayer> layers) {
  IsolatedLayers result;
  mlir::IRMapping mapping;
  result.module = cast<mlir::ModuleOp>(prepared->clone(mapping));
  mlir::OpBuilder builder(prepared.getContext());
  for (const MatchedLayer &layer : layers) {
    mlir::Value original = mapping.lookup(layer.prepared->getResult(0));
    result.results.push_back(original);
    result.twins.emplace_back();
    mlir::Type stored = getStoredType(layer);
    if (!layer.simulated || isExact(layer, stored))
      continue;
    builder.setInsertionPointAfter(original.getDefiningOp());
    bool isQuantized = bool(stored);
    SmallVector<mlir::Value> operands(original.getDefiningOp()->getOperands());
    for (auto [operand, simulated] :
         zip(operands, layer.simulated->getOperands()))
      if (mlir::Value constant = copyQuantizedConstant(builder, simulated)) {
        operand = constant;
        isQuantized = true;
      }
    if (!isQuantized)
      continue;
    mlir::Operation *twin = builder.clone(*original.getDefiningOp());
    twin->setOperands(operands);
    mlir::Value value = twin->getResult(0);
    if (stored) {
      auto rounding = cast<quant::QuantizeCastOp>(
                          findQuantize(layer.simulated->getResult(0)))
                          .getRoundingAttr();
      mlir::Value integers = quant::QuantizeCastOp::create(
          builder, twin->getLoc(), stored, value, rounding);
      value = quant::DequantizeCastOp::create(builder, twin->getLoc(),
                                              value.getType(), integers);
    }
    result.twins.back() = value;
  }
  return result;
}
