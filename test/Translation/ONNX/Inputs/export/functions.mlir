// Functions of one tensor: operators where that is safe, tables elsewhere.
!x = tensor<4x64x!quant.uniform<u8:f32, 0.0625:131>>
!s = tensor<4x64x!quant.uniform<u8:f32, 0.00390625:0>>
!t = tensor<4x64x!quant.uniform<u8:f32, 0.0078125:128>>
!y = tensor<4x64x!quant.uniform<u8:f32, 0.03099999949336052:13>>
func.func @main(%x: !x {nn.name = "x"}) -> (!s {nn.name = "s"}, !s {nn.name = "l"}, !t {nn.name = "t"}, !y {nn.name = "h"}, !y {nn.name = "k"}, !y {nn.name = "r"}, !y {nn.name = "r6"}, !x {nn.name = "c"}, !y {nn.name = "q"}, !y {nn.name = "d"}) {
  %0 = nn.softmax %x {beta = 1.000000e+00 : f64, rounding = #quant.rounding<float>} : (!x) -> !s
  %1 = nn.logistic %x : (!x) -> !s
  %2 = nn.tanh %x : (!x) -> !t
  %3 = nn.hard_swish %x : (!x) -> !y
  %4 = nn.leaky_relu %x {alpha = 0.1 : f64} : (!x) -> !y
  %5 = nn.relu %x : (!x) -> !y
  %6 = nn.relu6 %x : (!x) -> !y
  %7 = nn.clip %x {max = 3.500000e+00 : f64, min = -1.000000e+00 : f64} : (!x) -> !x
  %8 = quant.requantize %x {rounding = #quant.rounding<float>} : !x to !y
  %9 = quant.dcast %x : !x to tensor<4x64xf32>
  %10 = quant.qcast %9 {rounding = #quant.rounding<float>} : tensor<4x64xf32> to !y
  return %0, %1, %2, %3, %4, %5, %6, %7, %8, %10 : !s, !s, !t, !y, !y, !y, !y, !x, !y, !y
}
