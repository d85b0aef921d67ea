!x = tensor<1x4x4x2x!quant.uniform<i8:f32, 0.5:-3>>
!p = tensor<1x6x5x2x!quant.uniform<i8:f32, 0.5:-3>>
!c = tensor<1x4x4x4x!quant.uniform<i8:f32, 0.5:-3>>
!r = tensor<1x64x!quant.uniform<i8:f32, 0.5:-3>>
!b = tensor<1x8x7x2x!quant.uniform<i8:f32, 0.5:-3>>
!s = tensor<1x2x4x1x!quant.uniform<i8:f32, 0.5:-3>>
!v = tensor<1x4x2x2x!quant.uniform<i8:f32, 0.5:-3>>
func.func @main(%x: !x {nn.name = "x"}) -> (!p {nn.name = "zero"}, !p {nn.name = "one"}, !r {nn.name = "row"}, !b {nn.name = "large"}, !s {nn.name = "part"}, !v {nn.name = "backwards"}) {
  %0 = nn.pad %x {high = array<i64: 0, 1, 1, 0>, low = array<i64: 0, 1, 0, 0>} : (!x) -> !p
  %1 = nn.pad %x {high = array<i64: 0, 1, 1, 0>, low = array<i64: 0, 1, 0, 0>, value = 1.000000e+00 : f64} : (!x) -> !p
  %2 = nn.concat %x, %x {axis = 3 : i64} : (!x, !x) -> !c
  %3 = nn.reshape %2 : (!c) -> !r
  %4 = nn.resize_bilinear %x {half_pixel_centers = true} : (!x) -> !b
  %part = nn.slice %x {offsets = array<i64: 0, 1, 0, 1>, strides = array<i64: 1, 1, 1, 1>} : (!x) -> !s
  %backwards = nn.slice %x {offsets = array<i64: 0, 0, 3, 0>, strides = array<i64: 1, 1, -2, 1>} : (!x) -> !v
  return %0, %1, %3, %4, %part, %backwards : !p, !p, !r, !b, !s, !v
}
