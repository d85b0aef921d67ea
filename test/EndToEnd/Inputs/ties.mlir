// Three layers whose sums are the input: halved in two modes, and times 2.5,
// which has no form in fixed point.
!x = tensor<8x1x!quant.uniform<i8:f32, 0.5>>
!w = tensor<1x1x!quant.uniform<i8:f32, 1.0>>
!half = tensor<8x1x!quant.uniform<i8:f32, 1.0>>
!more = tensor<8x1x!quant.uniform<i8:f32, 0.2>>
func.func @main(%x: !x) -> (!half, !half, !more) {
  %w = nn.constant dense<1> : tensor<1x1xi8> -> !w
  %0 = nn.fully_connected %x, %w {rounding = #quant.rounding<real>} : (!x, !w) -> !half
  %1 = nn.fully_connected %x, %w {rounding = #quant.rounding<float>} : (!x, !w) -> !half
  %2 = nn.fully_connected %x, %w {rounding = #quant.rounding<real>} : (!x, !w) -> !more
  return %0, %1, %2 : !half, !half, !more
}
