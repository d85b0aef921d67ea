// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Transposition. Where the innermost dimension stays, rows are copied;
// otherwise the innermost dimensions of input and output span a matrix, whose
// square tiles are transposed in registers.

#include "qopt/Conversion/KernelToVector/KernelExpansion.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::emit;

namespace {

/// A dimension of the output; steps are in elements.
struct MovedDimension {
  int64_t size, inputStep, outputStep;
};

class TransposeEmitter {
public:
  TransposeEmitter(VectorEmitter &e, kernel::TransposeOp op);
  void emit();

private:
  /// Loops over `outer`; `body` gets the offsets into input and output.
  void nest(ArrayRef<MovedDimension> outer,
            function_ref<void(Value, Value)> body);
  /// The matrix at these offsets: columns are neighbours in the input, rows in
  /// the output.
  void emitMatrix(MovedDimension rows, MovedDimension columns,
                  Value inputOffset, Value outputOffset);
  void emitElements(MovedDimension rows, int64_t firstRow,
                    MovedDimension columns, int64_t firstColumn,
                    int64_t lastColumn, Value inputOffset, Value outputOffset);
  void emitTile(int64_t size, MovedDimension rows, MovedDimension columns,
                Value inputOffset, Value outputOffset);

  VectorEmitter &e;
  Value input, output;
  SmallVector<MovedDimension> dimensions;
};

class TransposeExpansion : public KernelExpansion<kernel::TransposeOp> {
public:
  using KernelExpansion::KernelExpansion;

protected:
  bool acceptsGaps(kernel::TransposeOp op, OpOperand &operand) const override {
    return &operand == &op.getInputMutable();
  }
  LogicalResult expand(kernel::TransposeOp op, VectorEmitter &e,
                       PatternRewriter &rewriter) const override {
    TransposeEmitter(e, op).emit();
    rewriter.eraseOp(op);
    return success();
  }
};

} // namespace

/// Dimensions of extent 1 are left out, and dimensions that stay together are
/// one.
TransposeEmitter::TransposeEmitter(VectorEmitter &e, kernel::TransposeOp op)
    : e(e), input(e.flatten(op.getInput())), output(e.flatten(op.getInit())) {
  ArrayRef<int64_t> shape =
      cast<MemRefType>(op.getInput().getType()).getShape();
  ArrayRef<int64_t> outputShape =
      cast<MemRefType>(op.getInit().getType()).getShape();
  SmallVector<int64_t> inputSteps =
      kernel::getElementStrides(cast<MemRefType>(op.getInput().getType()));
  SmallVector<int64_t> outputSteps = computeStrides(outputShape);
  for (auto [d, step] : llvm::zip_equal(op.getPermutation(), outputSteps)) {
    if (shape[d] == 1)
      continue;
    MovedDimension next{shape[d], inputSteps[d], step};
    if (!dimensions.empty() &&
        dimensions.back().inputStep == next.size * next.inputStep)
      dimensions.back() = {dimensions.back().size * next.size, next.inputStep,
                           next.outputStep};
    else
      dimensions.push_back(next);
  }
  if (dimensions.empty())
    dimensions.push_back({1, 1, 1});
}

void TransposeEmitter::nest(ArrayRef<MovedDimension> outer,
                            function_ref<void(Value, Value)> body) {
  auto sizes = llvm::map_to_vector(
      outer, [](const MovedDimension &d) { return d.size; });
  e.nest(sizes, [&](ValueRange position) {
    Value inputOffset = e.index(0), outputOffset = e.index(0);
    for (auto [index, d] : llvm::zip_equal(position, outer)) {
      inputOffset = e.add(inputOffset, e.mul(index, d.inputStep));
      outputOffset = e.add(outputOffset, e.mul(index, d.outputStep));
    }
    body(inputOffset, outputOffset);
  });
}

void TransposeEmitter::emit() {
  MovedDimension rows = dimensions.pop_back_val();
  if (rows.inputStep == 1)
    return nest(dimensions, [&](Value inputOffset, Value outputOffset) {
      e.copy(input, inputOffset, output, outputOffset, rows.size);
    });
  auto *innermost = llvm::find_if(
      dimensions, [](const MovedDimension &d) { return d.inputStep == 1; });
  MovedDimension columns = *innermost;
  dimensions.erase(innermost);
  nest(dimensions, [&](Value inputOffset, Value outputOffset) {
    emitMatrix(rows, columns, inputOffset, outputOffset);
  });
}

void TransposeEmitter::emitMatrix(MovedDimension rows, MovedDimension columns,
                                  Value inputOffset, Value outputOffset) {
  // As many rows as lanes, but no more than there are registers for.
  unsigned bits = cast<MemRefType>(input.getType()).getElementTypeBitWidth();
  int64_t lanes = std::min<int64_t>(e.facts.vectorBytes * 8 / bits, 16);
  int64_t smaller = std::min(rows.size, columns.size);
  int64_t tile = std::min<int64_t>(lanes, llvm::bit_floor<uint64_t>(smaller));
  if (tile < 4)
    return emitElements(rows, 0, columns, 0, columns.size, inputOffset,
                        outputOffset);
  int64_t tiledRows = rows.size / tile * tile;
  int64_t tiledColumns = columns.size / tile * tile;
  e.loop(0, tiledRows, tile, [&](Value row) {
    e.loop(0, tiledColumns, tile, [&](Value column) {
      emitTile(
          tile, rows, columns,
          e.add(inputOffset, e.add(e.mul(row, rows.inputStep), column)),
          e.add(outputOffset, e.add(row, e.mul(column, columns.outputStep))));
    });
  });
  emitElements(rows, tiledRows, columns, 0, tiledColumns, inputOffset,
               outputOffset);
  emitElements(rows, 0, columns, tiledColumns, columns.size, inputOffset,
               outputOffset);
}

void TransposeEmitter::emitElements(MovedDimension rows, int64_t firstRow,
                                    MovedDimension columns, int64_t firstColumn,
                                    int64_t lastColumn, Value inputOffset,
                                    Value outputOffset) {
  if (firstRow == rows.size)
    return;
  e.loop(firstColumn, lastColumn, 1, [&](Value column) {
    Value from = e.add(inputOffset, column);
    Value to = e.add(outputOffset, e.mul(column, columns.outputStep));
    e.loop(firstRow, rows.size, 1, [&](Value row) {
      e.store(e.load(input, e.add(from, e.mul(row, rows.inputStep)), 0), output,
              e.add(to, row));
    });
  });
}

/// Interleaving the first half of the rows with the second, as often as the
/// number of rows can be halved, is a transposition.
void TransposeEmitter::emitTile(int64_t size, MovedDimension rows,
                                MovedDimension columns, Value inputOffset,
                                Value outputOffset) {
  SmallVector<Value> vectors;
  for (int64_t i = 0; i < size; ++i)
    vectors.push_back(
        e.load(input, e.add(inputOffset, i * rows.inputStep), size));
  SmallVector<int64_t> low, high;
  for (int64_t i = 0; i < size / 2; ++i) {
    low.append({i, size + i});
    high.append({size / 2 + i, size + size / 2 + i});
  }
  for (int64_t step = 1; step < size; step *= 2) {
    SmallVector<Value> next;
    for (int64_t i = 0; i < size / 2; ++i)
      for (ArrayRef<int64_t> lanes : {ArrayRef(low), ArrayRef(high)})
        next.push_back(vector::ShuffleOp::create(e, vectors[i],
                                                 vectors[size / 2 + i], lanes));
    vectors = next;
  }
  for (auto [i, vector] : llvm::enumerate(vectors))
    e.store(vector, output,
            e.add(outputOffset, int64_t(i) * columns.outputStep));
}

void qopt::emit::populateTransposeExpansions(RewritePatternSet &patterns,
                                             const ExpansionContext &shared) {
  patterns.add<TransposeExpansion>(patterns.getContext(), shared);
}
