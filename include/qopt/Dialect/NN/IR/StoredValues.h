// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads the integers of a constant tensor where they lie, in `dense` and
// `dense_resource` alike, with the signedness of the tensor's type.

#ifndef QOPT_DIALECT_NN_IR_STOREDVALUES_H
#define QOPT_DIALECT_NN_IR_STOREDVALUES_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Value.h"

#include <optional>

namespace qopt::nn {

/// A view; it lives as long as the attribute that it was made of.
class StoredValues {
public:
  /// The integers of `value` read as elements of `type`, a tensor type that is
  /// quantized or of plain integers (which are signed). Nothing if the elements
  /// are no integers of 1 to 8 bytes or the data is not at hand: a resource
  /// that is missing or of the wrong size.
  static std::optional<StoredValues> get(mlir::ElementsAttr value,
                                         mlir::Type type);

  /// The integers of a value that a constant defines.
  static std::optional<StoredValues> get(mlir::Value value);

  int64_t size() const { return count; }

  /// How many values from the first on are all there are: 1 for a splat, which
  /// may be larger than anything that could be visited.
  int64_t getNumDistinct() const { return isSplat ? 1 : count; }

  int64_t operator[](int64_t index) const;

private:
  const char *data = nullptr;
  int64_t count = 0;
  unsigned bytes = 1;
  unsigned bits = 8;
  bool isSigned = true;
  bool isSplat = false;
};

} // namespace qopt::nn

#endif // QOPT_DIALECT_NN_IR_STOREDVALUES_H
