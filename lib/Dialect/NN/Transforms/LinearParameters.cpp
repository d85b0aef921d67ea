// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See LinearParameters.h. With f(x) = a x + s, a per input channel:
//
//   sum w (a x + s) + b = sum (w a) x + (b + sum w s)

#include "LinearParameters.h"

#include "qopt/Dialect/NN/IR/FloatValues.h"

#include "mlir/IR/TypeUtilities.h"

#include <cmath>

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;

std::optional<LinearParameters> LinearParameters::get(LinearOpInterface op,
                                                      std::string &reason) {
  LinearParameters parameters;
  parameters.op = op;
  if (!getElementTypeOrSelf(op->getResult(0).getType()).isF32()) {
    reason = "its result is not f32";
    return std::nullopt;
  }
  Value weights = op.getWeightOperand().get();
  auto values = readDoubles(weights);
  if (!values) {
    reason = "its weights are not a constant";
    return std::nullopt;
  }
  parameters.weights = std::move(*values);
  ArrayRef<int64_t> shape = cast<ShapedType>(weights.getType()).getShape();
  int64_t axis = op.getWeightChannelAxis();
  parameters.inner = ShapedType::getNumElements(shape.drop_front(axis + 1));
  parameters.bias.assign(shape[axis], 0);
  if (Value bias = op.getBiasValue()) {
    auto biasValues = readDoubles(bias);
    if (!biasValues) {
      reason = "its bias is not a constant";
      return std::nullopt;
    }
    parameters.bias = std::move(*biasValues);
  }
  parameters.numInputs = op.getChannelInputShape().back();
  return parameters;
}

void LinearParameters::applyToResult(const ChannelFunction &function) {
  for (int64_t i = 0, e = getNumWeights(); i != e; ++i)
    weights[i] *= function.factors[getOutputOf(i)];
  for (int64_t c = 0, e = getNumOutputs(); c != e; ++c)
    bias[c] = bias[c] * function.factors[c] + function.offsets[c];
  if (auto statistics = getResultStatistics(op)) {
    for (int64_t c = 0, e = getNumOutputs(); c != e; ++c) {
      double &mean = statistics->mean[c];
      mean = mean * function.factors[c] + function.offsets[c];
      statistics->deviation[c] *= std::abs(function.factors[c]);
    }
    setResultStatistics(op, *statistics);
  }
}

void LinearParameters::absorbFromInput(const ChannelFunction &function) {
  for (int64_t i = 0, e = getNumWeights(); i != e; ++i) {
    int64_t input = getInputOf(i);
    bias[getOutputOf(i)] += weights[i] * function.offsets[input];
    weights[i] *= function.factors[input];
  }
}

std::vector<double> LinearParameters::getOutputRanges() const {
  std::vector<double> ranges(getNumOutputs(), 0);
  for (int64_t i = 0, e = getNumWeights(); i != e; ++i) {
    double &range = ranges[getOutputOf(i)];
    range = std::max(range, std::abs(weights[i]));
  }
  return ranges;
}

std::vector<double> LinearParameters::getInputRanges() const {
  std::vector<double> ranges(getNumInputs(), 0);
  for (int64_t i = 0, e = getNumWeights(); i != e; ++i) {
    double &range = ranges[getInputOf(i)];
    range = std::max(range, std::abs(weights[i]));
  }
  return ranges;
}

void LinearParameters::store(OpBuilder &builder) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(op);
  auto eraseIfUnused = [](Value value) {
    if (value && value.use_empty())
      value.getDefiningOp()->erase();
  };
  OpOperand &operand = op.getWeightOperand();
  Value old = operand.get();
  operand.set(makeFloats(builder, old.getLoc(),
                         cast<ShapedType>(old.getType()).getShape(),
                         ArrayRef<double>(weights)));
  eraseIfUnused(old);
  Value oldBias = op.getBiasValue();
  if (!oldBias && llvm::all_of(bias, [](double b) { return b == 0; }))
    return;
  op.setBiasValue(makeFloats(builder, oldBias ? oldBias.getLoc() : op->getLoc(),
                             {getNumOutputs()}, ArrayRef<double>(bias)));
  eraseIfUnused(oldBias);
}

std::optional<ResultStatistics>
qopt::nn::getResultStatistics(LinearOpInterface op) {
  auto mean = op->getAttrOfType<DenseF64ArrayAttr>(resultMeanName);
  auto deviation = op->getAttrOfType<DenseF64ArrayAttr>(resultDeviationName);
  auto type = cast<ShapedType>(op->getResult(0).getType());
  int64_t channels = type.getDimSize(op.getResultChannelAxis());
  if (!mean || !deviation || mean.size() != channels ||
      deviation.size() != channels)
    return std::nullopt;
  return ResultStatistics{mean.asArrayRef().vec(),
                          deviation.asArrayRef().vec()};
}

void qopt::nn::setResultStatistics(LinearOpInterface op,
                                   const ResultStatistics &statistics) {
  MLIRContext *context = op->getContext();
  op->setAttr(resultMeanName, DenseF64ArrayAttr::get(context, statistics.mean));
  op->setAttr(resultDeviationName,
              DenseF64ArrayAttr::get(context, statistics.deviation));
}
