// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Spins, then sleeps. A worker announces that it sleeps before it looks at the
// number of the loop for the last time, and who begins a loop changes the
// number before it looks for sleepers, so that one of the two sees the other.

#include "qopt/Execution/ThreadPool.h"

using namespace qopt;

/// How often to look before sleeping: some tens of microseconds, longer than
/// a layer that one thread does alone.
static constexpr int kSpins = 20000;

static void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

ThreadPool::ThreadPool(unsigned threads, bool isReversed)
    : isReversed(isReversed), shares(threads) {
  for (unsigned i = 1; i < threads; ++i)
    workers.emplace_back([this, i] { work(i); });
}

ThreadPool::~ThreadPool() {
  {
    std::lock_guard<std::mutex> lock(mutex);
    isEnding = true;
  }
  changed.notify_all();
  for (std::thread &worker : workers)
    worker.join();
}

bool ThreadPool::takeBody(Share &share, bool isOwner) {
  uint64_t seen = share.bodies.load(std::memory_order_acquire);
  for (;;) {
    auto first = static_cast<uint16_t>(seen >> 16);
    auto end = static_cast<uint16_t>(seen);
    if (first == end)
      return false;
    int all = count.load(std::memory_order_relaxed);
    auto *call = body.load(std::memory_order_relaxed);
    void *argument = data.load(std::memory_order_relaxed);
    // Only if the share is still the same were these the loop's.
    uint64_t left = isOwner ? seen + (1 << 16) : seen - 1;
    if (!share.bodies.compare_exchange_weak(
            seen, left, std::memory_order_acq_rel, std::memory_order_acquire))
      continue;
    int index = isOwner ? first : end - 1;
    call(argument, isReversed ? all - 1 - index : index);
    done.fetch_add(1, std::memory_order_release);
    return true;
  }
}

void ThreadPool::takeBodies(unsigned thread) {
  for (unsigned i = 0; i < shares.size(); ++i)
    while (takeBody(shares[(thread + i) % shares.size()], i == 0)) {
    }
}

void ThreadPool::run(int count, void (*body)(void *data, int index),
                     void *data) {
  this->count.store(count, std::memory_order_relaxed);
  this->body.store(body, std::memory_order_relaxed);
  this->data.store(data, std::memory_order_relaxed);
  done.store(0, std::memory_order_relaxed);
  uint32_t number = loop.load(std::memory_order_relaxed) + 1;
  uint64_t threads = shares.size(), bodies = count;
  for (uint64_t i = 0; i < threads; ++i)
    shares[i].bodies.store(uint64_t(number) << 32 | bodies * i / threads << 16 |
                               bodies * (i + 1) / threads,
                           std::memory_order_release);
  loop.store(number);
  if (sleeping.load() > 0) {
    // A worker that is about to sleep holds the mutex until it does.
    {
      std::lock_guard<std::mutex> lock(mutex);
    }
    changed.notify_all();
  }
  takeBodies(0);
  for (int spins = 0; done.load(std::memory_order_acquire) != count; ++spins) {
    if (spins < kSpins)
      pause();
    else
      std::this_thread::yield();
  }
}

bool ThreadPool::waitForLoop(uint32_t &seen) {
  auto isNew = [&] { return isEnding || loop.load() != seen; };
  for (int spins = 0; spins < kSpins && !isNew(); ++spins)
    pause();
  if (!isNew()) {
    std::unique_lock<std::mutex> lock(mutex);
    ++sleeping;
    changed.wait(lock, isNew);
    --sleeping;
  }
  seen = loop.load();
  return !isEnding;
}

void ThreadPool::work(unsigned thread) {
  for (uint32_t seen = 0; waitForLoop(seen);)
    takeBodies(thread);
}
