// Rows in two dimensions.
!x = tensor<2x3x16x!quant.uniform<u8:f32, 0.0430000014603138:117>>
!w = tensor<5x16x!quant.uniform<i8<-127:127>:f32:0, {0.009019632823765278, 0.010371504351496696, 0.010314535349607468, 0.007013275753706694, 0.0023431701119989157}>>
!y = tensor<2x3x5x!quant.uniform<u8:f32, 0.20000000298023224:64>>
func.func @main(%x: !x {nn.name = "x"}) -> (!y {nn.name = "y"}) {
  %w = nn.constant dense<"0x63447C327F57B0A828BD3F197B6F55F931B46B181D75F55E3E66A4E91AC3DE5E6149BC5A97E499C947BEFD5FC56B13DE2160D4E294F3D5111FB9D7C596C42EC3EA04839A8D47CBADACF29B2434A47CE9"> : tensor<5x16xi8> -> !w
  %y = nn.fully_connected %x, %w {rounding = #quant.rounding<float>} : (!x, !w) -> !y
  return %y : !y
}
