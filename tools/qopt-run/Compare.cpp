// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compares element by element and words the result.

#include "Compare.h"

#include "llvm/Support/FormatVariadic.h"
#include <cmath>

using namespace llvm;
using qopt::Tensor;

static constexpr double tolerance = 1e-5;

/// "[0,3,1]" for the index of an element in row-major order.
static std::string printIndex(ArrayRef<int64_t> shape, int64_t index) {
  SmallVector<int64_t> position(shape.size());
  for (size_t d = shape.size(); d-- > 0;) {
    position[d] = index % shape[d];
    index /= shape[d];
  }
  std::string text = "[";
  for (int64_t at : position)
    text += (text.size() > 1 ? "," : "") + std::to_string(at);
  return text + "]";
}

static std::string printValue(const Tensor &tensor, int64_t index) {
  if (qopt::isFloat(tensor.kind))
    return formatv("{0:e6}", tensor.getReal(index)).str();
  return std::to_string(tensor.getInteger(index));
}

qoptrun::Comparison qoptrun::compare(const Tensor &actual,
                                     const Tensor &expected) {
  if (actual.kind != expected.kind || actual.shape != expected.shape)
    return {false, "got " + actual.describeType() + ", expected " +
                       expected.describeType()};
  if (actual.bytes == expected.bytes)
    return {true, "equal"};
  bool isFloat = qopt::isFloat(expected.kind);
  int64_t count = expected.getNumElements();
  double largest = 0;
  for (int64_t i = 0; isFloat && i < count; ++i)
    largest = std::max(largest, std::fabs(expected.getReal(i)));

  int64_t numDifferent = 0, first = -1;
  double largestDifference = 0;
  for (int64_t i = 0; i < count; ++i) {
    double a = actual.getReal(i), e = expected.getReal(i);
    bool bothNaN = std::isnan(a) && std::isnan(e);
    if (a == e || bothNaN)
      continue;
    double difference = std::fabs(a - e);
    // A difference that is not a number never passes.
    if (!(difference <= (isFloat ? tolerance * largest : 0))) {
      ++numDifferent;
      if (first < 0)
        first = i;
    }
    largestDifference = std::isnan(difference)
                            ? difference
                            : std::max(largestDifference, difference);
  }
  std::string size = isFloat ? formatv("{0:e2}", largestDifference).str()
                             : formatv("{0:f0}", largestDifference).str();
  if (numDifferent == 0)
    return {true, isFloat ? "equal within 1e-05 of the largest value, "
                            "largest difference " +
                                size
                          : "equal"};
  return {false,
          formatv("{0} of {1} differ, first at {2}: got {3}, expected {4}; "
                  "largest difference {5}",
                  numDifferent, count, printIndex(expected.shape, first),
                  printValue(actual, first), printValue(expected, first), size)
              .str()};
}
