// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a reshape and a transposition change places.

#ifndef QOPT_LIB_DIALECT_NN_TRANSFORMS_RESHAPING_H
#define QOPT_LIB_DIALECT_NN_TRANSFORMS_RESHAPING_H

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/SmallVector.h"

namespace qopt::nn {

/// transpose(reshape(x, shape), permutation)
struct MovedReshape {
  llvm::SmallVector<int64_t> shape, permutation;
};

/// The same elements as reshape(transpose(x, permutation), shape) for an x of
/// the given shape. Fails if the reshape merges or splits dimensions together
/// that are not neighbours in x, in that order. Dimensions of extent 1 are
/// free.
llvm::FailureOr<MovedReshape>
moveReshapeBefore(llvm::ArrayRef<int64_t> inputShape,
                  llvm::ArrayRef<int64_t> permutation,
                  llvm::ArrayRef<int64_t> shape);

} // namespace qopt::nn

#endif // QOPT_LIB_DIALECT_NN_TRANSFORMS_RESHAPING_H
