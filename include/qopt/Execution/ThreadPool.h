// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A parallel_for for models compiled with --threads.

#ifndef QOPT_EXECUTION_THREADPOOL_H
#define QOPT_EXECUTION_THREADPOOL_H

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

namespace qopt {

/// The type of `parallel_for` in the generated header.
using ParallelFor = void(void *context, int count,
                         void (*body)(void *data, int index), void *data);

/// Threads that live as long as the pool. Between two loops they spin for a
/// while, because a model's layers follow each other at once, and then sleep.
/// Each thread begins with its own share of neighbouring bodies, so that it
/// finds in its cache what it wrote in the layer before, and then helps others.
/// A loop ends when its bodies have, not when every thread has seen it: on a
/// busy machine the caller does by itself what no one else comes to do. A
/// thread that finds itself on the CPU of another one of the pool moves: left
/// to the system, two threads of a busy machine may take turns on one CPU for
/// seconds. One loop runs at a time, of at most 65535 bodies.
class ThreadPool {
public:
  /// `threads` counts the one that calls; at least 1. With `isReversed` the
  /// bodies are begun from the last to the first: results must not depend on
  /// the order.
  explicit ThreadPool(unsigned threads, bool isReversed = false);
  ThreadPool(const ThreadPool &) = delete;
  ~ThreadPool();

  /// Runs all bodies of a loop and returns when they have ended.
  void run(int count, void (*body)(void *data, int index), void *data);

  /// A ParallelFor whose context is a ThreadPool.
  static void parallelFor(void *context, int count,
                          void (*body)(void *data, int index), void *data) {
    static_cast<ThreadPool *>(context)->run(count, body, data);
  }

private:
  /// Bodies of a thread that have not begun: number of the loop in the upper
  /// half, then the first body and the one behind the last, in 16 bits each.
  /// Who takes a body changes the share; so while a share is left the loop
  /// cannot end, and what the pool says of the loop stays.
  struct alignas(64) Share {
    std::atomic<uint64_t> bodies{0};
    /// Where the thread was seen last; -1 if nowhere.
    std::atomic<int> cpu{-1};
  };

  void work(unsigned thread);
  /// Moves a worker off the CPUs of threads with lower numbers.
  void leaveSharedCPU(unsigned thread);
  /// Runs bodies until none is left to begin.
  void takeBodies(unsigned thread);
  /// Takes a body from a share, the owner from its beginning; returns false
  /// when none is left.
  bool takeBody(Share &share, bool isOwner);
  /// Waits for a loop after number `seen`, which becomes that loop's number;
  /// false when the pool ends.
  bool waitForLoop(uint32_t &seen);

  bool isReversed;
  std::vector<std::thread> workers;
  std::vector<Share> shares;

  std::atomic<int> count{0};
  std::atomic<void (*)(void *data, int index)> body{nullptr};
  std::atomic<void *> data{nullptr};
  /// Number of the loop, changed when its shares are there.
  alignas(64) std::atomic<uint32_t> loop{0};
  /// Bodies that have ended.
  alignas(64) std::atomic<int> done{0};

  /// For those who sleep.
  std::mutex mutex;
  std::condition_variable changed;
  std::atomic<int> sleeping{0};
  std::atomic<bool> isEnding{false};
};

} // namespace qopt

#endif // QOPT_EXECUTION_THREADPOOL_H
