// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The trait of ops on one tensor whose result has an element for each of the
// tensor's, at its place and made of it alone. Unlike MLIR's Elementwise it
// verifies nothing: ops say in their own words which shape they expect.

#ifndef QOPT_INTERFACES_POINTWISE_TD
#define QOPT_INTERFACES_POINTWISE_TD

include "mlir/IR/OpBase.td"

def Pointwise : NativeOpTrait<"Pointwise"> {
  let cppNamespace = "::qopt";
}

#endif // QOPT_INTERFACES_POINTWISE_TD
