//===- ByteSumProducts.cpp - Products added up in 16 bits -----------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ByteSumProducts.h"

using namespace mlir;
using namespace qopt::kernel;

LogicalResult ByteSumProducts::verify(Conv2DOp op,
                                      const ConvolutionLayout &layout) {
  if (!allowsByteSums(op))
    return op.emitOpError("schedule family 'pmaddubsw' needs one group, inputs "
                          "of i8, a bias of i32 and runs of at least four "
                          "inputs");
  int64_t least = layout.getNumBlocks() * kByteSumEntryBytes;
  auto steps = cast<ShapedType>(op.getFilterSteps().getType());
  if (steps.getNumElements() < least)
    return op.emitOpError("expected an order of steps of at least ")
           << least << " bytes, found " << steps;
  return success();
}

/// An unsigned integer of some bytes.
Value ByteSumProducts::loadIndex(Value bytes, Value offset, int64_t count) {
  Type integer = e.getIntegerType(8 * count);
  Value loaded = vector::BitCastOp::create(
      e, e.vector(1, integer), e.load(bytes, ValueRange(offset), count));
  loaded = vector::ExtractOp::create(e, loaded, ArrayRef<int64_t>{0});
  return arith::IndexCastUIOp::create(e, e.getIndexType(), loaded);
}

SmallVector<Value> ByteSumProducts::add(const ChannelsOfBlock &block,
                                        int64_t pixels,
                                        const TileInputs &inputs, Value input,
                                        Value offset, ArrayRef<Value> sums) {
  Value filter = op.getFilter(), table = op.getFilterSteps();
  int64_t together = op.getScheduleAttr().getSteps();
  int64_t offsetBytes = getStepOffsetBytes(op, layout);
  Value entry = e.mul(block.number, kByteSumEntryBytes);
  auto loadEntry = [&](ByteSumEntry which) {
    int64_t bytes = sizeof(int32_t);
    return loadIndex(table, e.add(entry, which * bytes), bytes);
  };
  Value groups = loadEntry(kByteSumGroups);
  Value firstOffset = loadEntry(kByteSumOffsets);
  Value firstWeights = loadEntry(kByteSumWeights);
  auto addGroup = [&](Value group, ValueRange carried) {
    SmallVector<Value> state = llvm::to_vector(carried);
    SmallVector<Value> starts;
    SmallVector<SmallVector<Value>> weights(together);
    Value at = e.add(firstOffset, e.mul(group, together * offsetBytes));
    Value weight = e.add(firstWeights,
                         e.mul(group, together * block.allLanes * layout.dot));
    for (int64_t i = 0; i < together; ++i) {
      starts.push_back(e.add(
          offset, loadIndex(table, e.add(at, i * offsetBytes), offsetBytes)));
      int64_t position = i * block.allLanes * layout.dot;
      for (int64_t lanes : block.lanes) {
        DotInstructions &own = lanes == layout.lanes ? dots : lastDots;
        weights[i].push_back(own.loadWeights(filter, e.add(weight, position)));
        position += lanes * layout.dot;
      }
    }
    for (int64_t pixel = 0; pixel < pixels; ++pixel) {
      SmallVector<Value> words(block.vectors);
      for (int64_t i = 0; i < together; ++i) {
        Value x = dots.loadInput(input, inputs.get(e, starts[i], pixel, 0),
                                 layout.dot);
        for (int64_t v = 0; v < block.vectors; ++v) {
          bool isLast = block.lanes[v] != layout.lanes;
          Value some = isLast ? e.slice(x, 0, block.lanes[v] * layout.dot) : x;
          Value pairs =
              (isLast ? lastDots : dots).multiplyPairs(some, weights[i][v]);
          words[v] = i == 0 ? pairs : e.add(words[v], pairs);
        }
      }
      for (int64_t v = 0; v < block.vectors; ++v) {
        bool isLast = block.lanes[v] != layout.lanes;
        Value &sum = state[pixel * block.vectors + v];
        sum = (isLast ? lastDots : dots).addWords(sum, words[v]);
      }
    }
    return state;
  };
  return e.loop(e.index(0), groups, 1, sums, addGroup);
}
