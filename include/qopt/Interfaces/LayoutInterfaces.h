// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The op interfaces of LayoutInterfaces.td.

#ifndef QOPT_INTERFACES_LAYOUTINTERFACES_H
#define QOPT_INTERFACES_LAYOUTINTERFACES_H

#include "mlir/IR/OpDefinition.h"

#include "qopt/Interfaces/LayoutInterfaces.h.inc"

#endif // QOPT_INTERFACES_LAYOUTINTERFACES_H
