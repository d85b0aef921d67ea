// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The pool runs every body once, loop after loop, awake or asleep.

#include "qopt/Execution/ThreadPool.h"

#include <chrono>
#include <gtest/gtest.h>

using namespace qopt;

namespace {
/// How often each body ran, and in which order on one thread.
struct Record {
  std::vector<std::atomic<int>> counts;
  std::mutex mutex;
  std::vector<int> order;

  explicit Record(int count) : counts(count) {}
  static void body(void *data, int index) {
    auto *record = static_cast<Record *>(data);
    ++record->counts[index];
    std::lock_guard<std::mutex> lock(record->mutex);
    record->order.push_back(index);
  }
};
} // namespace

TEST(ThreadPool, EveryBodyRunsOnceOnAnyNumberOfThreads) {
  for (unsigned threads : {1, 2, 3, 7})
    for (bool isReversed : {false, true}) {
      ThreadPool pool(threads, isReversed);
      for (int count : {0, 1, 2, 3, 8, 100})
        for (int repeat = 0; repeat < 50; ++repeat) {
          Record record(count);
          ThreadPool::parallelFor(&pool, count, Record::body, &record);
          for (int i = 0; i < count; ++i)
            ASSERT_EQ(record.counts[i], 1)
                << "body " << i << " of " << count << " on " << threads;
        }
    }
}

TEST(ThreadPool, OneThreadGoesInOrder) {
  Record forward(4), backward(4);
  ThreadPool(1).run(4, Record::body, &forward);
  ThreadPool(1, /*isReversed=*/true).run(4, Record::body, &backward);
  EXPECT_EQ(forward.order, (std::vector<int>{0, 1, 2, 3}));
  EXPECT_EQ(backward.order, (std::vector<int>{3, 2, 1, 0}));
}

TEST(ThreadPool, WakesThreadsThatSleep) {
  ThreadPool pool(3);
  for (int repeat = 0; repeat < 5; ++repeat) {
    // Longer than threads spin.
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    Record record(9);
    pool.run(9, Record::body, &record);
    for (const std::atomic<int> &count : record.counts)
      EXPECT_EQ(count, 1);
  }
}
