//===- InputPatch.cpp - The inputs of a tile, widened ahead ---------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "InputPatch.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::kernel;

std::optional<InputPatch> InputPatch::of(Conv2DOp op, ScheduleAttr schedule,
                                         int64_t pixels, bool isOneRow,
                                         const cpu::TargetFacts &facts) {
  if (schedule.getFamily() != InstructionFamily::PMADDWD ||
      !op.getInput().getType().getElementType().isInteger(8) ||
      op.getGroups() != 1)
    return std::nullopt;
  ArrayRef<int64_t> in = op.getInput().getType().getShape();
  InputPatch patch;
  patch.isUnsigned = op.getInputUnsigned();
  if (isOneRow) {
    patch.rows = 1;
    patch.rowElements = pixels * in[3];
    patch.strides = {in[3], in[3], in[3]};
  } else {
    bool isWidth = schedule.getAxis() == TileAxis::Width;
    int64_t height = (op.getKernel()[0] - 1) * op.getDilations()[0] + 1;
    int64_t width = (op.getKernel()[1] - 1) * op.getDilations()[1] + 1;
    if (isWidth)
      width += (pixels - 1) * op.getStrides()[1];
    else
      height += (pixels - 1) * op.getStrides()[0];
    patch.rows = height;
    patch.rowElements = width * in[3];
    patch.strides = {isWidth ? op.getStrides()[1] * in[3]
                             : op.getStrides()[0] * patch.rowElements,
                     op.getDilations()[1] * in[3],
                     op.getDilations()[0] * patch.rowElements};
  }
  patch.inputRowStride = in[2] * in[3];
  uint64_t bytes = 2 * static_cast<uint64_t>(patch.rows * patch.rowElements);
  if (bytes > facts.l1DataBytes)
    return std::nullopt;
  return patch;
}

void InputPatch::allocate(emit::VectorEmitter &e) {
  auto type = MemRefType::get({rows * rowElements}, e.getI16Type());
  buffer = memref::AllocaOp::create(e, type, e.getI64IntegerAttr(64));
}

void InputPatch::fill(emit::VectorEmitter &e, Value input, Value offset) {
  int64_t lanes = e.facts.vectorBytes / 2;
  e.loop(0, rows, 1, [&](Value row) {
    Value from = e.add(offset, e.mul(row, inputRowStride));
    Value to = e.mul(row, rowElements);
    e.vectorLoop(rowElements, lanes, [&](Value i, int64_t width) {
      Value bytes = e.load(input, e.add(from, i), width);
      e.store(e.toInteger(bytes, e.getI16Type(), isUnsigned), buffer,
              e.add(to, i));
    });
  });
}
