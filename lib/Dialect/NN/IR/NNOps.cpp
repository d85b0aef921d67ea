// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The one place where TableGen's definitions of the ops are compiled.

#include "qopt/Dialect/NN/IR/NN.h"

#include "mlir/IR/DialectImplementation.h"

using namespace mlir;
using namespace qopt::nn;

/// constant-result ::= (`->` type)?
/// Without the arrow the result has the type of the value.
static ParseResult parseConstantResult(OpAsmParser &parser, Attribute value,
                                       Type &type) {
  if (succeeded(parser.parseOptionalArrow()))
    return parser.parseType(type);
  auto typed = dyn_cast<TypedAttr>(value);
  if (!typed)
    return parser.emitError(parser.getCurrentLocation(),
                            "value has no type; write the result's type after "
                            "'->'");
  type = typed.getType();
  return success();
}

static void printConstantResult(OpAsmPrinter &printer, Operation *,
                                ElementsAttr value, Type type) {
  if (value.getType() != type)
    printer << " -> " << type;
}

#define GET_OP_CLASSES
#include "qopt/Dialect/NN/IR/NNOps.cpp.inc"
