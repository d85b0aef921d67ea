// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The range with the least mean squared error (Sung et al. 2015, arXiv
// 1511.06488; Nagel et al. 2021, arXiv 2106.08295, section 3.1): what is cut
// off costs the square of its distance, what is not the square of its rounding
// error. Both integrals are taken exactly over each bin.

#include "Estimators.h"

#include <cmath>

using namespace qopt::calibration;

/// The integral from 0 to x of (t - round(t))^2: a step of width 1 adds 1/12,
/// and within one it is a cubic.
static double integrateRounding(double x) {
  double step = std::floor(x + 0.5);
  double rest = x - step;
  return step / 12 + rest * rest * rest / 3;
}

/// The integral of (t - end)^2 from low to high.
static double integrateDistance(double low, double high, double end) {
  double a = low - end, b = high - end;
  return (b * b * b - a * a * a) / 3;
}

double qopt::calibration::getSquaredError(llvm::ArrayRef<Bin> bins,
                                          const RangeRequest &request,
                                          Range range) {
  numerics::StorageRange storage =
      numerics::StorageRange::ofBits(request.bits, request.isSigned);
  auto parameters = numerics::parametersFromRange(range.min, range.max, storage,
                                                  request.symmetric);
  if (!parameters)
    return std::numeric_limits<double>::infinity();
  double scale = parameters->scale;
  double least =
      scale * static_cast<double>(storage.min - parameters->zeroPoint);
  double greatest =
      scale * static_cast<double>(storage.max - parameters->zeroPoint);
  double cube = scale * scale * scale, inverse = 1 / scale;
  double error = 0;
  for (const Bin &bin : bins) {
    double width = bin.high - bin.low;
    if (!(width > 0)) { // all values are one
      double value = std::min(std::max(bin.low, least), greatest);
      value = scale * std::floor(value * inverse + 0.5);
      error += bin.count * (bin.low - value) * (bin.low - value);
      continue;
    }
    double low = std::min(std::max(bin.low, least), greatest);
    double high = std::min(std::max(bin.high, least), greatest);
    double integral = 0;
    if (high > low)
      integral = cube * (integrateRounding(high * inverse) -
                         integrateRounding(low * inverse));
    if (bin.low < least)
      integral += integrateDistance(bin.low, std::min(bin.high, least), least);
    if (bin.high > greatest)
      integral +=
          integrateDistance(std::max(bin.low, greatest), bin.high, greatest);
    error += bin.count * (integral / width);
  }
  return error;
}

double qopt::calibration::getMeanSquaredError(const TensorStatistics &tensor,
                                              const RangeRequest &request,
                                              Range range) {
  std::vector<Bin> bins = collectBins(tensor);
  double total = 0;
  for (const Bin &bin : bins)
    total += bin.count;
  return total > 0 ? getSquaredError(bins, request, range) / total : 0;
}

Range qopt::calibration::estimateMSE(const TensorStatistics &tensor,
                                     const RangeRequest &request, double) {
  std::vector<Bin> bins = collectBins(tensor);
  return searchRange(
      getObservedRange(tensor, request), request,
      [&](Range range) { return getSquaredError(bins, request, range); });
}
