// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From the last kernel back to the first. Kernel c with R rows a band and lead
// L needs, for band i, rows of its input up to
//
//   (R * (i + 1 + L) - 1) * stride - before + extent  =  R * stride * i + need
//
// and from R * stride * i + R * L * stride - before on. So whoever makes the
// input makes R * stride rows a band, and leads by as many bands as `need`
// asks for; what is held of it begins with the least of its readers' first
// rows. All of this grows by the same number of rows from band to band, so a
// band is like every other one but for those in which a kernel begins or ends.

#include "BandPlan.h"

#include "MemoryPlan.h"

using namespace mlir;
using namespace qopt::kernel;

/// Cycles of a call, bytes that a copy reads and writes in one, and bytes of
/// weights that every band fetches anew.
static constexpr double kCall = 150;
static constexpr double kCopied = 16;
static constexpr double kFetched = 32;

const RollingBuffer *BandPlan::findRolling(unsigned buffer) const {
  const auto *it = llvm::find_if(
      rolling, [&](const RollingBuffer &r) { return r.buffer == buffer; });
  return it == rolling.end() ? nullptr : it;
}

namespace {

/// What kernels of the bands read of a buffer. Rows are the buffer's.
struct Demand {
  unsigned buffer;
  /// Rows that go by from band to band; the last row of band 0, excluded; the
  /// first one.
  int64_t step, need, origin;
  /// Two readers go at different speeds, or something reads it as a whole.
  bool isUneven = false, isWhole = false;
};

/// What makes a buffer.
struct Supply {
  unsigned buffer;
  BandedKernel kernel;
  /// The buffer's row that is row 0 of the output; rows of that.
  int64_t firstRow, rows;
};

class Planner {
public:
  Planner(const BandGraph &graph, unsigned begin, unsigned end) : graph(graph) {
    plan.begin = begin;
    plan.end = end;
    plan.kernels.resize(end - begin);
  }

  std::optional<BandPlan> run(int64_t rows);

private:
  bool planKernel(unsigned number, int64_t lastRows);
  void read(const BandAccess &access, const BandedKernel &reader);
  Demand *findDemand(unsigned buffer);
  void placeBuffers();
  void findOverlaps();
  int64_t getDistance(const Supply &lower, const Demand &upper) const;
  bool isInside(const BandBuffer &buffer) const {
    return buffer.isAllocated() && buffer.first >= plan.begin &&
           buffer.last < plan.end;
  }

  const BandGraph &graph;
  BandPlan plan;
  SmallVector<Demand, 4> demands;
  SmallVector<Supply, 4> supplies;
};

} // namespace

Demand *Planner::findDemand(unsigned buffer) {
  auto *it = llvm::find_if(
      demands, [&](const Demand &demand) { return demand.buffer == buffer; });
  return it == demands.end() ? nullptr : it;
}

void Planner::read(const BandAccess &access, const BandedKernel &reader) {
  const RowWindow &window = access.window;
  int64_t first = reader.rows * reader.lead * window.stride - window.before +
                  access.firstRow;
  int64_t step = reader.rows * window.stride;
  int64_t need = first + step - window.stride + window.extent;
  Demand *demand = findDemand(access.buffer);
  if (!demand) {
    demands.push_back({access.buffer, step, need, first});
    demand = &demands.back();
  }
  demand->isWhole |= window.isWhole;
  demand->isUneven |= demand->step != step;
  demand->need = std::max(demand->need, need);
  demand->origin = std::min(demand->origin, first);
}

bool Planner::planKernel(unsigned number, int64_t lastRows) {
  const BandKernel &kernel = graph.kernels[number];
  if (!kernel.isRowwise)
    return false;
  if (kernel.isBorder)
    return number + 1 != plan.end;
  BandedKernel banded{lastRows, 0};
  Demand *demand = findDemand(kernel.write.buffer);
  if (number + 1 != plan.end) {
    // Only the last kernel may make something that no other one reads: nothing
    // would say how fast.
    if (!demand || demand->isUneven || demand->isWhole || demand->step == 0)
      return false;
    banded.rows = demand->step;
    int64_t below = demand->need - kernel.write.firstRow - banded.rows;
    banded.lead = below > 0 ? llvm::divideCeil(below, banded.rows) : 0;
  } else if (demand) {
    return false;
  }
  plan.kernels[number - plan.begin] = banded;
  supplies.push_back(
      {kernel.write.buffer, banded, kernel.write.firstRow, kernel.write.rows});
  for (const BandAccess &access : kernel.reads)
    read(access, banded);
  plan.cycles += kernel.cycles;
  plan.overhead += (llvm::divideCeil(kernel.write.rows, banded.rows) - 1) *
                   (kCall + kernel.constantBytes / kFetched);
  return true;
}

/// Decides what rolls, and counts bytes and bands.
void Planner::placeBuffers() {
  plan.bytes = graph.getAlive(plan.begin, plan.end);
  for (const Supply &supply : supplies) {
    const BandBuffer &buffer = graph.buffers[supply.buffer];
    const auto &[rows, lead] = supply.kernel;
    plan.firstBand = std::min(plan.firstBand, -lead);
    int64_t bands = llvm::divideCeil(supply.rows, rows) - lead;
    Demand *demand = findDemand(supply.buffer);
    if (demand && isInside(buffer)) {
      int64_t capacity = rows * (1 + lead) + supply.firstRow - demand->origin;
      if (capacity < buffer.rows) {
        plan.rolling.push_back({supply.buffer, rows, demand->origin, capacity});
        plan.bytes += capacity * buffer.rowBytes - buffer.bytes;
        plan.overhead +=
            double(capacity - rows) / rows *
            (buffer.rows * buffer.rowBytes / kCopied + bands * kCall);
        continue;
      }
    }
    plan.endBand = std::max(plan.endBand, bands);
  }
}

/// How far the rows of `lower` have to be below those of `upper`: the most by
/// which what is written by the end of a band reaches beyond what is read from
/// its beginning on. Both are straight lines of the band's number with an end,
/// so the most is at one of those ends.
int64_t Planner::getDistance(const Supply &lower, const Demand &upper) const {
  const BandBuffer &to = graph.buffers[lower.buffer],
                   &from = graph.buffers[upper.buffer];
  const auto &[rows, lead] = lower.kernel;
  int64_t readFrom = -upper.origin / upper.step;
  int64_t written = llvm::divideCeil(lower.rows, rows) - 1 - lead;
  int64_t most = 0;
  for (int64_t band : {-lead, readFrom - 1, readFrom, readFrom + 1, written - 1,
                       written, plan.endBand - 1}) {
    if (band < -lead || band >= plan.endBand)
      continue;
    int64_t end = std::min(rows * (band + 1 + lead) + lower.firstRow, to.rows);
    int64_t begin =
        std::clamp<int64_t>(upper.step * band + upper.origin, 0, from.rows);
    most = std::max(most, end * to.rowBytes - begin * from.rowBytes);
  }
  return static_cast<int64_t>(llvm::alignTo(most, kArenaAlignment));
}

/// What is read for the last time, and what is begun and goes on, may share
/// memory. Each is counted in at most one pair.
void Planner::findOverlaps() {
  SmallVector<unsigned> taken;
  for (const Supply &supply : supplies) {
    const BandBuffer &lower = graph.buffers[supply.buffer];
    if (!lower.isAllocated() || lower.first < plan.begin ||
        lower.last < plan.end)
      continue;
    // The border of the whole buffer is written at once, so behind the bands.
    if (lower.border && findDemand(supply.buffer))
      continue;
    int64_t most = 0;
    unsigned with = 0;
    for (const Demand &demand : demands) {
      const BandBuffer &upper = graph.buffers[demand.buffer];
      if (!upper.isAllocated() || upper.first >= plan.begin ||
          upper.last >= plan.end || demand.isUneven || demand.isWhole ||
          demand.step == 0)
        continue;
      int64_t distance = getDistance(supply, demand);
      int64_t saved = lower.bytes + upper.bytes -
                      std::max(lower.bytes, distance + upper.bytes);
      if (saved <= 0)
        continue;
      plan.overlaps.push_back({supply.buffer, demand.buffer, distance});
      if (saved > most && !llvm::is_contained(taken, demand.buffer)) {
        most = saved;
        with = demand.buffer;
      }
    }
    if (most > 0)
      taken.push_back(with);
    plan.bytes -= most;
  }
}

std::optional<BandPlan> Planner::run(int64_t rows) {
  for (unsigned number = plan.end; number-- > plan.begin;)
    if (!planKernel(number, rows))
      return std::nullopt;
  placeBuffers();
  findOverlaps();
  return std::move(plan);
}

std::optional<BandPlan> qopt::kernel::planBands(const BandGraph &graph,
                                                unsigned begin, unsigned end,
                                                int64_t rows) {
  return Planner(graph, begin, end).run(rows);
}
