// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// EvaluableOpInterface: ops on known floats, in float32 as at run time.

#include "qopt/Dialect/NN/IR/NN.h"

#include <cmath>

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;

using Inputs = ArrayRef<ArrayRef<float>>;
using Output = MutableArrayRef<float>;

static ArrayRef<int64_t> shapeOf(Value value) {
  return cast<ShapedType>(value.getType()).getShape();
}

static void clampAll(Output values, RealInterval interval) {
  if (interval.isUnbounded())
    return;
  for (float &value : values)
    value = std::min(std::max(value, static_cast<float>(interval.low)),
                     static_cast<float>(interval.high));
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

/// The element of an operand that an element of the result uses.
static int64_t getBroadcastIndex(ArrayRef<int64_t> result,
                                 ArrayRef<int64_t> operand, int64_t element) {
  int64_t index = 0, stride = 1;
  for (size_t d = result.size(), e = operand.size(); d-- > 0 && e-- > 0;) {
    if (operand[e] != 1)
      index += element % result[d] * stride;
    element /= result[d];
    stride *= operand[e];
  }
  return index;
}

template <typename BinaryOp, typename Function>
static LogicalResult evaluateBinary(BinaryOp op, Inputs operands, Output result,
                                    Function function) {
  ArrayRef<int64_t> shape = shapeOf(op.getResult());
  ArrayRef<int64_t> lhs = shapeOf(op.getLhs()), rhs = shapeOf(op.getRhs());
  for (int64_t i = 0, e = result.size(); i != e; ++i)
    result[i] = function(operands[0][getBroadcastIndex(shape, lhs, i)],
                         operands[1][getBroadcastIndex(shape, rhs, i)]);
  clampAll(result, op.getFusedInterval());
  return success();
}

LogicalResult AddOp::evaluateFloats(Inputs operands, Output result) {
  return evaluateBinary(*this, operands, result, std::plus<float>());
}
LogicalResult SubOp::evaluateFloats(Inputs operands, Output result) {
  return evaluateBinary(*this, operands, result, std::minus<float>());
}
LogicalResult MulOp::evaluateFloats(Inputs operands, Output result) {
  return evaluateBinary(*this, operands, result, std::multiplies<float>());
}

LogicalResult BatchNormOp::evaluateFloats(Inputs operands, Output result) {
  ArrayRef<float> x = operands[0], scale = operands[1], offset = operands[2];
  ArrayRef<float> mean = operands[3], variance = operands[4];
  double epsilon = getEpsilon().convertToDouble();
  for (size_t i = 0; i < x.size(); ++i) {
    size_t c = i % scale.size();
    double factor = scale[c] / std::sqrt(variance[c] + epsilon);
    result[i] =
        static_cast<float>((double(x[i]) - mean[c]) * factor + offset[c]);
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Clamps
//===----------------------------------------------------------------------===//

static LogicalResult evaluateClamp(ClampOpInterface op, Inputs operands,
                                   Output result) {
  llvm::copy(operands[0], result.begin());
  clampAll(result, op.getClampInterval());
  return success();
}

LogicalResult ReluOp::evaluateFloats(Inputs operands, Output result) {
  return evaluateClamp(*this, operands, result);
}
LogicalResult Relu6Op::evaluateFloats(Inputs operands, Output result) {
  return evaluateClamp(*this, operands, result);
}
LogicalResult ClipOp::evaluateFloats(Inputs operands, Output result) {
  return evaluateClamp(*this, operands, result);
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

static LogicalResult evaluateFunction(Inputs operands, Output result,
                                      llvm::function_ref<double(double)> f) {
  for (auto [x, y] : llvm::zip_equal(operands[0], result))
    y = static_cast<float>(f(x));
  return success();
}

LogicalResult LogisticOp::evaluateFloats(Inputs operands, Output result) {
  return evaluateFunction(operands, result,
                          [](double x) { return 1 / (1 + std::exp(-x)); });
}
LogicalResult TanhOp::evaluateFloats(Inputs operands, Output result) {
  return evaluateFunction(operands, result,
                          [](double x) { return std::tanh(x); });
}
LogicalResult HardSwishOp::evaluateFloats(Inputs operands, Output result) {
  return evaluateFunction(operands, result, [](double x) {
    return x * std::min(std::max(x + 3, 0.0), 6.0) / 6;
  });
}
LogicalResult LeakyReluOp::evaluateFloats(Inputs operands, Output result) {
  double alpha = getAlpha().convertToDouble();
  return evaluateFunction(operands, result,
                          [=](double x) { return x >= 0 ? x : alpha * x; });
}

//===----------------------------------------------------------------------===//
// Moves
//===----------------------------------------------------------------------===//

LogicalResult ReshapeOp::evaluateFloats(Inputs operands, Output result) {
  llvm::copy(operands[0], result.begin());
  return success();
}

LogicalResult PadOp::evaluateFloats(Inputs operands, Output result) {
  llvm::fill(result, static_cast<float>(getValue().convertToDouble()));
  ArrayRef<int64_t> from = shapeOf(getInput()), to = shapeOf(getResult());
  for (int64_t i = 0, e = operands[0].size(); i != e; ++i) {
    int64_t rest = i, index = 0, stride = 1;
    for (size_t d = from.size(); d-- > 0; rest /= from[d]) {
      index += (rest % from[d] + getLow()[d]) * stride;
      stride *= to[d];
    }
    result[index] = operands[0][i];
  }
  return success();
}

LogicalResult SliceOp::evaluateFloats(Inputs operands, Output result) {
  ArrayRef<int64_t> from = shapeOf(getInput()), to = shapeOf(getResult());
  for (int64_t i = 0, e = result.size(); i != e; ++i) {
    int64_t rest = i, index = 0, stride = 1;
    for (size_t d = to.size(); d-- > 0; rest /= to[d]) {
      index += (getOffsets()[d] + rest % to[d] * getStrides()[d]) * stride;
      stride *= from[d];
    }
    result[i] = operands[0][index];
  }
  return success();
}

LogicalResult ConcatOp::evaluateFloats(Inputs operands, Output result) {
  // The inputs alternate in runs that are contiguous from the axis on.
  ArrayRef<int64_t> shape = shapeOf(getResult());
  int64_t inner = ShapedType::getNumElements(shape.drop_front(getAxis() + 1));
  int64_t pitch = shape[getAxis()] * inner, offset = 0;
  for (auto [input, values] : llvm::zip_equal(getInputs(), operands)) {
    int64_t length = shapeOf(input)[getAxis()] * inner;
    for (int64_t i = 0, e = values.size(); i != e; ++i)
      result[i / length * pitch + offset + i % length] = values[i];
    offset += length;
  }
  clampAll(result, getActivationInterval(getActivation()));
  return success();
}
