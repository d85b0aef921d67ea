// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A context with the quant dialect that keeps the text of its diagnostics.

#ifndef QOPT_TEST_UNIT_DIALECT_QUANT_FIXTURE_H
#define QOPT_TEST_UNIT_DIALECT_QUANT_FIXTURE_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "qopt/Dialect/Quant/IR/Quant.h"
#include "gtest/gtest.h"

namespace qopt::quant {

class QuantTest : public ::testing::Test {
protected:
  QuantTest()
      : builder(&context),
        handler(&context, [this](mlir::Diagnostic &diagnostic) {
          message += diagnostic.str();
        }) {
    context.loadDialect<QuantDialect, mlir::func::FuncDialect>();
    i8 = builder.getIntegerType(8);
    f32 = builder.getF32Type();
  }

  /// For getChecked; starts a new message.
  auto emitter() {
    message.clear();
    return [this] { return mlir::emitError(builder.getUnknownLoc()); };
  }

  mlir::MLIRContext context;
  mlir::Builder builder;
  std::string message;
  mlir::ScopedDiagnosticHandler handler;
  mlir::IntegerType i8;
  mlir::FloatType f32;
};

} // namespace qopt::quant

#endif // QOPT_TEST_UNIT_DIALECT_QUANT_FIXTURE_H
