// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The builder behind every expansion: each helper picks the integer or float
// op by the type of its operands.

#include "qopt/Conversion/KernelToVector/VectorEmitter.h"
#include "qopt/Dialect/Kernel/IR/Kernel.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::emit;

//===----------------------------------------------------------------------===//
// Types and constants
//===----------------------------------------------------------------------===//

Type VectorEmitter::withElement(Type like, Type element) {
  if (auto vector = dyn_cast<VectorType>(like))
    return VectorType::get(vector.getShape(), element);
  return element;
}

int64_t VectorEmitter::lanesOf(Value value) {
  auto vector = dyn_cast<VectorType>(value.getType());
  return vector ? vector.getNumElements() : 1;
}

Value VectorEmitter::constant(TypedAttr value) {
  Value &known = constants[value];
  if (known)
    return known;
  OpBuilder::InsertionGuard guard(*this);
  Operation *function = getInsertionBlock()->getParentOp();
  while (function && !isa<FunctionOpInterface>(function))
    function = function->getParentOp();
  if (function)
    setInsertionPointToStart(
        &cast<FunctionOpInterface>(function).getFunctionBody().front());
  return known = arith::ConstantOp::create(*this, value);
}

Value VectorEmitter::index(int64_t value) {
  return constant(getIndexAttr(value));
}

static TypedAttr splat(Type type, TypedAttr value) {
  if (auto vector = dyn_cast<VectorType>(type))
    return DenseElementsAttr::get(vector, ArrayRef<Attribute>(value));
  return value;
}

Value VectorEmitter::constant(Type type, int64_t value) {
  Type element = getElementTypeOrSelf(type);
  if (isa<FloatType>(element))
    return constant(type, static_cast<double>(value));
  unsigned width = element.isIndex() ? 64 : element.getIntOrFloatBitWidth();
  APInt bits(width, static_cast<uint64_t>(value), /*isSigned=*/true,
             /*implicitTrunc=*/true);
  return constant(splat(type, IntegerAttr::get(element, bits)));
}

Value VectorEmitter::constant(Type type, double value) {
  return constant(splat(type, getFloatAttr(getElementTypeOrSelf(type), value)));
}

Value VectorEmitter::broadcast(Value scalar, int64_t lanes) {
  if (lanes == 0)
    return scalar;
  return vector::BroadcastOp::create(*this, vector(lanes, scalar.getType()),
                                     scalar);
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

static bool isFloat(Value value) {
  return isa<FloatType>(getElementTypeOrSelf(value.getType()));
}

template <typename IntOp, typename FloatOp>
static Value either(ImplicitLocOpBuilder &b, Value x, Value y) {
  if (isFloat(x))
    return FloatOp::create(b, x, y);
  return IntOp::create(b, x, y);
}

Value VectorEmitter::add(Value a, Value b) {
  return either<arith::AddIOp, arith::AddFOp>(*this, a, b);
}
Value VectorEmitter::sub(Value a, Value b) {
  return either<arith::SubIOp, arith::SubFOp>(*this, a, b);
}
Value VectorEmitter::mul(Value a, Value b) {
  return either<arith::MulIOp, arith::MulFOp>(*this, a, b);
}
Value VectorEmitter::bitAnd(Value a, Value b) {
  return arith::AndIOp::create(*this, a, b);
}
Value VectorEmitter::shiftLeft(Value a, Value b) {
  return arith::ShLIOp::create(*this, a, b);
}
Value VectorEmitter::shiftLeft(Value a, int64_t b) {
  return b ? shiftLeft(a, like(a, b)) : a;
}
Value VectorEmitter::shiftRight(Value a, Value b) {
  return arith::ShRSIOp::create(*this, a, b);
}
Value VectorEmitter::shiftRight(Value a, int64_t b) {
  return b ? shiftRight(a, like(a, b)) : a;
}
Value VectorEmitter::shiftRightLogical(Value a, int64_t b) {
  return arith::ShRUIOp::create(*this, a, like(a, b));
}

// A comparison and a select for floats: one instruction on x86 (minps/maxps),
// where the IEEE minimum of arith.minimumf costs four.
Value VectorEmitter::min(Value a, Value b) {
  if (!isFloat(a))
    return arith::MinSIOp::create(*this, a, b);
  Value above = arith::CmpFOp::create(*this, arith::CmpFPredicate::OLT, b, a);
  return select(above, b, a);
}
Value VectorEmitter::max(Value a, Value b) {
  if (!isFloat(a))
    return arith::MaxSIOp::create(*this, a, b);
  Value below = arith::CmpFOp::create(*this, arith::CmpFPredicate::OGT, b, a);
  return select(below, b, a);
}
Value VectorEmitter::clamp(Value a, double lo, double hi) {
  return min(max(a, constant(a.getType(), lo)), constant(a.getType(), hi));
}
Value VectorEmitter::compare(arith::CmpIPredicate predicate, Value a, Value b) {
  return arith::CmpIOp::create(*this, predicate, a, b);
}
Value VectorEmitter::select(Value condition, Value a, Value b) {
  return arith::SelectOp::create(*this, condition, a, b);
}

Value VectorEmitter::toInteger(Value a, Type element, bool isUnsigned) {
  unsigned from = getElementTypeOrSelf(a.getType()).getIntOrFloatBitWidth();
  unsigned to = element.getIntOrFloatBitWidth();
  Type type = withElement(a.getType(), element);
  if (from == to)
    return a;
  if (from > to)
    return arith::TruncIOp::create(*this, type, a);
  if (isUnsigned)
    return arith::ExtUIOp::create(*this, type, a);
  return arith::ExtSIOp::create(*this, type, a);
}
Value VectorEmitter::toFloat(Value a) {
  return arith::SIToFPOp::create(*this, withElement(a.getType(), getF32Type()),
                                 a);
}
Value VectorEmitter::toInt32(Value a) {
  return arith::FPToSIOp::create(*this, withElement(a.getType(), getI32Type()),
                                 a);
}
Value VectorEmitter::divide(Value a, Value b) {
  return arith::DivFOp::create(*this, a, b);
}
Value VectorEmitter::fusedMultiplyAdd(Value a, Value b, Value c) {
  return LLVM::FMAOp::create(*this, a, b, c);
}
Value VectorEmitter::bitcastLanes(Value a, Type element) {
  return arith::BitcastOp::create(*this, withElement(a.getType(), element), a);
}

Value VectorEmitter::intrinsic(StringRef name, Type result,
                               ValueRange operands) {
  return LLVM::CallIntrinsicOp::create(*this, result, getStringAttr(name),
                                       operands)
      .getResult(0);
}

Value VectorEmitter::slice(Value vector, int64_t first, int64_t lanes) {
  SmallVector<int64_t> mask;
  int64_t size = lanesOf(vector);
  for (int64_t lane = first; lane < first + lanes; ++lane)
    mask.push_back(lane < size ? lane : -1);
  return vector::ShuffleOp::create(*this, vector, vector, mask);
}

Value VectorEmitter::mapPieces(ValueRange vectors, int64_t width,
                               function_ref<Value(ValueRange)> function) {
  int64_t size = lanesOf(vectors.front());
  if (size == width)
    return function(vectors);
  Value joined;
  for (int64_t first = 0; first < size; first += width) {
    SmallVector<Value> pieces;
    for (Value vector : vectors)
      pieces.push_back(slice(vector, first, width));
    Value result = function(pieces);
    if (!joined) {
      joined = result;
      continue;
    }
    // Widen the newcomer to the length so far, then concatenate.
    auto mask = llvm::to_vector(llvm::seq<int64_t>(0, first + width));
    joined =
        vector::ShuffleOp::create(*this, joined, slice(result, 0, first), mask);
  }
  return lanesOf(joined) == size ? joined : slice(joined, 0, size);
}

//===----------------------------------------------------------------------===//
// Memory and loops
//===----------------------------------------------------------------------===//

memref::GlobalOp ConstantPool::get(DenseElementsAttr elements) {
  memref::GlobalOp &global = globals[elements];
  if (global)
    return global;
  Operation *module = symbols.getOp();
  OpBuilder builder = OpBuilder::atBlockBegin(&module->getRegion(0).front());
  auto type =
      MemRefType::get(elements.getType().getShape(), elements.getElementType());
  global = memref::GlobalOp::create(
      builder, module->getLoc(), "kernel_table",
      builder.getStringAttr("private"), type, elements, /*constant=*/true,
      /*alignment=*/builder.getI64IntegerAttr(64));
  symbols.insert(global);
  return global;
}

Value VectorEmitter::table(DenseElementsAttr elements) {
  memref::GlobalOp global = pool.get(elements);
  return memref::GetGlobalOp::create(*this, global.getType(),
                                     global.getSymName());
}

Value VectorEmitter::lookUp(Value table, Value indices) {
  Type element = cast<MemRefType>(table.getType()).getElementType();
  auto type = dyn_cast<VectorType>(indices.getType());
  if (!type) {
    Value position =
        arith::IndexCastUIOp::create(*this, getIndexType(), indices);
    return memref::LoadOp::create(*this, table, position);
  }
  auto result = VectorType::get(type.getShape(), element);
  Value all = constant(withElement(type, getI1Type()), int64_t(1));
  return vector::GatherOp::create(*this, result, table, index(0), indices, all,
                                  constant(result, int64_t(0)));
}

Value VectorEmitter::reshape(Value memref, ArrayRef<int64_t> shape) {
  auto type = cast<MemRefType>(memref.getType());
  if (type.getShape() == shape)
    return memref;
  auto result =
      MemRefType::get(shape, type.getElementType(), MemRefLayoutAttrInterface(),
                      type.getMemorySpace());
  SmallVector<int64_t> strides(shape.size(), 1);
  for (int64_t i = static_cast<int64_t>(shape.size()) - 2; i >= 0; --i)
    strides[i] = strides[i + 1] * shape[i + 1];
  return memref::ReinterpretCastOp::create(*this, result, memref, /*offset=*/0,
                                           shape, strides);
}

Value VectorEmitter::flatten(Value memref) {
  return reshape(memref, kernel::getSpan(cast<MemRefType>(memref.getType())));
}

Value VectorEmitter::load(Value memref, ValueRange position, int64_t lanes) {
  if (lanes == 0)
    return memref::LoadOp::create(*this, memref, position);
  Type element = cast<MemRefType>(memref.getType()).getElementType();
  return vector::LoadOp::create(*this, vector(lanes, element), memref,
                                position);
}

void VectorEmitter::store(Value value, Value memref, ValueRange position) {
  if (isa<VectorType>(value.getType()))
    vector::StoreOp::create(*this, value, memref, position);
  else
    memref::StoreOp::create(*this, value, memref, position);
}

void VectorEmitter::loop(int64_t first, int64_t last, int64_t step,
                         function_ref<void(Value)> body) {
  if (last <= first)
    return;
  if (first + step >= last)
    return body(index(first));
  loop(index(first), index(last), step, body);
}

void VectorEmitter::loop(Value first, Value last, int64_t step,
                         function_ref<void(Value)> body) {
  loop(first, last, step, ValueRange(),
       [&](Value i, ValueRange) -> SmallVector<Value> {
         body(i);
         return {};
       });
}

SmallVector<Value>
VectorEmitter::loop(Value first, Value last, int64_t step, ValueRange carried,
                    function_ref<SmallVector<Value>(Value, ValueRange)> body) {
  auto op = scf::ForOp::create(*this, first, last, index(step), carried);
  OpBuilder::InsertionGuard guard(*this);
  setInsertionPointToStart(op.getBody());
  SmallVector<Value> next = body(op.getInductionVar(), op.getRegionIterArgs());
  // Without carried values scf.for comes with its terminator.
  if (!carried.empty())
    scf::YieldOp::create(*this, next);
  return llvm::to_vector_of<Value>(op.getResults());
}

void VectorEmitter::vectorLoop(int64_t size, int64_t lanes,
                               function_ref<void(Value, int64_t)> body) {
  int64_t full = size - size % lanes;
  loop(0, full, lanes, [&](Value i) { body(i, lanes); });
  if (full != size)
    body(index(full), size - full);
}

Value VectorEmitter::reduce(int64_t size, int64_t lanes,
                            vector::CombiningKind kind,
                            function_ref<Value(Value, int64_t)> load) {
  int64_t full = size - size % lanes;
  auto combine = [&](Value a, Value b) {
    return vector::makeArithReduction(*this, getLoc(), kind, a, b);
  };
  Value result;
  if (full) {
    // Enough partial results to hide the latency of combining two.
    int64_t parts = lanes > 1 ? std::min<int64_t>(full / lanes, 4) : 1;
    int64_t turn = parts * lanes, looped = full - full % turn;
    SmallVector<Value> partial;
    for (int64_t part = 0; part < parts; ++part)
      partial.push_back(load(index(part * lanes), lanes));
    if (looped > turn)
      partial = loop(index(turn), index(looped), turn, partial,
                     [&](Value i, ValueRange carried) {
                       SmallVector<Value> next;
                       for (auto [part, value] : llvm::enumerate(carried))
                         next.push_back(
                             combine(value, load(add(i, part * lanes), lanes)));
                       return next;
                     });
    for (int64_t i = looped; i < full; i += lanes) {
      Value &part = partial[(i - looped) / lanes];
      part = combine(part, load(index(i), lanes));
    }
    Value vector = partial.front();
    for (Value part : ArrayRef(partial).drop_front())
      vector = combine(vector, part);
    result = vector::ReductionOp::create(*this, kind, vector,
                                         arith::FastMathFlags::reassoc);
  }
  if (full != size) {
    Value rest =
        vector::ReductionOp::create(*this, kind, load(index(full), size - full),
                                    arith::FastMathFlags::reassoc);
    result = result ? combine(result, rest) : rest;
  }
  return result;
}

/// Lanes of a full register for the elements of a memref.
static int64_t lanesFor(VectorEmitter &e, Value memref) {
  Type element = cast<MemRefType>(memref.getType()).getElementType();
  return e.facts.vectorBytes * 8 / element.getIntOrFloatBitWidth();
}

void VectorEmitter::copy(Value from, Value fromOffset, Value to, Value toOffset,
                         int64_t count) {
  vectorLoop(count, lanesFor(*this, to), [&](Value i, int64_t lanes) {
    store(load(from, add(fromOffset, i), lanes), to, add(toOffset, i));
  });
}

void VectorEmitter::fill(Value scalar, Value to, Value toOffset,
                         int64_t count) {
  vectorLoop(count, lanesFor(*this, to), [&](Value i, int64_t lanes) {
    store(broadcast(scalar, lanes), to, add(toOffset, i));
  });
}

static void nestFrom(VectorEmitter &emitter, ArrayRef<int64_t> sizes,
                     SmallVectorImpl<Value> &position,
                     function_ref<void(ValueRange)> body) {
  if (position.size() == sizes.size())
    return body(position);
  emitter.loop(0, sizes[position.size()], 1, [&](Value i) {
    position.push_back(i);
    nestFrom(emitter, sizes, position, body);
    position.pop_back();
  });
}

void VectorEmitter::nest(ArrayRef<int64_t> sizes,
                         function_ref<void(ValueRange)> body) {
  SmallVector<Value> position;
  nestFrom(*this, sizes, position, body);
}
