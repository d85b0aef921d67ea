// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Products are compared bit for bit with sums in the promised order, for sizes
// around those of the tiles; the factorization by multiplying out.

#include "RandomNumbers.h"

#include "gtest/gtest.h"

using namespace qopt::rounding;

TEST(LinearAlgebraTest, ProductsAreSumsInOrderOfDepth) {
  std::mt19937 random(1);
  int tried = 0;
  for (int64_t depth : {1, 7, 256, 300})
    for (int64_t rows : {1, 5, 6, 7, 13})
      for (int64_t columns : {1, 7, 8, 9, 25}) {
        Matrix a = makeRandom(random, depth, rows);
        Matrix b = makeRandom(random, depth, columns);
        Matrix found = makeRandom(random, rows, columns), expected = found;
        for (int64_t i = 0; i < rows; ++i)
          for (int64_t j = 0; j < columns; ++j)
            for (int64_t d = 0; d < depth; ++d)
              expected(i, j) += a(d, i) * b(d, j);
        addTransposedProduct(a.row(0), rows, b.row(0), columns, found.row(0),
                             columns, depth, rows, columns);
        EXPECT_EQ(found.values, expected.values)
            << depth << " x " << rows << " x " << columns;
        ++tried;
      }
  EXPECT_EQ(tried, 100);
}

TEST(LinearAlgebraTest, GramIsAProductWithItself) {
  std::mt19937 random(2);
  for (int64_t size : {1, 6, 8, 9, 31, 50}) {
    Matrix a = makeRandom(random, 140, size);
    Matrix found(size, size), expected(size, size);
    addTransposedProduct(a.row(0), size, a.row(0), size, expected.row(0), size,
                         140, size, size);
    addGram(a.row(0), size, found.row(0), size, 140, size);
    mirrorUpperTriangle(found);
    EXPECT_EQ(found.values, expected.values) << size;
  }
}

TEST(LinearAlgebraTest, FactorTimesItselfIsTheMatrix) {
  std::mt19937 random(3);
  for (int64_t size : {1, 2, 47, 48, 49, 130}) {
    Matrix matrix = makeMoments(random, size, size + 2), factor = matrix;
    ASSERT_TRUE(factorize(factor)) << size;
    for (int64_t i = 0; i < size; ++i)
      for (int64_t j = 0; j < size; ++j) {
        double product = 0;
        for (int64_t d = 0; d < size; ++d)
          product += factor(d, i) * factor(d, j);
        EXPECT_NEAR(product, matrix(i, j), 1e-9 * size) << size;
        if (j < i)
          EXPECT_EQ(factor(i, j), 0);
      }
  }
}

TEST(LinearAlgebraTest, RefusesAMatrixThatIsNotPositiveDefinite) {
  Matrix matrix(2, 2);
  matrix.values = {1, 2, 2, 1};
  EXPECT_FALSE(factorize(matrix));
}

TEST(LinearAlgebraTest, SolvesForRows) {
  std::mt19937 random(4);
  Matrix matrix = makeMoments(random, 20, 22), factor = matrix;
  Matrix x = makeRandom(random, 3, 20), b(3, 20);
  for (int64_t r = 0; r < 3; ++r)
    for (int64_t i = 0; i < 20; ++i)
      for (int64_t j = 0; j < 20; ++j)
        b(r, j) += x(r, i) * matrix(i, j);
  ASSERT_TRUE(factorize(factor));
  solveRows(factor, b);
  for (size_t i = 0; i < x.values.size(); ++i)
    EXPECT_NEAR(b.values[i], x.values[i], 1e-6);
}
