// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loops of independent accumulations, written as assembly so that no compiler
// changes them. Registers hold whatever they hold: integer instructions take
// the same time for all values.

#include "PeakRates.h"

#include <algorithm>
#include <chrono>

using namespace qopt;
using namespace qopt::bench;

namespace {
/// `turns` turns of a loop, and the products of one turn.
struct Loop {
  const char *instructions;
  void (*run)(long turns);
  int64_t macsPerTurn;
};
} // namespace

#if defined(__x86_64__)

// Twelve accumulators hide the latency of all of these.
#define TWELVE(M) M(0) M(1) M(2) M(3) M(4) M(5) M(6) M(7) M(8) M(9) M(10) M(11)
#define LOOP(body) "1:\n" body "dec %0\n jnz 1b\n"
#define CLOBBERS                                                               \
  "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8",      \
      "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15", "cc"

#define DOT512(n) "vpdpbusd %%zmm14, %%zmm15, %%zmm" #n "\n"
#define DOT256(n) "vpdpbusd %%ymm14, %%ymm15, %%ymm" #n "\n"
#define VEXDOT256(n) "%{vex%} vpdpbusd %%ymm14, %%ymm15, %%ymm" #n "\n"
#define MADD512(n)                                                             \
  "vpmaddwd %%zmm14, %%zmm15, %%zmm13\n vpaddd %%zmm13, %%zmm" #n ", %%zmm" #n \
  "\n"
#define MADD256(n)                                                             \
  "vpmaddwd %%ymm14, %%ymm15, %%ymm13\n vpaddd %%ymm13, %%ymm" #n ", %%ymm" #n \
  "\n"
#define MADD128(n)                                                             \
  "movdqa %%xmm15, %%xmm13\n pmaddwd %%xmm14, %%xmm13\n paddd %%xmm13, "       \
  "%%xmm" #n "\n"

#define SUM512(n)                                                              \
  "vpmaddubsw %%zmm14, %%zmm15, %%zmm13\n vpmaddubsw %%zmm14, %%zmm15, "       \
  "%%zmm12\n vpaddw %%zmm12, %%zmm13, %%zmm13\n vpmaddwd %%zmm13, %%zmm15, "   \
  "%%zmm13\n vpaddd %%zmm13, %%zmm" #n ", %%zmm" #n "\n"
#define SUM256(n)                                                              \
  "vpmaddubsw %%ymm14, %%ymm15, %%ymm13\n vpmaddubsw %%ymm14, %%ymm15, "       \
  "%%ymm12\n vpaddw %%ymm12, %%ymm13, %%ymm13\n vpmaddwd %%ymm13, %%ymm15, "   \
  "%%ymm13\n vpaddd %%ymm13, %%ymm" #n ", %%ymm" #n "\n"
#define SUM128(n)                                                              \
  "movdqa %%xmm15, %%xmm13\n pmaddubsw %%xmm14, %%xmm13\n movdqa %%xmm15, "    \
  "%%xmm12\n pmaddubsw %%xmm14, %%xmm12\n paddw %%xmm12, %%xmm13\n pmaddwd "   \
  "%%xmm15, %%xmm13\n paddd %%xmm13, %%xmm" #n "\n"

#define DEFINE_LOOP(name, body)                                                \
  static void name(long turns) {                                               \
    asm volatile(LOOP(TWELVE(body)) : "+r"(turns) : : CLOBBERS);               \
  }
DEFINE_LOOP(runDot512, DOT512)
DEFINE_LOOP(runDot256, DOT256)
DEFINE_LOOP(runVexDot256, VEXDOT256)
DEFINE_LOOP(runMadd512, MADD512)
DEFINE_LOOP(runMadd256, MADD256)
DEFINE_LOOP(runMadd128, MADD128)
DEFINE_LOOP(runSum512, SUM512)
DEFINE_LOOP(runSum256, SUM256)
DEFINE_LOOP(runSum128, SUM128)

static Loop getLoop(const cpu::TargetFacts &facts, bool isByteSum) {
  if (facts.avx512VNNI && facts.vectorBytes == 64)
    return {"vpdpbusd zmm", runDot512, 12 * 64};
  if (facts.avx512VNNI)
    return {"vpdpbusd ymm", runDot256, 12 * 32};
  if (facts.avxVNNI)
    return {"{vex} vpdpbusd ymm", runVexDot256, 12 * 32};
  if (isByteSum && facts.avx512)
    return {"vpmaddubsw zmm, two steps a sum", runSum512, 12 * 128};
  if (isByteSum && facts.avx2)
    return {"vpmaddubsw ymm, two steps a sum", runSum256, 12 * 64};
  if (isByteSum)
    return {"pmaddubsw xmm, two steps a sum", runSum128, 12 * 32};
  if (facts.avx512)
    return {"vpmaddwd + vpaddd zmm", runMadd512, 12 * 32};
  if (facts.avx2)
    return {"vpmaddwd + vpaddd ymm", runMadd256, 12 * 16};
  return {"pmaddwd + paddd xmm", runMadd128, 12 * 8};
}

#else

static Loop getLoop(const cpu::TargetFacts &, bool) {
  return {nullptr, nullptr, 0};
}

#endif

PeakRate qopt::bench::measurePeakRate(const cpu::TargetFacts &facts,
                                      bool isByteSum) {
  Loop loop = getLoop(facts, isByteSum);
  if (!loop.run)
    return {};
  constexpr long turns = 20000;
  double least = 1e9;
  for (int round = 0; round < 200; ++round) {
    auto start = std::chrono::steady_clock::now();
    loop.run(turns);
    std::chrono::duration<double> time =
        std::chrono::steady_clock::now() - start;
    least = std::min(least, time.count());
  }
  return {loop.instructions, double(turns) * double(loop.macsPerTurn) / least};
}
