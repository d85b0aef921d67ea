// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Two greedy plans. By size, as TFLite's arena planner does: the largest buffer
// first, each into the lowest gap that its already placed contemporaries leave;
// good where few buffers dominate. By time: each into the lowest gap among what
// is alive when it is born. Both look at pairs of contemporaries only, so a
// chain of layers costs n log n.

#include "MemoryPlan.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <numeric>

using namespace qopt::kernel;

namespace {

/// A placed stretch of memory.
struct Extent {
  int64_t begin, end;
};

} // namespace

/// More pairs of contemporaries than this, and the plan by size is not made:
/// its lists would not fit in memory.
static constexpr size_t kMaxPairs = size_t(1) << 24;

static int64_t align(int64_t offset) {
  return static_cast<int64_t>(llvm::alignTo(offset, kArenaAlignment));
}

/// The lowest gap of `size` bytes between `extents`, which are sorted here.
static int64_t findGap(llvm::SmallVectorImpl<Extent> &extents, int64_t size) {
  llvm::sort(extents, [](const Extent &a, const Extent &b) {
    return a.begin < b.begin;
  });
  int64_t offset = 0;
  for (const Extent &extent : extents) {
    if (offset + size <= extent.begin)
      break;
    offset = std::max(offset, align(extent.end));
  }
  return offset;
}

/// For each buffer, those that are alive at the same time; empty if too many.
static llvm::SmallVector<llvm::SmallVector<uint32_t, 4>>
findContemporaries(llvm::ArrayRef<PlannedBuffer> buffers) {
  llvm::SmallVector<llvm::SmallVector<uint32_t, 4>> result(buffers.size());
  llvm::SmallVector<uint32_t> alive;
  size_t pairs = 0;
  for (uint32_t i = 0; i < buffers.size(); ++i) {
    llvm::erase_if(alive, [&](uint32_t other) {
      return buffers[other].last < buffers[i].first;
    });
    pairs += alive.size();
    if (pairs > kMaxPairs)
      return {};
    for (uint32_t other : alive) {
      result[i].push_back(other);
      result[other].push_back(i);
    }
    alive.push_back(i);
  }
  return result;
}

static int64_t planBySize(llvm::MutableArrayRef<PlannedBuffer> buffers) {
  auto contemporaries = findContemporaries(buffers);
  if (contemporaries.empty() && !buffers.empty())
    return INT64_MAX;
  llvm::SmallVector<uint32_t> order(buffers.size());
  std::iota(order.begin(), order.end(), 0);
  llvm::stable_sort(order, [&](uint32_t a, uint32_t b) {
    return buffers[a].size > buffers[b].size;
  });
  llvm::SmallVector<bool> placed(buffers.size(), false);
  llvm::SmallVector<Extent> extents;
  int64_t end = 0;
  for (uint32_t i : order) {
    extents.clear();
    for (uint32_t other : contemporaries[i])
      if (placed[other])
        extents.push_back({buffers[other].offset,
                           buffers[other].offset + buffers[other].size});
    buffers[i].offset = findGap(extents, buffers[i].size);
    placed[i] = true;
    end = std::max(end, buffers[i].offset + buffers[i].size);
  }
  return end;
}

static int64_t planByTime(llvm::MutableArrayRef<PlannedBuffer> buffers) {
  llvm::SmallVector<uint32_t> alive;
  llvm::SmallVector<Extent> extents;
  int64_t end = 0;
  for (uint32_t i = 0; i < buffers.size(); ++i) {
    llvm::erase_if(alive, [&](uint32_t other) {
      return buffers[other].last < buffers[i].first;
    });
    extents.clear();
    for (uint32_t other : alive)
      extents.push_back(
          {buffers[other].offset, buffers[other].offset + buffers[other].size});
    buffers[i].offset = findGap(extents, buffers[i].size);
    alive.push_back(i);
    end = std::max(end, buffers[i].offset + buffers[i].size);
  }
  return end;
}

int64_t qopt::kernel::planMemory(llvm::MutableArrayRef<PlannedBuffer> buffers) {
  llvm::SmallVector<PlannedBuffer> other(buffers.begin(), buffers.end());
  int64_t bySize = planBySize(buffers);
  int64_t byTime = planByTime(other);
  if (bySize <= byTime)
    return bySize;
  llvm::copy(other, buffers.begin());
  return byTime;
}
