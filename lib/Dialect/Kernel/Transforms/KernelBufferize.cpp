// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From tensors to buffers, in one walk down each function. Kernels are in
// destination style and models have no control flow, so no analysis is needed:
// every kernel writes a buffer of its own.

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/SymbolTable.h"
#include "qopt/Dialect/Kernel/Transforms/Passes.h"
#include "qopt/Support/PassStatistics.h"

namespace qopt::kernel {
#define GEN_PASS_DEF_KERNELBUFFERIZEPASS
#include "qopt/Dialect/Kernel/Transforms/Passes.h.inc"
} // namespace qopt::kernel

using namespace mlir;
using namespace qopt;
using namespace qopt::kernel;

static MemRefType getMemRefType(Type tensor) {
  auto type = cast<RankedTensorType>(tensor);
  return MemRefType::get(type.getShape(), type.getElementType());
}

namespace {

/// Constants as globals, equal ones as one.
class Globals {
public:
  explicit Globals(ModuleOp module)
      : builder(module.getBodyRegion()), symbols(module) {}

  /// The address of a constant, at the builder's insertion point.
  Value get(OpBuilder &at, arith::ConstantOp constant) {
    auto value = cast<ElementsAttr>(constant.getValue());
    MemRefType type = getMemRefType(constant.getType());
    memref::GlobalOp &global = globals[value];
    if (!global) {
      global = memref::GlobalOp::create(
          builder, constant.getLoc(), "constant",
          builder.getStringAttr("private"), type, value,
          /*constant=*/true, builder.getI64IntegerAttr(64));
      // Makes the name unique.
      symbols.insert(global);
    }
    return memref::GetGlobalOp::create(at, constant.getLoc(), type,
                                       global.getSymName());
  }

private:
  OpBuilder builder;
  SymbolTable symbols;
  llvm::DenseMap<Attribute, memref::GlobalOp> globals;
};

/// The rewriting of one function.
class FunctionBufferizer {
public:
  FunctionBufferizer(func::FuncOp func, Globals &globals)
      : func(func), globals(globals) {}

  LogicalResult run();

  unsigned allocations = 0, copies = 0;

private:
  LogicalResult checkSignature();
  void convertArguments();
  LogicalResult convert(Operation &op);
  LogicalResult convertKernel(DestinationStyleOpInterface op);
  void convertReturn(func::ReturnOp op);
  /// Lets the kernel that makes `buffer` write `output` instead, if nothing
  /// else claims it.
  bool writeDirectly(Value buffer, Value output);

  func::FuncOp func;
  Globals &globals;
  IRMapping buffers;
  /// Allocations that gave way to an output.
  llvm::DenseMap<Value, Value> replaced;
  SmallVector<Operation *> dead;
};

} // namespace

//===----------------------------------------------------------------------===//
// Signature
//===----------------------------------------------------------------------===//

LogicalResult FunctionBufferizer::checkSignature() {
  if (func.getBody().getBlocks().size() != 1)
    return func.emitOpError("has control flow, which kernel-bufferize does "
                            "not support");
  for (Type type :
       llvm::concat<const Type>(func.getArgumentTypes(), func.getResultTypes()))
    if (!isa<RankedTensorType>(type) || !isBufferType(type))
      return func.emitOpError("has an argument or result of type ")
             << type
             << ", which is no tensor of storage elements; run "
                "convert-nn-to-kernel first";
  return success();
}

/// Tensor arguments become memrefs; results follow as arguments that keep the
/// results' attributes.
void FunctionBufferizer::convertArguments() {
  Block &block = func.getBody().front();
  MLIRContext *context = func.getContext();
  SmallVector<Type> types;
  SmallVector<DictionaryAttr> attributes;
  for (BlockArgument argument : block.getArguments()) {
    // Kernels that read the tensor are rewritten below; until then the types
    // do not fit, which nothing looks at.
    argument.setType(getMemRefType(argument.getType()));
    types.push_back(argument.getType());
    attributes.push_back(func.getArgAttrDict(argument.getArgNumber()));
    buffers.map(argument, argument);
  }
  for (auto [index, type] : llvm::enumerate(func.getResultTypes())) {
    NamedAttrList attrs(func.getResultAttrDict(index));
    attrs.set("kernel.output", UnitAttr::get(context));
    types.push_back(getMemRefType(type));
    attributes.push_back(attrs.getDictionary(context));
    block.addArgument(types.back(), func.getLoc());
  }
  func.setType(FunctionType::get(context, types, {}));
  func.removeResAttrsAttr();
  func.setAllArgAttrs(attributes);
}

//===----------------------------------------------------------------------===//
// Body
//===----------------------------------------------------------------------===//

LogicalResult
FunctionBufferizer::convertKernel(DestinationStyleOpInterface op) {
  OpBuilder builder(op);
  SmallVector<Value> operands;
  Value output;
  for (OpOperand &operand : op->getOpOperands()) {
    // The destination's contents do not matter: a buffer of its own, since
    // several kernels may name one tensor.empty.
    if (op.isDpsInit(&operand)) {
      // The operand may be an argument, whose type is a memref's by now.
      output = memref::AllocOp::create(
          builder, op.getLoc(), getMemRefType(op->getResult(0).getType()));
      ++allocations;
      operands.push_back(output);
      continue;
    }
    operands.push_back(buffers.lookup(operand.get()));
  }
  Operation *kernel = Operation::create(
      op->getLoc(), op->getName(), TypeRange(), operands,
      op->getDiscardableAttrDictionary(), op->getPropertiesStorage(),
      BlockRange(), /*numRegions=*/0);
  builder.insert(kernel);
  buffers.map(op->getResult(0), output);
  return success();
}

LogicalResult FunctionBufferizer::convert(Operation &op) {
  OpBuilder builder(&op);
  for (Value operand : op.getOperands())
    if (!buffers.contains(operand) && !operand.getDefiningOp<tensor::EmptyOp>())
      return op.emitOpError("has an operand that has no buffer");
  dead.push_back(&op);
  if (isa<tensor::EmptyOp>(op))
    return success();
  if (auto constant = dyn_cast<arith::ConstantOp>(op);
      constant && isa<RankedTensorType>(constant.getType())) {
    buffers.map(constant.getResult(), globals.get(builder, constant));
    return success();
  }
  if (auto view = dyn_cast<ViewOp>(op)) {
    buffers.map(view.getResult(),
                ViewOp::create(builder, view.getLoc(),
                               getMemRefType(view.getType()),
                               buffers.lookup(view.getSource())));
    return success();
  }
  if (auto ret = dyn_cast<func::ReturnOp>(op)) {
    convertReturn(ret);
    return success();
  }
  auto kernel = dyn_cast<DestinationStyleOpInterface>(op);
  if (kernel && isa<KernelDialect>(op.getDialect()) && op.getNumResults() == 1)
    return convertKernel(kernel);
  dead.pop_back();
  return op.emitOpError("is no kernel; run convert-nn-to-kernel first");
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

bool FunctionBufferizer::writeDirectly(Value buffer, Value output) {
  Value root = buffer;
  while (auto view = root.getDefiningOp<ViewOp>())
    root = view.getSource();
  auto alloc = root.getDefiningOp<memref::AllocOp>();
  if (!alloc)
    return false;
  Value target = output;
  if (target.getType() != root.getType()) {
    OpBuilder builder(alloc);
    target = ViewOp::create(builder, alloc.getLoc(), root.getType(), output);
  }
  root.replaceAllUsesWith(target);
  replaced[root] = target;
  dead.push_back(alloc);
  --allocations;
  return true;
}

void FunctionBufferizer::convertReturn(func::ReturnOp op) {
  OpBuilder builder(op);
  unsigned firstOutput = func.getNumArguments() - op.getNumOperands();
  for (auto [index, value] : llvm::enumerate(op.getOperands())) {
    BlockArgument output = func.getArgument(firstOutput + index);
    Value buffer = buffers.lookup(value);
    // An earlier result may have taken the buffer.
    if (Value target = replaced.lookup(buffer))
      buffer = target;
    if (writeDirectly(buffer, output))
      continue;
    ElementwiseOp::create(builder, op.getLoc(), TypeRange(), buffer,
                          /*multiplier=*/Value(), /*shift=*/Value(),
                          ValueRange(), output, /*input_unsigned=*/false,
                          builder.getArrayAttr({}));
    ++copies;
  }
  func::ReturnOp::create(builder, op.getLoc());
}

LogicalResult FunctionBufferizer::run() {
  if (failed(checkSignature()))
    return failure();
  convertArguments();
  for (Operation &op :
       llvm::make_early_inc_range(func.getBody().front().getOperations()))
    if (failed(convert(op)))
      return failure();
  for (Operation *op : llvm::reverse(dead))
    op->erase();
  return success();
}

namespace {

struct KernelBufferizePass
    : kernel::impl::KernelBufferizePassBase<KernelBufferizePass> {
  void runOnOperation() override {
    Globals globals(getOperation());
    for (auto func : getOperation().getOps<func::FuncOp>()) {
      if (func.isExternal())
        continue;
      FunctionBufferizer bufferizer(func, globals);
      if (failed(bufferizer.run()))
        return signalPassFailure();
      recordStatistic(*this, "num-allocations", bufferizer.allocations);
      recordStatistic(*this, "num-copies", bufferizer.copies);
    }
  }
};

} // namespace
