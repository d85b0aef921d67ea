// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "qopt/Support/ImportChecks.h"

#include "mlir/IR/Verifier.h"

#include <algorithm>

using namespace qopt;

void UnknownOperators::add(const std::string &name, unsigned index) {
  ++uses.try_emplace(name, Use{index, 0}).first->second.count;
}

void UnknownOperators::describe(mlir::InFlightDiagnostic &error,
                                llvm::StringRef place) const {
  constexpr size_t maxListed = 32;
  error << "the model has operators that are not supported: ";
  auto listed = llvm::make_range(
      uses.begin(), uses.begin() + std::min(uses.size(), maxListed));
  llvm::interleaveComma(listed, error, [&](const auto &entry) {
    error << entry.first << " (" << entry.second.count << " times, first as "
          << place << " " << entry.second.first << ")";
  });
  if (uses.size() > maxListed)
    error << " and " << uses.size() - maxListed << " more";
}

std::string qopt::findBrokenOp(mlir::Block::iterator begin,
                               mlir::Block::iterator end) {
  std::string reason;
  for (auto it = begin; it != end && reason.empty(); ++it) {
    mlir::ScopedDiagnosticHandler handler(it->getContext(),
                                          [&](mlir::Diagnostic &diagnostic) {
                                            if (reason.empty())
                                              reason = diagnostic.str();
                                          });
    if (failed(mlir::verify(&*it)) && reason.empty())
      reason = "invalid operation";
  }
  return reason;
}
