// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Verifiers of the ops that bring kernels onto several threads.

#include "qopt/Dialect/Kernel/IR/Kernel.h"

#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace qopt::kernel;

LogicalResult
ParallelCallOp::verifySymbolUses(SymbolTableCollection &symbolTable) {
  auto function = symbolTable.lookupNearestSymbolFrom<FunctionOpInterface>(
      *this, getCalleeAttr());
  if (!function)
    return emitOpError("calls '") << getCallee() << "', which is no function";
  SmallVector<Type> expected(getArguments().getTypes());
  expected.push_back(IndexType::get(getContext()));
  if (function.getArgumentTypes() == ArrayRef(expected) &&
      function.getResultTypes().empty())
    return success();
  InFlightDiagnostic diagnostic = emitOpError("expected '");
  diagnostic << getCallee() << "' to take (";
  llvm::interleaveComma(expected, diagnostic);
  diagnostic << ") and return nothing, found (" << function.getArgumentTypes()
             << ") and " << function.getNumResults() << " results";
  return diagnostic;
}

LogicalResult SliceOp::verify() {
  MemRefType source = getSource().getType(), result = getResult().getType();
  if (!isBufferType(source) || !isBufferType(result))
    return emitOpError("expected statically shaped row-major buffers without "
                       "an offset, found ")
           << source << " and " << result;
  if (source.getElementType() != result.getElementType() ||
      getSpan(source) < getSpan(result))
    return emitOpError("expected a result of at most ")
           << getSpan(source) << " elements of " << source.getElementType()
           << ", found " << result;
  return success();
}
