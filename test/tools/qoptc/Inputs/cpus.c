/* Runs the model of threads.mlir and prints its code and its first output. */
#include "net.h"
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  static float x[NET_INPUT_0_SIZE], y[NET_OUTPUT_0_SIZE];
  unsigned char *memory = malloc(NET_ARENA_SIZE + NET_ARENA_ALIGN), *arena;
  int i, code;
  for (arena = memory; (uintptr_t)arena % NET_ARENA_ALIGN != 0; ++arena) {
  }
  for (i = 0; i < NET_INPUT_0_SIZE; ++i)
    x[i] = (float)(i * 7 % 31) / 16;
  code = net_run(x, y, arena);
  printf("code %d, first %g\n", code, y[0]);
  return 0;
}
