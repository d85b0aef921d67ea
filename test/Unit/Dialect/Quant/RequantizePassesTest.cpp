// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The passes on requantize change no result. Chains of requantizations and
// casts with many parameters are evaluated for every stored value of their
// 8-bit input, before and after each pass; the evaluation here is the literal
// definition in wide integers and knows nothing of the passes' own arithmetic.

#include "Fixture.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "qopt/Dialect/Quant/Transforms/Passes.h"
#include "llvm/ADT/DenseMap.h"
#include <cmath>
#include <random>

using namespace mlir;
using namespace qopt::quant;

namespace {
using Wide = __int128;

Wide shiftUp(Wide x, int s) { // x / 2^s, ties toward +infinity
  return s == 0 ? x : (x + (Wide(1) << (s - 1))) >> s;
}

Wide shiftAway(Wide x, int s) { // x / 2^s, ties away from zero
  return x < 0 ? -shiftUp(-x, s) : shiftUp(x, s);
}

/// M0 and shift of a real multiplier, as the documentation defines them.
std::pair<int64_t, int> fixedPoint(double real) {
  int exponent;
  int64_t m0 = std::llround(std::ldexp(std::frexp(real, &exponent), 31));
  if (m0 == int64_t(1) << 31) {
    m0 /= 2;
    ++exponent;
  }
  return exponent < -31 ? std::pair<int64_t, int>(0, 0)
                        : std::pair<int64_t, int>(m0, exponent);
}

int64_t scaleInteger(int64_t x, int64_t m0, int shift, RoundingMode mode) {
  switch (mode) {
  case RoundingMode::Double: {
    Wide high = shiftUp(Wide(x) * (Wide(1) << std::max(shift, 0)) * m0, 31);
    return int64_t(shiftAway(high, std::max(-shift, 0)));
  }
  case RoundingMode::Single:
    return int64_t(shiftUp(Wide(x) * m0, 31 - shift));
  case RoundingMode::Wide: {
    int64_t reduced = m0 < 0x7fff0000 ? (m0 + (1 << 15)) >> 16 : 0x7fff;
    return int64_t(shiftUp(Wide(x) * reduced, 15 - shift));
  }
  default:
    ADD_FAILURE() << "no integer mode";
    return 0;
  }
}

int64_t evaluate(RequantizeOp op, int64_t q) {
  auto input = cast<UniformQuantizedType>(op.getInputQuantizedType());
  auto result = cast<UniformQuantizedType>(op.getResultQuantizedType());
  int64_t x = q - input.getZeroPoint();
  int64_t y;
  if (op.getRounding() == RoundingMode::Real) {
    y = std::llround(double(x) * (input.getScale() / result.getScale()));
  } else if (op.getRounding() == RoundingMode::Float) {
    float m = float(input.getScale()) / float(result.getScale());
    y = std::llrint(std::nearbyint(float(x) * m));
  } else {
    auto [m0, shift] = fixedPoint(input.getScale() / result.getScale());
    y = scaleInteger(x, m0, shift, op.getRounding());
  }
  return std::clamp(y + result.getZeroPoint(), op.getClampMin(),
                    op.getClampMax());
}

int64_t evaluate(ApplyMultiplierOp op, int64_t q) {
  auto result = cast<UniformQuantizedType>(op.getResultQuantizedType());
  int64_t x = q - op.getInputZeroPointOrZero();
  int64_t y;
  if (RealMultiplierAttr real = op.getRealMultiplier()) {
    double m = real.getMultipliers()[0];
    y = op.getRounding() == RoundingMode::Float
            ? std::llrint(std::nearbyint(float(x) * float(m)))
            : std::llround(double(x) * m);
  } else {
    FixedPointMultiplierAttr fixed = op.getFixedPointMultiplier();
    y = scaleInteger(x, fixed.getMultipliers()[0], fixed.getShifts()[0],
                     op.getRounding());
  }
  return std::clamp(y + result.getZeroPoint(), op.getClampMin(),
                    op.getClampMax());
}

/// The stored result of the function for one stored argument.
int64_t evaluate(func::FuncOp function, int64_t argument) {
  llvm::DenseMap<Value, int64_t> stored{{function.getArgument(0), argument}};
  llvm::DenseMap<Value, float> real;
  for (Operation &op : function.getBody().front()) {
    if (auto requantize = dyn_cast<RequantizeOp>(op)) {
      stored[requantize] = evaluate(requantize, stored[requantize.getInput()]);
    } else if (auto apply = dyn_cast<ApplyMultiplierOp>(op)) {
      stored[apply] = evaluate(apply, stored[apply.getInput()]);
    } else if (auto scast = dyn_cast<StorageCastOp>(op)) {
      stored[scast] = stored[scast.getInput()];
    } else if (auto dcast = dyn_cast<DequantizeCastOp>(op)) {
      auto type = cast<UniformQuantizedType>(dcast.getQuantizedType());
      real[dcast] = float(type.getScale()) *
                    float(stored[dcast.getInput()] - type.getZeroPoint());
    } else if (auto qcast = dyn_cast<QuantizeCastOp>(op)) {
      auto type = cast<UniformQuantizedType>(qcast.getQuantizedType());
      float quotient = real[qcast.getInput()] / float(type.getScale());
      int64_t rounded = qcast.getRounding() == RoundingMode::Float
                            ? std::llrint(quotient)
                            : std::llround(quotient);
      stored[qcast] =
          std::clamp(rounded + type.getZeroPoint(), type.getStorageTypeMin(),
                     type.getStorageTypeMax());
    } else {
      return stored[cast<func::ReturnOp>(op).getOperand(0)];
    }
  }
  llvm_unreachable("no return");
}

class RequantizePassesTest : public QuantTest {
protected:
  std::vector<int64_t> evaluateAll(ModuleOp module) {
    auto function = *module.getOps<func::FuncOp>().begin();
    auto type = cast<QuantizedType>(function.getArgument(0).getType());
    std::vector<int64_t> results;
    for (int64_t q = type.getStorageTypeMin(); q <= type.getStorageTypeMax();
         ++q)
      results.push_back(evaluate(function, q));
    return results;
  }

  std::string typeText(std::mt19937 &random) {
    static const char *scales[] = {"0.05",  "0.5",      "0.25",  "1.0",
                                   "0.1",   "0.0713",   "0.047", "1.5",
                                   "0.333", "0.0078125"};
    bool isSigned = random() % 2;
    int zeroPoint = int(random() % 256) - (isSigned ? 128 : 0);
    return std::string("!quant.uniform<") + (isSigned ? "i8" : "u8") +
           ":f32, " + scales[random() % 10] + ":" + std::to_string(zeroPoint) +
           ">";
  }

  /// A chain of two to four operations.
  std::string chain(std::mt19937 &random) {
    static const char *modes[] = {"double", "single", "wide", "float", "real"};
    const char *mode = modes[random() % 5];
    std::string type = typeText(random), first = type, body;
    std::string value = "%x";
    int length = 2 + random() % 3;
    for (int i = 0; i != length; ++i) {
      std::string next = random() % 3 == 0 ? type : typeText(random);
      std::string name = "%v" + std::to_string(i);
      if (random() % 4 == 0) {
        body += name + "r = quant.dcast " + value + " : " + type + " to f32\n";
        body += name + "q = quant.qcast " + name + "r " +
                (random() % 2 ? "{rounding = #quant.rounding<float>} " : "") +
                ": f32 to " + next + "\n";
        value = name + "q";
      } else {
        bool isSigned = next.find("<i8") != std::string::npos;
        int64_t min = int(random() % 256) - (isSigned ? 128 : 0);
        std::string clamp =
            random() % 3 == 0 ? ", min = " + std::to_string(min) : "";
        body += name + "q = quant.requantize " + value +
                " {rounding = #quant.rounding<" + mode + ">" + clamp +
                "} : " + type + " to " + next + "\n";
        value = name + "q";
      }
      type = next;
    }
    return "func.func @f(%x: " + first + ") -> " + type + " {\n" + body +
           "return " + value + " : " + type + "\n}\n";
  }
};
} // namespace

TEST_F(RequantizePassesTest, ResultsStayTheSame) {
  std::mt19937 random(20);
  size_t shortened = 0, legalized = 0;
  for (int i = 0; i != 600; ++i) {
    std::string text = chain(random);
    SCOPED_TRACE(text);
    OwningOpRef<ModuleOp> module =
        parseSourceString<ModuleOp>(text, ParserConfig(&context));
    ASSERT_TRUE(module) << message;
    std::vector<int64_t> before = evaluateAll(*module);
    func::FuncOp function = *module->getOps<func::FuncOp>().begin();
    auto countOps = [&] { return function.front().getOperations().size(); };
    size_t opsBefore = countOps();

    PassManager canonicalize(&context);
    canonicalize.addPass(createQuantCanonicalizeRequantizePass());
    ASSERT_TRUE(succeeded(canonicalize.run(*module)));
    shortened += countOps() < opsBefore;
    ASSERT_EQ(before, evaluateAll(*module));

    message.clear();
    PassManager legalize(&context);
    legalize.addPass(createQuantLegalizeMultipliersPass());
    if (failed(legalize.run(*module))) {
      EXPECT_NE(message.find("the wide rounding mode allows at most 7"),
                std::string::npos)
          << message;
      continue;
    }
    module->walk([&](ApplyMultiplierOp) { ++legalized; });
    ASSERT_EQ(before, evaluateAll(*module));
  }
  // A sweep that did nothing proves nothing.
  EXPECT_GT(shortened, 100u);
  EXPECT_GT(legalized, 200u);
}

/// The algebra of isIdentity, tried at the ends of the ranges that it states.
TEST_F(RequantizePassesTest, IdentityAtTheEndsOfTheRange) {
  for (const char *type :
       {"!quant.uniform<i30:f32, 0.7:-536870912>",
        "!quant.uniform<i30:f32, 0.7:536870911>",
        "!quant.uniform<u30:f32, 0.7>", "!quant.uniform<i24:f32, 0.7:8388607>"})
    for (const char *mode : {"double", "single", "wide", "float", "real"}) {
      bool isFloat = std::string(mode) == "float";
      if (isFloat && std::string(type).find("30") != std::string::npos)
        continue;
      std::string text = std::string("func.func @f(%x: ") + type + ") -> " +
                         type +
                         " {\n%0 = quant.requantize %x {rounding = "
                         "#quant.rounding<" +
                         mode + ">} : " + type + " to " + type +
                         "\nreturn %0 : " + type + "\n}";
      SCOPED_TRACE(text);
      OwningOpRef<ModuleOp> module =
          parseSourceString<ModuleOp>(text, ParserConfig(&context));
      ASSERT_TRUE(module) << message;
      auto function = *module->getOps<func::FuncOp>().begin();
      auto quantized = cast<QuantizedType>(function.getArgument(0).getType());
      for (int64_t q :
           {quantized.getStorageTypeMin(), quantized.getStorageTypeMin() + 1,
            int64_t(0), quantized.getStorageTypeMax() - 1,
            quantized.getStorageTypeMax()})
        EXPECT_EQ(evaluate(function, q), q);
      PassManager canonicalize(&context);
      canonicalize.addPass(createQuantCanonicalizeRequantizePass());
      ASSERT_TRUE(succeeded(canonicalize.run(*module)));
      EXPECT_TRUE(isa<func::ReturnOp>(function.front().front()));
    }
}
