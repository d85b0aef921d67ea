// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Emitted fixed-point arithmetic against Numerics, which has its own tests
// against naive wide integers: every rounding mode, vector lengths around the
// register width, all shifts, and the accumulators on which roundings differ.

#include "JitHelper.h"

#include "qopt/Conversion/KernelToVector/EmitFixedPoint.h"
#include "qopt/Numerics/FixedPoint.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "gtest/gtest.h"

#include <random>

using namespace mlir;
using namespace qopt;
using namespace qopt::emit;
using namespace qopt::test;
using numerics::FixedPointMultiplier;
using numerics::RoundingMode;

namespace {

/// How many vectors one call works on; starting an emulator is slow.
int64_t turnsOn(const JitLevel &level) { return *level.triple ? 1 << 15 : 128; }
constexpr int64_t turns = 128;

/// func @f(memref<NxT>..., memref<NxR>) with `body` on each of `turns` vectors
/// of so many lanes (0: scalars).
std::unique_ptr<Jit>
compileLanes(int64_t lanes, ArrayRef<Type> operands, Type result,
             const JitLevel &level,
             llvm::function_ref<Value(VectorEmitter &, ValueRange)> body) {
  MLIRContext &context = jitContext();
  OpBuilder builder(&context);
  Location loc = builder.getUnknownLoc();
  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
  int64_t step = std::max<int64_t>(lanes, 1), size = step * turnsOn(level);
  SmallVector<Type> types;
  for (Type type : operands)
    types.push_back(MemRefType::get({size}, type));
  types.push_back(MemRefType::get({size}, result));
  builder.setInsertionPointToEnd(module->getBody());
  auto function = func::FuncOp::create(builder, loc, "f",
                                       builder.getFunctionType(types, {}));
  builder.setInsertionPointToStart(function.addEntryBlock());
  cpu::TargetFacts facts = factsOf(level);
  ConstantPool pool(*module);
  VectorEmitter e(loc, builder, facts, pool);
  e.loop(0, size, step, [&](Value i) {
    SmallVector<Value> values;
    for (Value argument : function.getArguments().drop_back())
      values.push_back(e.load(argument, i, lanes));
    e.store(body(e, values), function.getArguments().back(), i);
  });
  func::ReturnOp::create(e);
  return Jit::compile(std::move(module), level);
}

/// Accumulators that tell rounding rules apart, then random ones.
std::vector<int32_t> accumulators() {
  std::vector<int32_t> values = {
      INT32_MIN, INT32_MIN + 1, INT32_MAX, INT32_MAX - 1, 0, 1, -1, 585};
  for (int bit = 0; bit < 31; ++bit)
    for (int delta = -2; delta <= 2; ++delta)
      for (int sign = -1; sign <= 1; sign += 2) {
        int64_t value = sign * ((int64_t(1) << bit) * 3 / 2 + delta);
        values.push_back(static_cast<int32_t>(value));
      }
  std::mt19937 random(1);
  for (int i = 0; i < 400; ++i)
    values.push_back(static_cast<int32_t>(random()) >> (random() % 24));
  return values;
}

/// Runs @f on the accumulators; `lanes` as it was compiled.
void checkUnary(Jit *jit, int64_t lanes,
                llvm::function_ref<int32_t(int32_t)> expected) {
  ASSERT_TRUE(jit);
  std::vector<int32_t> values = accumulators();
  size_t count = values.size();
  ASSERT_LE(count, size_t(lanes * turns));
  values.resize(lanes * turns);
  Guarded<int32_t> y(values.size());
  ASSERT_TRUE(jit->call("f", {values.data(), y.data()}));
  for (size_t i = 0; i < count; ++i)
    ASSERT_EQ(expected(values[i]), y.data()[i]) << "x " << values[i];
}

const int32_t mantissas[] = {1 << 30,    INT32_MAX,  (1 << 30) + 1,
                             0x7fff0000, 0x7ffeffff, 1518500250,
                             1340543111, 0,          77777777};

/// Runs all mantissas and accumulators at each shift of the range.
void sweep(RoundingMode mode, int64_t lanes, int minShift, int maxShift,
           ShiftRange known, const JitLevel &level, bool bounded = false) {
  SCOPED_TRACE(llvm::Twine(level.name).concat(" lanes ").str() +
               std::to_string(lanes) + " mode " +
               std::to_string(static_cast<int>(mode)));
  OpBuilder b(&jitContext());
  Type i32 = b.getI32Type();
  auto jit = compileLanes(
      lanes, {i32, i32, i32}, i32, level, [&](VectorEmitter &e, ValueRange v) {
        return emitMultiply(
            e, v[0], prepareMultiplier(e, mode, v[1], v[2], known), bounded);
      });
  ASSERT_TRUE(jit);
  size_t size = std::max<int64_t>(lanes, 1) * turnsOn(level);
  std::vector<int32_t> zeros(size);
  Guarded<int32_t> x(zeros), m(zeros), s(zeros), y(size);
  static const std::vector<int32_t> values = accumulators();
  size_t tried = 0, wrong = 0, lane = 0;
  auto flush = [&] {
    ASSERT_TRUE(jit->call("f", {x.data(), m.data(), s.data(), y.data()}));
    for (size_t i = 0; i < lane; ++i, ++tried) {
      int64_t expected = numerics::applyMultiplier(
          x.data()[i], {m.data()[i], s.data()[i]}, mode);
      if (static_cast<int32_t>(expected) != y.data()[i] && wrong++ < 5)
        ADD_FAILURE() << "x " << x.data()[i] << " mantissa " << m.data()[i]
                      << " shift " << s.data()[i] << ": " << y.data()[i]
                      << " instead of " << expected;
    }
    lane = 0;
  };
  // Neighbouring lanes get different shifts.
  for (int32_t mantissa : mantissas)
    for (int32_t value : values)
      for (int shift = minShift; shift <= maxShift; ++shift) {
        if (bounded && std::abs(int64_t(value)) >= 1 << 30)
          continue;
        x.data()[lane] = value;
        m.data()[lane] = mantissa;
        s.data()[lane] = shift;
        if (++lane == size)
          flush();
      }
  flush();
  EXPECT_GT(tried, 1000u);
}

TEST(EmitFixedPoint, double_at_all_shifts_and_lengths) {
  for (const JitLevel &level : hostLevels())
    for (int64_t lanes : {0, 1, 2, 3, 4, 7, 8, 13, 16, 31, 32})
      sweep(RoundingMode::Double, lanes, -31, 30, {}, level);
}

TEST(EmitFixedPoint, double_with_known_shifts) {
  for (const JitLevel &level : hostLevels()) {
    sweep(RoundingMode::Double, 16, -31, -1, {-31, -1}, level);
    sweep(RoundingMode::Double, 16, -31, 0, {-31, 0}, level);
    sweep(RoundingMode::Double, 16, 0, 30, {0, 30}, level);
    sweep(RoundingMode::Double, 16, 0, 0, {0, 0}, level);
  }
}

TEST(EmitFixedPoint, double_of_bounded_accumulators) {
  for (const JitLevel &level : hostLevels()) {
    sweep(RoundingMode::Double, 16, -31, -1, {-31, -1}, level, true);
    sweep(RoundingMode::Double, 13, -31, 0, {-31, 0}, level, true);
  }
}

TEST(EmitFixedPoint, single) {
  for (const JitLevel &level : hostLevels())
    for (int64_t lanes : {0, 4, 5, 8, 16})
      sweep(RoundingMode::Single, lanes, -31, 30, {}, level);
}

TEST(EmitFixedPoint, wide_of_32_bits) {
  for (const JitLevel &level : hostLevels())
    for (int64_t lanes : {0, 3, 8, 16})
      sweep(RoundingMode::Wide, lanes, -31, 7, {}, level);
}

TEST(EmitFixedPoint, shift) {
  // Shifts of the multiplier 2^30, so M = 2^(shift-1).
  for (const JitLevel &level : hostLevels())
    for (int64_t lanes : {0, 3, 8, 16}) {
      sweep(RoundingMode::Shift, lanes, -31, 30, {}, level);
      sweep(RoundingMode::Shift, lanes, -31, 0, {-31, 0}, level);
      sweep(RoundingMode::Shift, lanes, 1, 30, {1, 30}, level);
    }
}

TEST(EmitFixedPoint, all_modes_on_aarch64) {
  for (const JitLevel &level : guestLevels()) {
    for (int64_t lanes : {0, 1, 4, 7, 16})
      sweep(RoundingMode::Double, lanes, -31, 30, {}, level);
    sweep(RoundingMode::Double, 8, -31, -1, {-31, -1}, level);
    sweep(RoundingMode::Double, 8, 0, 30, {0, 30}, level);
    for (int64_t lanes : {4, 5}) {
      sweep(RoundingMode::Single, lanes, -31, 30, {}, level);
      sweep(RoundingMode::Wide, lanes, -31, 7, {}, level);
      sweep(RoundingMode::Shift, lanes, -31, 30, {}, level);
    }
    break; // The arithmetic does not depend on dot products.
  }
}

TEST(EmitFixedPoint, wide_of_64_bits) {
  OpBuilder b(&jitContext());
  Type i32 = b.getI32Type(), i64 = b.getI64Type();
  std::mt19937_64 random(2);
  for (const JitLevel &level : hostLevels()) {
    auto jit = compileLanes(
        8, {i64, i32, i32}, i32, level, [&](VectorEmitter &e, ValueRange v) {
          return emitMultiply(
              e, v[0], prepareMultiplier(e, RoundingMode::Wide, v[1], v[2]));
        });
    ASSERT_TRUE(jit);
    constexpr int64_t size = 8 * turns;
    Guarded<int64_t> x(size);
    Guarded<int32_t> m(size), s(size), y(size);
    for (int turn = 0; turn < 20; ++turn) {
      for (int i = 0; i < size; ++i) {
        x.data()[i] = static_cast<int64_t>(random()) >> (17 + random() % 40);
        m.data()[i] = mantissas[random() % std::size(mantissas)];
        s.data()[i] = static_cast<int>(random() % 39) - 31;
      }
      ASSERT_TRUE(jit->call("f", {x.data(), m.data(), s.data(), y.data()}));
      for (int i = 0; i < 8; ++i)
        ASSERT_EQ(
            numerics::requantizeWide(x.data()[i], {m.data()[i], s.data()[i]}),
            y.data()[i])
            << "x " << x.data()[i] << " mantissa " << m.data()[i] << " shift "
            << s.data()[i];
    }
  }
}

TEST(EmitFixedPoint, constant_multiplier) {
  Type i32 = OpBuilder(&jitContext()).getI32Type();
  for (int shift : {-20, -1, 0, 3}) {
    SCOPED_TRACE(shift);
    FixedPointMultiplier m{1518500250, shift};
    auto jit = compileLanes(16, {i32}, i32, hostLevels().back(),
                            [&](VectorEmitter &e, ValueRange v) {
                              return emitMultiply(
                                  e, v[0],
                                  prepareMultiplier(e, RoundingMode::Double,
                                                    v[0].getType(), m.mantissa,
                                                    m.shift));
                            });
    checkUnary(jit.get(), 16,
               [&](int32_t x) { return numerics::requantizeDouble(x, m); });
  }
}

TEST(EmitFixedPoint, rounding_right_shift) {
  Type i32 = OpBuilder(&jitContext()).getI32Type();
  for (int exponent = 0; exponent <= 31; ++exponent) {
    SCOPED_TRACE(exponent);
    auto jit = compileLanes(16, {i32}, i32, hostLevels().back(),
                            [&](VectorEmitter &e, ValueRange v) {
                              return emitRoundingRightShift(e, v[0], exponent);
                            });
    checkUnary(jit.get(), 16, [&](int32_t x) {
      return numerics::roundingRightShift(x, exponent);
    });
    jit = compileLanes(16, {i32}, i32, hostLevels().back(),
                       [&](VectorEmitter &e, ValueRange v) {
                         Value x = e.max(e.shiftRight(v[0], 1), 1 - (1 << 30));
                         return emitRoundingRightShift(e, x, exponent, true);
                       });
    checkUnary(jit.get(), 16, [&](int32_t x) {
      return numerics::roundingRightShift(std::max(x >> 1, 1 - (1 << 30)),
                                          exponent);
    });
  }
}

TEST(EmitFixedPoint, float_mode_ties_to_even_and_clamps) {
  Type i32 = OpBuilder(&jitContext()).getI32Type();
  // The page on numerics: the product of 585 is exactly 6.5.
  float multiplier = numerics::floatMultiplier(
      0.05296124517917633, 0.024093778803944588, 0.11484327912330627);
  EXPECT_EQ(-120, numerics::requantizeFloat(585, multiplier, -126, -128, 127));
  for (const JitLevel &level : hostLevels())
    for (float scale : {multiplier, 0.5f, 0.03125f, 3.0f}) {
      SCOPED_TRACE(std::string(level.name) + " " + std::to_string(scale));
      auto jit = compileLanes(
          16, {i32}, i32, level, [&](VectorEmitter &e, ValueRange v) {
            Value m = e.constant(e.vector(16, e.getF32Type()), double(scale));
            return emitRequantizeFloat(e, v[0], m, -126, -128, 127);
          });
      checkUnary(jit.get(), 16, [&](int32_t x) {
        return numerics::requantizeFloat(x, scale, -126, -128, 127);
      });
    }
}

} // namespace
