// Functions that are tables on 8 bits.
!x = tensor<1x64x!quant.uniform<i8:f32, 0.0625:-3>>
!t = tensor<1x64x!quant.uniform<i8:f32, 7.812500e-03>>
!y = tensor<1x64x!quant.uniform<i8:f32, 0.03125:-5>>
!f = tensor<1x16xf32>
func.func @main(%x: !x {nn.name = "x"}, %f: !f {nn.name = "f"}) -> (!t {nn.name = "t"}, !y {nn.name = "h"}, !y {nn.name = "l"}, !f {nn.name = "g"}) {
  %0 = nn.tanh %x : (!x) -> !t
  %1 = nn.hard_swish %x : (!x) -> !y
  %2 = nn.leaky_relu %x {alpha = 0.10000000149011612 : f64} : (!x) -> !y
  %3 = nn.hard_swish %f : (!f) -> !f
  %4 = nn.leaky_relu %3 {alpha = 0.25 : f64} : (!f) -> !f
  %5 = nn.tanh %4 : (!f) -> !f
  return %0, %1, %2, %5 : !t, !y, !y, !f
}
