// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A transposed convolution is a convolution of stride 1, with the weights
// turned around in height and width, of the input with stride - 1 zeros after
// each element. The spreading is a pad inside a reshape:
//
//   [N, H, W, C] -> [N, H, 1, W, 1, C] -> [N, H, s, W, s, C] -> [N, Hs, Ws, C]
//
// With k = (KH - 1) * dilation the convolution's border is k - top rows above
// and k - bottom below. The zeros behind the last element count as border, and
// any number of each element's zeros may lie before it instead, which makes
// room where k - bottom is less than stride - 1. Zeros are zero points in
// quantized tensors, so every sum has the terms it had.

#include "qopt/Dialect/NN/IR/NN.h"
#include "qopt/Dialect/NN/Transforms/Passes.h"
#include "qopt/Support/PassStatistics.h"

#include "mlir/IR/DialectResourceBlobManager.h"

namespace qopt::nn {
#define GEN_PASS_DEF_NNDECOMPOSETRANSPOSECONVPASS
#include "qopt/Dialect/NN/Transforms/Passes.h.inc"
} // namespace qopt::nn

using namespace mlir;
using namespace qopt;
using namespace qopt::nn;

/// The location of a tensor on the way to another.
static Location nameInner(Location loc, StringRef suffix) {
  auto name = dyn_cast<NameLoc>(loc);
  if (!name)
    return loc;
  return NameLoc::get(StringAttr::get(loc.getContext(),
                                      name.getName().getValue() + "/" + suffix),
                      name.getChildLoc());
}

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

/// The elements [O, KH, KW, I] with KH and KW reversed, or null if their bytes
/// are not at hand.
static DenseElementsAttr turnAround(ElementsAttr value) {
  auto dense = dyn_cast<DenseElementsAttr>(value);
  if (dense && dense.isSplat())
    return dense;
  ArrayRef<char> bytes;
  if (dense)
    bytes = dense.getRawData();
  else if (auto resource = dyn_cast<DenseResourceElementsAttr>(value))
    if (AsmResourceBlob *blob = resource.getRawHandle().getBlob())
      bytes = blob->getData();
  ShapedType type = value.getShapedType();
  int64_t count = type.getNumElements();
  if (count == 0 || bytes.size() % count != 0 ||
      value.getElementType().isInteger(1))
    return {};
  int64_t taps = type.getDimSize(1) * type.getDimSize(2);
  size_t run = type.getDimSize(3) * (bytes.size() / count);
  std::vector<char> turned(bytes.size());
  for (int64_t i = 0, e = type.getDimSize(0) * taps; i != e; ++i) {
    int64_t from = i / taps * taps + (taps - 1 - i % taps);
    std::copy_n(bytes.data() + from * run, run, turned.data() + i * run);
  }
  return DenseElementsAttr::getFromRawBuffer(type, turned);
}

/// The same for what makes the weights: a constant, or a dequantized one.
static Value turnAround(OpBuilder &builder, Value filter) {
  if (auto constant = filter.getDefiningOp<ConstantOp>()) {
    DenseElementsAttr turned = turnAround(constant.getValue());
    return turned ? ConstantOp::create(builder, constant.getLoc(),
                                       constant.getType(), turned)
                  : Value();
  }
  if (auto cast = filter.getDefiningOp<quant::DequantizeCastOp>()) {
    Value turned = turnAround(builder, cast->getOperand(0));
    return turned ? quant::DequantizeCastOp::create(builder, cast.getLoc(),
                                                    cast.getType(), turned)
                  : Value();
  }
  return {};
}

//===----------------------------------------------------------------------===//
// Input
//===----------------------------------------------------------------------===//

namespace {
/// One dimension of the image on its way.
struct Spread {
  /// Zeros before and after each element.
  int64_t before, after;
  /// The border of the convolution.
  int64_t low, high;
};
} // namespace

static std::optional<Spread> getSpread(int64_t kernel, int64_t dilation,
                                       int64_t stride, int64_t low,
                                       int64_t high) {
  int64_t span = (kernel - 1) * dilation;
  int64_t roomLow = span - low, roomHigh = span - high;
  int64_t before = std::max<int64_t>(0, stride - 1 - roomHigh);
  if (before > roomLow || before > stride - 1)
    return std::nullopt;
  int64_t after = stride - 1 - before;
  return Spread{before, after, roomLow - before, roomHigh - after};
}

static Value spreadInput(OpBuilder &builder, TransposeConv2DOp op,
                         const Spread &height, const Spread &width) {
  Value input = op.getInput();
  auto type = cast<RankedTensorType>(input.getType());
  ArrayRef<int64_t> shape = type.getShape();
  ArrayRef<int64_t> strides = op.getStrides();
  if (strides[0] == 1 && strides[1] == 1)
    return input;
  Location loc = nameInner(op.getLoc(), "spread_input");
  Value split = ReshapeOp::create(
      builder, loc, type.clone({shape[0], shape[1], 1, shape[2], 1, shape[3]}),
      input);
  Value padded = PadOp::create(
      builder, loc,
      type.clone(
          {shape[0], shape[1], strides[0], shape[2], strides[1], shape[3]}),
      split, ArrayRef<int64_t>{0, 0, height.before, 0, width.before, 0},
      ArrayRef<int64_t>{0, 0, height.after, 0, width.after, 0}, APFloat(0.0));
  return ReshapeOp::create(builder, loc,
                           type.clone({shape[0], shape[1] * strides[0],
                                       shape[2] * strides[1], shape[3]}),
                           padded);
}

static LogicalResult decompose(OpBuilder &builder, TransposeConv2DOp op) {
  ArrayRef<int64_t> filter = op.getFilter().getType().getShape();
  Padding padding(op.getPadding());
  auto height = getSpread(filter[1], op.getDilations()[0], op.getStrides()[0],
                          padding.top, padding.bottom);
  auto width = getSpread(filter[2], op.getDilations()[1], op.getStrides()[1],
                         padding.left, padding.right);
  if (!height || !width)
    return op.emitOpError("has padding [")
           << op.getPadding() << "], which leaves less than a convolution of "
           << "its filter makes; crop the result after the op instead";
  builder.setInsertionPoint(op);
  Value turned = turnAround(builder, op.getFilter());
  if (!turned)
    return op.emitOpError("has weights that are not a constant, expected one");
  Value input = spreadInput(builder, op, *height, *width);
  auto conv = Conv2DOp::create(
      builder, op.getLoc(), op.getType(), input, turned, op.getBias(),
      ArrayRef<int64_t>{1, 1}, op.getDilations(),
      ArrayRef<int64_t>{height->low, height->high, width->low, width->high},
      op.getGroups(), op.getActivation(), op.getRounding(),
      op.getF32ScaleProduct());
  conv->setDiscardableAttrs(op->getDiscardableAttrDictionary());
  op.getResult().replaceAllUsesWith(conv);
  Value old = op.getFilter();
  op.erase();
  if (old.use_empty())
    old.getDefiningOp()->erase();
  return success();
}

namespace {
struct NNDecomposeTransposeConv
    : nn::impl::NNDecomposeTransposeConvPassBase<NNDecomposeTransposeConv> {
  using NNDecomposeTransposeConvPassBase::NNDecomposeTransposeConvPassBase;

  void runOnOperation() override {
    SmallVector<TransposeConv2DOp> ops;
    getOperation()->walk([&](TransposeConv2DOp op) { ops.push_back(op); });
    OpBuilder builder(&getContext());
    for (TransposeConv2DOp op : ops)
      if (failed(decompose(builder, op)))
        return signalPassFailure();
    recordStatistic(*this, "num-decomposed", ops.size());
  }
};
} // namespace
