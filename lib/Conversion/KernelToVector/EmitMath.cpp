// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// exp(x) = 2^n · exp(r) with n = round(x / ln 2) and |r| <= ln 2 / 2. There the
// polynomial of degree 5 with the least relative error is off by less than
// 1e-7, about a unit in the last place, and is 1 at 0.
//
// Products are fused with sums where the target can: as with the sums of float
// convolutions, the last bit depends on that.

#include "qopt/Conversion/KernelToVector/EmitMath.h"

using namespace mlir;
using namespace qopt::emit;

/// a * b + c.
static Value multiplyAdd(VectorEmitter &e, Value a, Value b, Value c) {
  return e.facts.fma ? e.fusedMultiplyAdd(a, b, c) : e.add(e.mul(a, b), c);
}

Value qopt::emit::emitExp(VectorEmitter &e, Value x, double largest) {
  Type type = x.getType();
  Type i32 = e.getI32Type();
  auto constant = [&](double value) { return e.constant(type, value); };

  // 2^n must be a normal number: -126 <= n <= 127.
  x = e.clamp(x, -87.33, largest);

  // Near 1.5·2^23 the floats are the integers: the sum's low bits are n.
  Value shifter = constant(12582912.0);
  Value shifted = multiplyAdd(e, x, constant(1.4426950408889634), shifter);
  Value n = e.sub(shifted, shifter);

  // ln 2 in two parts; the first has few enough bits for n times it to be
  // exact.
  Value r = multiplyAdd(e, n, constant(-0.693359375), x);
  r = multiplyAdd(e, n, constant(2.12194440054690583e-4), r);

  Value p = constant(8.29027e-3);
  for (double coefficient :
       {4.189816e-2, 1.6667638e-1, 4.9999148e-1, 9.9999971e-1, 1.0})
    p = multiplyAdd(e, p, r, constant(coefficient));

  // The exponent field of 2^n. The bits of the shifter are 0x4b400000.
  Value bits = e.sub(e.bitcastLanes(shifted, i32), 0x4b400000);
  Value power = e.shiftLeft(e.add(bits, 127), 23);
  return e.mul(p, e.bitcastLanes(power, e.getF32Type()));
}

/// A linear function of the bits is within 5.1 % of 1/d. A step of third order
/// leaves 1.3e-4 of that, one of second order 2e-8. Divisions of whole vectors
/// take longer than both on every x86 core and most others, and estimates by
/// instruction differ from one vendor to the next.
Value qopt::emit::emitReciprocal(VectorEmitter &e, Value d) {
  Type type = d.getType();
  Value one = e.constant(type, 1.0);
  Value bits = e.bitcastLanes(d, e.getI32Type());
  Value estimate = e.bitcastLanes(
      e.sub(e.constant(bits.getType(), int64_t(0x7ef311c7)), bits),
      e.getF32Type());
  Value negative = arith::NegFOp::create(e, d);
  Value error = multiplyAdd(e, negative, estimate, one);
  error = multiplyAdd(e, error, error, error);
  estimate = multiplyAdd(e, estimate, error, estimate);
  error = multiplyAdd(e, negative, estimate, one);
  return multiplyAdd(e, estimate, error, estimate);
}
