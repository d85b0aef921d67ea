// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What every importer checks before and after it makes ops.

#ifndef QOPT_SUPPORT_IMPORTCHECKS_H
#define QOPT_SUPPORT_IMPORTCHECKS_H

#include "mlir/IR/Block.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/MapVector.h"

#include <map>
#include <string>

namespace qopt {

/// The operators of a file that have no import. All are named at once: a user
/// wants to know whether one or ten stand in the way.
class UnknownOperators {
public:
  /// Place `index` of the file has operator `name`.
  void add(const std::string &name, unsigned index);
  bool empty() const { return uses.empty(); }
  /// Appends the list, at most 32 names, to an error. `place` is what the
  /// format calls an index: operator or node.
  void describe(mlir::InFlightDiagnostic &error, llvm::StringRef place) const;

private:
  struct Use {
    unsigned first, count;
  };
  llvm::MapVector<std::string, Use, std::map<std::string, unsigned>> uses;
};

/// What the verifiers say against the first invalid op of a range; nothing when
/// all are valid. The ops of one operator are verified at once, so that a
/// broken one is reported by its place in the file.
std::string findBrokenOp(mlir::Block::iterator begin,
                         mlir::Block::iterator end);

} // namespace qopt

#endif // QOPT_SUPPORT_IMPORTCHECKS_H
