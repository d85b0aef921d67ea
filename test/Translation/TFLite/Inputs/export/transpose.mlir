// Dimensions in another order.
!x = tensor<2x3x4x5x!quant.uniform<i8:f32, 0.5:-3>>
!y = tensor<2x5x3x4x!quant.uniform<i8:f32, 0.5:-3>>
!h = tensor<4x6x!quant.uniform<i16:f32, 0.0009765625>>
!t = tensor<6x4x!quant.uniform<i16:f32, 0.0009765625>>
func.func @main(%x: !x {nn.name = "x"}, %h: !h {nn.name = "h"}, %f: tensor<2x3x4xf32> {nn.name = "f"}) -> (!y {nn.name = "y"}, !t {nn.name = "t"}, tensor<4x2x3xf32> {nn.name = "g"}) {
  %0 = nn.transpose %x {permutation = array<i64: 0, 3, 1, 2>} : (!x) -> !y
  %1 = nn.transpose %h {permutation = array<i64: 1, 0>} : (!h) -> !t
  %2 = nn.transpose %f {permutation = array<i64: 2, 0, 1>} : (tensor<2x3x4xf32>) -> tensor<4x2x3xf32>
  return %0, %1, %2 : !y, !t, tensor<4x2x3xf32>
}
