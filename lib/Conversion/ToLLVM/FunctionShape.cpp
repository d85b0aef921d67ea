// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Describes a function by a list of numbers. Constants stand for themselves
// wherever they are used: that two values are the same constant in one function
// says nothing about the others.

#include "FunctionShape.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace qopt;

bool qopt::isConstantLike(Operation *op) {
  return op && isa<arith::ConstantOp, memref::GetGlobalOp>(op);
}

/// Whether this number makes much better instructions than others do: none at
/// all, or saturation instead of limits. A shift instead of a multiplication,
/// of which epilogues have one a pixel, is not worth a function of its own.
static bool isSpecial(Attribute number, Operation *user) {
  if (auto real = dyn_cast<FloatAttr>(number))
    return real.getValue().isZero() || real.getValue().isExactlyValue(1.0) ||
           real.getValue().isExactlyValue(-1.0);
  APInt value = cast<IntegerAttr>(number).getValue();
  if (value.isZero() || value.isOne() || value.isAllOnes())
    return true;
  // 127, -128 and their like.
  return isa<arith::MinSIOp, arith::MaxSIOp, arith::MinUIOp, arith::MaxUIOp,
             arith::AndIOp, arith::OrIOp, arith::XOrIOp, arith::CmpIOp>(user) &&
         ((-value).isPowerOf2() || (value + 1).isPowerOf2());
}

/// Whether an instruction may have the number only as a part of itself.
static bool mustBeImmediate(OpOperand &use) {
  Operation *user = use.getOwner();
  if (isa<arith::ShLIOp, arith::ShRSIOp, arith::ShRUIOp>(user))
    return use.getOperandNumber() == 1;
  if (isa<arith::DivSIOp, arith::DivUIOp, arith::RemSIOp, arith::RemUIOp>(user))
    return true;
  return isa<LLVM::CallIntrinsicOp>(user) &&
         !isa<VectorType>(use.get().getType());
}

/// Whether functions that differ in this constant only may become one.
static bool mayBeParameter(OpOperand &use) {
  auto constant = use.get().getDefiningOp<arith::ConstantOp>();
  if (!constant)
    return true; // an address
  Type element = getElementTypeOrSelf(constant.getType());
  if (!element.isF32() && !element.isInteger(8) && !element.isInteger(16) &&
      !element.isInteger(32))
    return false;
  Attribute number = constant.getValue();
  if (auto elements = dyn_cast<DenseElementsAttr>(number)) {
    if (!elements.isSplat())
      return element.isInteger(8); // a part of a table
    number = elements.getSplatValue<Attribute>();
  }
  return !isSpecial(number, use.getOwner()) && !mustBeImmediate(use);
}

namespace {

/// Writes a shape in the order of the function.
class ShapeWriter {
public:
  explicit ShapeWriter(FunctionShape &shape) : shape(shape) {}

  void write(Region &region) {
    for (Block &block : region) {
      blocks.try_emplace(&block, blocks.size());
      for (BlockArgument argument : block.getArguments()) {
        number(argument);
        address(argument.getType());
      }
    }
    for (Block &block : region) {
      for (Operation &op : block)
        if (!isConstantLike(&op))
          write(op);
      token(0); // the end of a block
    }
  }

private:
  void token(uintptr_t value) { shape.tokens.push_back(value); }
  template <typename T>
  void address(T what) {
    token(reinterpret_cast<uintptr_t>(what.getAsOpaquePointer()));
  }
  void number(Value value) { values.try_emplace(value, values.size()); }

  void write(Operation &op) {
    address(op.getName());
    address(op.getAttrDictionary());
    token(op.getNumOperands());
    for (OpOperand &operand : op.getOpOperands())
      write(operand);
    token(op.getNumResults());
    for (Value result : op.getResults()) {
      number(result);
      address(result.getType());
    }
    for (Block *successor : op.getSuccessors())
      token(blocks.lookup(successor));
    token(op.getNumRegions());
    for (Region &region : op.getRegions())
      write(region);
  }

  void write(OpOperand &operand) {
    Operation *defining = operand.get().getDefiningOp();
    if (!isConstantLike(defining))
      return token(values.lookup(operand.get()));
    address(operand.get().getType());
    if (!mayBeParameter(operand))
      return address(cast<arith::ConstantOp>(defining).getValue());
    shape.sites.push_back(&operand);
  }

  FunctionShape &shape;
  DenseMap<Value, uintptr_t> values;
  DenseMap<Block *, uintptr_t> blocks;
};

} // namespace

FunctionShape::FunctionShape(func::FuncOp function) {
  ShapeWriter(*this).write(function.getBody());
}

llvm::hash_code qopt::hashShape(func::FuncOp function) {
  llvm::hash_code hash = hash_value(function.getFunctionType());
  function.getBody().walk([&](Operation *op) {
    if (!isConstantLike(op))
      hash = llvm::hash_combine(hash, op->getName().getAsOpaquePointer());
  });
  return hash;
}
