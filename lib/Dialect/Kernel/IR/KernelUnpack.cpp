// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Verifier of kernel.unpack.

#include "qopt/Dialect/Kernel/IR/Kernel.h"

using namespace mlir;
using namespace qopt::kernel;

LogicalResult UnpackOp::verify() {
  ShapedType input = getInput().getType(), output = getInit().getType();
  for (auto [name, type] :
       {std::pair("input", input), std::pair("output", output)})
    if (type.getRank() != 1 || !type.getElementType().isInteger(8))
      return emitOpError("expected a 1-dimensional ")
             << name << " of i8, found " << type;
  if (input.getNumElements() % blockBytes != 0)
    return emitOpError("expected an input of a multiple of ")
           << blockBytes << " bytes, found " << input.getNumElements();
  if (output.getNumElements() != 2 * input.getNumElements())
    return emitOpError("expected an output of ")
           << 2 * input.getNumElements()
           << " elements, two for each byte of the input, found "
           << output.getNumElements();
  return detail::verifyDestination(*this);
}
