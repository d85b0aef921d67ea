// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The attributes as C++ sees them; their rules are tested in text.

#include "Fixture.h"

using namespace mlir;
using namespace qopt::quant;

TEST_F(QuantTest, MultiplierAccessors) {
  auto attribute = FixedPointMultiplierAttr::get(&context, {1 << 30, 1 << 30},
                                                 {-3, 4}, /*axis=*/1);
  EXPECT_EQ(attribute.getMultipliers(), ArrayRef<int32_t>({1 << 30, 1 << 30}));
  EXPECT_EQ(attribute.getShifts(), ArrayRef<int32_t>({-3, 4}));
  EXPECT_EQ(attribute.getAxis(), std::optional<int32_t>(1));
  EXPECT_EQ(attribute, FixedPointMultiplierAttr::get(
                           &context, {1 << 30, 1 << 30}, {-3, 4}, 1));
  EXPECT_NE(attribute, FixedPointMultiplierAttr::get(
                           &context, {1 << 30, 1 << 30}, {-3, 4}, 2));
}

TEST_F(QuantTest, MultiplierNeedsOne) {
  EXPECT_FALSE(FixedPointMultiplierAttr::getChecked(
      emitter(), &context, ArrayRef<int32_t>(), ArrayRef<int32_t>(),
      std::optional<int32_t>(0)));
  EXPECT_EQ(message, "expected at least one multiplier");
}

TEST_F(QuantTest, RoundingModes) {
  auto attribute = RoundingModeAttr::get(&context, RoundingMode::Wide);
  EXPECT_EQ(attribute.getValue(), RoundingMode::Wide);
  EXPECT_EQ(stringifyRoundingMode(RoundingMode::Wide), "wide");
  EXPECT_EQ(symbolizeRoundingMode("shift"), RoundingMode::Shift);
  EXPECT_FALSE(symbolizeRoundingMode("sloppy"));
}
