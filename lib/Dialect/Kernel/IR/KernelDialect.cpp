// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Registration of the kernel dialect, and the questions about types that the
// whole dialect asks.

#include "qopt/Dialect/Kernel/IR/Kernel.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"
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

/// No dimension overlaps the one inside of it; elements of the last one are
/// neighbours.
static bool isRowMajor(MemRefType type) {
  if (type.getLayout().isIdentity())
    return true;
  SmallVector<int64_t> strides;
  int64_t offset;
  if (failed(type.getStridesAndOffset(strides, offset)) || offset != 0 ||
      strides.empty() || strides.back() != 1)
    return false;
  int64_t inner = 1;
  for (int64_t i = type.getRank() - 1; i >= 0; --i) {
    int64_t size = type.getDimSize(i), end;
    if (ShapedType::isDynamic(strides[i]) || strides[i] < inner ||
        llvm::MulOverflow(strides[i], size, end))
      return false;
    inner = std::max(end, inner);
  }
  return true;
}

bool qopt::kernel::isBufferType(Type type) {
  auto shaped = dyn_cast<ShapedType>(type);
  if (!shaped || !shaped.hasStaticShape())
    return false;
  if (auto memref = dyn_cast<MemRefType>(type)) {
    if (!isRowMajor(memref))
      return false;
  } else if (!isa<RankedTensorType>(type)) {
    return false;
  }
  Type element = shaped.getElementType();
  return element.isF32() || element.isSignlessInteger(8) ||
         element.isSignlessInteger(16) || element.isSignlessInteger(32) ||
         element.isSignlessInteger(64);
}

SmallVector<int64_t> qopt::kernel::getElementStrides(ShapedType type) {
  if (auto memref = dyn_cast<MemRefType>(type))
    return memref.getStridesAndOffset().first;
  return computeSuffixProduct(type.getShape());
}

bool qopt::kernel::hasGaps(ShapedType type) {
  auto memref = dyn_cast<MemRefType>(type);
  return memref && !memref.getLayout().isIdentity() &&
         getElementStrides(type) != computeSuffixProduct(type.getShape());
}

int64_t qopt::kernel::getSpan(ShapedType type) {
  if (!hasGaps(type))
    return type.getNumElements();
  int64_t span = 1;
  for (auto [size, stride] :
       llvm::zip_equal(type.getShape(), getElementStrides(type)))
    span += (size - 1) * stride;
  return type.getNumElements() == 0 ? 0 : span;
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
