//===- Registry.h - Which function imports which operator -------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The open table from builtin operators to import functions. A new operator is
// a function in a file of Operators/ and a line in that file's populate
// function.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_TRANSLATION_TFLITE_REGISTRY_H
#define QOPT_LIB_TRANSLATION_TFLITE_REGISTRY_H

#include "OperatorImporter.h"

#include <map>

namespace qopt::tflite {

using ImportFunction = mlir::LogicalResult (*)(OperatorImporter &);
using Registry = std::map<schema::BuiltinOperator, ImportFunction>;

/// Every operator that can be imported.
const Registry &getRegistry();

void populateActivations(Registry &registry);
void populateArithmetic(Registry &registry);
void populateCasts(Registry &registry);
void populateConvolutions(Registry &registry);
void populateFullyConnected(Registry &registry);
void populateMovement(Registry &registry);
void populatePadding(Registry &registry);
void populatePooling(Registry &registry);
void populateReductions(Registry &registry);
void populateReshapes(Registry &registry);
void populateSlices(Registry &registry);

} // namespace qopt::tflite

#endif // QOPT_LIB_TRANSLATION_TFLITE_REGISTRY_H
