// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a schedule may hold.

#include "qopt/Dialect/Kernel/IR/Kernel.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace qopt::kernel;

LogicalResult
ScheduleAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                     InstructionFamily family, unsigned lanes, unsigned vectors,
                     unsigned pixels, TileAxis axis, bool interleaved,
                     unsigned steps) {
  if (!llvm::isPowerOf2_32(lanes) || lanes > 64)
    return emitError() << "expected lanes to be a power of two up to 64, found "
                       << lanes;
  // All products of a tile are written out: a tile beyond any register file
  // would only be code without end.
  if (vectors < 1 || pixels < 1 || vectors > 32 || pixels > 32)
    return emitError() << "expected 1 to 32 vectors and pixels, found "
                       << vectors << " and " << pixels;
  bool isByteSum = family == InstructionFamily::PMADDUBSW;
  if (steps != 1 && !(isByteSum && (steps == 2 || steps == 4)))
    return emitError() << "expected " << (isByteSum ? "1, 2 or 4" : "1")
                       << " as the steps of family '"
                       << stringifyInstructionFamily(family) << "', found "
                       << steps;
  return success();
}
