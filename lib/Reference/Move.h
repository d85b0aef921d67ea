// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Moves of bytes that ops of several dialects make.

#ifndef QOPT_LIB_REFERENCE_MOVE_H
#define QOPT_LIB_REFERENCE_MOVE_H

#include "qopt/Support/Tensor.h"

namespace qopt::reference {

/// Fills \p result with \p x, its first element at \p low, and with one
/// element's bytes of \p border around it.
void padTensor(const Tensor &x, llvm::ArrayRef<int64_t> low,
               llvm::ArrayRef<char> border, Tensor &result);

/// Fills \p result with elements of \p x: in each dimension from its offset on,
/// by its stride.
void sliceTensor(const Tensor &x, llvm::ArrayRef<int64_t> offsets,
                 llvm::ArrayRef<int64_t> strides, Tensor &result);

/// Fills \p result with the pieces, one after another along the axis.
void concatTensors(llvm::ArrayRef<Tensor> pieces, int64_t axis, Tensor &result);

/// Fills \p result with \p x, dimension i of which is permutation[i] of x.
void transposeTensor(const Tensor &x, llvm::ArrayRef<int64_t> permutation,
                     Tensor &result);

} // namespace qopt::reference

#endif // QOPT_LIB_REFERENCE_MOVE_H
