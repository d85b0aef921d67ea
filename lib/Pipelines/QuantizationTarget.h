// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What --quantize and --profile name.

#ifndef QOPT_LIB_PIPELINES_QUANTIZATIONTARGET_H
#define QOPT_LIB_PIPELINES_QUANTIZATIONTARGET_H

#include "qopt/Pipelines/QuantizeModel.h"
#include "qopt/Quantization/Profile.h"

namespace qopt {

struct QuantizationTarget {
  quantization::Scheme scheme;
  quantization::Profile profile;

  static llvm::Expected<QuantizationTarget>
  load(const QuantizeOptions &options);
};

} // namespace qopt

#endif // QOPT_LIB_PIPELINES_QUANTIZATIONTARGET_H
