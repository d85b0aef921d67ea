// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Scale and zero point of the range that a tensor has at run time, each step
// one float32 operation.

#include "Dynamic.h"
#include "Evaluate.h"

#include <cmath>

using namespace mlir;
using namespace qopt;
using namespace qopt::reference;

DynamicRange reference::getDynamicRange(llvm::ArrayRef<float> values) {
  DynamicRange range;
  for (float x : values) {
    // A comparison with what is no number is false.
    range.low = x < range.low ? x : range.low;
    range.high = x > range.high ? x : range.high;
  }
  return range;
}

float DynamicRange::getScale() const {
  float span = high - low;
  float scale = span / 255.0f;
  return scale == 0 ? 1.0f : scale;
}

int64_t DynamicRange::getZeroPoint() const {
  float steps = low / getScale();
  float zeroPoint = -128.0f - steps;
  if (!(zeroPoint > -128.0f))
    return -128;
  return std::min<int64_t>(127, std::nearbyint(std::min(zeroPoint, 127.0f)));
}

int64_t reference::quantizeDynamically(float value, float scale,
                                       int64_t zeroPoint) {
  float quotient = value / scale;
  auto low = static_cast<float>(-128 - zeroPoint);
  auto high = static_cast<float>(127 - zeroPoint);
  if (!(quotient > low))
    return -128;
  return zeroPoint +
         static_cast<int64_t>(std::nearbyint(std::min(quotient, high)));
}

Outcome reference::evaluate(kernel::DynamicRangeOp op, Operands operands) {
  DynamicRange range = getDynamicRange(operands[0]->get<float>());
  Outcome result = makeTensor(op->getResult(0).getType());
  if (!result)
    return result;
  result->get<float>()[0] = range.low;
  result->get<float>()[1] = range.high;
  return result;
}

Outcome reference::evaluate(kernel::DynamicParameterOp op, Operands operands) {
  llvm::ArrayRef<float> bounds = operands[0]->get<float>();
  DynamicRange range{bounds[0], bounds[1]};
  Type type = op->getResult(0).getType();
  Outcome result = makeTensor(type);
  if (!result)
    return result;
  if (result->kind != ElementKind::Float32)
    return storeIntegers(op, type, {range.getZeroPoint()});
  result->get<float>()[0] = range.getScale();
  return result;
}
