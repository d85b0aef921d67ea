// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// convert-loops-to-llvm: one full conversion of everything that is left after
// the kernels were expanded. All memrefs are static, so the bare pointer
// convention applies and a kernel's arguments are plain C pointers.

#include "qopt/Conversion/ToLLVM/Passes.h"

#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/FuncToLLVM/ConvertFuncToLLVM.h"
#include "mlir/Conversion/IndexToLLVM/IndexToLLVM.h"
#include "mlir/Conversion/LLVMCommon/ConversionTarget.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Conversion/MemRefToLLVM/MemRefToLLVM.h"
#include "mlir/Conversion/UBToLLVM/UBToLLVM.h"
#include "mlir/Conversion/VectorToLLVM/ConvertVectorToLLVM.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Transforms/DialectConversion.h"
#include "qopt/Dialect/Kernel/IR/Kernel.h"

using namespace mlir;

namespace qopt {
#define GEN_PASS_DEF_CONVERTLOOPSTOLLVMPASS
#include "qopt/Conversion/ToLLVM/Passes.h.inc"
} // namespace qopt

void qopt::populateLoopsToLLVMPatterns(LLVMTypeConverter &converter,
                                       RewritePatternSet &patterns) {
  populateVectorToLLVMConversionPatterns(converter, patterns);
  arith::populateArithToLLVMConversionPatterns(converter, patterns);
  populateMathToLLVMConversionPatterns(converter, patterns);
  index::populateIndexToLLVMConversionPatterns(converter, patterns);
  ub::populateUBToLLVMConversionPatterns(converter, patterns);
  populateFinalizeMemRefToLLVMConversionPatterns(converter, patterns);
  cf::populateControlFlowToLLVMConversionPatterns(converter, patterns);
  cf::populateAssertToLLVMConversionPattern(converter, patterns);
  populateFuncToLLVMConversionPatterns(converter, patterns);
  populateParallelToLLVMPatterns(converter, patterns);
}

namespace {
struct ConvertLoopsToLLVMPass
    : public qopt::impl::ConvertLoopsToLLVMPassBase<ConvertLoopsToLLVMPass> {
  void runOnOperation() override {
    MLIRContext *context = &getContext();
    LowerToLLVMOptions options(context);
    options.useBarePtrCallConv = true;
    LLVMTypeConverter converter(context, options);
    // The address of the caller's function and of its context.
    converter.addConversion([](qopt::kernel::ThreadsType type) {
      return LLVM::LLVMPointerType::get(type.getContext());
    });
    RewritePatternSet patterns(context);
    qopt::populateLoopsToLLVMPatterns(converter, patterns);

    LLVMConversionTarget target(*context);
    target.addLegalOp<ModuleOp>();
    // What fails is an error for good: nothing need be kept to undo it. LLVM's
    // passes fold what can be folded.
    ConversionConfig config;
    config.allowPatternRollback = false;
    config.foldingMode = DialectConversionFoldingMode::Never;
    if (failed(applyFullConversion(getOperation(), target, std::move(patterns),
                                   config)))
      signalPassFailure();
  }
};
} // namespace
