// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A builder for straight vector code. Every arithmetic helper takes scalars and
// one-dimensional vectors alike, so one emission serves full vectors, the
// smaller vector of a remainder, and single elements. Loops come as scf.for.

#ifndef QOPT_CONVERSION_KERNELTOVECTOR_VECTOREMITTER_H
#define QOPT_CONVERSION_KERNELTOVECTOR_VECTOREMITTER_H

#include "qopt/Target/CPU/TargetFacts.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/SymbolTable.h"

namespace qopt::emit {

using mlir::Type;
using mlir::Value;
using mlir::ValueRange;

/// Read-only tables that expansions need, as globals of the module. Equal
/// tables are shared.
class ConstantPool {
public:
  explicit ConstantPool(mlir::ModuleOp module) : symbols(module) {}

  /// The global that holds these elements.
  mlir::memref::GlobalOp get(mlir::DenseElementsAttr elements);

private:
  mlir::SymbolTable symbols;
  llvm::DenseMap<mlir::Attribute, mlir::memref::GlobalOp> globals;
};

class VectorEmitter : public mlir::ImplicitLocOpBuilder {
public:
  VectorEmitter(mlir::Location loc, mlir::OpBuilder &builder,
                const cpu::TargetFacts &facts, ConstantPool &pool)
      : ImplicitLocOpBuilder(loc, builder), facts(facts), pool(pool) {}

  const cpu::TargetFacts &facts;

  /// Lanes of a full vector register of 32-bit elements: the usual unit of
  /// arithmetic, since running values have 32 bits.
  int64_t lanes32() const { return facts.vectorBytes / 4; }

  //===------------------------------------------------------------------===//
  // Types and constants
  //===------------------------------------------------------------------===//

  /// vector<lanes x element>.
  mlir::VectorType vector(int64_t lanes, Type element) {
    return mlir::VectorType::get({lanes}, element);
  }
  /// The type of `like` with another element type.
  static Type withElement(Type like, Type element);
  /// How many lanes; 1 for a scalar.
  static int64_t lanesOf(Value value);

  // Equal constants of one emitter are one op, at the start of the function.
  Value index(int64_t value);
  /// A constant of this scalar or vector type with all lanes equal.
  Value constant(Type type, int64_t value);
  Value constant(Type type, double value);
  Value constant(mlir::TypedAttr value);
  /// A scalar repeated; the value itself when `lanes` is 0 (scalar code).
  Value broadcast(Value scalar, int64_t lanes);

  //===------------------------------------------------------------------===//
  // Arithmetic, lane by lane
  //===------------------------------------------------------------------===//

  Value add(Value a, Value b);
  Value sub(Value a, Value b);
  Value mul(Value a, Value b);
  Value add(Value a, int64_t b) { return b ? add(a, like(a, b)) : a; }
  Value sub(Value a, int64_t b) { return b ? sub(a, like(a, b)) : a; }
  Value mul(Value a, int64_t b) { return b == 1 ? a : mul(a, like(a, b)); }
  Value bitAnd(Value a, Value b);
  Value bitAnd(Value a, int64_t b) { return bitAnd(a, like(a, b)); }
  Value shiftLeft(Value a, Value b);
  Value shiftLeft(Value a, int64_t b);
  Value shiftRight(Value a, Value b);
  Value shiftRight(Value a, int64_t b);
  Value shiftRightLogical(Value a, int64_t b);
  /// Signed for integers; for floats a NaN in `a` is kept.
  Value min(Value a, Value b);
  Value max(Value a, Value b);
  Value min(Value a, int64_t b) { return min(a, like(a, b)); }
  Value max(Value a, int64_t b) { return max(a, like(a, b)); }
  Value clamp(Value a, int64_t lo, int64_t hi) { return min(max(a, lo), hi); }
  Value clamp(Value a, double lo, double hi);
  Value compare(mlir::arith::CmpIPredicate predicate, Value a, Value b);
  Value compare(mlir::arith::CmpIPredicate predicate, Value a, int64_t b) {
    return compare(predicate, a, like(a, b));
  }
  Value select(Value condition, Value a, Value b);

  /// Integers to this element type, extended by sign (or by zero) or truncated.
  Value toInteger(Value a, Type element, bool isUnsigned = false);
  /// i32 to f32, to the nearest float.
  Value toFloat(Value a);
  /// f32 to i32 of values that are known to be in range.
  Value toInt32(Value a);
  /// a / b of floats.
  Value divide(Value a, Value b);
  /// a * b + c of floats, rounded once. (vector.fma is llvm.fmuladd, which may
  /// be two instructions, and is where contraction is off.)
  Value fusedMultiplyAdd(Value a, Value b, Value c);
  /// A bit cast between types of equal lane width.
  Value bitcastLanes(Value a, Type element);

  /// Calls an LLVM intrinsic, for example "llvm.aarch64.neon.sqrdmulh.v4i32".
  Value intrinsic(llvm::StringRef name, Type result, ValueRange operands);

  /// Cuts 1-D vectors into pieces of `width` lanes (the last one padded with
  /// undefined lanes), applies `function` to each, and joins the results.
  Value mapPieces(ValueRange vectors, int64_t width,
                  llvm::function_ref<Value(ValueRange)> function);
  /// `lanes` lanes from `first` on; lanes beyond the end are undefined.
  Value slice(Value vector, int64_t first, int64_t lanes);

  //===------------------------------------------------------------------===//
  // Memory and loops
  //===------------------------------------------------------------------===//

  /// A read-only memref with these elements.
  Value table(mlir::DenseElementsAttr elements);
  /// table[indices], lane by lane; the indices are i32 and in range.
  Value lookUp(Value table, Value indices);

  /// The same elements in row-major order under another shape.
  Value reshape(Value memref, llvm::ArrayRef<int64_t> shape);
  /// The same as one dimension, with the gaps between rows if there are any.
  Value flatten(Value memref);

  /// `lanes` neighbours from the position on; a scalar when `lanes` is 0.
  Value load(Value memref, ValueRange position, int64_t lanes);
  void store(Value value, Value memref, ValueRange position);

  /// for (i = first; i < last; i += step) body(i)
  void loop(int64_t first, int64_t last, int64_t step,
            llvm::function_ref<void(Value)> body);
  void loop(Value first, Value last, int64_t step,
            llvm::function_ref<void(Value)> body);
  /// The same with values carried from turn to turn; returns the last ones.
  llvm::SmallVector<Value>
  loop(Value first, Value last, int64_t step, ValueRange carried,
       llvm::function_ref<llvm::SmallVector<Value>(Value, ValueRange)> body);
  /// Covers [0, size) with a loop over vectors of `lanes` lanes and one exact
  /// remainder. A loop that would run once is straight code.
  void vectorLoop(int64_t size, int64_t lanes,
                  llvm::function_ref<void(Value offset, int64_t lanes)> body);
  /// The lanes of [0, size), which `load` gives piece by piece, reduced to one
  /// scalar by the sum, minimum or maximum.
  Value reduce(int64_t size, int64_t lanes, mlir::vector::CombiningKind kind,
               llvm::function_ref<Value(Value offset, int64_t lanes)> load);
  /// Copies or fills `count` neighbours in one-dimensional memrefs.
  void copy(Value from, Value fromOffset, Value to, Value toOffset,
            int64_t count);
  void fill(Value scalar, Value to, Value toOffset, int64_t count);
  /// Nested loops over a box; `body` gets one index for each dimension.
  void nest(llvm::ArrayRef<int64_t> sizes,
            llvm::function_ref<void(ValueRange)> body);

private:
  ConstantPool &pool;
  llvm::DenseMap<mlir::Attribute, Value> constants;

  Value like(Value a, int64_t value) { return constant(a.getType(), value); }
};

} // namespace qopt::emit

#endif // QOPT_CONVERSION_KERNELTOVECTOR_VECTOREMITTER_H
