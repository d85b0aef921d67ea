// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// kernel.elementwise that is nothing but a table of 256 bytes: the special case
// beside ExpandElementwise.cpp, whose general code would gather 32-bit entries.
//
// * AVX-512 VBMI permutes 128 bytes at once: two permutations, and a choice by
//   the top bit of the index.
// * NEON looks 64 bytes up at once: four lookups of index - 64·i, where an
// index
//   out of range keeps what was found before.
// * Anything else loads byte by byte, which beats gathering.

#include "qopt/Conversion/KernelToVector/KernelExpansion.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::emit;

namespace {
class TableExpansion : public KernelExpansion<kernel::ElementwiseOp> {
public:
  using KernelExpansion::KernelExpansion;

protected:
  LogicalResult expand(kernel::ElementwiseOp op, VectorEmitter &e,
                       PatternRewriter &rewriter) const override;
};
} // namespace

/// 256 entries in registers of `width` bytes.
static SmallVector<Value> loadTable(VectorEmitter &e, Value table,
                                    int64_t width) {
  SmallVector<Value> parts;
  for (int64_t i = 0; i < 256; i += width)
    parts.push_back(e.load(table, e.index(i), width));
  return parts;
}

static Value permute(VectorEmitter &e, ArrayRef<Value> parts, Value indices) {
  auto half = [&](Value low, Value high) {
    return e.intrinsic("llvm.x86.avx512.vpermi2var.qi.512", indices.getType(),
                       {low, indices, high});
  };
  Value isHigh = e.compare(arith::CmpIPredicate::slt, indices, 0);
  return e.select(isHigh, half(parts[2], parts[3]), half(parts[0], parts[1]));
}

static Value lookUpNeon(VectorEmitter &e, ArrayRef<Value> parts,
                        Value indices) {
  Type type = indices.getType();
  auto operands = [&](int64_t group) {
    auto values = llvm::to_vector(parts.slice(4 * group, 4));
    values.push_back(e.sub(indices, 64 * group));
    return values;
  };
  Value found = e.intrinsic("llvm.aarch64.neon.tbl4.v16i8", type, operands(0));
  for (int64_t group = 1; group < 4; ++group) {
    SmallVector<Value> arguments = {found};
    llvm::append_range(arguments, operands(group));
    found = e.intrinsic("llvm.aarch64.neon.tbx4.v16i8", type, arguments);
  }
  return found;
}

LogicalResult TableExpansion::expand(kernel::ElementwiseOp op, VectorEmitter &e,
                                     PatternRewriter &rewriter) const {
  auto inputType = cast<MemRefType>(op.getInput().getType());
  auto outputType = cast<MemRefType>(op.getInit().getType());
  ArrayAttr stages = op.getStages();
  auto stage = stages.size() == 1 ? dyn_cast<kernel::TableAttr>(stages[0])
                                  : kernel::TableAttr();
  if (!stage || stage.getEntries().getNumElements() != 256 ||
      !stage.getEntries().getElementType().isInteger(8) ||
      !inputType.getElementType().isInteger(8) ||
      !outputType.getElementType().isInteger(8) ||
      inputType.getNumElements() != outputType.getNumElements())
    return rewriter.notifyMatchFailure(op, "not one table of bytes");

  Value input = e.flatten(op.getInput()), output = e.flatten(op.getInit());
  Value table = e.table(stage.getEntries());
  int64_t size = outputType.getNumElements();
  bool vbmi = e.facts.avx512VBMI;
  bool neon =
      e.facts.architecture == cpu::Architecture::AArch64 && e.facts.neon;
  int64_t width = vbmi ? 64 : neon ? 16 : 0;
  int64_t full = width ? size - size % width : 0;
  if (full) {
    SmallVector<Value> parts = loadTable(e, table, width);
    e.loop(0, full, width, [&](Value i) {
      Value indices = e.load(input, i, width);
      e.store(vbmi ? permute(e, parts, indices) : lookUpNeon(e, parts, indices),
              output, i);
    });
  }
  e.loop(full, size, 1, [&](Value i) {
    Value index = e.toInteger(e.load(input, i, 0), e.getI32Type(), true);
    e.store(e.lookUp(table, index), output, i);
  });
  rewriter.eraseOp(op);
  return success();
}

void qopt::emit::populateTableExpansions(RewritePatternSet &patterns,
                                         const ExpansionContext &shared) {
  patterns.add<TableExpansion>(patterns.getContext(), shared, /*benefit=*/2);
}
