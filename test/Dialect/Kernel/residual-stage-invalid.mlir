// RUN: qopt %s --split-input-file --verify-diagnostics

func.func @rounding(%x: tensor<4xi32>, %r: tensor<4xi8>, %o: tensor<4xi8>) -> tensor<4xi8> {
  // expected-error @+1 {{expected rounding single or double, found wide}}
  %0 = kernel.elementwise %x with %r outs %o {stages = [#kernel.residual<rounding = wide, operand = <multiplier = 5, shift = 0>, output = <multiplier = 5, shift = 0>>]} : (tensor<4xi32>, tensor<4xi8>, tensor<4xi8>) -> tensor<4xi8>
  return %0 : tensor<4xi8>
}

// -----

func.func @shift(%x: tensor<4xi32>, %r: tensor<4xi8>, %o: tensor<4xi8>) -> tensor<4xi8> {
  // expected-error @+1 {{expected a multiplier of at least 0 and a shift in -31...30, found 5 and 31}}
  %0 = kernel.elementwise %x with %r outs %o {stages = [#kernel.residual<rounding = single, operand = <multiplier = 5, shift = 31>, output = <multiplier = 5, shift = 0>>]} : (tensor<4xi32>, tensor<4xi8>, tensor<4xi8>) -> tensor<4xi8>
  return %0 : tensor<4xi8>
}

// -----

func.func @operand(%x: tensor<4xi32>, %r: tensor<4xi32>, %o: tensor<4xi8>) -> tensor<4xi8> {
  // expected-error @+1 {{expects a stage operand of i8 or i16, found i32}}
  %0 = kernel.elementwise %x with %r outs %o {stages = [#kernel.residual<rounding = single, operand = <multiplier = 5, shift = 0>, output = <multiplier = 5, shift = 0>>, #kernel.clamp<min = -128, max = 127>]} : (tensor<4xi32>, tensor<4xi32>, tensor<4xi8>) -> tensor<4xi8>
  return %0 : tensor<4xi8>
}
