//===- ConvolutionEpilogue.cpp - From accumulators to the output ----------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ConvolutionEpilogue.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "qopt/Dialect/Kernel/IR/ConvolutionLayout.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::kernel;
using emit::VectorEmitter;

Value kernel::flatten(VectorEmitter &e, Value buffer) {
  auto type = cast<MemRefType>(buffer.getType());
  if (type.getRank() == 1)
    return buffer;
  auto flat =
      MemRefType::get({getSpan(type)}, type.getElementType(),
                      MemRefLayoutAttrInterface(), type.getMemorySpace());
  return memref::ReinterpretCastOp::create(e, flat, buffer, /*offset=*/0,
                                           /*sizes=*/flat.getShape(),
                                           /*strides=*/ArrayRef<int64_t>{1});
}

/// What packing found out about the shifts, see kShiftRangeAttrName.
static emit::ShiftRange getShiftRange(Operation *op) {
  emit::ShiftRange range;
  auto attribute = op->getAttrOfType<DenseI32ArrayAttr>(kShiftRangeAttrName);
  if (attribute && attribute.size() == 2) {
    range.min = attribute[0];
    range.max = attribute[1];
  }
  return range;
}

ConvolutionEpilogue::ConvolutionEpilogue(VectorEmitter &e, StagedOpInterface op,
                                         Value init)
    : e(e), stages(e, op, getShiftRange(op)), residuals(op.getStageOperands()),
      outputType(cast<MemRefType>(init.getType())), output(flatten(e, init)) {
  for (Value residual : residuals)
    flatResiduals.push_back(flatten(e, residual));
}

/// The elements of a residual for `lanes` channels from `position` on. One of
/// another shape is broadcast: its position is found by division, dimension by
/// dimension.
Value ConvolutionEpilogue::loadResidual(Value residual, Value flat,
                                        Value position, int64_t lanes) {
  ArrayRef<int64_t> from = cast<MemRefType>(residual.getType()).getShape();
  ArrayRef<int64_t> to = outputType.getShape();
  if (from == to)
    return e.load(flat, position, lanes);
  Value offset = e.index(0), rest = position;
  int64_t stride = 1;
  bool isVector = !from.empty() && from.back() == to.back();
  for (int64_t i = 1; i <= static_cast<int64_t>(to.size()); ++i) {
    int64_t size = to[to.size() - i];
    Value here = arith::RemUIOp::create(e, rest, e.index(size)).getResult();
    rest = arith::DivUIOp::create(e, rest, e.index(size));
    if (i > static_cast<int64_t>(from.size()))
      continue;
    int64_t own = from[from.size() - i];
    if (own != 1)
      offset = e.add(offset, e.mul(here, stride));
    stride *= own;
  }
  if (isVector)
    return e.load(flat, offset, lanes);
  return e.broadcast(e.load(flat, offset, 0), lanes);
}

ConvolutionEpilogue::Channels
ConvolutionEpilogue::prepareInOrder(Value channel, int64_t lanes) {
  Channels channels = prepare(channel, lanes);
  for (auto [residual, flat] : llvm::zip_equal(residuals, flatResiduals)) {
    auto type = cast<MemRefType>(residual.getType());
    int64_t count = type.getNumElements();
    Value loaded;
    if (count == 1)
      loaded = e.broadcast(e.load(flat, e.index(0), 0), lanes);
    else if (type.getRank() && count == type.getShape().back())
      loaded = e.load(flat, channel, lanes);
    // A picture of one pixel has as many elements, and the same ones.
    channels.residuals.push_back(loaded);
  }
  return channels;
}

Value ConvolutionEpilogue::apply(Value accumulator, const Channels &channels,
                                 Value position) {
  auto vector = dyn_cast<VectorType>(accumulator.getType());
  int64_t lanes = vector ? vector.getNumElements() : 0;
  return stages.apply(channels, accumulator, [&](unsigned operand) {
    if (operand < channels.residuals.size() && channels.residuals[operand])
      return channels.residuals[operand];
    return loadResidual(residuals[operand], flatResiduals[operand], position,
                        lanes);
  });
}

void ConvolutionEpilogue::store(Value value, Value position) {
  Type element = outputType.getElementType();
  if (!isa<FloatType>(element))
    value = e.toInteger(value, element);
  e.store(value, output, position);
}
