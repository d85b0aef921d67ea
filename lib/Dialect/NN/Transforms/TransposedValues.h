// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Values as transpositions of other values, which are made only where
// something reads them.

#ifndef QOPT_LIB_DIALECT_NN_TRANSFORMS_TRANSPOSEDVALUES_H
#define QOPT_LIB_DIALECT_NN_TRANSFORMS_TRANSPOSEDVALUES_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace qopt::nn {

using Permutation = llvm::SmallVector<int64_t>;

/// Dimension i of transpose(transpose(x, first), second).
Permutation compose(llvm::ArrayRef<int64_t> first,
                    llvm::ArrayRef<int64_t> second);
Permutation identity(int64_t rank);

/// Whether a transposition leaves the elements in their order: only dimensions
/// of extent 1 move.
bool keepsOrder(llvm::ArrayRef<int64_t> shape,
                llvm::ArrayRef<int64_t> permutation);

/// Whether a value follows from one constant: the constant itself, or
/// element-wise ops on it, as the dequantization of weights is.
bool followsFromConstant(mlir::Value value);

/// The ops of `value`, which follows from a constant, on the constant that
/// `map` makes of it; `mapType` says what becomes of a tensor's type.
mlir::Value mapConstant(
    mlir::OpBuilder &builder, mlir::Value value,
    llvm::function_ref<mlir::Value(mlir::Value)> map,
    llvm::function_ref<mlir::RankedTensorType(mlir::RankedTensorType)> mapType);

/// transpose(source, permutation), behind that perhaps a reshape that does not
/// change places with it.
struct View {
  mlir::Value source;
  Permutation permutation;
  /// The type behind the reshape, or null.
  mlir::RankedTensorType reshaped;

  bool isSource() const;
};

class TransposedValues {
public:
  /// What the value is; by default itself.
  View get(mlir::Value value) const;
  void set(mlir::Value value, View view);

  /// The value itself, made if there is no op for it yet.
  mlir::Value materialize(mlir::Value value);

  /// x in value = transpose(x, permutation). One op for all who ask.
  mlir::Value inOrder(mlir::Value value, llvm::ArrayRef<int64_t> permutation);

  /// How many elements `inOrder` moves, that are not moved already.
  int64_t getCost(mlir::Value value, llvm::ArrayRef<int64_t> permutation) const;

private:
  mlir::Value find(mlir::Value source,
                   llvm::ArrayRef<int64_t> permutation) const;
  mlir::Value make(mlir::Value source, llvm::ArrayRef<int64_t> permutation,
                   mlir::Location loc);

  llvm::DenseMap<mlir::Value, View> views;
  llvm::DenseMap<mlir::Value,
                 llvm::SmallVector<std::pair<Permutation, mlir::Value>, 1>>
      made;
};

} // namespace qopt::nn

#endif // QOPT_LIB_DIALECT_NN_TRANSFORMS_TRANSPOSEDVALUES_H
