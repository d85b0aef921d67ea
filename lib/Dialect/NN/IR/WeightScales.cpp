// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See WeightScales.h. A pair belongs to a block of elements: the whole tensor,
// a slice of an axis, or what a sub-channel type says.

#include "qopt/Dialect/NN/IR/WeightScales.h"

#include "llvm/ADT/TypeSwitch.h"

#include <cmath>
#include <numeric>

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;

std::optional<WeightScales> WeightScales::get(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor || !tensor.hasStaticShape())
    return std::nullopt;
  WeightScales result;
  result.shape.assign(tensor.getShape().begin(), tensor.getShape().end());
  result.blockSizes = result.shape;
  bool isKnown =
      llvm::TypeSwitch<Type, bool>(tensor.getElementType())
          .Case([&](quant::UniformQuantizedType t) {
            result.scales.push_back(t.getScale());
            result.zeroPoints.push_back(t.getZeroPoint());
            return true;
          })
          .Case([&](quant::UniformQuantizedPerAxisType t) {
            llvm::append_range(result.scales, t.getScales());
            llvm::append_range(result.zeroPoints, t.getZeroPoints());
            result.blockSizes[t.getQuantizedDimension()] = 1;
            return true;
          })
          .Case([&](quant::UniformQuantizedSubChannelType t) {
            for (const APFloat &scale : t.getScales().getValues<APFloat>())
              result.scales.push_back(scale.convertToDouble());
            for (int64_t i = 0, e = result.scales.size(); i != e; ++i)
              result.zeroPoints.push_back(t.getZeroPoint(i));
            for (auto [axis, size] : t.getBlockSizeInfo())
              result.blockSizes[axis] = size;
            return true;
          })
          .Default([](Type) { return false; });
  if (!isKnown)
    return std::nullopt;
  return result;
}

int64_t WeightScales::getIndex(int64_t element) const {
  if (scales.size() == 1)
    return 0;
  int64_t index = 0, stride = 1;
  for (size_t d = shape.size(); d-- > 0;) {
    index += element % shape[d] / blockSizes[d] * stride;
    element /= shape[d];
    stride *= shape[d] / blockSizes[d];
  }
  return index;
}

std::optional<WeightGroups> nn::getWeightGroups(LinearOpInterface op) {
  auto weights = cast<RankedTensorType>(op.getWeightOperand().get().getType());
  auto type =
      dyn_cast<quant::UniformQuantizedSubChannelType>(weights.getElementType());
  int64_t inputs = op.getWeightInputAxis();
  if (!type || inputs < 0)
    return std::nullopt;
  WeightGroups groups{weights.getDimSize(inputs), 1};
  bool hasChannel = weights.getDimSize(op.getWeightChannelAxis()) == 1;
  for (auto [axis, size] : type.getBlockSizeInfo()) {
    if (axis == inputs) {
      groups.size = size;
    } else if (axis == op.getWeightChannelAxis()) {
      if (size != 1)
        return std::nullopt;
      hasChannel = true;
    } else if (size != weights.getDimSize(axis)) {
      return std::nullopt;
    }
  }
  if (!hasChannel || groups.size < 1 ||
      weights.getDimSize(inputs) % groups.size != 0)
    return std::nullopt;
  groups.count = weights.getDimSize(inputs) / groups.size;
  return groups;
}

/// The greatest common divisor of positive float32 numbers, which are integers
/// times a power of two; nothing if they are too far apart.
static std::optional<double> getCommonDivisor(ArrayRef<double> numbers) {
  int exponent = INT_MAX;
  for (double number : numbers)
    exponent = std::min(exponent, std::ilogb(number));
  // 23 bits behind the leading one of the least number are all there are.
  uint64_t divisor = 0;
  for (double number : numbers) {
    double steps = std::ldexp(number, 23 - exponent);
    if (steps >= std::exp2(52) || steps != std::floor(steps))
      return std::nullopt;
    divisor = std::gcd(divisor, static_cast<uint64_t>(steps));
  }
  return std::ldexp(static_cast<double>(divisor), exponent - 23);
}

std::optional<SmallVector<double>> nn::getChannelUnits(LinearOpInterface op) {
  Type type = op.getWeightOperand().get().getType();
  std::optional<WeightGroups> groups = getWeightGroups(op);
  std::optional<WeightScales> scales = WeightScales::get(type);
  if (!groups || !scales)
    return std::nullopt;
  SmallVector<double> units;
  ArrayRef<double> all = scales->getScales();
  // All dimensions but channels and groups have one block.
  for (; !all.empty(); all = all.drop_front(groups->count)) {
    ArrayRef<double> channel = all.take_front(groups->count);
    std::optional<double> unit = getCommonDivisor(channel);
    if (!unit || *llvm::max_element(channel) / *unit >= 65536)
      return std::nullopt;
    units.push_back(*unit);
  }
  return units;
}
