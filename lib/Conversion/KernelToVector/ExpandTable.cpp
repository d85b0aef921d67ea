// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// kernel.elementwise that is nothing but a table of 256 bytes: the special case
// beside ExpandElementwise.cpp, whose general code would gather 32-bit entries.

#include "ByteTable.h"

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

LogicalResult TableExpansion::expand(kernel::ElementwiseOp op, VectorEmitter &e,
                                     PatternRewriter &rewriter) const {
  auto inputType = cast<MemRefType>(op.getInput().getType());
  auto outputType = cast<MemRefType>(op.getInit().getType());
  ArrayAttr stages = op.getStages();
  auto stage = stages.size() == 1 ? dyn_cast<kernel::TableAttr>(stages[0])
                                  : kernel::TableAttr();
  if (!stage || !stage.isOfBytes() ||
      !inputType.getElementType().isInteger(8) ||
      !outputType.getElementType().isInteger(8) ||
      inputType.getNumElements() != outputType.getNumElements())
    return rewriter.notifyMatchFailure(op, "not one table of bytes");

  Value input = e.flatten(op.getInput()), output = e.flatten(op.getInit());
  int64_t size = outputType.getNumElements();
  int64_t width = getTableLookUpWidth(e.facts);
  int64_t full = width ? size - size % width : 0;
  e.loop(0, full, std::max<int64_t>(width, 1), [&](Value i) {
    e.store(lookUpBytes(e, stage.getEntries(), e.load(input, i, width)), output,
            i);
  });
  if (full < size) {
    Value table = e.table(stage.getEntries());
    e.loop(full, size, 1, [&](Value i) {
      Value index = e.toInteger(e.load(input, i, 0), e.getI32Type(), true);
      e.store(e.lookUp(table, index), output, i);
    });
  }
  rewriter.eraseOp(op);
  return success();
}

void qopt::emit::populateTableExpansions(RewritePatternSet &patterns,
                                         const ExpansionContext &shared) {
  patterns.add<TableExpansion>(patterns.getContext(), shared, /*benefit=*/2);
}
