//===- InputPatch.cpp - The inputs of a tile, widened ahead ---------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "InputPatch.h"

#include "qopt/Conversion/KernelToVector/DotInstructions.h"
#include "qopt/Dialect/Kernel/IR/PixelRows.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::kernel;

std::optional<InputPatch> InputPatch::of(Conv2DOp op, ScheduleAttr schedule,
                                         int64_t pixels,
                                         const PixelSpace &space,
                                         const cpu::TargetFacts &facts) {
  if (!widensAhead(op, schedule, pixels, facts.l1DataBytes))
    return std::nullopt;
  ArrayRef<int64_t> in = op.getInput().getType().getShape();
  InputPatch patch;
  patch.pixels = pixels;
  patch.isUnsigned = op.getInputUnsigned();
  patch.inputRowStride = in[2] * in[3];
  if (space.outputRow != 0) {
    // One tap a pixel. Pixels with something in between are copied one by one.
    bool areApart = space.inputStride != in[3] || space.inputGap != 0;
    patch.rows = areApart ? pixels : 1;
    patch.rowElements = areApart ? in[3] : pixels * in[3];
    patch.inputRowStride = space.inputStride;
    patch.strides = {in[3], in[3], in[3]};
  } else {
    bool isWidth = schedule.getAxis() == TileAxis::Width;
    TileExtent extent = getTileExtent(op, schedule, pixels);
    patch.rows = extent.rows;
    patch.rowElements = extent.rowElements;
    patch.strides = {isWidth ? op.getStrides()[1] * in[3]
                             : op.getStrides()[0] * patch.rowElements,
                     op.getDilations()[1] * in[3],
                     op.getDilations()[0] * patch.rowElements};
  }
  return patch;
}

void InputPatch::allocate(emit::VectorEmitter &e) {
  auto allocate = [&](int64_t size, Type element) {
    return memref::AllocaOp::create(e, MemRefType::get({size}, element),
                                    e.getI64IntegerAttr(64));
  };
  buffer = allocate(rows * rowElements, e.getI16Type());
  sums = allocate(pixels, e.getI32Type());
}

void InputPatch::fill(emit::VectorEmitter &e, Value input, Value offset,
                      const RowGaps &gaps, const ConvolutionLayout &layout,
                      bool byParts) {
  int64_t lanes = e.facts.vectorBytes / 2;
  e.loop(0, rows, 1, [&](Value row) {
    Value from = e.add(offset, e.mul(row, inputRowStride));
    if (!gaps.isNone())
      from = e.add(from, gaps.get(e, row));
    Value to = e.mul(row, rowElements);
    e.vectorLoop(rowElements, lanes, [&](Value i, int64_t width) {
      Value bytes = e.load(input, e.add(from, i), width);
      if (layout.dot == 4 && byParts) {
        // Rows are whole fours.
        SmallVector<int64_t> mask;
        for (int64_t first = 0; first < width; first += 4)
          mask.append({first, first + 2, first + 1, first + 3});
        bytes = vector::ShuffleOp::create(e, bytes, bytes, mask);
      }
      e.store(e.toInteger(bytes, e.getI16Type(), isUnsigned), buffer,
              e.add(to, i));
    });
  });
  if (layout.zeroPoint != 0)
    sumUp(e, layout);
}

void InputPatch::sumUp(emit::VectorEmitter &e,
                       const ConvolutionLayout &layout) {
  int64_t lanes = e.facts.vectorBytes / 4;
  DotInstructions dots(e, InstructionFamily::PMADDWD, lanes,
                       {e.getI16Type(), e.getI8Type(), e.getI32Type()});
  Type scalar = e.getI32Type();
  e.loop(0, pixels, 1, [&](Value pixel) {
    e.store(e.constant(scalar, int64_t(0)), sums, pixel);
    e.nest({layout.runsY, layout.runsX}, [&](ValueRange run) {
      Value first =
          e.add(e.add(e.mul(pixel, strides.pixel), e.mul(run[0], strides.tapY)),
                e.mul(run[1], strides.tapX));
      // The order in a run does not matter.
      Value sum =
          e.reduce(layout.runLength, 2 * lanes, vector::CombiningKind::ADD,
                   [&](Value i, int64_t count) -> Value {
                     Value x = e.load(buffer, e.add(first, i), count);
                     if (count < 2 * lanes)
                       return e.toInteger(x, scalar);
                     Value none =
                         e.constant(e.vector(lanes, scalar), int64_t(0));
                     return dots.dot(none, x, dots.makeOnes(0, 2));
                   });
      Value total = e.add(e.load(sums, pixel, 0), e.mul(sum, layout.zeroPoint));
      e.store(total, sums, pixel);
    });
  });
}

Value InputPatch::loadSum(emit::VectorEmitter &e, int64_t pixel,
                          int64_t lanes) const {
  return e.broadcast(e.load(sums, e.index(pixel), 0), lanes);
}
