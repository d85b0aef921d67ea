// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What tables and maps call a layer.

#ifndef QOPT_SUPPORT_NAMES_H
#define QOPT_SUPPORT_NAMES_H

#include "mlir/IR/Location.h"
#include "llvm/ADT/StringRef.h"

#include <string>

namespace qopt {

/// The name of the tensor that a location stands for, of the first one where
/// ops were fused; `-` if there is none.
std::string getTensorName(mlir::Location location);

/// Cuts a name that is longer than `width` in the middle: fused layers have
/// long ones.
std::string shortenName(llvm::StringRef name, size_t width);

} // namespace qopt

#endif // QOPT_SUPPORT_NAMES_H
