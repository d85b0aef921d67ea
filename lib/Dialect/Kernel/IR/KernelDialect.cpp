// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Registration of the kernel dialect, and the questions about types that the
// whole dialect asks.

#include "qopt/Dialect/Kernel/IR/Kernel.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace qopt::kernel;

#include "qopt/Dialect/Kernel/IR/KernelAttrInterfaces.cpp.inc"
#include "qopt/Dialect/Kernel/IR/KernelDialect.cpp.inc"
#include "qopt/Dialect/Kernel/IR/KernelEnums.cpp.inc"
#include "qopt/Dialect/Kernel/IR/KernelOpInterfaces.cpp.inc"
#include "qopt/Dialect/Kernel/IR/KernelRanges.cpp.inc"
#include "qopt/Dialect/Kernel/IR/KernelScheduleEnums.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "qopt/Dialect/Kernel/IR/KernelAttributes.cpp.inc"

#define GET_TYPEDEF_CLASSES
#include "qopt/Dialect/Kernel/IR/KernelTypes.cpp.inc"

#define GET_OP_CLASSES
#include "qopt/Dialect/Kernel/IR/KernelOps.cpp.inc"

void KernelDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "qopt/Dialect/Kernel/IR/KernelAttributes.cpp.inc"
      >();
  addTypes<
#define GET_TYPEDEF_LIST
#include "qopt/Dialect/Kernel/IR/KernelTypes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "qopt/Dialect/Kernel/IR/KernelOps.cpp.inc"
      >();
}

bool qopt::kernel::isBufferType(Type type) {
  auto shaped = dyn_cast<ShapedType>(type);
  if (!shaped || !shaped.hasStaticShape())
    return false;
  if (auto memref = dyn_cast<MemRefType>(type)) {
    if (!memref.getLayout().isIdentity())
      return false;
  } else if (!isa<RankedTensorType>(type)) {
    return false;
  }
  Type element = shaped.getElementType();
  return element.isF32() || element.isSignlessInteger(8) ||
         element.isSignlessInteger(16) || element.isSignlessInteger(32) ||
         element.isSignlessInteger(64);
}

Type qopt::kernel::getLoadedType(Type elementType) {
  if (elementType.isInteger(8) || elementType.isInteger(16))
    return IntegerType::get(elementType.getContext(), 32);
  return elementType;
}

bool qopt::kernel::isBroadcastable(ArrayRef<int64_t> from,
                                   ArrayRef<int64_t> to) {
  if (from.size() > to.size())
    return false;
  ArrayRef<int64_t> tail = to.take_back(from.size());
  return llvm::all_of(llvm::zip_equal(from, tail), [](auto pair) {
    auto [a, b] = pair;
    return a == b || a == 1;
  });
}
