//===- Registry.h - Which function imports which operator -------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The open table from the standard's operators to import functions. A new
// operator is a function in a file of Operators/ and a line in that file's
// populate function.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_TRANSLATION_ONNX_REGISTRY_H
#define QOPT_LIB_TRANSLATION_ONNX_REGISTRY_H

#include "NodeImporter.h"

#include <map>
#include <string>

namespace qopt::onnx_import {

using ImportFunction = mlir::LogicalResult (*)(NodeImporter &);
using Registry = std::map<std::string, ImportFunction>;

/// Every operator that can be imported, by name.
const Registry &getRegistry();

void populateActivations(Registry &registry);
void populateArithmetic(Registry &registry);
void populateCasts(Registry &registry);
void populateConvolutions(Registry &registry);
void populateMatrices(Registry &registry);
void populateMovement(Registry &registry);
void populateNormalization(Registry &registry);
void populatePooling(Registry &registry);
void populateReductions(Registry &registry);
void populateReshapes(Registry &registry);
void populateResizes(Registry &registry);
void populateSlices(Registry &registry);

} // namespace qopt::onnx_import

#endif // QOPT_LIB_TRANSLATION_ONNX_REGISTRY_H
