//===- PackBytes.cpp - Results of four vectors as bytes -------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PackBytes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace qopt;

Value kernel::packBytes(emit::VectorEmitter &e,
                        const std::array<Value, 4> &vectors,
                        const emit::ByteTail &tail) {
  int64_t lanes = e.lanesOf(vectors[0]);
  StringRef prefix = lanes == 16  ? "llvm.x86.avx512."
                     : lanes == 8 ? "llvm.x86.avx2."
                                  : "llvm.x86.sse2.";
  StringRef suffix = lanes == 16 ? ".512" : lanes == 8 ? "" : ".128";
  auto pack = [&](StringRef name, Type type, Value a, Value b) {
    return e.intrinsic((prefix + name + suffix).str(), type, {a, b});
  };
  Type words = e.vector(2 * lanes, e.getI16Type());
  auto packWords = [&](Value a, Value b) -> Value {
    Value packed = pack("packssdw", words, a, b);
    if (tail.zeroPoint == 0)
      return packed;
    // What was saturated stays far from every byte.
    return LLVM::SAddSat::create(e, packed,
                                 e.constant(words, int64_t(tail.zeroPoint)));
  };
  Value bytes = pack(tail.isUnsigned ? "packuswb" : "packsswb",
                     e.vector(4 * lanes, e.getI8Type()),
                     packWords(vectors[0], vectors[1]),
                     packWords(vectors[2], vectors[3]));
  int64_t low = tail.isUnsigned ? 0 : -128;
  if (tail.min > low) {
    Value bound = e.constant(bytes.getType(), int64_t(tail.min));
    bytes = tail.isUnsigned
                ? arith::MaxUIOp::create(e, bytes, bound).getResult()
                : arith::MaxSIOp::create(e, bytes, bound).getResult();
  }
  if (tail.max < low + 255) {
    Value bound = e.constant(bytes.getType(), int64_t(tail.max));
    bytes = tail.isUnsigned
                ? arith::MinUIOp::create(e, bytes, bound).getResult()
                : arith::MinSIOp::create(e, bytes, bound).getResult();
  }
  return bytes;
}
