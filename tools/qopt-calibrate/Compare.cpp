// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// --diff: how much the ranges depend on the samples. Tensors are ordered by how
// much their range differs, as a share of the wider one.

#include "Commands.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;
using namespace qoptcalibrate;
using namespace qopt::calibration;

namespace {
struct Difference {
  const TensorStatistics *tensor;
  Range first, second;
  double share;
};
} // namespace

Error qoptcalibrate::compare(const Options &options) {
  auto estimator = parseRangeEstimator(options.estimator);
  if (!estimator)
    return estimator.takeError();
  auto first = loadStatistics(options.files[0]);
  if (!first)
    return first.takeError();
  auto second = loadStatistics(options.files[1]);
  if (!second)
    return second.takeError();
  if (Error error =
          second->checkFingerprint(first->fingerprint, options.files[1]))
    return error;
  std::vector<Difference> differences;
  for (const TensorStatistics &tensor : first->tensors) {
    const TensorStatistics *other = second->find(tensor.name);
    if (!other)
      return createStringError("'" + options.files[1] + "' has no tensor '" +
                               tensor.name + "'");
    std::optional<Range> a = getRange(tensor, *estimator, options);
    std::optional<Range> b = getRange(*other, *estimator, options);
    if (!a || !b)
      continue;
    double width = std::max(a->max - a->min, b->max - b->min);
    double change =
        std::max(std::abs(a->min - b->min), std::abs(a->max - b->max));
    differences.push_back({&tensor, *a, *b, width > 0 ? change / width : 0});
  }
  stable_sort(differences, [](const Difference &a, const Difference &b) {
    return a.share > b.share;
  });
  size_t width = 6, numEqual = 0;
  for (const Difference &difference : differences)
    width = std::max(width, difference.tensor->name.size());
  for (const Difference &difference : differences) {
    if (difference.share == 0) {
      ++numEqual;
      continue;
    }
    auto print = [](Range range) {
      return "[" + printNumber(range.min) + ", " + printNumber(range.max) + "]";
    };
    outs() << left_justify(difference.tensor->name, width)
           << formatv(" {0,24} {1,24} {2,6:f1} %\n", print(difference.first),
                      print(difference.second), 100 * difference.share);
  }
  outs() << formatv("{0} ranges differ, {1} are equal\n",
                    differences.size() - numEqual, numEqual);
  return Error::success();
}
