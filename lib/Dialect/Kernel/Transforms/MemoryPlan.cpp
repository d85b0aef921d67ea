// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Greedy plans. By size, as TFLite's arena planner does: the largest buffer
// first, each into the lowest gap that its already placed contemporaries leave;
// good where few buffers dominate. By time: each into the lowest gap among what
// is alive when it is born. Both look at pairs of contemporaries only, so a
// chain of layers costs n log n. Where a plan is larger than what is alive at
// one time, the buffer that sticks out is placed earlier, some times over; and
// where buffers may overlap in one direction, plans are made upside down, too.

#include "MemoryPlan.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <numeric>
#include <optional>

using namespace qopt::kernel;

namespace {

/// Offsets that a buffer must not have: those between the two, which it may
/// have themselves.
struct Forbidden {
  int64_t above, below;
};

/// What is known of another buffer that is alive at the same time.
struct Contemporary {
  uint32_t other;
  /// This one is the lower, or the upper, one of an allowed overlap.
  enum { Apart, Lower, Upper } relation = Apart;
  int64_t distance = 0;
};

using Contemporaries = llvm::SmallVector<llvm::SmallVector<Contemporary, 4>>;

} // namespace

/// More pairs of contemporaries than this, and only the plan by time is made:
/// the lists of the others would not fit in memory.
static constexpr size_t kMaxPairs = size_t(1) << 24;
/// Up to so many buffers a plan is made anew, so often.
static constexpr size_t kMaxRepeated = 512;
static constexpr unsigned kRounds = 48;

static int64_t align(int64_t offset) {
  return static_cast<int64_t>(llvm::alignTo(offset, kArenaAlignment));
}

/// The lowest offset that is not forbidden; `forbidden` is sorted here.
static int64_t findGap(llvm::SmallVectorImpl<Forbidden> &forbidden) {
  llvm::sort(forbidden, [](const Forbidden &a, const Forbidden &b) {
    return a.above < b.above;
  });
  int64_t offset = 0;
  for (const Forbidden &extent : forbidden) {
    if (offset <= extent.above)
      break;
    if (offset < extent.below)
      offset = align(extent.below);
  }
  return offset;
}

/// Where a buffer of `size` bytes cannot be because of another one.
static Forbidden getForbidden(int64_t size, const PlannedBuffer &other,
                              const Contemporary &relation) {
  Forbidden result{other.offset - size, other.offset + other.size};
  if (relation.relation == Contemporary::Lower)
    result.above = std::max(result.above, other.offset - relation.distance);
  else if (relation.relation == Contemporary::Upper)
    result.below = std::min(result.below, other.offset + relation.distance);
  return result;
}

/// For each buffer, those that are alive at the same time; nothing if there are
/// too many.
static std::optional<Contemporaries>
findContemporaries(llvm::ArrayRef<PlannedBuffer> buffers,
                   llvm::ArrayRef<AllowedOverlap> overlaps) {
  Contemporaries result(buffers.size());
  llvm::SmallVector<uint32_t> alive;
  size_t pairs = 0;
  for (uint32_t i = 0; i < buffers.size(); ++i) {
    llvm::erase_if(alive, [&](uint32_t other) {
      return buffers[other].last < buffers[i].first;
    });
    pairs += alive.size();
    if (pairs > kMaxPairs)
      return std::nullopt;
    for (uint32_t other : alive) {
      result[i].push_back({other});
      result[other].push_back({i});
    }
    alive.push_back(i);
  }
  for (const AllowedOverlap &overlap : overlaps) {
    for (Contemporary &pair : result[overlap.lower])
      if (pair.other == overlap.upper)
        pair = {overlap.upper, Contemporary::Lower, overlap.distance};
    for (Contemporary &pair : result[overlap.upper])
      if (pair.other == overlap.lower)
        pair = {overlap.lower, Contemporary::Upper, overlap.distance};
  }
  return result;
}

/// Places the buffers in this order; returns the end.
static int64_t placeInOrder(llvm::MutableArrayRef<PlannedBuffer> buffers,
                            const Contemporaries &contemporaries,
                            llvm::ArrayRef<uint32_t> order) {
  llvm::SmallVector<bool> placed(buffers.size(), false);
  llvm::SmallVector<Forbidden> forbidden;
  int64_t end = 0;
  for (uint32_t i : order) {
    forbidden.clear();
    for (const Contemporary &pair : contemporaries[i])
      if (placed[pair.other]) {
        Forbidden extent =
            getForbidden(buffers[i].size, buffers[pair.other], pair);
        if (extent.above < extent.below)
          forbidden.push_back(extent);
      }
    buffers[i].offset = findGap(forbidden);
    placed[i] = true;
    end = std::max(end, buffers[i].offset + buffers[i].size);
  }
  return end;
}

/// Only what is alive at a time is looked at: for very many buffers.
static int64_t planByTime(llvm::MutableArrayRef<PlannedBuffer> buffers) {
  llvm::SmallVector<uint32_t> alive;
  llvm::SmallVector<Forbidden> forbidden;
  int64_t end = 0;
  for (uint32_t i = 0; i < buffers.size(); ++i) {
    llvm::erase_if(alive, [&](uint32_t other) {
      return buffers[other].last < buffers[i].first;
    });
    forbidden.clear();
    for (uint32_t other : alive)
      forbidden.push_back(getForbidden(buffers[i].size, buffers[other], {}));
    buffers[i].offset = findGap(forbidden);
    alive.push_back(i);
    end = std::max(end, buffers[i].offset + buffers[i].size);
  }
  return end;
}

int64_t qopt::kernel::getMostAlive(llvm::ArrayRef<PlannedBuffer> buffers) {
  llvm::SmallVector<std::pair<int64_t, int64_t>> changes;
  for (const PlannedBuffer &buffer : buffers) {
    changes.push_back({buffer.first, buffer.size});
    changes.push_back({buffer.last + 1, -buffer.size});
  }
  llvm::sort(changes);
  int64_t alive = 0, most = 0;
  for (auto [time, bytes] : changes) {
    alive += bytes;
    most = std::max(most, alive);
  }
  return most;
}

/// The best of some orders; the first two are by size and by time.
static int64_t planInOrders(llvm::MutableArrayRef<PlannedBuffer> buffers,
                            const Contemporaries &contemporaries,
                            int64_t enough) {
  llvm::SmallVector<uint32_t> byTime(buffers.size());
  std::iota(byTime.begin(), byTime.end(), 0);
  llvm::SmallVector<uint32_t> bySize = byTime;
  llvm::stable_sort(bySize, [&](uint32_t a, uint32_t b) {
    return buffers[a].size > buffers[b].size;
  });
  llvm::SmallVector<PlannedBuffer> plan(buffers.begin(), buffers.end());
  int64_t best = INT64_MAX;
  auto place = [&](llvm::ArrayRef<uint32_t> order) {
    int64_t end = placeInOrder(plan, contemporaries, order);
    if (end < best) {
      best = end;
      llvm::copy(plan, buffers.begin());
    }
    return end;
  };
  place(byTime);
  int64_t end = place(bySize);
  if (buffers.size() > kMaxRepeated)
    return best;
  for (unsigned round = 0; round < kRounds && best > enough; ++round) {
    auto *highest = llvm::find_if(bySize, [&](uint32_t i) {
      return plan[i].offset + plan[i].size == end;
    });
    if (highest == bySize.begin())
      break;
    std::rotate(bySize.begin(), highest, highest + 1);
    end = place(bySize);
  }
  return best;
}

/// The same plan with the highest address as the lowest: overlaps change their
/// direction.
static int64_t planUpsideDown(llvm::MutableArrayRef<PlannedBuffer> buffers,
                              llvm::ArrayRef<AllowedOverlap> overlaps,
                              int64_t enough) {
  for (PlannedBuffer &buffer : buffers)
    buffer.size = align(buffer.size);
  llvm::SmallVector<AllowedOverlap> turned;
  for (const AllowedOverlap &overlap : overlaps)
    turned.push_back({overlap.upper, overlap.lower,
                      buffers[overlap.upper].size + overlap.distance -
                          buffers[overlap.lower].size});
  std::optional<Contemporaries> contemporaries =
      findContemporaries(buffers, turned);
  if (!contemporaries)
    return INT64_MAX;
  int64_t end = planInOrders(buffers, *contemporaries, enough);
  for (PlannedBuffer &buffer : buffers)
    buffer.offset = end - buffer.offset - buffer.size;
  return end;
}

int64_t qopt::kernel::planMemory(llvm::MutableArrayRef<PlannedBuffer> buffers,
                                 llvm::ArrayRef<AllowedOverlap> overlaps) {
  if (buffers.empty())
    return 0;
  std::optional<Contemporaries> contemporaries =
      findContemporaries(buffers, overlaps);
  if (!contemporaries)
    return planByTime(buffers);
  int64_t enough = getMostAlive(buffers);
  // What overlaps is alive, but does not need its own bytes.
  for (const AllowedOverlap &overlap : overlaps)
    enough -= buffers[overlap.lower].size;
  llvm::SmallVector<PlannedBuffer> other(buffers.begin(), buffers.end());
  int64_t best = planInOrders(buffers, *contemporaries, enough);
  if (overlaps.empty())
    return best;
  if (int64_t end = planUpsideDown(other, overlaps, enough); end < best) {
    best = end;
    for (auto [to, from] : llvm::zip_equal(buffers, other))
      to.offset = from.offset;
  }
  return best;
}
