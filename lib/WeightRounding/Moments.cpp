// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Windows are gathered in chunks, so that the sum of their outer products is a
// product of matrices.

#include "qopt/WeightRounding/Moments.h"

#include <algorithm>

using namespace qopt::rounding;

/// Windows in a chunk.
static constexpr int64_t maxChunkRows = 128;

/// A step of splitmix64 (Steele et al. 2014).
static uint64_t nextRandom(uint64_t &state) {
  uint64_t x = state += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

MomentsAccumulator::MomentsAccumulator(const Window &window,
                                       const MomentsOptions &options)
    : window(window), options(options), random(options.seed) {
  int64_t depth = window.getDepth();
  chunk = Matrix(maxChunkRows, depth * window.groups);
  sums.assign(window.groups, std::vector<double>(depth));
  products.resize(window.groups);
  int64_t numBlocks = (depth + options.maxBlock - 1) / options.maxBlock;
  for (std::vector<Matrix> &blocks : products)
    for (int64_t i = 0; i < numBlocks; ++i) {
      int64_t size = depth * (i + 1) / numBlocks - depth * i / numBlocks;
      blocks.emplace_back(size, size);
    }
}

void MomentsAccumulator::add(const float *input) {
  int64_t all = window.getNumPositions();
  int64_t wanted = std::min(all, options.positionsPerSample);
  int64_t depth = window.getDepth();
  for (int64_t i = 0; i < wanted; ++i) {
    // One position of each of `wanted` stretches of equal length.
    int64_t begin = all * i / wanted, end = all * (i + 1) / wanted;
    int64_t position = begin;
    if (wanted < all)
      position += static_cast<int64_t>(nextRandom(random) %
                                       static_cast<uint64_t>(end - begin));
    for (int64_t group = 0; group < window.groups; ++group)
      window.gather(input, group, position,
                    chunk.row(chunkRows) + group * depth);
    if (++chunkRows == maxChunkRows)
      flush();
  }
}

void MomentsAccumulator::flush() {
  int64_t depth = window.getDepth();
  count += chunkRows;
  for (int64_t group = 0; group < window.groups; ++group) {
    int64_t at = group * depth;
    for (int64_t row = 0; row < chunkRows; ++row)
      for (int64_t k = 0; k < depth; ++k)
        sums[group][k] += chunk(row, at + k);
    for (Matrix &block : products[group]) {
      addGram(chunk.row(0) + at, chunk.columns, block.row(0), block.columns,
              chunkRows, block.rows);
      at += block.rows;
    }
  }
  chunkRows = 0;
}

std::vector<Moments> MomentsAccumulator::finish() {
  flush();
  std::vector<Moments> moments(window.groups);
  double total = std::max(count, 1.0);
  for (int64_t group = 0; group < window.groups; ++group) {
    Moments &own = moments[group];
    own.count = count;
    own.mean = sums[group];
    for (double &mean : own.mean)
      mean /= total;
    own.blocks = products[group];
    for (Matrix &block : own.blocks) {
      mirrorUpperTriangle(block);
      for (double &product : block.values)
        product /= total;
    }
  }
  return moments;
}

Matrix Moments::getBlock(size_t index, bool centered) const {
  Matrix block = blocks[index];
  if (!centered)
    return block;
  int64_t begin = 0;
  for (size_t i = 0; i < index; ++i)
    begin += blocks[i].rows;
  for (int64_t i = 0; i < block.rows; ++i)
    for (int64_t j = 0; j < block.rows; ++j)
      block(i, j) -= mean[begin + i] * mean[begin + j];
  return block;
}

void qopt::rounding::retarget(Matrix &weights, const CrossMoments &moments,
                              double damping) {
  int64_t depth = weights.columns;
  // transpose(C - H) = E[y x'] - E[y y'], centered.
  Matrix difference(depth, depth), normal = moments.quantized;
  const std::vector<double> &x = moments.floatMean, &y = moments.quantizedMean;
  double trace = 0;
  for (int64_t i = 0; i < depth; ++i)
    for (int64_t j = 0; j < depth; ++j) {
      normal(i, j) -= y[i] * y[j];
      difference(i, j) = moments.cross(i, j) - x[i] * y[j] - normal(i, j);
      trace += i == j ? normal(i, j) : 0;
    }
  for (int64_t i = 0; i < depth; ++i)
    normal(i, i) += damping * trace / static_cast<double>(depth);
  Matrix change(weights.rows, depth);
  for (int64_t r = 0; r < weights.rows; ++r)
    for (int64_t i = 0; i < depth; ++i)
      for (int64_t j = 0; j < depth; ++j)
        change(r, j) += weights(r, i) * difference(i, j);
  if (!factorize(normal))
    return;
  solveRows(normal, change);
  for (size_t i = 0; i < weights.values.size(); ++i)
    weights.values[i] += change.values[i];
}
