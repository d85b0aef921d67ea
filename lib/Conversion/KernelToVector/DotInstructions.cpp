//===- DotInstructions.cpp - One step of a sum of products ----------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The families, for one lane and dot width d:
//
//   plain     d=1  a + ext(x) * ext(w) in the accumulator's type
//   pmaddwd   d=2  a + (x0*w0 + x1*w1), factors of 16 bits: exact; of four
//                  bytes two products, (x0, x2) and (x1, x3)
//   vpdpbusd  d=4  a + sum of four unsigned x signed bytes, without saturation
//   pmaddubsw d=4  a + (x0*w0 + x1*w1) + (x2*w2 + x3*w3), where the sums in
//                  brackets, and of several steps, were proved to fit 16 bits:
//                  see ByteSumProducts.h
//   smull     d=2  a + (x0*w0 + x1*w1), bytes: products fit 16 bits, sadalp
//                  widens while it adds
//   sdot      d=4  a + sum of four signed x signed bytes
//   smmla     d=8  two pixels times two channels a vector: see NeonProducts.h
//   tdpb      d=4  whole tiles, see TileInstructions.h
//
//===----------------------------------------------------------------------===//

#include "qopt/Conversion/KernelToVector/DotInstructions.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::kernel;
using cpu::Architecture;

//===----------------------------------------------------------------------===//
// What is allowed
//===----------------------------------------------------------------------===//

/// What a target must have for the family at this number of lanes; empty if it
/// has it.
static StringRef getMissingFeature(const cpu::TargetFacts &facts,
                                   InstructionFamily family, int64_t lanes) {
  switch (family) {
  case InstructionFamily::Plain:
  case InstructionFamily::TapPairs:
    return "";
  case InstructionFamily::PMADDWD:
    if (facts.architecture != Architecture::X86)
      return "x86";
    if (lanes == 16 && !facts.avx512)
      return "avx512bw and avx512vl";
    if (lanes == 8 && !facts.avx2)
      return "avx2";
    return "";
  case InstructionFamily::PMADDUBSW:
    if (lanes == 16 && !facts.avx512)
      return "avx512bw and avx512vl";
    if (lanes == 8 && !facts.avx2)
      return "avx2";
    return facts.sse41 ? "" : "sse4.1";
  case InstructionFamily::VPDPBUSD:
    if (lanes == 16)
      return facts.avx512VNNI ? "" : "avx512vnni";
    return facts.avx512VNNI || facts.avxVNNI ? "" : "avx512vnni or avxvnni";
  case InstructionFamily::SMULL:
    return facts.neon ? "" : "neon";
  case InstructionFamily::SDOT:
    return facts.dotprod ? "" : "dotprod";
  case InstructionFamily::SMMLA:
    return facts.i8mm ? "" : "i8mm";
  case InstructionFamily::TDPB:
    return facts.amxInt8 ? "" : "amx-int8";
  }
  llvm_unreachable("unknown instruction family");
}

/// Lanes that the family's instruction exists for.
static bool allowsLanes(InstructionFamily family, int64_t lanes) {
  switch (family) {
  case InstructionFamily::Plain:
  case InstructionFamily::TapPairs:
    return true;
  case InstructionFamily::PMADDWD:
  case InstructionFamily::PMADDUBSW:
  case InstructionFamily::VPDPBUSD:
    return lanes == 4 || lanes == 8 || lanes == 16;
  case InstructionFamily::TDPB:
    return lanes == 16;
  case InstructionFamily::SMULL:
  case InstructionFamily::SDOT:
  case InstructionFamily::SMMLA:
    return lanes == 4;
  }
  llvm_unreachable("unknown instruction family");
}

LogicalResult
kernel::verifyFamily(const cpu::TargetFacts &facts, InstructionFamily family,
                     int64_t lanes, const DotTypes &types,
                     function_ref<InFlightDiagnostic()> emitError) {
  StringRef name = stringifyInstructionFamily(family);
  StringRef missing = getMissingFeature(facts, family, lanes);
  if (!missing.empty())
    return emitError() << "schedule family '" << name << "' with " << lanes
                       << " lanes needs a target with " << missing;
  if (!allowsLanes(family, lanes))
    return emitError() << "schedule family '" << name << "' has no " << lanes
                       << " lanes";
  if (family == InstructionFamily::Plain)
    return success();
  bool narrowInput =
      types.input.isInteger(8) ||
      (family == InstructionFamily::PMADDWD && types.input.isInteger(16));
  if (!narrowInput || !types.accumulator.isInteger(32))
    return emitError() << "schedule family '" << name << "' cannot accumulate "
                       << types.input << " in " << types.accumulator
                       << "; 'plain' can";
  return success();
}

//===----------------------------------------------------------------------===//
// Loads
//===----------------------------------------------------------------------===//

Value DotInstructions::call(StringRef name, Type result, ValueRange operands) {
  return e.intrinsic(name, result, operands);
}

/// `count` elements as one integer of `width` ones, with zeros for the missing
/// ones: an undefined byte would make the whole word undefined.
Value DotInstructions::loadWord(Value input, Value offset, int64_t count,
                                int64_t width) {
  int64_t bits = types.input.getIntOrFloatBitWidth();
  Type word = e.getIntegerType(width * bits);
  if (count == width && (width * bits == 32 || width * bits == 64)) {
    Value elements = e.load(input, ValueRange(offset), count);
    Value one = vector::BitCastOp::create(e, e.vector(1, word), elements);
    return vector::ExtractOp::create(e, one, ArrayRef<int64_t>{0});
  }
  // LLVM makes one load of these, and a better one than of a short vector.
  Value all;
  for (int64_t i = 0; i < count; ++i) {
    Value x = e.load(input, ValueRange(e.add(offset, i)), 0);
    x = e.shiftLeft(e.toInteger(x, word, /*isUnsigned=*/true), i * bits);
    all = all ? arith::OrIOp::create(e, all, x).getResult() : x;
  }
  return all;
}

/// Of bytes that stand in pairs, those of a part as 16-bit elements.
Value DotInstructions::widenPart(Value words, int64_t part, bool isUnsigned) {
  if (isUnsigned)
    return part ? e.shiftRightLogical(words, 8) : e.bitAnd(words, 0xff);
  return e.shiftRight(part ? words : e.shiftLeft(words, int64_t(8)),
                      int64_t(8));
}

Value DotInstructions::loadInput(Value input, Value offset, int64_t count,
                                 int64_t part) {
  if (family == InstructionFamily::Plain) {
    Value x = e.load(input, ValueRange(offset), 0);
    if (!isa<FloatType>(types.input))
      x = e.toInteger(x, e.getI32Type(), types.inputUnsigned);
    return e.broadcast(x, lanes);
  }
  if (getNumParts() == 2) {
    // A step has all its elements.
    auto words = e.vector(lanes * dotWidth, e.getI16Type());
    bool isWide = types.input.isInteger(16);
    Value at = isWide ? e.add(offset, part * dotWidth) : offset;
    Value all = e.broadcast(isWide ? loadWord(input, at, dotWidth, dotWidth)
                                   : loadWord(input, at, stepWidth, stepWidth),
                            lanes);
    all = vector::BitCastOp::create(e, words, all);
    return isWide ? all : widenPart(all, part, types.inputUnsigned);
  }
  Value all = e.broadcast(loadWord(input, offset, count, dotWidth), lanes);
  if (getInputFlip(family, types.input, types.inputUnsigned) != 0)
    all = arith::XOrIOp::create(e, all,
                                e.constant(all.getType(), int64_t(0x80808080)));
  Value elements = vector::BitCastOp::create(
      e, e.vector(lanes * dotWidth, types.input), all);
  if (family == InstructionFamily::PMADDWD)
    elements = e.toInteger(elements, e.getI16Type(), types.inputUnsigned);
  return elements;
}

Value DotInstructions::loadWeights(Value filter, Value offset, int64_t part) {
  if (getNumParts() == 2) {
    Value bytes = e.load(filter, ValueRange(offset), lanes * stepWidth);
    auto words = e.vector(lanes * dotWidth, e.getI16Type());
    return widenPart(vector::BitCastOp::create(e, words, bytes), part,
                     /*isUnsigned=*/false);
  }
  Value w = e.load(filter, ValueRange(offset), lanes * dotWidth);
  if (isa<FloatType>(types.filter))
    return w;
  if (family == InstructionFamily::Plain) {
    w = e.toInteger(w, e.getI32Type());
    return isa<FloatType>(types.accumulator) ? e.toFloat(w) : w;
  }
  if (family == InstructionFamily::PMADDWD)
    return e.toInteger(w, e.getI16Type());
  return w;
}

Value DotInstructions::loadHalfWeights(Value filter, Value offset,
                                       bool isHigh) {
  Value bytes = e.load(filter, ValueRange(offset), lanes * dotWidth);
  if (isa<FloatType>(types.accumulator) && e.facts.avx512 && lanes == 16) {
    // One permutation of the 16 floats looks at the low four bits only.
    Value index = e.toInteger(bytes, e.getI32Type(), /*isUnsigned=*/true);
    if (isHigh)
      index = e.shiftRightLogical(index, 4);
    auto type = e.vector(16, e.getF32Type());
    Value table = e.constant(DenseElementsAttr::get(
        type, ArrayRef<float>{0, 1, 2, 3, 4, 5, 6, 7, -8, -7, -6, -5, -4, -3,
                              -2, -1}));
    return call("llvm.x86.avx512.permvar.sf.512", type, {table, index});
  }
  Value w = e.toInteger(bytes, e.getI32Type());
  // The byte's sign is that of its high half.
  w = isHigh ? e.shiftRight(w, int64_t(4))
             : e.shiftRight(e.shiftLeft(w, int64_t(28)), int64_t(28));
  return isa<FloatType>(types.accumulator) ? e.toFloat(w) : w;
}

Value DotInstructions::loadInputPairs(Value input, Value offset) {
  Type wide = e.vector(lanes * dotWidth, e.getI16Type());
  int64_t copies = lanes * dotWidth / stepWidth;
  Value all =
      e.broadcast(loadWord(input, offset, stepWidth, stepWidth), copies);
  if (types.input.isInteger(16))
    return vector::BitCastOp::create(e, wide, all);
  all = vector::BitCastOp::create(e, e.vector(lanes * dotWidth, types.input),
                                  all);
  return e.toInteger(all, e.getI16Type(), types.inputUnsigned);
}

Value DotInstructions::loadWeightPairs(Value filter, Value offset,
                                       int64_t part) {
  Value bytes =
      e.load(filter, ValueRange(e.add(offset, part * lanes * dotWidth)),
             lanes * dotWidth);
  return e.toInteger(bytes, e.getI16Type());
}

Value DotInstructions::addPairs(Value low, Value high) {
  SmallVector<int64_t> even, odd;
  for (int64_t lane = 0; lane < lanes; ++lane) {
    even.push_back(2 * lane);
    odd.push_back(2 * lane + 1);
  }
  return e.add(vector::ShuffleOp::create(e, low, high, even),
               vector::ShuffleOp::create(e, low, high, odd));
}

Value DotInstructions::makeOnes(int64_t first, int64_t last, int64_t part) {
  // As wide as the weights that `dot` takes.
  Type element = family == InstructionFamily::PMADDWD
                     ? static_cast<Type>(e.getI16Type())
                     : e.getI8Type();
  SmallVector<Attribute> ones;
  for (int64_t i = 0; i < lanes * dotWidth; ++i) {
    int64_t index = i % dotWidth * getNumParts() + part;
    ones.push_back(e.getIntegerAttr(element, index >= first && index < last));
  }
  return arith::ConstantOp::create(
      e, DenseElementsAttr::get(
             cast<ShapedType>(e.vector(lanes * dotWidth, element)), ones));
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

/// accumulator + x0*w0 + x1*w1 of 16 bits each.
Value DotInstructions::addPairsOfWords(Value accumulator, Value x, Value w) {
  StringRef name = lanes == 16  ? "llvm.x86.avx512.pmaddw.d.512"
                   : lanes == 8 ? "llvm.x86.avx2.pmadd.wd"
                                : "llvm.x86.sse2.pmadd.wd";
  return e.add(accumulator, call(name, accumulator.getType(), {x, w}));
}

Value DotInstructions::multiplyPairs(Value x, Value w) {
  StringRef name = lanes == 16  ? "llvm.x86.avx512.pmaddubs.w.512"
                   : lanes == 8 ? "llvm.x86.avx2.pmadd.ub.sw"
                                : "llvm.x86.ssse3.pmadd.ub.sw.128";
  return call(name, e.vector(2 * lanes, e.getI16Type()), {x, w});
}

Value DotInstructions::addWords(Value accumulator, Value words) {
  return addPairsOfWords(accumulator, words,
                         e.constant(words.getType(), int64_t(1)));
}

Value DotInstructions::dot(Value accumulator, Value x, Value w) {
  switch (family) {
  case InstructionFamily::Plain:
  case InstructionFamily::TapPairs: {
    if (!isa<FloatType>(types.accumulator)) {
      // Products of 16 by 9 bits fit 32; the sum may need 64.
      Value product = e.mul(x, w);
      return e.add(accumulator, e.toInteger(product, types.accumulator));
    }
    if (e.facts.fma)
      return e.fusedMultiplyAdd(x, w, accumulator);
    return e.add(accumulator, e.mul(x, w));
  }
  case InstructionFamily::PMADDWD:
    return addPairsOfWords(accumulator, x, w);
  case InstructionFamily::PMADDUBSW:
    return addWords(accumulator, multiplyPairs(x, w));
  case InstructionFamily::VPDPBUSD: {
    StringRef name = lanes == 16  ? "llvm.x86.avx512.vpdpbusd.512"
                     : lanes == 8 ? "llvm.x86.avx512.vpdpbusd.256"
                                  : "llvm.x86.avx512.vpdpbusd.128";
    return call(name, accumulator.getType(), {accumulator, x, w});
  }
  case InstructionFamily::SMULL: {
    Value products = call("llvm.aarch64.neon.smull.v8i16",
                          e.vector(8, e.getI16Type()), {x, w});
    Value pairs = call("llvm.aarch64.neon.saddlp.v4i32.v8i16",
                       accumulator.getType(), products);
    return e.add(accumulator, pairs);
  }
  case InstructionFamily::SDOT:
    // Inputs that are equal in all lanes stand second, where one lane of a
    // register can.
    return call("llvm.aarch64.neon.sdot.v4i32.v16i8", accumulator.getType(),
                {accumulator, w, x});
  case InstructionFamily::SMMLA:
    llvm_unreachable("matrix products are those of NeonProducts");
  case InstructionFamily::TDPB:
    // Sums lie in tile registers, see TileInstructions.h.
    break;
  }
  llvm_unreachable("unknown instruction family");
}
