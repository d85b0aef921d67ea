// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Softmax and logistic. The integer algorithms are those of TFLite's reference
// kernels: fixed-point formats Qi.f have i integer and f fractional bits.

#include "Functions.h"
#include "Evaluate.h"
#include "Rounding.h"

#include "llvm/ADT/bit.h"

#include <array>
#include <cmath>
#include <functional>

using namespace mlir;
using namespace qopt;
using namespace qopt::reference;
using quant::RoundingMode;

static constexpr int64_t largest32 = 2147483647;

static int64_t clampTo(int64_t x, int64_t low, int64_t high) {
  return std::min(std::max(x, low), high);
}

//===----------------------------------------------------------------------===//
// 8-bit softmax
//===----------------------------------------------------------------------===//

/// exp(a) in Q0.31 of a <= 0 in Q5.26. a is split into a part in [-1/4, 0), by
/// a fourth-order Taylor polynomial around -1/8, and powers of two, by a factor
/// exp(-2^k) for each.
static int64_t expQ5(int64_t a) {
  if (a == 0)
    return largest32;
  const int64_t quarter = 1 << 24;
  int64_t modulo =
      a - static_cast<int64_t>(floorQuotient(a, quarter)) * quarter - quarter;
  int64_t powers = modulo - a; // a = modulo - powers

  // To Q0.31 and to the centre of the interval.
  int64_t x = modulo * 32 + (int64_t(1) << 28);
  int64_t x2 = multiplyHigh(x, x);
  int64_t x3 = multiplyHigh(x2, x);
  int64_t x4 = multiplyHigh(x2, x2);
  const int64_t third = 715827883, expMinusEighth = 1895147668;
  auto divide = [](int64_t v, int64_t d) {
    return static_cast<int64_t>(nearestTiesAway(v, d));
  };
  int64_t sixths = multiplyHigh(divide(x4, 4) + x3, third); // x³/3 + x⁴/12
  int64_t polynomial = x + divide(sixths + x2, 2);
  int64_t result = expMinusEighth + multiplyHigh(expMinusEighth, polynomial);

  const std::array<int64_t, 7> expMinusPower = {
      1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
  for (int64_t factor : expMinusPower) {
    // Bit k of the quarters is 2^(k - 2).
    if (powers / quarter % 2 == 1)
      result = multiplyHigh(result, factor);
    powers /= 2;
  }
  return result;
}

/// 1 / (1 + a) in Q0.31 for a in [0, 1) in Q0.31, by Newton-Raphson on half the
/// denominator, in Q2.29.
static int64_t reciprocalOfOnePlus(int64_t a) {
  const int64_t one = int64_t(1) << 29;
  int64_t half = static_cast<int64_t>(nearestTiesAway(a + largest32, 2));
  int64_t x = 1515870810 + multiplyHigh(half, -1010580540); // 48/17 - 32/17·d
  for (int i = 0; i < 3; ++i) {
    int64_t error = one - multiplyHigh(half, x);
    // The product has four integer bits; four times as much has two.
    x += 4 * multiplyHigh(x, error);
  }
  return std::min(2 * x, largest32);
}

bool reference::softmaxRows8(std::vector<int64_t> &x, int64_t depth,
                             llvm::function_ref<int64_t(int64_t)> expOf,
                             int64_t least) {
  for (size_t row = 0; row < x.size(); row += depth) {
    llvm::MutableArrayRef<int64_t> values(&x[row], depth);
    int64_t largest = *llvm::max_element(values);
    int64_t sum = 0; // Q12.19
    for (int64_t &v : values) {
      v = expOf(v - largest);
      sum += static_cast<int64_t>(nearestTiesAway(v, powerOfTwo(12)));
    }
    if (sum > largest32)
      return false;
    // sum = (1 + a) · 2^over with a in [0, 1).
    int headroom = llvm::countl_zero(static_cast<uint32_t>(sum));
    int over = 12 - headroom;
    int64_t reciprocal = reciprocalOfOnePlus(
        static_cast<int64_t>(sum * powerOfTwo(headroom) - powerOfTwo(31)));
    for (int64_t &v : values)
      v = clampTo(static_cast<int64_t>(nearestTiesAway(
                      multiplyHigh(reciprocal, v), powerOfTwo(over + 31 - 8))) +
                      least,
                  least, least + 255);
  }
  return true;
}

void reference::softmaxRows8(std::vector<int64_t> &x, int64_t depth,
                             llvm::ArrayRef<float> exp, int64_t least) {
  for (size_t row = 0; row < x.size(); row += depth) {
    llvm::MutableArrayRef<int64_t> values(&x[row], depth);
    int64_t largest = *llvm::max_element(values);
    float sum = 0;
    for (int64_t v : values)
      sum += exp[largest - v];
    for (int64_t &v : values)
      v = clampTo(static_cast<int64_t>(
                      std::nearbyint(exp[largest - v] * 256.0f / sum)) +
                      least,
                  least, least + 255);
  }
}

/// ONNX Runtime's QLinearSoftmax. The table's factor exp(shift) keeps the sum of
/// a row within float32, with a reserve of exp(5).
static Outcome evaluateFloatSoftmax8(nn::SoftmaxOp op, const Tensor &input,
                                     const Quantities &in,
                                     const Quantities &out) {
  auto scale = static_cast<float>(op.getBeta().convertToDouble() * in.scale());
  int64_t depth = input.shape.back();
  double shift = std::max(0.0, std::log(std::numeric_limits<float>::max() /
                                        static_cast<float>(depth)) -
                                   5.0) /
                 scale;
  std::vector<float> exp(256);
  for (int difference = 0; difference < 256; ++difference)
    exp[difference] = static_cast<float>(
        std::exp((shift - difference) * static_cast<double>(scale)));
  std::vector<int64_t> x = loadIntegers(input);
  softmaxRows8(x, depth, exp, out.storageMin);
  return storeIntegers(op, op.getType(), x);
}

static Outcome evaluateSoftmax8(nn::SoftmaxOp op, const Tensor &input,
                                const Quantities &in, const Quantities &out) {
  // Differences to the maximum are scaled into Q5.26.
  double factor = op.getBeta().convertToDouble() * in.scale() * 67108864.0;
  factor = std::min(factor, 2147483647.0);
  if (!(factor > 1))
    return makeError(op, "beta times the input's scale must exceed 2^-26");
  int exponent;
  double fraction = std::frexp(factor, &exponent);
  auto mantissa = static_cast<int64_t>(std::round(fraction * 2147483648.0));
  if (mantissa == 2147483648) {
    mantissa /= 2;
    ++exponent;
  }
  // Below this, the scaled difference leaves Q5.26: exp is taken as 0.
  auto leastDifference = -static_cast<int64_t>(
      std::floor(31.0 * 67108864.0 / std::ldexp(1.0, exponent)));
  auto expOf = [&](int64_t difference) -> int64_t {
    if (difference < leastDifference)
      return 0;
    return expQ5(multiplyHigh(
        static_cast<int64_t>(difference * powerOfTwo(exponent)), mantissa));
  };

  std::vector<int64_t> x = loadIntegers(input);
  if (!softmaxRows8(x, input.shape.back(), expOf, out.storageMin))
    return makeError(op, "a row's sum of exponentials exceeds 4096");
  return storeIntegers(op, op.getType(), x);
}

//===----------------------------------------------------------------------===//
// 16-bit softmax
//===----------------------------------------------------------------------===//

InterpolatedTable::InterpolatedTable(
    double inMin, double inMax, double outSpan,
    const std::function<double(double)> &function) {
  const double step = (inMax - inMin) / 512, unit = 65536 / outSpan;
  auto store = [](double v) {
    return static_cast<int64_t>(std::min(std::max(v, -32768.0), 32767.0));
  };
  for (int i = 0; i < 512; ++i) {
    double start = inMin + i * step;
    double sample = std::round(function(start) * unit);
    double next = function(inMin + (i + 1) * step) * unit;
    double middle = std::round(function(start + step / 2) * unit);
    // Shifted by half of what interpolation gets wrong in the middle.
    double error = std::round((next + sample) / 2) - middle;
    samples[i] = store(sample - std::round(error / 2));
  }
  samples[512] = store(std::round(function(inMax) * unit));
}

int64_t InterpolatedTable::operator()(int64_t x) const {
  auto index = static_cast<int64_t>(floorQuotient(x, 128));
  int64_t slope = samples[index + 257] - samples[index + 256];
  int64_t offset = x - index * 128;
  return samples[index + 256] +
         static_cast<int64_t>(nearestTiesUp(slope * offset, 128));
}

void reference::softmaxRows16(std::vector<int64_t> &x, int64_t depth,
                              Multiplier m, const InterpolatedTable &exp,
                              const InterpolatedTable &inverse) {
  for (size_t row = 0; row < x.size(); row += depth) {
    llvm::MutableArrayRef<int64_t> values(&x[row], depth);
    int64_t largest = *llvm::max_element(values);
    int64_t sum = 0; // Q16.15
    for (int64_t &v : values) {
      int64_t scaled = multiply(v - largest, m, RoundingMode::Double);
      v = exp(clampTo(scaled + 32767, -32768, 32767));
      sum += v;
    }
    // sum = (1 + a) · 2^k; a in 16 fractional bits indexes the table.
    int headroom = llvm::countl_zero(static_cast<uint32_t>(sum));
    auto shifted = static_cast<int64_t>(
        nearestTiesUp(sum * powerOfTwo(headroom - 1), powerOfTwo(14)));
    int64_t reciprocal =
        inverse(clampTo(shifted - 65536 - 32768, -32768, 32767));
    for (int64_t &v : values)
      v = clampTo(static_cast<int64_t>(
                      nearestTiesUp(v * reciprocal, powerOfTwo(31 - headroom))),
                  0, 32767);
  }
}

static Outcome evaluateSoftmax16(nn::SoftmaxOp op, const Tensor &input,
                                 const Quantities &in) {
  // exp on [-10, 0] and 1/(1+x) on [0, 1], both with results in Q0.15.
  const double range = 65535;
  static const InterpolatedTable exp(10.0 / range * (-32768.0 - 32767.0),
                                     10.0 / range * 0.0, 2.0 / range * range,
                                     [](double x) { return std::exp(x); });
  static const InterpolatedTable inverse(
      0.0, 1.0 / range * range, 2.0 / range * range,
      [](double x) { return 1.0 / (1.0 + x); });
  llvm::Expected<Multiplier> m = makeMultiplier(
      op, static_cast<float>(in.scale()) *
              static_cast<float>(op.getBeta().convertToDouble()) /
              (10.0 / range));
  if (!m)
    return m.takeError();

  std::vector<int64_t> x = loadIntegers(input);
  softmaxRows16(x, input.shape.back(), *m, exp, inverse);
  return storeIntegers(op, op.getType(), x);
}

void reference::softmaxRows(llvm::MutableArrayRef<float> values, int64_t depth,
                            float beta) {
  for (; !values.empty(); values = values.drop_front(depth)) {
    llvm::MutableArrayRef<float> row = values.take_front(depth);
    float largest = *llvm::max_element(row), sum = 0;
    for (float &v : row) {
      v = std::exp((v - largest) * beta);
      sum += v;
    }
    for (float &v : row)
      v /= sum;
  }
}

Outcome reference::evaluate(nn::SoftmaxOp op, Operands operands) {
  const Tensor &x = *operands[0];
  if (x.kind != ElementKind::Float32) {
    std::optional<Quantities> in = Quantities::of(op.getInput().getType());
    std::optional<Quantities> out = Quantities::of(op.getType());
    if (!in || !out)
      return makeError(op, "expected quantized tensors");
    if (out->storageBits > 8)
      return evaluateSoftmax16(op, x, *in);
    return op.getRounding() == RoundingMode::Float
               ? evaluateFloatSoftmax8(op, x, *in, *out)
               : evaluateSoftmax8(op, x, *in, *out);
  }
  Tensor result = x;
  softmaxRows(result.get<float>(), x.shape.back(),
              static_cast<float>(op.getBeta().convertToDouble()));
  return result;
}

//===----------------------------------------------------------------------===//
// Logistic
//===----------------------------------------------------------------------===//

float reference::floatLogistic(float x) {
  if (x > 16.619047164916992188f)
    return 1.0f;
  if (x < -9.0f)
    return std::exp(x);
  return 1.0f / (1.0f + std::exp(-x));
}

/// 8 bits: through float32, one stored value at a time.
static int64_t logistic8(int64_t q, const Quantities &in,
                         const Quantities &out) {
  float x =
      static_cast<float>(in.scale()) * static_cast<float>(q - in.zeroPoint());
  float y = 1.0f / (1.0f + std::exp(-x));
  float stored = std::round(y * (1 / static_cast<float>(out.scale()))) +
                 static_cast<float>(out.zeroPoint());
  return clampTo(static_cast<int64_t>(stored), out.storageMin, out.storageMax);
}

/// sigmoid(i / 24) in units of 2^-16, raised by half of what interpolation to
/// the next entry gets wrong in the middle.
static std::array<int64_t, 256> buildSigmoidTable() {
  auto sigmoid = [](double i) { return 65536 / (1 + std::exp(-i / 24)); };
  std::array<int64_t, 256> table;
  for (int i = 0; i < 255; ++i) {
    double error = sigmoid(i + 0.5) - (sigmoid(i) + sigmoid(i + 1)) / 2;
    table[i] = static_cast<int64_t>(std::round(sigmoid(i) + error / 2));
  }
  table[255] = 65535;
  return table;
}

/// 16 bits: x·multiplier / 2^shift has units of 1/(3·4096); 512 of them are a
/// step of the table.
static int64_t logistic16(int64_t q, int64_t multiplier, int shift) {
  static const std::array<int64_t, 256> table = buildSigmoidTable();
  auto x = static_cast<int64_t>(
      nearestTiesUp(Wide(q) * multiplier, powerOfTwo(shift)));
  int64_t magnitude = x < 0 ? -x : x;
  int64_t index = magnitude / 512, fraction = magnitude % 512;
  // 2^25 is 1.
  int64_t y = 32767 * 1024;
  if (index < 255)
    y = table[index] * 512 + fraction * (table[index + 1] - table[index]);
  // Rounded to 15 fractional bits; below zero 1 - y, one unit of 2^-25 less.
  y = x >= 0 ? y + 512 : 33554432 - y + 511;
  return static_cast<int64_t>(floorQuotient(y, 1024));
}

/// The multiplier of logistic16: an integer below 2^15 and a right shift.
static std::pair<int64_t, int> logisticScale(double inputScale) {
  auto scale = static_cast<float>(inputScale);
  float exponent = std::log(scale) * (1.0f / std::log(2.0f));
  if (std::round(exponent) == -12 && std::abs(exponent + 12) < 1e-3f)
    return {3, 0};
  double multiplier = scale * 4096.0 * 3.0;
  int shift = 0;
  for (; multiplier <= 32767.0 / 2 && shift <= 30; ++shift)
    multiplier *= 2;
  return {static_cast<int64_t>(multiplier), shift};
}

Outcome reference::evaluate(nn::LogisticOp op, Operands operands) {
  const Tensor &input = *operands[0];
  if (input.kind == ElementKind::Float32) {
    Tensor result = input;
    for (float &v : result.get<float>())
      v = floatLogistic(v);
    return result;
  }
  std::optional<Quantities> in = Quantities::of(op.getInput().getType());
  std::optional<Quantities> out = Quantities::of(op.getType());
  if (!in || !out)
    return makeError(op, "expected quantized tensors");
  auto [multiplier, shift] = logisticScale(in->scale());
  std::vector<int64_t> values = loadIntegers(input);
  for (int64_t &v : values)
    v = out->storageBits > 8 ? logistic16(v, multiplier, shift)
                             : logistic8(v, *in, *out);
  return storeIntegers(op, op.getType(), values);
}
