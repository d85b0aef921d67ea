// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The pass: records the quantized types of functions, then converts
// signatures and bodies in one full conversion.

#include "Common.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Func/Transforms/FuncConversions.h"

namespace qopt {
#define GEN_PASS_DEF_CONVERTNNTOKERNELPASS
#include "qopt/Conversion/NNToKernel/Passes.h.inc"
} // namespace qopt

using namespace mlir;
using namespace qopt;

void qopt::populateStorageTypeConversion(TypeConverter &converter) {
  converter.addConversion([](Type type) { return type; });
  converter.addConversion([](RankedTensorType type) -> std::optional<Type> {
    auto quantized = nn::getQuantizedElementType(type);
    if (!quantized)
      return std::nullopt;
    return type.clone(nn_to_kernel::getBufferElement(quantized));
  });
}

/// Keeps what an argument or result means when its type becomes plain.
static void recordTypes(func::FuncOp func) {
  for (auto [index, type] : llvm::enumerate(func.getArgumentTypes()))
    func.setArgAttr(index, "nn.type", TypeAttr::get(type));
  for (auto [index, type] : llvm::enumerate(func.getResultTypes()))
    func.setResultAttr(index, "nn.type", TypeAttr::get(type));
}

namespace {

struct ConvertNNToKernelPass
    : qopt::impl::ConvertNNToKernelPassBase<ConvertNNToKernelPass> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    for (auto func : module.getOps<func::FuncOp>())
      recordTypes(func);

    TypeConverter converter;
    populateStorageTypeConversion(converter);
    RewritePatternSet patterns(&getContext());
    ConversionTarget target(getContext());
    target.addIllegalDialect<nn::NNDialect, quant::QuantDialect>();
    target.addLegalDialect<arith::ArithDialect, tensor::TensorDialect,
                           kernel::KernelDialect>();
    target.addLegalOp<ModuleOp>();
    target.addDynamicallyLegalOp<func::FuncOp>([&](func::FuncOp func) {
      return converter.isSignatureLegal(func.getFunctionType()) &&
             converter.isLegal(&func.getBody());
    });
    target.addDynamicallyLegalOp<func::ReturnOp>(
        [&](func::ReturnOp op) { return converter.isLegal(op); });

    populateFunctionOpInterfaceTypeConversionPattern<func::FuncOp>(patterns,
                                                                   converter);
    populateReturnOpTypeConversionPattern(patterns, converter);
    populateLinearToKernelPatterns(converter, patterns, target);
    populateQuantToKernelPatterns(converter, patterns);
    populateArithmeticToKernelPatterns(converter, patterns);
    populateFunctionsToKernelPatterns(converter, patterns);
    populateReductionsToKernelPatterns(converter, patterns);
    populateMovementToKernelPatterns(converter, patterns);
    if (failed(applyFullConversion(module, target, std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
