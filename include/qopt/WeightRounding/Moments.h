// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a linear layer's inputs look like on calibration data: the mean and the
// second moments of the numbers that are multiplied with one row of weights
// (the window of a convolution, the input of a fully connected layer). With
// these the squared error of the layer's result is a quadratic form of the
// error of the weights:
//
//   E |(w + e) x + b + d - (w x + b)|^2 = e H e' + 2 d e m + d^2
//
// where m = E[x], H = E[x x']; with the best d, -e m, it is e (H - m m') e'.
//
// Memory is the moments and one chunk of windows, however many samples there
// are.

#ifndef QOPT_WEIGHTROUNDING_MOMENTS_H
#define QOPT_WEIGHTROUNDING_MOMENTS_H

#include "qopt/WeightRounding/LinearAlgebra.h"

#include <cstdint>
#include <string>
#include <vector>

namespace qopt::rounding {

/// How a linear layer walks over its NHWC input. A fully connected layer is a
/// convolution of a 1x1 image with as many samples as the input has rows; a
/// depthwise one has as many groups as channels.
struct Window {
  int64_t height = 1, width = 1, channels = 1; // of the input
  int64_t resultHeight = 1, resultWidth = 1;
  int64_t kernelHeight = 1, kernelWidth = 1;
  int64_t strideHeight = 1, strideWidth = 1;
  int64_t dilationHeight = 1, dilationWidth = 1;
  int64_t top = 0, left = 0; // padding
  int64_t groups = 1;
  /// The input is spread by the strides before it is convolved.
  bool transposed = false;

  int64_t getGroupChannels() const { return channels / groups; }
  /// The weights in one row, in the order kernel row, kernel column, channel.
  int64_t getDepth() const {
    return kernelHeight * kernelWidth * getGroupChannels();
  }
  int64_t getNumPositions() const { return resultHeight * resultWidth; }
  int64_t getNumInputs() const { return height * width * channels; }

  /// Writes the numbers that row `group` of weights meets at one position of
  /// the result.
  void gather(const float *input, int64_t group, int64_t position,
              double *values) const;
};

/// Of one group of a layer.
struct Moments {
  double count = 0;
  std::vector<double> mean;
  /// Blocks on the diagonal of E[x x'], each starting where the last ended. One
  /// block unless the layer is very deep; moments between blocks are not known
  /// and taken for the product of the means.
  std::vector<Matrix> blocks;

  int64_t getDepth() const { return static_cast<int64_t>(mean.size()); }
  /// A block of H, or of H - m m' where `centered`.
  Matrix getBlock(size_t index, bool centered) const;
};

struct MomentsOptions {
  /// Windows taken of one sample; more are picked at random, evenly spread.
  int64_t positionsPerSample = 4096;
  /// The largest block; 1536 takes 19 MB.
  int64_t maxBlock = 1536;
  uint64_t seed = 1;
};

/// Gathers the moments of one layer.
class MomentsAccumulator {
public:
  MomentsAccumulator(const Window &window, const MomentsOptions &options = {});

  /// Adds a sample, `window.getNumInputs()` numbers.
  void add(const float *input);

  /// The moments of what was added so far, a group each.
  std::vector<Moments> finish();

private:
  void flush();

  Window window;
  MomentsOptions options;
  uint64_t random;
  /// Windows not yet in the sums, all groups of a position side by side.
  Matrix chunk;
  int64_t chunkRows = 0;
  double count = 0;
  std::vector<std::vector<double>> sums;
  std::vector<std::vector<Matrix>> products;
};

/// What is known of a linear layer.
struct LayerMoments {
  /// The layer's name: that of the tensor it makes.
  std::string name;
  /// A group each, of the layer's input in the float graph.
  std::vector<Moments> groups;
  /// The mean of each channel of the float layer's result, before its
  /// activation.
  std::vector<double> resultMeans;
};

/// Layers as bytes: a line of text that says what it is, then for each layer a
/// line with its sizes and its name, and its numbers as little-endian doubles.
std::string printMoments(const std::vector<LayerMoments> &layers);

/// Reads what printMoments wrote. The bytes are not trusted: false if they are
/// anything else, with a sentence that says what and where.
bool parseMoments(const std::string &bytes, std::vector<LayerMoments> &layers,
                  std::string &error);

/// Moments of a layer's input in the float graph (x) and in the quantized one
/// (y) together: what is needed to make up for the errors of earlier layers.
struct CrossMoments {
  double count = 0;
  std::vector<double> floatMean, quantizedMean;
  Matrix cross;     // E[x y']
  Matrix quantized; // E[y y']
};

/// The weights that come closest, in the mean over the data, to the float
/// layer's result on the quantized layer's input, pulled towards the given ones
/// by `damping` times the mean second moment:
///
///   w + w (C - H) (H + damping * mean(diag H) * 1)^-1
///
/// with centered C = E[x y'], H = E[y y'].
void retarget(Matrix &weights, const CrossMoments &moments, double damping);

} // namespace qopt::rounding

#endif // QOPT_WEIGHTROUNDING_MOMENTS_H
