// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Parts of runs, and who gets which tile register: accumulators first, then
// one of inputs and one of weights for each kind of part; what is left goes to
// the first kind, which most parts are of.

#include "qopt/Dialect/Kernel/IR/TilePlan.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace qopt::kernel;

static constexpr int64_t kRegisters = 8;

int64_t TilePlan::getNumSpare() const {
  return kRegisters - getNumAccumulators() -
         2 * static_cast<int64_t>(kinds.size());
}

int64_t TilePlan::getNumInputs(unsigned kind) const {
  return kind == 0 && getNumSpare() > 0 ? pixelTiles : 1;
}

unsigned TilePlan::getInput(unsigned kind, int64_t pixelTile) const {
  int64_t first = getNumAccumulators() + 2 * kind;
  if (kind == 0)
    return first + pixelTile % getNumInputs(0);
  // Behind what is spare, which the first kind has.
  return first + getNumSpare();
}

unsigned TilePlan::getWeights(unsigned kind, int64_t column) const {
  unsigned first = getInput(kind, 0) + getNumInputs(kind);
  int64_t spare = getNumSpare() - (getNumInputs(0) - 1);
  return kind == 0 ? first + column % std::min<int64_t>(2, spare + 1) : first;
}

std::array<uint8_t, 64> TilePlan::getConfiguration() const {
  // Palette 1; bytes of a row as 16-bit words from byte 16 on, rows from 48 on.
  std::array<uint8_t, 64> bytes = {1};
  auto set = [&](unsigned number, int64_t rowsOfTile, int64_t rowBytes) {
    bytes[16 + 2 * number] = static_cast<uint8_t>(rowBytes);
    bytes[48 + number] = static_cast<uint8_t>(rowsOfTile);
  };
  for (int64_t number = 0; number < getNumAccumulators(); ++number)
    set(number, rows, kTileRowBytes);
  for (auto [kind, quads] : llvm::enumerate(kinds)) {
    for (int64_t tile = 0; tile < pixelTiles; ++tile)
      set(getInput(kind, tile), rows, 4 * quads);
    for (int64_t column = 0; column < 2; ++column)
      set(getWeights(kind, column), quads, kTileRowBytes);
  }
  return bytes;
}

/// Cuts a run into parts.
static void cutRun(const ConvolutionLayout &layout, TilePlan &plan) {
  auto add = [&](int64_t start, int64_t step, int64_t quads, int64_t repeated) {
    auto kind = llvm::find(plan.kinds, quads);
    if (kind == plan.kinds.end())
      kind = plan.kinds.insert(kind, quads);
    int64_t lastElements = layout.runLength - start - 4 * (quads - 1);
    plan.steps.push_back({start, step, quads, repeated,
                          std::min<int64_t>(lastElements, 4),
                          static_cast<unsigned>(kind - plan.kinds.begin())});
  };
  int64_t quads = layout.padsRuns ? layout.steps : layout.runLength / 4;
  int64_t parts = llvm::divideCeil(quads, kTileRows);
  int64_t size = quads % parts == 0 ? quads / parts : kTileRows;
  for (int64_t first = 0; first < quads; first += size)
    add(4 * first, first, std::min(size, quads - first), 0);
  if (quads < layout.steps) {
    Stretch last = getStretch(layout.runLength, 4, quads);
    add(last.start, quads, 1, last.repeated);
  }
}

std::optional<TilePlan>
qopt::kernel::getTilePlan(const ConvolutionLayout &layout, int64_t pixels,
                          int64_t rowPixels) {
  TilePlan plan;
  pixels = std::min(pixels, rowPixels);
  if (layout.runLength < 4 || layout.dot != 4 || pixels < 1)
    return std::nullopt;
  plan.pixelTiles = llvm::divideCeil(pixels, kTileRows);
  plan.rows = pixels / plan.pixelTiles;
  plan.columns = std::min(layout.vectors, layout.getNumVectors()) +
                 (layout.zeroPoint != 0 ? 1 : 0);
  cutRun(layout, plan);
  if (plan.getNumAccumulators() + 2 * static_cast<int64_t>(plan.kinds.size()) >
      kRegisters)
    return std::nullopt;
  return plan;
}
