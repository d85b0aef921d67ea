// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// exp(x) = 2^n · exp(r) with n = round(x / ln 2) and |r| <= ln 2 / 2. There the
// Taylor polynomial of degree 7 is off by less than (ln 2 / 2)^8 / 8! < 6e-9,
// a tenth of a unit in the last place.

#include "qopt/Conversion/KernelToVector/EmitMath.h"

using namespace mlir;
using namespace qopt::emit;

Value qopt::emit::emitExp(VectorEmitter &e, Value x) {
  Type type = x.getType();
  Type i32 = e.getI32Type();
  auto constant = [&](double value) { return e.constant(type, value); };

  // 2^n must be a normal number: -126 <= n <= 127.
  x = e.clamp(x, -87.33, 88.37);

  // Near 1.5·2^23 the floats are the integers: the sum's low bits are n.
  Value shifter = constant(12582912.0);
  Value shifted = e.add(e.mul(x, constant(1.4426950408889634)), shifter);
  Value n = e.sub(shifted, shifter);

  // ln 2 in two parts; the first has few enough bits for n times it to be
  // exact.
  Value r = e.sub(x, e.mul(n, constant(0.693359375)));
  r = e.sub(r, e.mul(n, constant(-2.12194440054690583e-4)));

  Value p = constant(1.0 / 5040);
  for (double coefficient :
       {1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 1.0 / 2, 1.0, 1.0})
    p = e.add(e.mul(p, r), constant(coefficient));

  // The exponent field of 2^n. The bits of the shifter are 0x4b400000.
  Value bits = e.sub(e.bitcastLanes(shifted, i32), 0x4b400000);
  Value power = e.shiftLeft(e.add(bits, 127), 23);
  return e.mul(p, e.bitcastLanes(power, e.getF32Type()));
}
