// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Integers of constants: every width, both signs, splats, resources that are
// whole, missing or of the wrong size.

#include "qopt/Dialect/NN/IR/StoredValues.h"
#include "qopt/Dialect/NN/IR/NN.h"

#include "mlir/AsmParser/AsmParser.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/MLIRContext.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace qopt::nn;
using testing::ElementsAre;

namespace {
class StoredValuesTest : public testing::Test {
protected:
  StoredValuesTest() { context.loadDialect<NNDialect>(); }

  /// The values of `text`, read as elements of `type` or of its own type.
  std::optional<std::vector<int64_t>> read(StringRef text,
                                           StringRef type = "") {
    auto elements = cast<ElementsAttr>(parseAttribute(text, &context));
    Type as = type.empty() ? Type(elements.getShapedType())
                           : parseType(type, &context);
    std::optional<StoredValues> values = StoredValues::get(elements, as);
    if (!values)
      return std::nullopt;
    std::vector<int64_t> result;
    for (int64_t i = 0; i < values->size(); ++i)
      result.push_back((*values)[i]);
    return result;
  }

  std::optional<std::vector<int64_t>> readResource(Type type,
                                                   ArrayRef<char> data) {
    auto resource = DenseResourceElementsAttr::get(
        cast<ShapedType>(type), "weights",
        HeapAsmResourceBlob::allocateAndCopyWithAlign(data, 8));
    std::optional<StoredValues> values = StoredValues::get(resource, type);
    if (!values)
      return std::nullopt;
    std::vector<int64_t> result;
    for (int64_t i = 0; i < values->size(); ++i)
      result.push_back((*values)[i]);
    return result;
  }

  MLIRContext context;
};
} // namespace

TEST_F(StoredValuesTest, SignedWidths) {
  EXPECT_THAT(*read("dense<[1, -8]> : tensor<2xi4>"), ElementsAre(1, -8));
  EXPECT_THAT(*read("dense<[1, -128]> : tensor<2xi8>"), ElementsAre(1, -128));
  EXPECT_THAT(*read("dense<[1, -32768]> : tensor<2xi16>"),
              ElementsAre(1, -32768));
  EXPECT_THAT(*read("dense<[1, -2147483648]> : tensor<2xi32>"),
              ElementsAre(1, INT32_MIN));
  EXPECT_THAT(*read("dense<[1, -9223372036854775808]> : tensor<2xi64>"),
              ElementsAre(1, INT64_MIN));
}

TEST_F(StoredValuesTest, UnsignedFollowsTheQuantizedType) {
  EXPECT_THAT(*read("dense<[1, -1]> : tensor<2xi8>",
                    "tensor<2x!quant.uniform<u8:f32, 0.5>>"),
              ElementsAre(1, 255));
  EXPECT_THAT(*read("dense<[1, -1]> : tensor<2xi8>",
                    "tensor<2x!quant.uniform<i8:f32, 0.5>>"),
              ElementsAre(1, -1));
}

TEST_F(StoredValuesTest, SplatRepeats) {
  EXPECT_THAT(*read("dense<-3> : tensor<3xi8>"), ElementsAre(-3, -3, -3));
}

TEST_F(StoredValuesTest, EmptyTensor) {
  EXPECT_THAT(*read("dense<> : tensor<0xi8>"), ElementsAre());
}

TEST_F(StoredValuesTest, Resource) {
  auto type = RankedTensorType::get({2}, IntegerType::get(&context, 16));
  EXPECT_THAT(*readResource(type, {1, 0, 0, char(0x80)}),
              ElementsAre(1, -32768));
}

TEST_F(StoredValuesTest, ResourceOfWrongSizeHasNoValues) {
  auto type = RankedTensorType::get({2}, IntegerType::get(&context, 16));
  EXPECT_FALSE(readResource(type, {1, 0, 0}));
  EXPECT_FALSE(readResource(type, {1, 0}));
  EXPECT_FALSE(readResource(type, {1, 0, 2, 0, 3, 0}));
}

TEST_F(StoredValuesTest, MissingResourceHasNoValues) {
  EXPECT_FALSE(read("dense_resource<nowhere> : tensor<2xi8>"));
}

TEST_F(StoredValuesTest, OtherElementsHaveNoValues) {
  EXPECT_FALSE(read("dense<1.0> : tensor<2xf32>"));
  EXPECT_FALSE(read("dense<true> : tensor<2xi1>"));
  EXPECT_FALSE(read("dense<1> : tensor<2xi24>"));
  EXPECT_FALSE(read("sparse<0, 1> : tensor<2xi8>"));
}
