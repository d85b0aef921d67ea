// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A function is cut into stretches: single kernels as they are, and some that
// run by bands. What a stretch needs of the arena depends on nothing but its
// ends, because buffers that cross them are whole. So the cut with the least
// maximum, and of those below a limit the one with the least overhead, are
// found by going through the ends once. Each stretch comes with bands of some
// heights, and that which is chosen grows as long as the limit holds. What is
// alive may not fit together without gaps: the choice is planned, and made
// again with a lower limit.

#include "ChooseBands.h"

#include "MemoryPlan.h"

using namespace mlir;
using namespace qopt::kernel;

namespace {

/// A stretch of kernels [begin, end) that could run by bands of so many rows.
struct Candidate {
  unsigned begin;
  int64_t rows, bytes;
  double overhead;
};

class Chooser {
public:
  Chooser(const BandGraph &graph, const BandLimits &limits);

  /// The least maximum of bytes alive.
  int64_t findLeast() const;
  /// The least overhead with at most so many bytes alive; nothing if there is
  /// no such cut. `isSmall` looks at the smallest bands of each stretch only:
  /// more of them fit together.
  std::optional<SmallVector<BandPlan>> findCut(int64_t bytes,
                                               bool isSmall) const;

private:
  void addCandidates(unsigned begin, unsigned end, int64_t most);
  BandPlan growBands(const Candidate &candidate, unsigned end,
                     int64_t bytes) const;

  const BandGraph &graph;
  const BandLimits &limits;
  /// By the end of the stretch.
  std::vector<SmallVector<Candidate, 4>> candidates;
};

} // namespace

/// Bands that leave a rest need code for it.
static double getRest(int64_t height, int64_t rows) {
  return height % rows ? 1.1 : 1;
}

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
      addCandidates(begin, end, most);
    }
  }
}

/// Bands of some heights that do not cost too much. `most` is what the kernels
/// need by themselves.
void Chooser::addCandidates(unsigned begin, unsigned end, int64_t most) {
  int64_t height = graph.kernels[end - 1].write.rows;
  for (int64_t rows = 1; rows < height; rows += llvm::divideCeil(rows, 2)) {
    std::optional<BandPlan> plan = planBands(graph, begin, end, rows);
    if (!plan || plan->bytes >= most)
      return;
    if (plan->overhead <= limits.overhead * plan->cycles)
      candidates[end].push_back(
          {begin, rows, plan->bytes, plan->overhead * getRest(height, rows)});
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

std::optional<SmallVector<BandPlan>> Chooser::findCut(int64_t bytes,
                                                      bool isSmall) const {
  constexpr double kNever = std::numeric_limits<double>::infinity();
  std::vector<double> least(candidates.size(), kNever);
  std::vector<const Candidate *> chosen(candidates.size(), nullptr);
  least[0] = 0;
  for (unsigned end = 1; end < candidates.size(); ++end) {
    if (graph.getAlive(end - 1, end) <= bytes)
      least[end] = least[end - 1];
    for (const Candidate &candidate : candidates[end]) {
      if (isSmall && &candidate != candidates[end].begin() &&
          (&candidate)[-1].begin == candidate.begin)
        continue;
      double overhead = least[candidate.begin] + candidate.overhead;
      if (candidate.bytes <= bytes && overhead < least[end]) {
        least[end] = overhead;
        chosen[end] = &candidate;
      }
    }
  }
  if (least.back() == kNever)
    return std::nullopt;
  SmallVector<BandPlan> plans;
  for (unsigned end = graph.kernels.size(); end > 0;) {
    const Candidate *candidate = chosen[end];
    if (!candidate) {
      --end;
      continue;
    }
    plans.push_back(growBands(*candidate, end, bytes));
    end = candidate->begin;
  }
  std::reverse(plans.begin(), plans.end());
  return plans;
}

/// The bands with the least overhead within the limit.
BandPlan Chooser::growBands(const Candidate &candidate, unsigned end,
                            int64_t bytes) const {
  BandPlan best = *planBands(graph, candidate.begin, end, candidate.rows);
  int64_t rows = graph.kernels[end - 1].write.rows;
  for (int64_t band = candidate.rows + 1; band < rows;
       band += llvm::divideCeil(band, 8)) {
    std::optional<BandPlan> plan = planBands(graph, candidate.begin, end, band);
    if (!plan || plan->bytes > bytes)
      break;
    if (plan->overhead * getRest(rows, band) < best.overhead)
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
  int64_t end = graph.kernels.size();
  for (const BandBuffer &buffer : graph.buffers) {
    const BandKernel &first = graph.kernels[buffer.first];
    auto type = cast<ShapedType>(buffer.value.getType());
    PlannedBuffer planned{0, buffer.first, buffer.last};
    if (!buffer.isAllocated()) {
      // What the caller gives and gets stays for all of the time.
      bool isResult =
          first.write.buffer == unsigned(&buffer - &graph.buffers[0]);
      planned.first = isResult ? buffer.first : 0;
      planned.last = end;
    } else if (auto pad = dyn_cast<PadOp>(first.op)) {
      // A copy with padding is what its reader would do without.
      if (!first.isBorder)
        continue;
      type = cast<ShapedType>(pad.getInput().getType());
    }
    planned.size = type.getNumElements() * type.getElementTypeBitWidth() / 8;
    buffers.push_back(planned);
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
  for (double part : {1.0, 0.96, 0.92, 0.88, 0.83, 0.77, 0.7, 0.6, 0.0}) {
    int64_t bytes = limits.arena > 0 ? int64_t(limits.arena * part)
                                     : int64_t(least * (1 + 0.1 * (1 - part)));
    bytes = std::max(bytes, least);
    for (bool isSmall : {false, true}) {
      auto plans = chooser.findCut(bytes, isSmall);
      int64_t arena = plans ? planArena(graph, *plans) : best.arena;
      if (arena >= best.arena)
        continue;
      best.arena = arena;
      best.plans = std::move(*plans);
      if (best.arena <= limits.arena)
        return best;
    }
  }
  return best;
}
