// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One table for the process, from flag and name to a sum.

#include "qopt/Support/PassStatistics.h"
#include "mlir/Pass/Pass.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"
#include <map>
#include <mutex>
#include <string>

using namespace qopt;

namespace {
struct Table {
  std::mutex mutex;
  std::map<std::pair<std::string, std::string>, uint64_t> sums;
};
} // namespace

static Table &getTable() {
  static Table table;
  return table;
}

static llvm::cl::opt<bool> &getFlag() {
  static llvm::cl::opt<bool> flag(
      "pass-statistics",
      llvm::cl::desc("Print what each pass counted, to stderr"));
  return flag;
}

void qopt::recordStatistic(const mlir::Pass &pass, llvm::StringRef name,
                           uint64_t value) {
  Table &table = getTable();
  std::lock_guard<std::mutex> lock(table.mutex);
  table.sums[{pass.getArgument().str(), name.str()}] += value;
}

void qopt::registerPassStatisticsFlag() { (void)getFlag(); }

void qopt::printPassStatistics(llvm::raw_ostream &os) {
  if (!getFlag())
    return;
  Table &table = getTable();
  std::lock_guard<std::mutex> lock(table.mutex);
  for (const auto &[key, value] : table.sums)
    os << key.first << ": " << key.second << " = " << value << "\n";
}
