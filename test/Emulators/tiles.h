/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The tile instructions of AMX as functions, for machines without them: LLVM IR
 * calls `emulated_<x>` instead of the intrinsic `llvm.x86.<x>`. What a CPU would
 * answer with an exception ends the program with a message, and so does what
 * only works by chance: see tiles.c.
 */
#ifndef QOPT_TEST_EMULATORS_TILES_H
#define QOPT_TEST_EMULATORS_TILES_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

void emulated_ldtilecfg(const uint8_t *config);
void emulated_tilerelease(void);
void emulated_tilezero(uint8_t tile);
void emulated_tileloadd64(uint8_t tile, const uint8_t *base, int64_t stride);
void emulated_tilestored64(uint8_t tile, uint8_t *base, int64_t stride);
void emulated_tdpbssd(uint8_t sums, uint8_t a, uint8_t b);
void emulated_tdpbsud(uint8_t sums, uint8_t a, uint8_t b);
void emulated_tdpbusd(uint8_t sums, uint8_t a, uint8_t b);
void emulated_tdpbuud(uint8_t sums, uint8_t a, uint8_t b);

/* The system call that asks for tiles: 0, or an error if the environment has
 * EMULATE_REFUSAL. */
int64_t emulated_arch_prctl(int64_t number, int64_t request, int64_t feature);

/* Instructions since the program began, and about how long they take. */
struct emulated_counts {
  uint64_t configurations, loads, stores, products;
  double load_cycles, store_cycles, product_cycles;
};
extern struct emulated_counts emulated_counts;

#ifdef __cplusplus
}
#endif

#endif /* QOPT_TEST_EMULATORS_TILES_H */
