// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Spins, then lets others run, then sleeps. A worker announces that it sleeps
// before it looks at the number of the loop for the last time, and who begins a
// loop changes the number before it looks for sleepers, so that one of the two
// sees the other.

#include "qopt/Execution/ThreadPool.h"

#if defined(__linux__)
#include <sched.h>
#endif

using namespace qopt;

/// How often to look before others may have the CPU (some tens of
/// microseconds, longer than most layers that one thread does alone), and
/// before sleeping. Whom a thread waits for may be waiting for its CPU.
static constexpr int kSpins = 1000;
static constexpr int kLooks = 20000;
/// How often to look between two offers of the CPU.
static constexpr int kOffer = 64;

static void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/// Waits a little; `looks` counts how often that was.
static void wait(int looks) {
  if (looks >= kSpins && looks % kOffer == 0)
    std::this_thread::yield();
  else
    pause();
}

//===----------------------------------------------------------------------===//
// CPUs
//===----------------------------------------------------------------------===//

/// The CPU that this thread runs on, or -1 where the system does not tell.
static int getCPU() {
#if defined(__linux__)
  return sched_getcpu();
#else
  return -1;
#endif
}

void ThreadPool::leaveSharedCPU(unsigned thread) {
  int own = getCPU();
  shares[thread].cpu.store(own, std::memory_order_relaxed);
#if defined(__linux__)
  bool isShared = false;
  for (unsigned i = 0; i < thread && !isShared; ++i)
    isShared = own == shares[i].cpu.load(std::memory_order_relaxed);
  cpu_set_t all;
  if (own < 0 || !isShared || sched_getaffinity(0, sizeof(all), &all) != 0)
    return;
  cpu_set_t others = all;
  for (unsigned i = 0; i < thread; ++i)
    if (int cpu = shares[i].cpu.load(std::memory_order_relaxed);
        cpu >= 0 && cpu < CPU_SETSIZE)
      CPU_CLR(cpu, &others);
  if (CPU_COUNT(&others) == 0)
    return;
  // Moves the thread now; it may be moved again by the system afterwards.
  sched_setaffinity(0, sizeof(others), &others);
  sched_setaffinity(0, sizeof(all), &all);
  shares[thread].cpu.store(getCPU(), std::memory_order_relaxed);
#endif
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

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
  if (workers.empty()) {
    for (int i = 0; i < count; ++i)
      body(data, isReversed ? count - 1 - i : i);
    return;
  }
  shares[0].cpu.store(getCPU(), std::memory_order_relaxed);
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
  for (int looks = 0; done.load(std::memory_order_acquire) != count;
       looks = looks < kLooks ? looks + 1 : kSpins)
    wait(looks);
}

bool ThreadPool::waitForLoop(uint32_t &seen) {
  auto isNew = [&] { return isEnding || loop.load() != seen; };
  for (int looks = 0; looks < kLooks && !isNew(); ++looks)
    wait(looks);
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
  for (uint32_t seen = 0; waitForLoop(seen);) {
    leaveSharedCPU(thread);
    takeBodies(thread);
  }
}
