// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rounded weights shift the mean of a layer's result by e E[x]; the bias can
// take that back (Nagel et al. 2019, arXiv 1906.04721, section 4.2). E[x] is
// measured, or known without data where the input is a clamped batch norm.

#ifndef QOPT_WEIGHTROUNDING_BIASCORRECTION_H
#define QOPT_WEIGHTROUNDING_BIASCORRECTION_H

namespace qopt::rounding {

/// What to add to a bias: -sum (quantized - original) * mean.
template <typename Weights, typename Means>
double getBiasCorrection(const Weights &original, const Weights &quantized,
                         const Means &means) {
  double shift = 0;
  for (decltype(means.size()) k = 0; k < means.size(); ++k)
    shift += (quantized[k] - original[k]) * means[k];
  return -shift;
}

/// The mean of clamp(x, low, high) for normal x; bounds may be infinite.
double getClampedNormalMean(double mean, double deviation, double low,
                            double high);

} // namespace qopt::rounding

#endif // QOPT_WEIGHTROUNDING_BIASCORRECTION_H
