// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See Names.h.

#include "qopt/Support/Names.h"

using namespace mlir;

std::string qopt::getTensorName(Location location) {
  if (auto name = dyn_cast<NameLoc>(location))
    return name.getName().str();
  if (auto fused = dyn_cast<FusedLoc>(location);
      fused && !fused.getLocations().empty())
    return getTensorName(fused.getLocations().front());
  return "-";
}

std::string qopt::shortenName(llvm::StringRef name, size_t width) {
  if (name.size() <= width)
    return name.str();
  size_t half = (width - 2) / 2;
  return (name.take_front(half) + ".." + name.take_back(width - 2 - half))
      .str();
}
