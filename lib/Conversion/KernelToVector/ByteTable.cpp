// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "ByteTable.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::emit;

static bool isNeon(const cpu::TargetFacts &facts) {
  return facts.architecture == cpu::Architecture::AArch64 && facts.neon;
}

int64_t emit::getTableLookUpWidth(const cpu::TargetFacts &facts) {
  if (isNeon(facts))
    return 16;
  if (facts.architecture != cpu::Architecture::X86 || !facts.sse41)
    return 0;
  return facts.avx512 ? 64 : facts.avx2 ? 32 : 16;
}

bool emit::hasFastTableLookUp(const cpu::TargetFacts &facts) {
  return isNeon(facts) || (facts.avx512 && facts.avx512VBMI);
}

/// Entries [first, first + count), repeated to `width` bytes.
static Value getPart(VectorEmitter &e, ArrayRef<int8_t> entries, int64_t first,
                     int64_t count, int64_t width) {
  SmallVector<int8_t> bytes;
  while (static_cast<int64_t>(bytes.size()) < width)
    llvm::append_range(bytes, entries.slice(first, count));
  return e.constant(DenseElementsAttr::get(e.vector(width, e.getI8Type()),
                                           ArrayRef<int8_t>(bytes)));
}

static Value permute(VectorEmitter &e, ArrayRef<int8_t> entries,
                     Value indices) {
  auto half = [&](int64_t first) {
    return e.intrinsic("llvm.x86.avx512.vpermi2var.qi.512", indices.getType(),
                       {getPart(e, entries, first, 64, 64), indices,
                        getPart(e, entries, first + 64, 64, 64)});
  };
  Value isHigh = e.compare(arith::CmpIPredicate::slt, indices, 0);
  return e.select(isHigh, half(128), half(0));
}

static Value lookUpNeon(VectorEmitter &e, ArrayRef<int8_t> entries,
                        Value indices) {
  Value found;
  for (int64_t first = 0; first < 256; first += 64) {
    SmallVector<Value> operands;
    if (found)
      operands.push_back(found);
    for (int64_t i = 0; i < 64; i += 16)
      operands.push_back(getPart(e, entries, first + i, 16, 16));
    operands.push_back(e.sub(indices, first));
    found = e.intrinsic(found ? "llvm.aarch64.neon.tbx4.v16i8"
                              : "llvm.aarch64.neon.tbl4.v16i8",
                        indices.getType(), operands);
  }
  return found;
}

static Value shuffle(VectorEmitter &e, ArrayRef<int8_t> entries,
                     Value indices) {
  int64_t width = e.lanesOf(indices);
  StringRef name = width == 64   ? "llvm.x86.avx512.pshuf.b.512"
                   : width == 32 ? "llvm.x86.avx2.pshuf.b"
                                 : "llvm.x86.ssse3.pshuf.b.128";
  Value found;
  for (int64_t first = 0; first < 256; first += 16) {
    Value beyond = LLVM::UAddSat::create(
        e, e.sub(indices, static_cast<int64_t>(static_cast<int8_t>(first))),
        e.constant(indices.getType(), int64_t(0x70)));
    Value here = e.intrinsic(name, indices.getType(),
                             {getPart(e, entries, first, 16, width), beyond});
    found = found ? arith::OrIOp::create(e, found, here).getResult() : here;
  }
  return found;
}

Value emit::lookUpBytes(VectorEmitter &e, DenseIntElementsAttr entries,
                        Value indices) {
  int64_t width = getTableLookUpWidth(e.facts);
  if (width == 0)
    return e.lookUp(e.table(entries),
                    e.toInteger(indices, e.getI32Type(), /*isUnsigned=*/true));
  auto bytes = llvm::to_vector(entries.getValues<int8_t>());
  return e.mapPieces(indices, width, [&](ValueRange pieces) {
    Value piece = pieces.front();
    if (isNeon(e.facts))
      return lookUpNeon(e, bytes, piece);
    return width == 64 && e.facts.avx512VBMI ? permute(e, bytes, piece)
                                             : shuffle(e, bytes, piece);
  });
}
