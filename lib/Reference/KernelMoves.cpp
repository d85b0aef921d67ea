// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops of the kernel dialect on tensors without stages: moves, arg max, softmax,
// resize; and tensor.empty, whose bytes must not matter.

#include "Functions.h"
#include "Interpolate.h"
#include "Move.h"
#include "Reduce.h"
#include "Stages.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::reference;

Outcome reference::evaluate(tensor::EmptyOp op, Operands) {
  Outcome result = makeTensor(op.getType());
  // A pattern that shows where an op reads its destination.
  if (result)
    llvm::fill(result->bytes, 0x5a);
  return result;
}

Outcome reference::evaluate(kernel::ViewOp op, Operands operands) {
  Outcome result = makeTensor(op.getType());
  if (result)
    result->bytes = operands[0]->bytes;
  return result;
}

Outcome reference::evaluate(kernel::PadOp op, Operands operands) {
  Outcome result = makeTensor(op->getResult(0).getType());
  if (!result)
    return result;
  llvm::SmallVector<char, 8> border(getElementSize(result->kind));
  uint64_t bits;
  if (auto integer = llvm::dyn_cast<IntegerAttr>(op.getValue()))
    bits = integer.getValue().getZExtValue();
  else if (auto real = llvm::dyn_cast<FloatAttr>(op.getValue()))
    bits = real.getValue().bitcastToAPInt().getZExtValue();
  else
    return makeError(op, "expected a number as padding value");
  std::memcpy(border.data(), &bits, border.size());
  padTensor(*operands[0], op.getLow(), border, *result);
  return result;
}

Outcome reference::evaluate(kernel::StridedSliceOp op, Operands operands) {
  Outcome result = makeTensor(op->getResult(0).getType());
  if (result)
    sliceTensor(*operands[0], op.getOffsets(), op.getStrides(), *result);
  return result;
}

Outcome reference::evaluate(kernel::ConcatOp op, Operands operands) {
  Outcome result = makeTensor(op->getResult(0).getType());
  if (!result)
    return result;
  llvm::SmallVector<Tensor> pieces;
  for (const Tensor *piece : operands.drop_back())
    pieces.push_back(*piece);
  concatTensors(pieces, op.getAxis(), *result);
  return result;
}

Outcome reference::evaluate(kernel::UnpackOp op, Operands operands) {
  Outcome result = makeTensor(op->getResult(0).getType());
  if (!result)
    return result;
  std::vector<int64_t> halves = loadIntegers(*operands[0]);
  std::vector<int64_t> whole(2 * halves.size());
  for (size_t i = 0; i < whole.size(); ++i) {
    int64_t both = halves[i / 32 * 16 + i % 16] & 255;
    int64_t half = i % 32 < 16 ? both % 16 : both / 16;
    whole[i] = half < 8 ? half : half - 16;
  }
  return storeIntegers(op, op->getResult(0).getType(), whole);
}

Outcome reference::evaluate(kernel::TransposeOp op, Operands operands) {
  Outcome result = makeTensor(op->getResult(0).getType());
  if (result)
    transposeTensor(*operands[0], op.getPermutation(), *result);
  return result;
}

Outcome reference::evaluate(kernel::ArgMaxOp op, Operands operands) {
  const Tensor &x = *operands[0];
  return storeIntegers(op, op->getResult(0).getType(),
                       isFloat(x.kind)
                           ? argMax(x.get<float>(), x.shape, op.getAxis())
                           : argMax<int64_t>(loadBits(x, op.getInputUnsigned()),
                                             x.shape, op.getAxis()));
}

/// A table of the op as integers.
static std::vector<int64_t> readTable(kernel::SoftmaxOp op, unsigned index) {
  std::vector<int64_t> values;
  if (op.getTables() && index < op.getTables()->size())
    if (auto table =
            llvm::dyn_cast<DenseIntElementsAttr>((*op.getTables())[index]))
      for (const llvm::APInt &entry : table.getValues<llvm::APInt>())
        values.push_back(entry.getSExtValue());
  return values;
}

Outcome reference::evaluate(kernel::SoftmaxOp op, Operands operands) {
  const Tensor &input = *operands[0];
  int64_t depth = input.shape.back();
  Type type = op->getResult(0).getType();
  if (isFloat(input.kind)) {
    Tensor result = input;
    softmaxRows(result.get<float>(), depth, op.getBeta().convertToFloat());
    return result;
  }
  std::vector<int64_t> x = loadBits(input, op.getInputUnsigned());
  std::vector<int64_t> exp = readTable(op, 0);
  if (getElementSize(input.kind) == 1) {
    int64_t least = op.getOutputUnsigned() ? 0 : -128;
    if (op.getTables() && op.getTables()->size() == 1)
      if (auto reals =
              llvm::dyn_cast<DenseFPElementsAttr>((*op.getTables())[0])) {
        softmaxRows8(x, depth, llvm::to_vector(reals.getValues<float>()),
                     least);
        return storeBits(op, type, x);
      }
    if (exp.size() != 256)
      return makeError(op, "expected a table of 256 entries");
    if (!softmaxRows8(
            x, depth, [&](int64_t difference) { return exp[-difference]; },
            least))
      return makeError(op, "a row's sum of exponentials exceeds 4096");
    return storeBits(op, type, x);
  }
  std::vector<int64_t> inverse = readTable(op, 1);
  std::array<int64_t, 513> expSamples, inverseSamples;
  if (exp.size() != 513 || inverse.size() != 513)
    return makeError(op, "expected two tables of 513 entries");
  llvm::copy(exp, expSamples.begin());
  llvm::copy(inverse, inverseSamples.begin());
  softmaxRows16(x, depth,
                {static_cast<int32_t>(op.getMultiplier()),
                 static_cast<int32_t>(op.getShift())},
                InterpolatedTable(expSamples),
                InterpolatedTable(inverseSamples));
  return storeBits(op, type, x);
}

Outcome reference::evaluate(kernel::ResizeBilinearOp op, Operands operands) {
  const Tensor &x = *operands[0];
  Type type = op->getResult(0).getType();
  llvm::ArrayRef<int64_t> out = llvm::cast<ShapedType>(type).getShape();
  bool align = op.getAlignCorners(), half = op.getHalfPixelCenters();
  if (isFloat(x.kind)) {
    Outcome result = makeTensor(type);
    if (result)
      llvm::copy(
          resizeFloats(x.get<float>().vec(), x.shape, out, align, half, 0),
          result->get<float>().begin());
    return result;
  }
  std::vector<int64_t> stored = loadBits(x, op.getInputUnsigned());
  if (!op.getInputUnsigned())
    return storeBits(op, type,
                     resizeIntegers(stored, x.shape, out, align, half));
  std::vector<float> y = resizeFloats({stored.begin(), stored.end()}, x.shape,
                                      out, align, half, 0.5f);
  return storeBits(op, type, std::vector<int64_t>(y.begin(), y.end()));
}
