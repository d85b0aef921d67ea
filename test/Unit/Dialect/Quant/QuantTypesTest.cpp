// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The types as C++ sees them, and the rules that text cannot break.

#include "Fixture.h"
#include "mlir/AsmParser/AsmParser.h"
#include <cmath>
#include <random>

using namespace mlir;
using namespace qopt::quant;

//===----------------------------------------------------------------------===//
// Accessors
//===----------------------------------------------------------------------===//

TEST_F(QuantTest, UniformAccessors) {
  auto type = UniformQuantizedType::get(0, i8, f32, 0.5, 200, 1, 254);
  EXPECT_FALSE(type.isSigned());
  EXPECT_EQ(type.getStorageType(), i8);
  EXPECT_EQ(type.getExpressedType(), f32);
  EXPECT_EQ(type.getScale(), 0.5);
  EXPECT_EQ(type.getZeroPoint(), 200);
  EXPECT_EQ(type.getStorageTypeMin(), 1);
  EXPECT_EQ(type.getStorageTypeMax(), 254);
  EXPECT_EQ(type.getStorageTypeIntegralWidth(), 8u);
  EXPECT_TRUE(type.hasStorageTypeBounds());
  EXPECT_FALSE(type.isFixedPoint());
  EXPECT_TRUE(isa<QuantizedType>(Type(type)));
}

TEST_F(QuantTest, EqualTypesAreOne) {
  auto first = UniformQuantizedType::get(1, i8, f32, 0.1, 0, -128, 127);
  EXPECT_EQ(first, UniformQuantizedType::get(1, i8, f32, 0.1, 0, -128, 127));
  EXPECT_NE(first, UniformQuantizedType::get(1, i8, f32, std::nextafter(0.1, 1),
                                             0, -128, 127));
  EXPECT_TRUE(first.isFixedPoint());
  EXPECT_FALSE(first.hasStorageTypeBounds());
}

TEST_F(QuantTest, PerAxisAccessors) {
  auto type = UniformQuantizedPerAxisType::get(1, i8, f32, {0.5, 0.25}, {0, 3},
                                               2, -127, 127);
  EXPECT_EQ(type.getScales(), ArrayRef<double>({0.5, 0.25}));
  EXPECT_EQ(type.getZeroPoints(), ArrayRef<int64_t>({0, 3}));
  EXPECT_EQ(type.getQuantizedDimension(), 2);
  EXPECT_FALSE(type.isFixedPoint());
  EXPECT_TRUE(type.hasStorageTypeBounds());
}

TEST_F(QuantTest, SubChannelAccessors) {
  auto scales = DenseElementsAttr::get(RankedTensorType::get({1, 2}, f32),
                                       ArrayRef<float>({1.0f, 2.0f}));
  auto zeroPoints =
      DenseElementsAttr::get(RankedTensorType::get({1, 2}, i8),
                             ArrayRef<APInt>({APInt(8, 200), APInt(8, 3)}));
  auto type = UniformQuantizedSubChannelType::get(
      0, i8, f32, scales, zeroPoints, {1, 0}, {4, 2}, 0, 255);
  EXPECT_EQ(type.getZeroPoint(0), 200);
  EXPECT_EQ(type.getZeroPoint(1), 3);
  ASSERT_EQ(type.getBlockSizeInfo().size(), 2u);
  EXPECT_EQ(type.getBlockSizeInfo()[0], (std::pair<int32_t, int64_t>(1, 4)));
  EXPECT_EQ(type.getBlockSizeInfo()[1], (std::pair<int32_t, int64_t>(0, 2)));
}

TEST_F(QuantTest, CalibratedHasNoStorage) {
  auto type = CalibratedQuantizedType::get(f32, -1.0, 2.0);
  EXPECT_EQ(type.getMin(), -1.0);
  EXPECT_EQ(type.getMax(), 2.0);
  auto interface = cast<QuantizedType>(Type(type));
  EXPECT_FALSE(interface.getStorageType());
  EXPECT_EQ(interface.getStorageTypeIntegralWidth(), 0u);
  EXPECT_FALSE(interface.hasStorageTypeBounds());
}

TEST_F(QuantTest, ElementTypes) {
  auto type = UniformQuantizedType::get(1, i8, f32, 0.5, 0, -128, 127);
  auto tensor = RankedTensorType::get({2, ShapedType::kDynamic}, type);
  EXPECT_EQ(QuantizedType::getQuantizedElementType(tensor), type);
  EXPECT_EQ(QuantizedType::getQuantizedElementType(type), type);
  EXPECT_FALSE(QuantizedType::getQuantizedElementType(i8));
  EXPECT_EQ(QuantizedType::castToStorageType(tensor),
            RankedTensorType::get({2, ShapedType::kDynamic}, i8));
  EXPECT_EQ(QuantizedType::castToExpressedType(tensor),
            RankedTensorType::get({2, ShapedType::kDynamic}, f32));
  EXPECT_EQ(QuantizedType::castToStorageType(type), i8);
  EXPECT_EQ(QuantizedType::castToStorageType(UnrankedTensorType::get(type)),
            UnrankedTensorType::get(i8));
  EXPECT_FALSE(QuantizedType::castToStorageType(f32));
  EXPECT_FALSE(QuantizedType::castToExpressedType(
      AnyQuantizedType::get(1, i8, nullptr, -128, 127)));
}

//===----------------------------------------------------------------------===//
// Rules that text cannot break
//===----------------------------------------------------------------------===//

TEST_F(QuantTest, RefusesUnknownFlags) {
  EXPECT_FALSE(AnyQuantizedType::getChecked(emitter(), 2u, i8, f32, -128, 127));
  EXPECT_EQ(message, "unknown flags 2; expected 0 or 1");
}

TEST_F(QuantTest, RefusesSignedStorage) {
  EXPECT_FALSE(AnyQuantizedType::getChecked(
      emitter(), 1u, builder.getIntegerType(8, /*isSigned=*/true), f32, -128,
      127));
  EXPECT_EQ(message, "illegal storage type: expected a signless integer");
}

TEST_F(QuantTest, RefusesMissingExpressedType) {
  EXPECT_FALSE(UniformQuantizedType::getChecked(emitter(), 1u, i8, FloatType(),
                                                1.0, 0, -128, 127));
  EXPECT_EQ(message, "expected a float type as the expressed type");
}

TEST_F(QuantTest, RefusesDifferentCountsPerAxis) {
  EXPECT_FALSE(UniformQuantizedPerAxisType::getChecked(
      emitter(), 1u, i8, f32, ArrayRef<double>({1.0, 2.0}),
      ArrayRef<int64_t>({0}), 0, -128, 127));
  EXPECT_EQ(message, "illegal number of scales and zero points: 2 and 1; "
                     "expected as many of each");
  EXPECT_FALSE(UniformQuantizedPerAxisType::getChecked(
      emitter(), 1u, i8, f32, ArrayRef<double>(), ArrayRef<int64_t>(), 0, -128,
      127));
  EXPECT_EQ(message, "expected at least one scale");
}

TEST_F(QuantTest, RefusesBlocksThatDoNotMatch) {
  auto f32s = [&](ArrayRef<int64_t> shape) {
    return DenseElementsAttr::get(RankedTensorType::get(shape, f32), 1.0f);
  };
  auto i8s = [&](ArrayRef<int64_t> shape) {
    return DenseElementsAttr::get(RankedTensorType::get(shape, i8), int8_t(0));
  };
  auto refused = [&](DenseElementsAttr scales, DenseElementsAttr zeroPoints,
                     ArrayRef<int32_t> axes, ArrayRef<int64_t> sizes) {
    return !UniformQuantizedSubChannelType::getChecked(
        emitter(), 1u, i8, f32, scales, zeroPoints, axes, sizes, -128, 127);
  };
  EXPECT_FALSE(refused(f32s({2}), i8s({2}), {0}, {4})) << message;
  EXPECT_TRUE(refused(i8s({2}), i8s({2}), {0}, {4}));
  EXPECT_EQ(message, "expected scales of the expressed type 'f32'");
  EXPECT_TRUE(refused(f32s({2}), f32s({2}), {0}, {4}));
  EXPECT_EQ(message, "expected zero points of the storage type 'i8'");
  EXPECT_TRUE(refused(f32s({2}), i8s({1, 2}), {0}, {4}));
  EXPECT_EQ(message,
            "illegal shape of scales and zero points: "
            "'tensor<2xf32>' and 'tensor<1x2xi8>'; expected one shape");
  EXPECT_TRUE(refused(f32s({2}), i8s({2}), {0, 1}, {4}));
  EXPECT_EQ(message, "illegal number of quantized dimensions and block sizes: "
                     "2 and 1; expected as many of each");
  EXPECT_TRUE(refused(f32s({0}), i8s({0}), {0}, {4}));
  EXPECT_EQ(message, "expected at least one scale");
}

//===----------------------------------------------------------------------===//
// Damaged text
//===----------------------------------------------------------------------===//

TEST_F(QuantTest, DamagedTextIsRefusedOrMeansAType) {
  const std::string texts[] = {
      "!quant.uniform<i8<-8:7>:f32, 0.99872:-3>",
      "!quant.uniform<u8:f32:1, {2.0e+2:120,0.99872:127}>",
      "!quant.uniform<u8:f32:{0:1, 1:2}, {{2.0:120,3.0:127}, {4.0,5.0}}>",
      "!quant.any<i8<-8:7>:f32>",
      "!quant.calibrated<f32<-0.998:1.2321>>",
  };
  const std::string characters = "0123456789<>{}:,-.+xeiufq!# []";
  std::mt19937 random(7);
  size_t accepted = 0, refused = 0;
  for (int i = 0; i != 4000; ++i) {
    std::string text = texts[i % std::size(texts)];
    for (int edits = 1 + random() % 3; edits != 0; --edits) {
      size_t where = random() % text.size();
      char character = characters[random() % characters.size()];
      switch (random() % 3) {
      case 0:
        text[where] = character;
        break;
      case 1:
        text.insert(where, 1, character);
        break;
      case 2:
        text.erase(where, text.size() > 1);
        break;
      }
    }
    SCOPED_TRACE(text);
    message.clear();
    Type type = parseType(text, &context);
    if (!type) {
      EXPECT_FALSE(message.empty());
      ++refused;
      continue;
    }
    // What is accepted prints as text that means the same.
    std::string printed;
    llvm::raw_string_ostream(printed) << type;
    EXPECT_EQ(parseType(printed, &context), type) << printed;
    ++accepted;
  }
  EXPECT_GT(accepted, 100u);
  EXPECT_GT(refused, 1000u);
}
