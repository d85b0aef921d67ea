/* A program that embeds the model of buffers.mlir: 0 when all is well. */
#include "net.h"

static union {
  unsigned char bytes[NET_ARENA_SIZE + NET_ARENA_ALIGN];
  double align;
} memory;

int main(void) {
  static const int shape[] = NET_INPUT_0_SHAPE;
  int8_t x[NET_INPUT_0_SIZE], y[NET_OUTPUT_0_SIZE];
  int i, code;
  unsigned char *arena = memory.bytes;
  while ((uintptr_t)arena % NET_ARENA_ALIGN != 0)
    ++arena;
  for (i = 0; i < shape[0]; ++i)
    x[i] = (int8_t)i;
  code = net_run(x, y, arena);
  if (code != 0 || y[0] != -1 || y[14] != -29 || y[15] != 1)
    return 10 + code;
  if (net_run(0, y, arena) != 1 || net_run(x, 0, arena) != 1 ||
      net_run(x, y, 0) != 1)
    return 2;
  if (net_run(x, y, arena + 1) != 2)
    return 3;
  if (net_arena_size != NET_ARENA_SIZE || net_arena_align != NET_ARENA_ALIGN)
    return 4;
  return 0;
}
