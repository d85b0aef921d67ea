// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The trait of Pointwise.td.

#ifndef QOPT_INTERFACES_POINTWISE_H
#define QOPT_INTERFACES_POINTWISE_H

#include "mlir/IR/OpDefinition.h"

namespace qopt {

template <typename ConcreteType>
struct Pointwise : mlir::OpTrait::TraitBase<ConcreteType, Pointwise> {};

} // namespace qopt

#endif // QOPT_INTERFACES_POINTWISE_H
