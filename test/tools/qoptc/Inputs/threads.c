/* A program that brings its own parallel_for to the model of threads.mlir: 0
 * when all is well. */
#include "net.h"
#include <stdlib.h>
#include <string.h>

/* What a context is for: here it counts, and says in which order to go on. */
struct order {
  int calls;
  int reverse;
};

static void in_order(void *context, int count,
                     void (*body)(void *data, int index), void *data) {
  struct order *order = context;
  int i;
  ++order->calls;
  for (i = 0; i < count; ++i)
    body(data, order->reverse ? count - 1 - i : i);
}

int main(void) {
  static float x[NET_INPUT_0_SIZE], y[3][NET_OUTPUT_0_SIZE];
  unsigned char *memory = malloc(NET_ARENA_SIZE + NET_ARENA_ALIGN), *arena;
  struct order forward = {0, 0}, backward = {0, 1};
  int i;
  for (arena = memory; (uintptr_t)arena % NET_ARENA_ALIGN != 0; ++arena) {
  }
  for (i = 0; i < NET_INPUT_0_SIZE; ++i)
    x[i] = (float)(i * 7 % 31) / 16;
  if (net_run(x, y[0], arena, 0, 0) != 0 ||
      net_run(x, y[1], arena, in_order, &forward) != 0 ||
      net_run(x, y[2], arena, in_order, &backward) != 0)
    return 1;
  if (memcmp(y[0], y[1], sizeof y[0]) || memcmp(y[0], y[2], sizeof y[0]))
    return 2;
  if (forward.calls < 1 || forward.calls != backward.calls)
    return 3;
  if (net_run(0, y[0], arena, in_order, &forward) != 1)
    return 4;
  return 0;
}
