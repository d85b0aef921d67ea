// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The interpreter and Numerics were written apart, from the same definitions:
// on random parameters they must agree on every stored value.

#include "RunText.h"

#include "qopt/Numerics/Elementwise.h"
#include "qopt/Numerics/LookupTable.h"
#include "qopt/Numerics/Pooling.h"
#include "qopt/Numerics/Softmax.h"

#include <cmath>
#include <random>

using namespace qopt;
using namespace qopt::test;
using numerics::QuantizationParameters;
using numerics::StorageRange;

namespace {
/// Draws parameters and elements; prints types.
class Draw {
public:
  explicit Draw(unsigned seed) : engine(seed) {}

  double real(double least, double most) {
    return std::uniform_real_distribution<double>(least, most)(engine);
  }
  int64_t integer(int64_t least, int64_t most) {
    return std::uniform_int_distribution<int64_t>(least, most)(engine);
  }
  float scale(double least = -12, double most = 2) {
    return static_cast<float>(std::exp2(real(least, most)));
  }
  QuantizationParameters parameters(StorageRange range) {
    return {scale(), integer(range.min, range.max)};
  }
  /// Elements over the whole range, its ends included.
  Tensor tensor(ElementKind kind, llvm::ArrayRef<int64_t> shape,
                StorageRange range) {
    Tensor t(kind, shape);
    size_t size = getElementSize(kind);
    for (int64_t i = 0; i < t.getNumElements(); ++i) {
      int64_t value = i == 0   ? range.min
                      : i == 1 ? range.max
                               : integer(range.min, range.max);
      std::memcpy(t.bytes.data() + i * size, &value, size);
    }
    return t;
  }

private:
  std::mt19937_64 engine;
};
} // namespace

static const StorageRange i8 = StorageRange::ofBits(8, true);
static const StorageRange u8 = StorageRange::ofBits(8, false);
static const StorageRange i16 = StorageRange::ofBits(16, true);

static std::string type(llvm::StringRef shape, llvm::StringRef storage,
                        QuantizationParameters p) {
  std::string text;
  llvm::raw_string_ostream(text)
      << "tensor<" << shape << "x!quant.uniform<" << storage << ":f32, "
      << llvm::format("%.17e", p.scale) << ":" << p.zeroPoint << ">>";
  return text;
}

static std::vector<int32_t> elements(const Tensor &t) {
  std::vector<int32_t> values;
  for (int64_t i = 0; i < t.getNumElements(); ++i)
    values.push_back(static_cast<int32_t>(t.getInteger(i)));
  return values;
}

/// Runs a binary op on two tensors of 300 elements.
static std::vector<int64_t> runBinary(llvm::StringRef op, const Tensor &a,
                                      const Tensor &b, std::string ta,
                                      std::string tb, std::string ty) {
  return integers(runText("func.func @f(%a: " + ta + ", %b: " + tb + ") -> " +
                              ty + " { %y = " + op.str() + " : (" + ta + ", " +
                              tb + ") -> " + ty + " return %y : " + ty + " }",
                          {a, b}));
}

TEST(AgreesWithNumerics, AddSubMul8) {
  Draw draw(1);
  for (int i = 0; i < 60; ++i) {
    StorageRange range = i % 2 ? u8 : i8;
    const char *storage = i % 2 ? "u8" : "i8";
    ElementKind kind = i % 2 ? ElementKind::UInt8 : ElementKind::Int8;
    QuantizationParameters pa = draw.parameters(range),
                           pb = draw.parameters(range),
                           py = draw.parameters(range);
    py.scale = std::max(pa.scale, pb.scale) * draw.scale(-2, 2);
    Tensor a = draw.tensor(kind, {300}, range);
    Tensor b = draw.tensor(kind, {300}, range);
    std::string ta = type("300", storage, pa), tb = type("300", storage, pb),
                ty = type("300", storage, py);
    StorageRange clamp =
        numerics::activationRange(numerics::Activation::Relu6, py, range);
    auto sum = numerics::prepareAdd(pa, pb, py, 8, clamp);
    ASSERT_TRUE(bool(sum)) << sum.reason();
    QuantizationParameters pm{pa.scale * pb.scale * draw.scale(3, 8),
                              py.zeroPoint};
    auto product = numerics::prepareMul(pa, pb, pm, range);
    ASSERT_TRUE(bool(product)) << product.reason();
    auto added = runBinary("nn.add %a, %b {activation = #nn.activation<relu6>}",
                           a, b, ta, tb, ty);
    auto subtracted = runBinary(
        "nn.sub %a, %b {activation = #nn.activation<relu6>}", a, b, ta, tb, ty);
    auto multiplied =
        runBinary("nn.mul %a, %b", a, b, ta, tb, type("300", storage, pm));
    ASSERT_EQ(multiplied.size(), 300u);
    for (size_t k = 0; k < 300; ++k) {
      int32_t l = elements(a)[k], r = elements(b)[k];
      ASSERT_EQ(added[k], numerics::add(l, r, *sum)) << ta << tb << ty;
      ASSERT_EQ(subtracted[k], numerics::sub(l, r, *sum)) << ta << tb << ty;
      ASSERT_EQ(multiplied[k], numerics::mul(l, r, *product)) << ta << tb;
    }
  }
}

TEST(AgreesWithNumerics, Add16) {
  Draw draw(2);
  for (int i = 0; i < 60; ++i) {
    bool pot = i % 2;
    QuantizationParameters pa{draw.scale(), 0}, pb{draw.scale(), 0};
    QuantizationParameters py{pa.scale + pb.scale, 0};
    if (pot) {
      py.scale = std::exp2(draw.integer(-15, -8));
      pa.scale = py.scale;
      pb.scale = py.scale / std::exp2(draw.integer(0, 4));
    }
    Tensor a = draw.tensor(ElementKind::Int16, {300}, i16);
    Tensor b = draw.tensor(ElementKind::Int16, {300}, i16);
    auto found = runBinary(pot ? "nn.add %a, %b {pot_scale}" : "nn.add %a, %b",
                           a, b, type("300", "i16", pa), type("300", "i16", pb),
                           type("300", "i16", py));
    ASSERT_EQ(found.size(), 300u);
    auto general = numerics::prepareAdd(pa, pb, py, 16, i16);
    auto shifts =
        numerics::preparePowerOfTwoAdd(pa.scale, pb.scale, py.scale, i16);
    ASSERT_TRUE(pot ? bool(shifts) : bool(general));
    for (size_t k = 0; k < 300; ++k) {
      int32_t l = elements(a)[k], r = elements(b)[k];
      ASSERT_EQ(found[k], pot ? numerics::addPowerOfTwo(l, r, *shifts)
                              : numerics::add(l, r, *general));
    }
  }
}

TEST(AgreesWithNumerics, Softmax8) {
  Draw draw(3);
  for (int i = 0; i < 100; ++i) {
    StorageRange range = i % 2 ? u8 : i8;
    QuantizationParameters in = draw.parameters(range);
    double beta = i % 3 ? 1.0 : draw.real(0.1, 4);
    std::string ty = type("3x40", i % 2 ? "u8" : "i8", {1.0 / 256, range.min});
    Tensor x = draw.tensor(i % 2 ? ElementKind::UInt8 : ElementKind::Int8,
                           {3, 40}, range);
    std::string op;
    llvm::raw_string_ostream(op)
        << "nn.softmax %x {beta = " << llvm::format("%.17e", beta)
        << " : f64} : ($in) -> $out";
    auto found =
        integers(runOp(op, type("3x40", i % 2 ? "u8" : "i8", in), ty, x));
    ASSERT_EQ(found.size(), 120u);
    auto p = numerics::prepareSoftmax8(beta, in.scale);
    ASSERT_TRUE(bool(p)) << p.reason();
    std::vector<int32_t> values = elements(x), row(40);
    for (int r = 0; r < 3; ++r) {
      numerics::softmaxRow8(&values[40 * r], row.data(), 40,
                            static_cast<int32_t>(range.min), *p);
      for (int c = 0; c < 40; ++c)
        ASSERT_EQ(found[40 * r + c], row[c]) << in.scale << " " << beta;
    }
  }
}

TEST(AgreesWithNumerics, Softmax16) {
  Draw draw(4);
  for (int i = 0; i < 100; ++i) {
    QuantizationParameters in{draw.scale(-15, -8), 0};
    Tensor x = draw.tensor(ElementKind::Int16, {3, 40}, i16);
    auto found =
        integers(runOp("nn.softmax %x : ($in) -> $out", type("3x40", "i16", in),
                       type("3x40", "i16", {1.0 / 32768, 0}), x));
    ASSERT_EQ(found.size(), 120u);
    auto p = numerics::prepareSoftmax16(1.0, in.scale);
    ASSERT_TRUE(bool(p)) << p.reason();
    std::vector<int32_t> values = elements(x), row(40);
    for (int r = 0; r < 3; ++r) {
      numerics::softmaxRow16(&values[40 * r], row.data(), 40, *p);
      for (int c = 0; c < 40; ++c)
        ASSERT_EQ(found[40 * r + c], row[c]) << in.scale;
    }
  }
}

TEST(AgreesWithNumerics, Logistic) {
  Draw draw(5);
  for (int i = 0; i < 50; ++i) {
    StorageRange range = i % 2 ? u8 : i8;
    QuantizationParameters in = draw.parameters(range),
                           out{1.0 / 256, range.min};
    Tensor x = draw.tensor(i % 2 ? ElementKind::UInt8 : ElementKind::Int8,
                           {300}, range);
    auto found = integers(runOp("nn.logistic %x : ($in) -> $out",
                                type("300", i % 2 ? "u8" : "i8", in),
                                type("300", i % 2 ? "u8" : "i8", out), x));
    numerics::Table8 table = numerics::logisticTable8(in, out, i % 2 == 0);
    ASSERT_EQ(found.size(), 300u);
    for (size_t k = 0; k < 300; ++k)
      ASSERT_EQ(found[k], table[elements(x)[k] - range.min]) << in.scale;

    QuantizationParameters wide{i == 0 ? 0x1p-12 : draw.scale(-15, -6), 0};
    x = draw.tensor(ElementKind::Int16, {300}, i16);
    found = integers(runOp("nn.logistic %x : ($in) -> $out",
                           type("300", "i16", wide),
                           type("300", "i16", {1.0 / 32768, 0}), x));
    auto p = numerics::prepareLogistic16(wide.scale);
    ASSERT_TRUE(bool(p)) << p.reason();
    ASSERT_EQ(found.size(), 300u);
    for (size_t k = 0; k < 300; ++k)
      ASSERT_EQ(found[k],
                numerics::logistic16(static_cast<int16_t>(elements(x)[k]), *p))
          << wide.scale;
  }
}

TEST(AgreesWithNumerics, MeanAndRelu) {
  Draw draw(6);
  for (int i = 0; i < 100; ++i) {
    QuantizationParameters in = draw.parameters(i8), out = draw.parameters(i8);
    out.scale = in.scale * draw.scale(-1, 1);
    Tensor x = draw.tensor(ElementKind::Int8, {1, 5, 7, 3}, i8);
    auto means =
        integers(runOp("nn.mean %x {axes = array<i64: 1, 2>} : ($in) -> $out",
                       type("1x5x7x3", "i8", in), type("1x3", "i8", out), x));
    auto p = numerics::prepareMean(in, out, 35, i8);
    ASSERT_TRUE(bool(p)) << p.reason();
    std::vector<int32_t> values = elements(x);
    ASSERT_EQ(means.size(), 3u);
    for (int c = 0; c < 3; ++c) {
      int32_t sum = 0;
      for (int k = 0; k < 35; ++k)
        sum += values[3 * k + c];
      ASSERT_EQ(means[c], numerics::mean(sum, *p));
    }
    auto clamped =
        integers(runOp("nn.relu6 %x : ($in) -> $out", type("1x5x7x3", "i8", in),
                       type("1x5x7x3", "i8", out), x));
    auto relu = numerics::prepareRelu(
        in, out,
        numerics::activationRange(numerics::Activation::Relu6, out, i8));
    ASSERT_TRUE(bool(relu)) << relu.reason();
    ASSERT_EQ(clamped.size(), values.size());
    for (size_t k = 0; k < values.size(); ++k)
      ASSERT_EQ(clamped[k], numerics::rescale(values[k], *relu));
  }
}

TEST(AgreesWithNumerics, ResizeBilinear) {
  Draw draw(7);
  for (int64_t out : {1, 2, 5, 8, 13})
    for (const char *mode :
         {"", "{align_corners = true}", "{half_pixel_centers = true}"}) {
      bool align = llvm::StringRef(mode).contains("align");
      bool half = llvm::StringRef(mode).contains("half");
      Tensor x = draw.tensor(ElementKind::Int8, {1, 4, 3, 2}, i8);
      std::string shape = "1x" + std::to_string(out) + "x6x2";
      auto found = integers(runOp(
          std::string("nn.resize_bilinear %x ") + mode + " : ($in) -> $out",
          type("1x4x3x2", "i8", {0.5, 3}), type(shape, "i8", {0.5, 3}), x));
      auto rows = numerics::resizeTapsInteger(4, out, align, half);
      auto columns = numerics::resizeTapsInteger(3, 6, align, half);
      std::vector<int32_t> v = elements(x);
      ASSERT_EQ(found.size(), static_cast<size_t>(out * 12));
      for (int64_t y = 0; y < out; ++y)
        for (int64_t xx = 0; xx < 6; ++xx)
          for (int64_t c = 0; c < 2; ++c) {
            auto at = [&](int64_t r, int64_t k) {
              return v[(r * 3 + k) * 2 + c];
            };
            const auto &row = rows[y], &column = columns[xx];
            ASSERT_EQ(found[(y * 6 + xx) * 2 + c],
                      numerics::resizeElement(at(row.lower, column.lower),
                                              at(row.lower, column.upper),
                                              at(row.upper, column.lower),
                                              at(row.upper, column.upper), row,
                                              column));
          }
    }
}
