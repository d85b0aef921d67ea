// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// In which order of dimensions the ops further on would like their operands.

#ifndef QOPT_LIB_DIALECT_NN_TRANSFORMS_WANTEDORDERS_H
#define QOPT_LIB_DIALECT_NN_TRANSFORMS_WANTEDORDERS_H

#include "TransposedValues.h"

#include <optional>

namespace qopt::nn {

/// The operands of an op that are transposed together; none if transpositions
/// do not move through it.
llvm::SmallVector<mlir::OpOperand *> getPermutableOperands(mlir::Operation *op);

/// How the result is transposed if these operands are; failure if the op does
/// not allow that.
llvm::FailureOr<Permutation>
getResultPermutation(mlir::Operation *op, llvm::ArrayRef<int64_t> permutation);

class WantedOrders {
public:
  /// One walk against the order of the ops.
  explicit WantedOrders(mlir::Block &block);

  struct Wish {
    Permutation order;
    int64_t numUsers;
  };

  /// Each p, such that some users want x of value = transpose(x, p). Users that
  /// are content with any order are not counted.
  llvm::ArrayRef<Wish> getWishes(mlir::Value value) const;

  /// The wish of the most users; none if all are content.
  std::optional<Permutation> get(mlir::Value value) const;

  int64_t getNumUsers(mlir::Value value,
                      llvm::ArrayRef<int64_t> permutation) const;

private:
  void vote(mlir::Value value, std::optional<Permutation> permutation);
  void visit(mlir::Operation &op);

  llvm::DenseMap<mlir::Value, llvm::SmallVector<Wish, 1>> wishes;
};

} // namespace qopt::nn

#endif // QOPT_LIB_DIALECT_NN_TRANSFORMS_WANTEDORDERS_H
