// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The little linear algebra that rounding needs, in double precision. Every sum
// is added up in one order, whatever the processor: vector instructions work on
// neighbouring results, never inside a sum, and no product is fused with an
// addition. The same input therefore gives the same weights on every machine.

#ifndef QOPT_WEIGHTROUNDING_LINEARALGEBRA_H
#define QOPT_WEIGHTROUNDING_LINEARALGEBRA_H

#include <cstdint>
#include <vector>

namespace qopt::rounding {

/// A dense matrix, row after row.
struct Matrix {
  int64_t rows = 0, columns = 0;
  std::vector<double> values;

  Matrix() = default;
  Matrix(int64_t rows, int64_t columns)
      : rows(rows), columns(columns), values(rows * columns) {}

  double *row(int64_t i) { return values.data() + i * columns; }
  const double *row(int64_t i) const { return values.data() + i * columns; }
  double &operator()(int64_t i, int64_t j) { return row(i)[j]; }
  double operator()(int64_t i, int64_t j) const { return row(i)[j]; }
};

/// c += transpose(a) * b, where a is depth x rows, b depth x columns and c
/// rows x columns; the strides count elements from row to row.
void addTransposedProduct(const double *a, int64_t aStride, const double *b,
                          int64_t bStride, double *c, int64_t cStride,
                          int64_t depth, int64_t rows, int64_t columns);

/// The upper triangle of c += transpose(a) * a, where a is depth x size. What
/// lies below the diagonal is left in an unspecified state.
void addGram(const double *a, int64_t aStride, double *c, int64_t cStride,
             int64_t depth, int64_t size);

/// Copies the upper triangle to the lower.
void mirrorUpperTriangle(Matrix &matrix);

/// Turns a symmetric matrix into the upper triangular R with
/// transpose(R) * R = the matrix; below the diagonal zeros. False if it is not
/// positive definite.
bool factorize(Matrix &matrix);

/// Solves x * (transpose(R) * R) = b for each row of b, in place.
void solveRows(const Matrix &factor, Matrix &b);

} // namespace qopt::rounding

#endif // QOPT_WEIGHTROUNDING_LINEARALGEBRA_H
