// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tiles of 6 rows and 8 columns stay in registers while their sums run; the
// compiler makes one version of the inner function for each vector width.

#include "qopt/WeightRounding/LinearAlgebra.h"

#include "VectorVersions.h"

#include <algorithm>
#include <cmath>
#include <cstring>

using namespace qopt::rounding;

namespace {
constexpr int64_t tileRows = 6, tileColumns = 8;
/// Steps of the sum for which a panel of b is expected to stay in the cache.
constexpr int64_t panelDepth = 256;
using Vector = double __attribute__((vector_size(64), aligned(8)));
} // namespace

/// As addTransposedProduct; of rows where `upperOnly` only the tiles that touch
/// the upper triangle.
QOPT_VECTOR_VERSIONS static void multiply(const double *a, int64_t aStride,
                                          const double *b, int64_t bStride,
                                          double *c, int64_t cStride,
                                          int64_t depth, int64_t rows,
                                          int64_t columns, bool upperOnly) {
  for (int64_t d0 = 0; d0 < depth; d0 += panelDepth) {
    int64_t d1 = std::min(depth, d0 + panelDepth);
    for (int64_t j = 0; j < columns; j += tileColumns) {
      int64_t width = std::min(tileColumns, columns - j);
      int64_t end = upperOnly ? std::min(rows, j + width) : rows;
      for (int64_t i = 0; i < end; i += tileRows) {
        int64_t height = std::min(tileRows, end - i);
        if (height == tileRows && width == tileColumns) {
          Vector sums[tileRows];
          for (int64_t r = 0; r < tileRows; ++r)
            std::memcpy(&sums[r], c + (i + r) * cStride + j, sizeof(Vector));
          for (int64_t d = d0; d < d1; ++d) {
            Vector right;
            std::memcpy(&right, b + d * bStride + j, sizeof(Vector));
            const double *left = a + d * aStride + i;
            for (int64_t r = 0; r < tileRows; ++r)
              sums[r] += left[r] * right;
          }
          for (int64_t r = 0; r < tileRows; ++r)
            std::memcpy(c + (i + r) * cStride + j, &sums[r], sizeof(Vector));
          continue;
        }
        for (int64_t d = d0; d < d1; ++d)
          for (int64_t r = 0; r < height; ++r) {
            double left = a[d * aStride + i + r];
            for (int64_t s = 0; s < width; ++s)
              c[(i + r) * cStride + j + s] += left * b[d * bStride + j + s];
          }
      }
    }
  }
}

void qopt::rounding::addTransposedProduct(const double *a, int64_t aStride,
                                          const double *b, int64_t bStride,
                                          double *c, int64_t cStride,
                                          int64_t depth, int64_t rows,
                                          int64_t columns) {
  multiply(a, aStride, b, bStride, c, cStride, depth, rows, columns,
           /*upperOnly=*/false);
}

void qopt::rounding::addGram(const double *a, int64_t aStride, double *c,
                             int64_t cStride, int64_t depth, int64_t size) {
  multiply(a, aStride, a, aStride, c, cStride, depth, size, size,
           /*upperOnly=*/true);
}

void qopt::rounding::mirrorUpperTriangle(Matrix &matrix) {
  for (int64_t i = 0; i < matrix.rows; ++i)
    for (int64_t j = 0; j < i; ++j)
      matrix(i, j) = matrix(j, i);
}

// Blocks of rows, from the top: what the rows above contribute is subtracted by
// one product; inside the block row after row.
bool qopt::rounding::factorize(Matrix &matrix) {
  constexpr int64_t block = 48;
  int64_t size = matrix.rows;
  Matrix negated(size, block);
  for (int64_t i0 = 0; i0 < size; i0 += block) {
    int64_t height = std::min(block, size - i0);
    for (int64_t d = 0; d < i0; ++d)
      for (int64_t r = 0; r < height; ++r)
        negated(d, r) = -matrix(d, i0 + r);
    addTransposedProduct(negated.row(0), block, matrix.row(0) + i0, size,
                         matrix.row(i0) + i0, size, i0, height, size - i0);
    for (int64_t i = i0; i < i0 + height; ++i) {
      double *row = matrix.row(i);
      for (int64_t d = i0; d < i; ++d) {
        double factor = matrix(d, i);
        const double *above = matrix.row(d);
        for (int64_t j = i; j < size; ++j)
          row[j] -= factor * above[j];
      }
      if (!(row[i] > 0))
        return false;
      double root = std::sqrt(row[i]);
      for (int64_t j = i; j < size; ++j)
        row[j] /= root;
      std::fill(row, row + i, 0.0);
    }
  }
  return true;
}

// x * R^T * R = b: first y * R = b from the left, then x * R^T = y from the
// right.
void qopt::rounding::solveRows(const Matrix &factor, Matrix &b) {
  int64_t size = factor.rows;
  for (int64_t r = 0; r < b.rows; ++r) {
    double *x = b.row(r);
    for (int64_t i = 0; i < size; ++i) {
      x[i] /= factor(i, i);
      for (int64_t j = i + 1; j < size; ++j)
        x[j] -= x[i] * factor(i, j);
    }
    for (int64_t i = size - 1; i >= 0; --i) {
      for (int64_t j = i + 1; j < size; ++j)
        x[i] -= factor(i, j) * x[j];
      x[i] /= factor(i, i);
    }
  }
}
