// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A function is cut into stretches: single kernels as they are, and some that
// run by bands. What a stretch needs of the arena depends on nothing but its
// ends, because buffers that cross them are whole. So the cut with the least
// maximum, and of those below a limit the one with the least overhead, are
// found by going through the ends once. That is with the smallest bands; then
// bands grow as long as the limit holds. What is alive may not fit together
// without gaps: the choice is planned, and made again with a lower limit.

#include "ChooseBands.h"

#include "MemoryPlan.h"

using namespace mlir;
using namespace qopt::kernel;

namespace {

/// A stretch of kernels [begin, end) that could run by bands of one row.
struct Candidate {
  unsigned begin;
  int64_t bytes;
  double overhead;
};

class Chooser {
public:
  Chooser(const BandGraph &graph, const BandLimits &limits);

  /// The least maximum of bytes alive.
  int64_t findLeast() const;
  /// The least overhead with at most so many bytes alive; nothing if there is
  /// no such cut.
  std::optional<SmallVector<BandPlan>> findCut(int64_t bytes) const;

private:
  BandPlan growBands(unsigned begin, unsigned end, int64_t bytes) const;

  const BandGraph &graph;
  const BandLimits &limits;
  /// By the end of the stretch.
  std::vector<SmallVector<Candidate, 4>> candidates;
};

} // namespace

Chooser::Chooser(const BandGraph &graph, const BandLimits &limits)
    : graph(graph), limits(limits), candidates(graph.kernels.size() + 1) {
  unsigned size = graph.kernels.size();
  for (unsigned end = 1; end <= size; ++end) {
    int64_t most = 0;
    for (unsigned begin = end; begin-- > 0 && end - begin <= limits.length;) {
      if (!graph.kernels[begin].isRowwise)
        break;
      // Bands where there is something to gain only.
      most = std::max(most, graph.getAlive(begin, begin + 1));
      if (most <= limits.arena)
        continue;
      std::optional<BandPlan> plan = planBands(graph, begin, end, 1);
      if (!plan || plan->bytes >= most ||
          plan->overhead > limits.overhead * plan->cycles)
        continue;
      candidates[end].push_back({begin, plan->bytes, plan->overhead});
    }
  }
}

int64_t Chooser::findLeast() const {
  std::vector<int64_t> least(candidates.size(), 0);
  for (unsigned end = 1; end < candidates.size(); ++end) {
    least[end] = std::max(least[end - 1], graph.getAlive(end - 1, end));
    for (const Candidate &candidate : candidates[end])
      least[end] = std::min(least[end],
                            std::max(least[candidate.begin], candidate.bytes));
  }
  return least.back();
}

std::optional<SmallVector<BandPlan>> Chooser::findCut(int64_t bytes) const {
  constexpr double kNever = std::numeric_limits<double>::infinity();
  std::vector<double> least(candidates.size(), kNever);
  std::vector<unsigned> begins(candidates.size(), 0);
  least[0] = 0;
  for (unsigned end = 1; end < candidates.size(); ++end) {
    if (graph.getAlive(end - 1, end) <= bytes)
      least[end] = least[end - 1];
    begins[end] = end;
    for (const Candidate &candidate : candidates[end]) {
      double overhead = least[candidate.begin] + candidate.overhead;
      if (candidate.bytes <= bytes && overhead < least[end]) {
        least[end] = overhead;
        begins[end] = candidate.begin;
      }
    }
  }
  if (least.back() == kNever)
    return std::nullopt;
  SmallVector<BandPlan> plans;
  for (unsigned end = graph.kernels.size(); end > 0;) {
    if (begins[end] == end) {
      --end;
      continue;
    }
    plans.push_back(growBands(begins[end], end, bytes));
    end = begins[end];
  }
  std::reverse(plans.begin(), plans.end());
  return plans;
}

/// The bands with the least overhead within the limit.
BandPlan Chooser::growBands(unsigned begin, unsigned end, int64_t bytes) const {
  BandPlan best = *planBands(graph, begin, end, 1);
  int64_t rows = graph.kernels[end - 1].write.rows;
  for (int64_t band = 2; band < rows; band += llvm::divideCeil(band, 8)) {
    std::optional<BandPlan> plan = planBands(graph, begin, end, band);
    if (!plan || plan->bytes > bytes)
      break;
    // Bands that leave a rest need code for it.
    double rest = rows % band ? 1.1 : 1;
    if (plan->overhead * rest < best.overhead)
      best = std::move(*plan);
  }
  return best;
}

//===----------------------------------------------------------------------===//
// Arenas
//===----------------------------------------------------------------------===//

/// The arena with these bands. All that a stretch touches, or that is alive
/// meanwhile, is alive for the whole of it.
static int64_t planArena(const BandGraph &graph, ArrayRef<BandPlan> plans) {
  SmallVector<const BandPlan *> planOf(graph.kernels.size(), nullptr);
  for (const BandPlan &plan : plans)
    for (unsigned kernel = plan.begin; kernel < plan.end; ++kernel)
      planOf[kernel] = &plan;
  SmallVector<PlannedBuffer> buffers;
  SmallVector<unsigned> numbers;
  for (auto [number, buffer] : llvm::enumerate(graph.buffers)) {
    if (!buffer.isAllocated())
      continue;
    PlannedBuffer planned{buffer.bytes, buffer.first, buffer.last};
    if (const BandPlan *plan = planOf[buffer.first]) {
      planned.first = plan->begin;
      if (const RollingBuffer *rolling = plan->findRolling(number))
        planned.size = rolling->capacity * buffer.rowBytes;
    }
    if (const BandPlan *plan = planOf[buffer.last])
      planned.last = plan->end - 1;
    buffers.push_back(planned);
    numbers.push_back(number);
  }
  SmallVector<unsigned> order(llvm::to_vector(
      llvm::seq<unsigned>(static_cast<unsigned>(buffers.size()))));
  llvm::stable_sort(order, [&](unsigned a, unsigned b) {
    return buffers[a].first < buffers[b].first;
  });
  SmallVector<PlannedBuffer> sorted;
  llvm::DenseMap<unsigned, uint32_t> positions;
  for (unsigned index : order) {
    positions[numbers[index]] = sorted.size();
    sorted.push_back(buffers[index]);
  }
  SmallVector<AllowedOverlap> overlaps;
  for (const BandPlan &plan : plans)
    for (const BandOverlap &overlap : plan.overlaps)
      overlaps.push_back({positions[overlap.lower], positions[overlap.upper],
                          overlap.distance});
  return static_cast<int64_t>(
      llvm::alignTo(planMemory(sorted, overlaps), kArenaAlignment));
}

int64_t qopt::kernel::getPlainArena(const BandGraph &graph) {
  SmallVector<PlannedBuffer> buffers;
  for (const BandBuffer &buffer : graph.buffers) {
    if (!buffer.isAllocated())
      continue;
    int64_t bytes = buffer.bytes;
    // A copy with padding is what its reader would do without.
    const BandKernel &maker = graph.kernels[buffer.first];
    if (auto pad = dyn_cast<PadOp>(maker.op)) {
      if (!maker.isBorder)
        continue;
      auto input = cast<ShapedType>(pad.getInput().getType());
      bytes = input.getNumElements() * input.getElementTypeBitWidth() / 8;
    }
    buffers.push_back({bytes, buffer.first, buffer.last});
  }
  llvm::stable_sort(buffers,
                    [](const PlannedBuffer &a, const PlannedBuffer &b) {
                      return a.first < b.first;
                    });
  return static_cast<int64_t>(
      llvm::alignTo(planMemory(buffers), kArenaAlignment));
}

BandChoice qopt::kernel::chooseBands(const BandGraph &graph,
                                     const BandLimits &limits) {
  BandChoice best;
  best.arena = best.arenaBefore = planArena(graph, {});
  if (best.arena <= limits.arena || graph.kernels.empty())
    return best;
  Chooser chooser(graph, limits);
  int64_t least = chooser.findLeast();
  // With a limit, below it, the less the more; without one, a little above the
  // least.
  for (double part : {1.0, 0.97, 0.94, 0.9, 0.85, 0.75, 0.6, 0.0}) {
    int64_t bytes = limits.arena > 0 ? int64_t(limits.arena * part)
                                     : int64_t(least * (1 + 0.1 * (1 - part)));
    bytes = std::max(bytes, least);
    std::optional<SmallVector<BandPlan>> plans = chooser.findCut(bytes);
    if (!plans)
      continue;
    int64_t arena = planArena(graph, *plans);
    if (arena < best.arena) {
      best.arena = arena;
      best.plans = std::move(*plans);
    }
    if (best.arena <= limits.arena)
      break;
  }
  return best;
}
