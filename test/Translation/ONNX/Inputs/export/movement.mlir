// Stored values move as they are.
!x = tensor<1x4x4x2x!quant.uniform<u8:f32, 0.5:125>>
!p = tensor<1x6x5x2x!quant.uniform<u8:f32, 0.5:125>>
!c = tensor<1x4x4x4x!quant.uniform<u8:f32, 0.5:125>>
!r = tensor<1x64x!quant.uniform<u8:f32, 0.5:125>>
!t = tensor<1x2x4x4x!quant.uniform<u8:f32, 0.5:125>>
!s = tensor<1x2x4x1x!quant.uniform<u8:f32, 0.5:125>>
!v = tensor<1x4x2x2x!quant.uniform<u8:f32, 0.5:125>>
func.func @main(%x: !x {nn.name = "x"}) -> (!p {nn.name = "zero"}, !p {nn.name = "one"}, !r {nn.name = "row"}, !t {nn.name = "turned"}, tensor<1x4x4xi32> {nn.name = "largest"}, !x {nn.name = "again"}, !s {nn.name = "part"}, !v {nn.name = "backwards"}) {
  %0 = nn.pad %x {high = array<i64: 0, 1, 1, 0>, low = array<i64: 0, 1, 0, 0>} : (!x) -> !p
  %1 = nn.pad %x {high = array<i64: 0, 1, 1, 0>, low = array<i64: 0, 1, 0, 0>, value = 1.000000e+00 : f64} : (!x) -> !p
  %2 = nn.concat %x, %x {axis = 3 : i64} : (!x, !x) -> !c
  %3 = nn.reshape %2 : (!c) -> !r
  %4 = nn.transpose %x {permutation = array<i64: 0, 3, 2, 1>} : (!x) -> !t
  %5 = nn.arg_max %x {axis = 3 : i64} : (!x) -> tensor<1x4x4xi32>
  %part = nn.slice %x {offsets = array<i64: 0, 1, 0, 1>, strides = array<i64: 1, 1, 1, 1>} : (!x) -> !s
  %backwards = nn.slice %x {offsets = array<i64: 0, 0, 3, 0>, strides = array<i64: 1, 1, -2, 1>} : (!x) -> !v
  return %0, %1, %3, %4, %5, %x, %part, %backwards : !p, !p, !r, !t, tensor<1x4x4xi32>, !x, !s, !v
}
