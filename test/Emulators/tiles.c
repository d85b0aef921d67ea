/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Eight tiles of 16 rows of 64 bytes for each thread. Errors are:
 *   - tiles without permission, or without a configuration; a configuration
 *     that a CPU refuses, or while another one is in force
 *   - shapes of a product that do not fit each other, tiles that are read
 *     before they were written
 *   - rows of a load that are not in memory end the program by themselves:
 *     qopt-run and the unit tests have guard pages behind their buffers
 * With EMULATE_COUNTS the numbers of instructions are printed at the end, and
 * the cycles that they take on a Granite Rapids core, each kind for itself: a
 * product 8 and half a cycle a row, a load 9 and 2.5 a row that crosses a cache
 * line, a store one a row.
 */
#include "tiles.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TILES = 8, ROWS = 16, ROW_BYTES = 64 };

struct tile {
  int rows, row_bytes, is_written;
  uint8_t bytes[ROWS][ROW_BYTES];
};

static __thread struct tile tiles[TILES];
static __thread int is_configured;
static int is_permitted;
struct emulated_counts emulated_counts;

static void print_counts(void) {
  struct emulated_counts *c = &emulated_counts;
  fprintf(stderr,
          "tiles: %llu configurations, %llu loads, %llu stores, "
          "%llu products; cycles: %.0f loads, %.0f stores, %.0f products\n",
          (unsigned long long)c->configurations, (unsigned long long)c->loads,
          (unsigned long long)c->stores, (unsigned long long)c->products,
          c->load_cycles, c->store_cycles, c->product_cycles);
}

static void require(int condition, const char *message, int tile) {
  if (condition)
    return;
  fprintf(stderr, "tile emulator: tile %d: %s\n", tile, message);
  abort();
}

int64_t emulated_arch_prctl(int64_t number, int64_t request, int64_t feature) {
  require(number == 158 && request == 0x1023 && feature == 18,
          "another system call than arch_prctl(ARCH_REQ_XCOMP_PERM, 18)", -1);
  if (getenv("EMULATE_REFUSAL"))
    return -1;
  if (!is_permitted && getenv("EMULATE_COUNTS"))
    atexit(print_counts);
  is_permitted = 1;
  return 0;
}

void emulated_ldtilecfg(const uint8_t *config) {
  int i;
  require(is_permitted, "configured without permission", -1);
  require(!is_configured, "configured twice without a release", -1);
  require(config[0] == 1, "the palette is not 1", -1);
  for (i = 1; i < ROW_BYTES; ++i) {
    int is_row_bytes = i >= 16 && i < 16 + 2 * TILES && i % 2 == 0;
    int is_rows = i >= 48 && i < 48 + TILES;
    require(is_row_bytes || is_rows || config[i] == 0,
            "a reserved byte of the configuration is not 0", -1);
  }
  memset(tiles, 0, sizeof(tiles));
  for (i = 0; i < TILES; ++i) {
    tiles[i].rows = config[48 + i];
    tiles[i].row_bytes = config[16 + 2 * i];
    require(tiles[i].rows <= ROWS && tiles[i].row_bytes <= ROW_BYTES &&
                (tiles[i].rows == 0) == (tiles[i].row_bytes == 0),
            "a shape of the configuration is not possible", i);
  }
  is_configured = 1;
  ++emulated_counts.configurations;
}

void emulated_tilerelease(void) {
  require(is_configured, "released without a configuration", -1);
  is_configured = 0;
}

static struct tile *get(uint8_t number) {
  require(is_configured, "used without a configuration", number);
  require(number < TILES && tiles[number].rows > 0,
          "used, but not in the configuration", number);
  return &tiles[number];
}

void emulated_tilezero(uint8_t number) {
  struct tile *tile = get(number);
  memset(tile->bytes, 0, sizeof(tile->bytes));
  tile->is_written = 1;
}

void emulated_tileloadd64(uint8_t number, const uint8_t *base, int64_t stride) {
  struct tile *tile = get(number);
  int row;
  memset(tile->bytes, 0, sizeof(tile->bytes));
  for (row = 0; row < tile->rows; ++row) {
    const uint8_t *from = base + row * stride;
    memcpy(tile->bytes[row], from, (size_t)tile->row_bytes);
    if ((uintptr_t)from % 64 + (uintptr_t)tile->row_bytes > 64)
      emulated_counts.load_cycles += 2.5;
  }
  tile->is_written = 1;
  ++emulated_counts.loads;
  emulated_counts.load_cycles += 9;
}

void emulated_tilestored64(uint8_t number, uint8_t *base, int64_t stride) {
  struct tile *tile = get(number);
  int row;
  require(tile->is_written, "stored before it was written", number);
  require(stride >= tile->row_bytes, "rows of a store overlap", number);
  for (row = 0; row < tile->rows; ++row)
    memcpy(base + row * stride, tile->bytes[row], (size_t)tile->row_bytes);
  ++emulated_counts.stores;
  emulated_counts.store_cycles += tile->rows;
}

static void multiply(uint8_t sums, uint8_t a, uint8_t b, int is_a_signed,
                     int is_b_signed) {
  struct tile *c = get(sums), *x = get(a), *w = get(b);
  int row, column, i;
  require(sums != a && sums != b && a != b, "is twice in a product", sums);
  require(c->is_written && x->is_written && w->is_written,
          "in a product before all of it was written", sums);
  require(c->row_bytes % 4 == 0 && x->row_bytes % 4 == 0 &&
              c->rows == x->rows && c->row_bytes == w->row_bytes &&
              x->row_bytes == 4 * w->rows,
          "shapes of a product do not fit", sums);
  for (row = 0; row < c->rows; ++row)
    for (column = 0; column < c->row_bytes / 4; ++column) {
      uint32_t sum;
      memcpy(&sum, &c->bytes[row][4 * column], 4);
      for (i = 0; i < x->row_bytes; ++i) {
        uint8_t p = x->bytes[row][i];
        uint8_t q = w->bytes[i / 4][4 * column + i % 4];
        int32_t left = is_a_signed ? (int8_t)p : (int32_t)p;
        int32_t right = is_b_signed ? (int8_t)q : (int32_t)q;
        sum += (uint32_t)(left * right);
      }
      memcpy(&c->bytes[row][4 * column], &sum, 4);
    }
  ++emulated_counts.products;
  emulated_counts.product_cycles += 8 + 0.5 * c->rows;
}

void emulated_tdpbssd(uint8_t c, uint8_t a, uint8_t b) {
  multiply(c, a, b, 1, 1);
}
void emulated_tdpbsud(uint8_t c, uint8_t a, uint8_t b) {
  multiply(c, a, b, 1, 0);
}
void emulated_tdpbusd(uint8_t c, uint8_t a, uint8_t b) {
  multiply(c, a, b, 0, 1);
}
void emulated_tdpbuud(uint8_t c, uint8_t a, uint8_t b) {
  multiply(c, a, b, 0, 0);
}
