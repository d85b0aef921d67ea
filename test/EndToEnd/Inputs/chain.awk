# Prints a network of `layers` layers, alternately convolutions and additions.
BEGIN {
  t = "tensor<1x4x4x4x!quant.uniform<i8:f32, 0.05:3>>"
  f = "tensor<4x1x1x4x!quant.uniform<i8:f32, 0.02>>"
  printf "func.func @main(%%x0: %s {nn.name = \"x\"}) -> (%s {nn.name = \"y\"}) {\n", t, t
  for (i = 0; i < layers; ++i) {
    if (i % 2 == 0) {
      printf "  %%w%d = nn.constant dense<%d> : tensor<4x1x1x4xi8> -> %s\n", i, i % 7 + 1, f
      printf "  %%x%d = nn.conv_2d %%x%d, %%w%d : (%s, %s) -> %s loc(\"layer%d\")\n", i + 1, i, i, t, f, t, i
    } else {
      printf "  %%x%d = nn.add %%x%d, %%x%d : (%s, %s) -> %s loc(\"layer%d\")\n", i + 1, i, i - 1, t, t, t, i
    }
  }
  printf "  return %%x%d : %s\n}\n", layers, t
}
