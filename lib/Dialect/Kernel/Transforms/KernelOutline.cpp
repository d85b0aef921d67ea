// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One private function for each distinct kernel. A kernel's key is everything
// that its code depends on: the op's name, attributes and operand types. They
// are unique in a context, so keys are compared by address.

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "qopt/Dialect/Kernel/Transforms/Passes.h"
#include "qopt/Support/PassStatistics.h"
#include "llvm/Support/FormatVariadic.h"

namespace qopt::kernel {
#define GEN_PASS_DEF_KERNELOUTLINEPASS
#include "qopt/Dialect/Kernel/Transforms/Passes.h.inc"
} // namespace qopt::kernel

using namespace mlir;
using namespace qopt;
using namespace qopt::kernel;

//===----------------------------------------------------------------------===//
// Keys
//===----------------------------------------------------------------------===//

/// The key as one attribute.
static Attribute getKey(Operation *op) {
  Builder builder(op->getContext());
  SmallVector<Attribute> parts = {op->getName().getIdentifier(),
                                  op->getAttrDictionary()};
  for (Type type : op->getOperandTypes())
    parts.push_back(TypeAttr::get(type));
  return builder.getArrayAttr(parts);
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

/// A shape as 16x16x32, without a batch of one.
static std::string getShapeName(Type type) {
  ArrayRef<int64_t> shape = cast<ShapedType>(type).getShape();
  if (shape.size() > 1 && shape.front() == 1)
    shape = shape.drop_front();
  std::string name;
  for (int64_t dimension : shape)
    name += (name.empty() ? "" : "x") + std::to_string(dimension);
  return name.empty() ? "scalar" : name;
}

/// The op, its window, and its shapes from input to output:
/// conv_2d_3x3s1_18x18x16_16x16x32.
static std::string getKernelName(Operation *op) {
  std::string name = op->getName().stripDialect().str();
  auto kernel = op->getAttrOfType<DenseI64ArrayAttr>("kernel");
  auto strides = op->getAttrOfType<DenseI64ArrayAttr>("strides");
  if (kernel && strides && kernel.size() == 2 && strides.size() == 2)
    name += llvm::formatv("_{0}x{1}s{2}", kernel[0], kernel[1], strides[0]);
  std::string input = getShapeName(op->getOperand(0).getType());
  std::string output =
      getShapeName(op->getOperand(op->getNumOperands() - 1).getType());
  name += "_" + input;
  if (output != input)
    name += "_" + output;
  return name;
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

namespace {

struct KernelOutlinePass
    : kernel::impl::KernelOutlinePassBase<KernelOutlinePass> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    SymbolTable symbols(module);
    SmallVector<DestinationStyleOpInterface> kernels;
    for (auto func : module.getOps<func::FuncOp>()) {
      if (func.isPrivate() || func.isExternal())
        continue;
      func.walk([&](DestinationStyleOpInterface op) {
        if (isa<KernelDialect>(op->getDialect()))
          kernels.push_back(op);
      });
    }
    for (Operation *op : kernels) {
      if (op->getNumResults() != 0) {
        op->emitOpError("works on tensors; run kernel-bufferize first");
        return signalPassFailure();
      }
      outline(op, symbols);
    }
  }

private:
  void outline(Operation *op, SymbolTable &symbols) {
    func::FuncOp &func = functions[getKey(op)];
    if (!func)
      func = createFunction(op, symbols);
    OpBuilder builder(op);
    func::CallOp::create(builder, op->getLoc(), func, op->getOperands());
    op->erase();
    recordStatistic(*this, "num-calls", 1);
  }

  func::FuncOp createFunction(Operation *op, SymbolTable &symbols) {
    auto module = cast<ModuleOp>(symbols.getOp());
    OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
    unsigned &number = numbers[getKernelName(op)];
    auto func = func::FuncOp::create(
        builder, op->getLoc(),
        getKernelName(op) + "_" + std::to_string(number++),
        builder.getFunctionType(op->getOperandTypes(), {}));
    func.setPrivate();
    func.setNoInline(true);
    symbols.insert(func);
    Block *body = func.addEntryBlock();
    builder.setInsertionPointToStart(body);
    Operation *kernel = builder.clone(*op);
    kernel->setOperands(body->getArguments());
    func::ReturnOp::create(builder, op->getLoc());
    recordStatistic(*this, "num-kernels", 1);
    return func;
  }

  llvm::DenseMap<Attribute, func::FuncOp> functions;
  llvm::StringMap<unsigned> numbers;
};

} // namespace
