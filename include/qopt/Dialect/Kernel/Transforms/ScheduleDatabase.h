// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Schedules that were found by measuring, and what they were found for.

#ifndef QOPT_DIALECT_KERNEL_TRANSFORMS_SCHEDULEDATABASE_H
#define QOPT_DIALECT_KERNEL_TRANSFORMS_SCHEDULEDATABASE_H

#include "mlir/IR/BuiltinOps.h"
#include "qopt/Dialect/Kernel/IR/Kernel.h"
#include "llvm/Support/Error.h"
#include <map>
#include <string>

namespace qopt::kernel {

/// A text file of sorted lines `KEY = SCHEDULE`; lines that begin with # are
/// comments. It can be merged by hand and checked in.
class ScheduleDatabase {
public:
  /// Reads the file; a file that does not exist is an empty database.
  static llvm::Expected<ScheduleDatabase> load(llvm::StringRef path);

  /// Null if there is none. Text that is no schedule is an error.
  llvm::Expected<ScheduleAttr> lookup(llvm::StringRef key,
                                      mlir::MLIRContext *context) const;
  void insert(llvm::StringRef key, ScheduleAttr schedule);
  void print(llvm::raw_ostream &out) const;
  size_t size() const { return lines.size(); }

private:
  std::map<std::string, std::string> lines;
};

/// Everything that the time of a convolution depends on: shapes, types,
/// strides, stages, the target's facts; not the values of weights. Empty for
/// other ops.
std::string getScheduleKey(mlir::Operation *op);

/// The schedules that the cost model likes best, its choice first; nothing for
/// ops that have none.
llvm::Expected<llvm::SmallVector<ScheduleAttr>>
listSchedules(mlir::Operation *op, unsigned count);

} // namespace qopt::kernel

#endif // QOPT_DIALECT_KERNEL_TRANSFORMS_SCHEDULEDATABASE_H
