# Prints a network of layers that read padded inputs, which other kernels make:
# pointwise convolutions, an addition, a depthwise and a 3x3 convolution. Pictures
# have `rows` rows of `columns` pixels with `channels` channels.
function random(bound) {
  seed = (seed * 16807) % 2147483647
  return seed % (2 * bound + 1) - bound
}
function tensor(c) { return "tensor<1x" rows "x" columns "x" c "x!quant.uniform<i8:f32, 0.05:-5>>" }
function weights(count, shape,   i) {
  printf "  %%w%d = nn.constant dense<\"0x", ++number
  for (i = 0; i < count; ++i)
    printf "%02X", (random(100) + 256) % 256
  type = "tensor<" shape "x!quant.uniform<i8:f32, 0.002>>"
  printf "\"> : tensor<%sxi8> -> %s\n", shape, type
  return type
}
function layer(op, inputs, types, attributes, result) {
  printf "  %%x%d = nn.%s %s {%s} : (%s) -> %s\n", ++value, op, inputs, attributes, types, result
}
function convolution(from, to, k,   filter, pad) {
  filter = weights(from * to * k * k, to "x" k "x" k "x" from)
  pad = (k - 1) / 2
  layer("conv_2d", "%x" value ", %w" number, tensor(from) ", " filter,
        "padding = array<i64: " pad ", " pad ", " pad ", " pad ">", tensor(to))
}
function depthwise(k, low, high,   filter) {
  filter = weights(channels * k * k, "1x" k "x" k "x" channels)
  layer("depthwise_conv_2d", "%x" value ", %w" number, tensor(channels) ", " filter,
        "padding = array<i64: " low ", " high ", " low ", " high ">", tensor(channels))
}
BEGIN {
  seed = 12345
  value = number = 0
  printf "func.func @main(%%x0: %s) -> (%s) {\n", tensor(8), tensor(8)
  convolution(8, channels, 1)
  depthwise(3, 1, 1)
  convolution(channels, channels, 1)
  depthwise(3, 0, 2)
  depthwise(5, 2, 2)
  convolution(channels, channels, 3)
  layer("add", "%x" value ", %x" (value - 3), tensor(channels) ", " tensor(channels), "", tensor(channels))
  layer("add", "%x" value ", %x" (value - 3), tensor(channels) ", " tensor(channels), "", tensor(channels))
  convolution(channels, channels, 3)
  convolution(channels, 8, 1)
  printf "  return %%x%d : %s\n}\n", value, tensor(8)
}
