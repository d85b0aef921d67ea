// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Element kinds and access.

#include "qopt/Support/Tensor.h"

#include "gtest/gtest.h"

using namespace qopt;

TEST(Tensor, StartsAsZeros) {
  Tensor t(ElementKind::Int16, {2, 3});
  EXPECT_EQ(t.bytes.size(), 12u);
  EXPECT_EQ(t.getNumElements(), 6);
  EXPECT_EQ(t.getInteger(5), 0);
  EXPECT_EQ(t.describeType(), "int16 2x3");
}

TEST(Tensor, ScalarsHoldOneElement) {
  Tensor t(ElementKind::Float32, {});
  EXPECT_EQ(t.getNumElements(), 1);
  EXPECT_EQ(t.describeType(), "float32 scalar");
}

TEST(Tensor, EmptyBesideHugeDimensions) {
  Tensor t(ElementKind::Int8, {int64_t(1) << 62, 0, int64_t(1) << 62});
  EXPECT_EQ(t.getNumElements(), 0);
}

TEST(Tensor, ReadsEachKind) {
  Tensor u8(ElementKind::UInt8, {1});
  u8.get<uint8_t>()[0] = 200;
  EXPECT_EQ(u8.getInteger(0), 200);
  Tensor i64(ElementKind::Int64, {1});
  i64.get<int64_t>()[0] = -1099511627776;
  EXPECT_EQ(i64.getInteger(0), -1099511627776);
  EXPECT_EQ(i64.getReal(0), -1099511627776.0);
  Tensor f32(ElementKind::Float32, {1});
  f32.get<float>()[0] = 1.5f;
  EXPECT_EQ(f32.getReal(0), 1.5);
  // Any nonzero byte is true.
  Tensor boolean(ElementKind::Bool, {1});
  boolean.bytes[0] = 7;
  EXPECT_EQ(boolean.getInteger(0), 1);
}

TEST(Tensor, EqualityIsKindShapeAndBytes) {
  Tensor a(ElementKind::Int8, {2, 2}), b(ElementKind::Int8, {4}),
      c(ElementKind::UInt8, {2, 2});
  EXPECT_EQ(a, a);
  EXPECT_NE(a, b);
  EXPECT_NE(a, c);
}
