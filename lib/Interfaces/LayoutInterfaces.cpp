// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The dispatch of the interfaces, as TableGen writes it.

#include "qopt/Interfaces/LayoutInterfaces.h"

#include "qopt/Interfaces/LayoutInterfaces.cpp.inc"
