//===- PackBytes.cpp - Results of four vectors as bytes -------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PackBytes.h"

#include "ByteTable.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace qopt;

/// What is left to do on bytes: a clamp that is narrower than they are, a
/// table.
static Value finishBytes(emit::VectorEmitter &e, Value bytes,
                         const emit::ByteTail &tail) {
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
  return tail.table ? emit::lookUpBytes(e, tail.table, bytes) : bytes;
}

static Value addZeroPoint(emit::VectorEmitter &e, Value words,
                          const emit::ByteTail &tail) {
  if (tail.zeroPoint == 0)
    return words;
  // What was saturated stays far from every byte.
  return LLVM::SAddSat::create(
      e, words, e.constant(words.getType(), int64_t(tail.zeroPoint)));
}

/// sqxtn and sqxtn2 keep the order; uzp1 does what they do with what fits, and
/// is done by more units.
static Value packOnNeon(emit::VectorEmitter &e,
                        const std::array<Value, 4> &vectors,
                        const emit::ByteTail &tail) {
  Type words = e.vector(4, e.getI16Type()), bytes = e.vector(8, e.getI8Type());
  auto join = [&](Value a, Value b) -> Value {
    auto mask = llvm::to_vector(llvm::seq<int64_t>(0, 2 * e.lanesOf(a)));
    return vector::ShuffleOp::create(e, a, b, mask);
  };
  auto narrow = [&](StringRef name, Type type, Value x) {
    return e.intrinsic(name, type, x);
  };
  auto toWords = [&](Value a, Value b) -> Value {
    if (!tail.fitsWords)
      return join(narrow("llvm.aarch64.neon.sqxtn.v4i16", words, a),
                  narrow("llvm.aarch64.neon.sqxtn.v4i16", words, b));
    Type halves = e.vector(8, e.getI16Type());
    return vector::ShuffleOp::create(
        e, vector::BitCastOp::create(e, halves, a),
        vector::BitCastOp::create(e, halves, b),
        ArrayRef<int64_t>{0, 2, 4, 6, 8, 10, 12, 14});
  };
  Value halves[2];
  for (int64_t half = 0; half < 2; ++half)
    halves[half] =
        narrow(tail.isUnsigned ? "llvm.aarch64.neon.sqxtun.v8i8"
                               : "llvm.aarch64.neon.sqxtn.v8i8",
               bytes,
               addZeroPoint(
                   e, toWords(vectors[2 * half], vectors[2 * half + 1]), tail));
  return finishBytes(e, join(halves[0], halves[1]), tail);
}

Value kernel::packBytes(emit::VectorEmitter &e,
                        const std::array<Value, 4> &vectors,
                        const emit::ByteTail &tail) {
  if (e.facts.architecture == cpu::Architecture::AArch64)
    return packOnNeon(e, vectors, tail);
  int64_t lanes = e.lanesOf(vectors[0]);
  StringRef prefix = lanes == 16  ? "llvm.x86.avx512."
                     : lanes == 8 ? "llvm.x86.avx2."
                                  : "llvm.x86.sse2.";
  StringRef suffix = lanes == 16 ? ".512" : lanes == 8 ? "" : ".128";
  auto pack = [&](StringRef name, Type type, Value a, Value b) {
    return e.intrinsic((prefix + name + suffix).str(), type, {a, b});
  };
  Type words = e.vector(2 * lanes, e.getI16Type());
  // With the lowest zero point signed bytes are unsigned ones with another
  // highest bit, for all four vectors at once.
  bool flips = !tail.isUnsigned && tail.zeroPoint == -128;
  auto packWords = [&](Value a, Value b) -> Value {
    Value packed = pack("packssdw", words, a, b);
    return flips ? packed : addZeroPoint(e, packed, tail);
  };
  Value bytes = pack(tail.isUnsigned || flips ? "packuswb" : "packsswb",
                     e.vector(4 * lanes, e.getI8Type()),
                     packWords(vectors[0], vectors[1]),
                     packWords(vectors[2], vectors[3]));
  if (flips)
    bytes = arith::XOrIOp::create(e, bytes,
                                  e.constant(bytes.getType(), int64_t(0x80)));
  return finishBytes(e, bytes, tail);
}

Value kernel::packNeighbours(emit::VectorEmitter &e,
                             const std::array<Value, 4> &vectors,
                             const emit::ByteTail &tail) {
  Value bytes = packBytes(e, vectors, tail);
  int64_t lanes = e.lanesOf(vectors[0]);
  if (lanes == 4)
    return bytes;
  // Packing takes four bytes of each vector in turn: where they belong.
  SmallVector<int64_t> mask;
  for (int64_t i = 0; i < 4; ++i)
    for (int64_t lane = 0; lane < lanes; ++lane)
      mask.push_back(16 * (lane / 4) + 4 * i + lane % 4);
  return vector::ShuffleOp::create(e, bytes, bytes, mask);
}
