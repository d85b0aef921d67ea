// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels on several threads, in terms of the C interface. A call for each
// range becomes one call of the function that the caller gave: its arguments
// are put in an array on the stack, and a function that takes the array and an
// index hands them to the kernel's.
//
//   void *arguments[] = {x, y};
//   threads->parallel_for(threads->context, ranges, kernel_range, arguments);
//
//   void kernel_range(void *arguments, int index) {
//     kernel(arguments[0], arguments[1], index);
//   }

#include "qopt/Conversion/ToLLVM/Passes.h"
#include "qopt/Dialect/Kernel/IR/Kernel.h"

#include "mlir/Conversion/LLVMCommon/MemRefBuilder.h"
#include "mlir/Conversion/LLVMCommon/Pattern.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"

using namespace mlir;
using namespace qopt;

/// The address of member `index` of an array of pointers.
static Value getMember(OpBuilder &builder, Location loc, Value array,
                       int32_t index) {
  auto pointer = LLVM::LLVMPointerType::get(builder.getContext());
  return LLVM::GEPOp::create(builder, loc, pointer, pointer, array,
                             ArrayRef<LLVM::GEPArg>{index});
}

static Value loadMember(OpBuilder &builder, Location loc, Value array,
                        int32_t index) {
  auto pointer = LLVM::LLVMPointerType::get(builder.getContext());
  return LLVM::LoadOp::create(builder, loc, pointer,
                              getMember(builder, loc, array, index));
}

namespace {

struct SliceLowering : ConvertOpToLLVMPattern<kernel::SliceOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;

  LogicalResult
  matchAndRewrite(kernel::SliceOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    MemRefDescriptor source(adaptor.getSource());
    MemRefType type = op.getResult().getType();
    Value start = LLVM::GEPOp::create(
        rewriter, loc, LLVM::LLVMPointerType::get(getContext()),
        getTypeConverter()->convertType(type.getElementType()),
        source.alignedPtr(rewriter, loc), adaptor.getOffset());
    rewriter.replaceOp(op,
                       {MemRefDescriptor::fromStaticShape(
                           rewriter, loc, *getTypeConverter(), type, start)});
    return success();
  }
};

struct ParallelCallLowering : ConvertOpToLLVMPattern<kernel::ParallelCallOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;

  LogicalResult
  matchAndRewrite(kernel::ParallelCallOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto pointer = LLVM::LLVMPointerType::get(getContext());
    auto i32 = rewriter.getI32Type();
    int32_t count = adaptor.getArguments().size();
    LLVM::LLVMFuncOp body = getBody(op, count, rewriter);

    Value array;
    {
      OpBuilder::InsertionGuard guard(rewriter);
      rewriter.setInsertionPointToStart(&op->getParentRegion()->front());
      Value size = LLVM::ConstantOp::create(rewriter, loc, i32, count);
      array = LLVM::AllocaOp::create(rewriter, loc, pointer, pointer, size);
    }
    LLVM::LifetimeStartOp::create(rewriter, loc, array);
    for (auto [index, argument] : llvm::enumerate(adaptor.getArguments()))
      LLVM::StoreOp::create(
          rewriter, loc, MemRefDescriptor(argument).alignedPtr(rewriter, loc),
          getMember(rewriter, loc, array, index));
    Value parallelFor = loadMember(rewriter, loc, adaptor.getThreads(), 0);
    Value context = loadMember(rewriter, loc, adaptor.getThreads(), 1);
    Value ranges =
        LLVM::ConstantOp::create(rewriter, loc, i32, op.getRangesAttr());
    Value address =
        LLVM::AddressOfOp::create(rewriter, loc, pointer, body.getSymName());
    auto type =
        LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(getContext()),
                                    {pointer, i32, pointer, pointer});
    LLVM::CallOp::create(
        rewriter, loc, type,
        ValueRange{parallelFor, context, ranges, address, array});
    LLVM::LifetimeEndOp::create(rewriter, loc, array);
    rewriter.eraseOp(op);
    return success();
  }

private:
  /// The function that the threads call, one for each kernel's.
  LLVM::LLVMFuncOp getBody(kernel::ParallelCallOp op, int32_t count,
                           ConversionPatternRewriter &rewriter) const {
    auto module = op->getParentOfType<ModuleOp>();
    std::string name = op.getCallee().str() + "_range";
    if (auto body = module.lookupSymbol<LLVM::LLVMFuncOp>(name))
      return body;
    Location loc = module.getLoc();
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPointToEnd(module.getBody());
    auto pointer = LLVM::LLVMPointerType::get(getContext());
    auto type =
        LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(getContext()),
                                    {pointer, rewriter.getI32Type()});
    auto body = LLVM::LLVMFuncOp::create(rewriter, loc, name, type);
    Block *block = body.addEntryBlock(rewriter);
    rewriter.setInsertionPointToStart(block);
    SmallVector<Value> arguments;
    for (int32_t i = 0; i < count; ++i)
      arguments.push_back(loadMember(rewriter, loc, block->getArgument(0), i));
    arguments.push_back(LLVM::ZExtOp::create(rewriter, loc,
                                             getTypeConverter()->getIndexType(),
                                             block->getArgument(1)));
    LLVM::CallOp::create(rewriter, loc, TypeRange(), op.getCallee(), arguments);
    LLVM::ReturnOp::create(rewriter, loc, ValueRange());
    return body;
  }
};

} // namespace

void qopt::populateParallelToLLVMPatterns(LLVMTypeConverter &converter,
                                          RewritePatternSet &patterns) {
  patterns.add<SliceLowering, ParallelCallLowering>(converter);
}
