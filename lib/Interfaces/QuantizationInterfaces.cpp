// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The generated definitions of the op interfaces.

#include "qopt/Interfaces/QuantizationInterfaces.h"

#include "qopt/Interfaces/QuantizationInterfaces.cpp.inc"
