# Prints a network of a given seed, made to be run by bands: blocks of expansion,
# depthwise convolution and projection with and without a sum around them, full
# convolutions, pools and concatenations, of random window, stride, dilation,
# padding and number of channels. Pictures begin with `rows` rows of `columns`
# pixels with 3 channels; with one row windows are one row high.
function random(bound) {
  seed = (seed * 16807) % 2147483647
  return int(seed / 2147483647 * bound)
}
function tensor(h, w, c) { return "tensor<1x" h "x" w "x" c "x!quant.uniform<i8:f32, 0.05:-5>>" }
function weights(count, shape,   i, type) {
  body = body sprintf("  %%w%d = nn.constant dense<\"0x", ++number)
  for (i = 0; i < count; ++i)
    body = body sprintf("%02X", (random(200) + 156) % 256)
  type = "tensor<" shape "x!quant.uniform<i8:f32, 0.002>>"
  body = body sprintf("\"> : tensor<%sxi8> -> %s\n", shape, type)
  return type
}
# Appends a layer; h, w and c become those of its result.
function layer(op, inputs, types, attributes, nh, nw, nc) {
  h = nh; w = nw; c = nc
  body = body sprintf("  %%x%d = nn.%s %s {%s} : (%s) -> %s loc(\"layer%d\")\n", ++value, op, inputs, attributes, types, tensor(h, w, c), value)
}
function extent(size, low, high, k, d, s) { return int((size + low + high - (k - 1) * d - 1) / s) + 1 }
function up(k) { return rows == 1 ? 1 : k }
function edge(p) { return rows == 1 ? 0 : p }
function window(k, s, d, low, high) {
  return sprintf("strides = array<i64: %d, %d>, dilations = array<i64: %d, %d>, padding = array<i64: %d, %d, %d, %d>", up(s), s, up(d), d, edge(low), edge(high), low, high)
}
function down(low, high, k, d, s) { return extent(h, edge(low), edge(high), up(k), up(d), up(s)) }
function convolution(to, k, s, d, low, high,   filter) {
  filter = weights(c * to * up(k) * k, to "x" up(k) "x" k "x" c)
  layer("conv_2d", "%x" value ", %w" number, tensor(h, w, c) ", " filter, window(k, s, d, low, high),
        down(low, high, k, d, s), extent(w, low, high, k, d, s), to)
}
function depthwise(k, s, d, low, high,   filter) {
  filter = weights(c * up(k) * k, "1x" up(k) "x" k "x" c)
  layer("depthwise_conv_2d", "%x" value ", %w" number, tensor(h, w, c) ", " filter, window(k, s, d, low, high),
        down(low, high, k, d, s), extent(w, low, high, k, d, s), c)
}
function same(k, d) { return int((k - 1) * d / 2) }
function block(   k, s, d, from, channels) {
  k = 1 + 2 * random(3); s = 1 + (random(3) == 0); d = 1 + (s == 1 && random(3) == 0)
  if ((k - 1) * d + 1 > (rows == 1 ? w : h)) { k = d = 1 }
  from = value; channels = c
  convolution(c * 4, 1, 1, 1, 0, 0)
  depthwise(k, s, d, same(k, d), same(k, d) + (s == 2 && k > 1 ? random(2) - 1 : 0))
  convolution(s == 1 ? channels : channels + 4 * random(4), 1, 1, 1, 0, 0)
  if (s == 1 && random(4))
    layer("add", "%x" value ", %x" from, tensor(h, w, c) ", " tensor(h, w, c), "", h, w, c)
}
function pool(   kind, k) {
  k = 2 + random(2)
  if (k > (rows == 1 ? w : h)) return
  kind = random(2) ? "max" : "average"
  layer(kind "_pool_2d", "%x" value, tensor(h, w, c), sprintf("kernel = array<i64: %d, %d>, strides = array<i64: %d, 2>, padding = array<i64: %d, %d, %d, %d>", up(k), k, up(2), edge(k == 3), edge(k == 3), k == 3, k == 3),
        down(k == 3, k == 3, k, 1, 2), extent(w, k == 3, k == 3, k, 1, 2), c)
}
function branches(   from, fc, a, ac) {
  from = value; fc = c
  convolution(8, 3, 1, 1, 1, 1)
  a = value; ac = c
  body = body sprintf("  %%x%d = nn.concat %%x%d, %%x%d {axis = 3 : i64} : (%s, %s) -> %s loc(\"layer%d\")\n", ++value, a, from, tensor(h, w, ac), tensor(h, w, fc), tensor(h, w, ac + fc), value)
  c = ac + fc
}
BEGIN {
  seed = 1000 + 7919 * net
  for (i = 0; i < 10; ++i)
    random(2)
  value = number = 0
  h = rows; w = columns; c = 3
  first = tensor(h, w, c)
  convolution(8 + 4 * random(3), 3, 1 + random(2), 1, 1, random(2))
  for (i = 0; i < layers && (h > 1 || rows == 1 && w > 1); ++i) {
    kind = random(8)
    if (kind < 5) block()
    else if (kind == 5) pool()
    else if (kind == 6) branches()
    else convolution(c, 3, 1, 1, 1, 1)
  }
  printf "func.func @main(%%x0: %s {nn.name = \"x\"}) -> (%s {nn.name = \"y\"}) {\n%s  return %%x%d : %s\n}\n", first, tensor(h, w, c), body, value, tensor(h, w, c)
}
