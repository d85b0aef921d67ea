// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Quantization to 8 bits by the range that a tensor has at run time.

#ifndef QOPT_LIB_REFERENCE_DYNAMIC_H
#define QOPT_LIB_REFERENCE_DYNAMIC_H

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>

namespace qopt::reference {

/// The least interval that holds all values and 0.
struct DynamicRange {
  float low = 0, high = 0;

  float getScale() const;
  int64_t getZeroPoint() const;
};

DynamicRange getDynamicRange(llvm::ArrayRef<float> values);

int64_t quantizeDynamically(float value, float scale, int64_t zeroPoint);

} // namespace qopt::reference

#endif // QOPT_LIB_REFERENCE_DYNAMIC_H
