//===- ExportRegistry.h - Which function exports which op -------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The open table from ops to export functions. A new op is a function in a file
// of Exporters/ and a line in that file's populate function.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_TRANSLATION_TFLITE_EXPORTREGISTRY_H
#define QOPT_LIB_TRANSLATION_TFLITE_EXPORTREGISTRY_H

#include "OperatorExporter.h"

#include "llvm/ADT/StringMap.h"

namespace qopt::tflite {

class ExportRegistry {
public:
  using Function =
      llvm::unique_function<mlir::LogicalResult(OperatorExporter &) const>;

  /// Has `function` export ops of kind Op.
  template <typename Op>
  void add(mlir::LogicalResult (*function)(OperatorExporter &, Op)) {
    functions[Op::getOperationName()] = [function](OperatorExporter &exporter) {
      return function(exporter, mlir::cast<Op>(exporter.op));
    };
  }

  /// The function for `op`, or null.
  const Function *lookup(mlir::Operation *op) const {
    auto entry = functions.find(op->getName().getStringRef());
    return entry == functions.end() ? nullptr : &entry->second;
  }

  /// Every op that can be exported.
  static const ExportRegistry &get();

private:
  llvm::StringMap<Function> functions;
};

void populateActivations(ExportRegistry &registry);
void populateArithmetic(ExportRegistry &registry);
void populateCasts(ExportRegistry &registry);
void populateConvolutions(ExportRegistry &registry);
void populateFullyConnected(ExportRegistry &registry);
void populateMovement(ExportRegistry &registry);
void populatePadding(ExportRegistry &registry);
void populatePooling(ExportRegistry &registry);
void populateReductions(ExportRegistry &registry);

} // namespace qopt::tflite

#endif // QOPT_LIB_TRANSLATION_TFLITE_EXPORTREGISTRY_H
