// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bilinear resizing of [N, H, W, C] elements.

#ifndef QOPT_LIB_REFERENCE_INTERPOLATE_H
#define QOPT_LIB_REFERENCE_INTERPOLATE_H

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>
#include <vector>

namespace qopt::reference {

/// In fixed point with 10 fractional bits a coordinate.
std::vector<int64_t> resizeIntegers(const std::vector<int64_t> &x,
                                    llvm::ArrayRef<int64_t> in,
                                    llvm::ArrayRef<int64_t> out,
                                    bool alignCorners, bool halfPixel);

/// In float32; \p offset is added last.
std::vector<float> resizeFloats(const std::vector<float> &x,
                                llvm::ArrayRef<int64_t> in,
                                llvm::ArrayRef<int64_t> out, bool alignCorners,
                                bool halfPixel, float offset);

} // namespace qopt::reference

#endif // QOPT_LIB_REFERENCE_INTERPOLATE_H
