//===- NeonProducts.cpp - Sixteen inputs of a pixel at a time -------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NeonProducts.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::kernel;

Value NeonProducts::shuffle(Value a, Value b, ArrayRef<int64_t> mask) {
  return vector::ShuffleOp::create(e, a, b, mask);
}

Value NeonProducts::asBytes(Value x) {
  return vector::BitCastOp::create(e, e.vector(16, e.getI8Type()), x);
}

/// `count` neighbouring bytes with their signs as the family wants them, as
/// elements of a wider type.
Value NeonProducts::loadInputs(Value input, Value offset, int64_t count,
                               Type element) {
  Value x = e.load(input, offset, count);
  if (getInputFlip(family, types.input, types.inputUnsigned) != 0)
    x = arith::XOrIOp::create(e, x, e.constant(x.getType(), int64_t(0x80)));
  int64_t size = element.getIntOrFloatBitWidth() / 8;
  return vector::BitCastOp::create(e, e.vector(count / size, element), x);
}

//===----------------------------------------------------------------------===//
// Accumulators
//===----------------------------------------------------------------------===//

// smmla: [pair of pixels][vector][half of the vector], then sums of inputs
// [pair of pixels]. A last pixel without a neighbour is its own.

SmallVector<Value> NeonProducts::enter(const NeonTile &tile,
                                       ArrayRef<Value> state) {
  if (family != InstructionFamily::SMMLA)
    return llvm::to_vector(state);
  SmallVector<Value> sums;
  for (int64_t pixel = 0; pixel < tile.pixels; pixel += 2) {
    int64_t other = std::min(pixel + 1, tile.pixels - 1);
    for (int64_t v = 0; v < tile.vectors; ++v) {
      Value a = state[pixel * tile.vectors + v];
      Value b = state[other * tile.vectors + v];
      sums.push_back(shuffle(a, b, {0, 1, 4, 5}));
      sums.push_back(shuffle(a, b, {2, 3, 6, 7}));
    }
  }
  // Sums of inputs begin with equal lanes.
  if (tile.sumsInputs)
    for (int64_t pixel = 0; pixel < tile.pixels; pixel += 2)
      sums.push_back(state[tile.pixels * tile.vectors + pixel]);
  return sums;
}

SmallVector<Value> NeonProducts::leave(const NeonTile &tile,
                                       ArrayRef<Value> state) {
  if (family != InstructionFamily::SMMLA)
    return llvm::to_vector(state);
  SmallVector<Value> sums;
  for (int64_t pixel = 0; pixel < tile.pixels; ++pixel) {
    int64_t row = 2 * (pixel % 2);
    for (int64_t v = 0; v < tile.vectors; ++v) {
      int64_t first = 2 * (pixel / 2 * tile.vectors + v);
      sums.push_back(shuffle(state[first], state[first + 1],
                             {row, row + 1, row + 4, row + 5}));
    }
  }
  int64_t accumulators = (tile.pixels + 1) / 2 * tile.vectors * 2;
  if (tile.sumsInputs)
    for (int64_t pixel = 0; pixel < tile.pixels; ++pixel) {
      Value sum = state[accumulators + pixel / 2];
      sums.push_back(
          shuffle(sum, sum, SmallVector<int64_t>(4, 2 * (pixel % 2))));
    }
  return sums;
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

size_t NeonProducts::add(const NeonTile &tile, Value input, Value inputOffset,
                         Value filter, Value weightOffset,
                         ArrayRef<Stretch> steps,
                         MutableArrayRef<Value> state) {
  int64_t dot = getDotWidth(family);
  // Whole steps that follow each other, as many as sixteen bytes hold.
  size_t count = 0;
  while (count < steps.size() && count < size_t(16 / dot) &&
         steps[count].size == dot && steps[count].repeated == 0)
    ++count;
  if (family == InstructionFamily::SMMLA) {
    count = count == 2 ? 2 : 1;
    addMatrices(tile, input, inputOffset, filter, weightOffset,
                steps.take_front(count), state);
    return count;
  }
  count = count == 3 ? 2 : count;
  if (count < 2)
    return 0;
  addDots(tile, input, inputOffset, filter, weightOffset,
          steps.take_front(count), state);
  return count;
}

void NeonProducts::addDots(const NeonTile &tile, Value input, Value inputOffset,
                           Value filter, Value weightOffset,
                           ArrayRef<Stretch> steps,
                           MutableArrayRef<Value> state) {
  DotInstructions dots(e, family, /*lanes=*/4, types);
  int64_t numSteps = static_cast<int64_t>(steps.size());
  SmallVector<Value> inputs;
  for (int64_t pixel = 0; pixel < tile.pixels; ++pixel)
    inputs.push_back(loadInputs(
        input, tile.inputs.get(e, inputOffset, pixel, steps.front().start),
        4 * numSteps, e.getI32Type()));
  for (int64_t step = 0; step < numSteps; ++step) {
    SmallVector<Value> weights;
    for (int64_t v = 0; v < tile.vectors; ++v)
      weights.push_back(dots.loadWeights(
          filter, e.add(weightOffset, (step * tile.vectors + v) * 16)));
    for (int64_t pixel = 0; pixel < tile.pixels; ++pixel) {
      Value x = asBytes(
          shuffle(inputs[pixel], inputs[pixel], SmallVector<int64_t>(4, step)));
      for (int64_t v = 0; v < tile.vectors; ++v) {
        Value &sum = state[pixel * tile.vectors + v];
        sum = dots.dot(sum, x, weights[v]);
      }
      if (tile.sumsInputs) {
        Value &sum = state[tile.pixels * tile.vectors + pixel];
        sum = dots.dot(sum, x, dots.makeOnes(0, 4));
      }
    }
  }
}

/// sum + x · wᵀ, rows of eight.
Value NeonProducts::multiplyMatrices(Value sum, Value x, Value w) {
  StringRef name = types.inputUnsigned ? "llvm.aarch64.neon.usmmla.v4i32.v16i8"
                                       : "llvm.aarch64.neon.smmla.v4i32.v16i8";
  return e.intrinsic(name, sum.getType(), {sum, x, w});
}

/// Up to eight bytes as one integer, with zeros for the missing ones.
Value NeonProducts::loadEight(Value input, Value offset, int64_t count) {
  Type word = e.getI64Type();
  if (count == 8)
    return vector::ExtractOp::create(e, loadInputs(input, offset, 8, word),
                                     ArrayRef<int64_t>{0});
  Value all;
  for (int64_t i = 0; i < count; ++i) {
    Value x = e.load(input, ValueRange(e.add(offset, i)), 0);
    x = e.shiftLeft(e.toInteger(x, word, /*isUnsigned=*/true), 8 * i);
    all = all ? arith::OrIOp::create(e, all, x).getResult() : x;
  }
  return all;
}

void NeonProducts::addMatrices(const NeonTile &tile, Value input,
                               Value inputOffset, Value filter,
                               Value weightOffset, ArrayRef<Stretch> steps,
                               MutableArrayRef<Value> state) {
  int64_t numSteps = static_cast<int64_t>(steps.size());
  int64_t pairs = (tile.pixels + 1) / 2;
  // [pair][step]
  SmallVector<SmallVector<Value, 2>> inputs(pairs);
  for (int64_t pair = 0; pair < pairs; ++pair) {
    Value rows[2];
    for (int64_t row = 0; row < 2; ++row) {
      int64_t pixel = std::min(2 * pair + row, tile.pixels - 1);
      Value offset =
          tile.inputs.get(e, inputOffset, pixel, steps.front().start);
      rows[row] =
          numSteps == 2
              ? loadInputs(input, offset, 16, e.getI64Type())
              : e.broadcast(loadEight(input, offset, steps.front().size), 2);
    }
    for (int64_t step = 0; step < numSteps; ++step)
      inputs[pair].push_back(
          asBytes(shuffle(rows[0], rows[1], {step, 2 + step})));
  }
  DotInstructions ones(e, family, /*lanes=*/2, types);
  for (int64_t step = 0; step < numSteps; ++step) {
    for (int64_t half = 0; half < 2 * tile.vectors; ++half) {
      Value w = e.load(
          filter, e.add(weightOffset, (step * 2 * tile.vectors + half) * 16),
          16);
      for (int64_t pair = 0; pair < pairs; ++pair) {
        Value &sum = state[pair * 2 * tile.vectors + half];
        sum = multiplyMatrices(sum, inputs[pair][step], w);
      }
    }
    if (!tile.sumsInputs)
      continue;
    for (int64_t pair = 0; pair < pairs; ++pair) {
      Value &sum = state[pairs * 2 * tile.vectors + pair];
      sum = multiplyMatrices(
          sum, inputs[pair][step],
          ones.makeOnes(steps[step].repeated, steps[step].size));
    }
  }
}
