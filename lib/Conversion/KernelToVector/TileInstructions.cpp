// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Calls of LLVM's intrinsics with immediate register numbers.

#include "TileInstructions.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::kernel;

void TileInstructions::call(StringRef name, ValueRange operands) {
  LLVM::CallIntrinsicOp::create(e, e.getStringAttr(name), operands);
}

Value TileInstructions::number(unsigned tile) {
  return e.constant(e.getI8Type(), int64_t(tile));
}

Value TileInstructions::toInt64(int64_t value) {
  return e.constant(e.getI64Type(), value);
}

void TileInstructions::configure(const TilePlan &plan) {
  auto type = RankedTensorType::get({64}, e.getI8Type());
  std::array<uint8_t, 64> bytes = plan.getConfiguration();
  Value table =
      e.table(DenseElementsAttr::get<uint8_t>(type, ArrayRef<uint8_t>(bytes)));
  call("llvm.x86.ldtilecfg", getAddress(table));
}

void TileInstructions::release() { call("llvm.x86.tilerelease", {}); }

Value TileInstructions::getAddress(Value buffer) {
  Value index = memref::ExtractAlignedPointerAsIndexOp::create(e, buffer);
  Value bits = arith::IndexCastOp::create(e, e.getI64Type(), index);
  return LLVM::IntToPtrOp::create(e, LLVM::LLVMPointerType::get(e.getContext()),
                                  bits);
}

Value TileInstructions::getAddress(Value base, Value byte) {
  Value offset = arith::IndexCastOp::create(e, e.getI64Type(), byte);
  return LLVM::GEPOp::create(e, base.getType(), e.getI8Type(), base,
                             ArrayRef<LLVM::GEPArg>{offset});
}

void TileInstructions::zero(unsigned tile) {
  call("llvm.x86.tilezero", number(tile));
}

void TileInstructions::load(unsigned tile, Value address, int64_t stride) {
  call("llvm.x86.tileloadd64", {number(tile), address, toInt64(stride)});
}

void TileInstructions::store(unsigned tile, Value address, int64_t stride) {
  call("llvm.x86.tilestored64", {number(tile), address, toInt64(stride)});
}

void TileInstructions::dot(unsigned accumulator, unsigned inputs,
                           unsigned weights, bool inputUnsigned) {
  call(inputUnsigned ? "llvm.x86.tdpbusd" : "llvm.x86.tdpbssd",
       {number(accumulator), number(inputs), number(weights)});
}
