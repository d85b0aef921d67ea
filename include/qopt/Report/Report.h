// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a quantization did to a model, as plain data: filled in by whoever
// measured it, written as a page, as JSON or as a table (see Writers.h).

#ifndef QOPT_REPORT_REPORT_H
#define QOPT_REPORT_REPORT_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace qopt::report {

/// Signal to quantization noise in decibel, 10 log10(sum y^2 / sum (y - q)^2);
/// infinite where nothing differs, absent where it was not measured.
using SQNR = std::optional<double>;

struct Range {
  double low = 0, high = 0;
};

/// Counts of equally wide bins from `range.low` to `range.high`.
struct Histogram {
  Range range;
  std::vector<uint64_t> counts;
};

/// An activation: what was seen, and the range that was chosen for its
/// integers.
struct Activation {
  std::string name;
  Range observed, chosen;
  double scale = 0;
  int64_t zeroPoint = 0;
  /// `i8`, `u8`, `i16`.
  std::string storage;
  /// The share of the observed values outside the chosen range.
  double clipped = 0;
  /// May be empty.
  Histogram histogram;
};

/// The weights of a layer.
struct Weights {
  /// `i8`, `i4`.
  std::string storage;
  bool isPerChannel = false;
  /// Of the model's own weights and of those that were quantized, a range per
  /// output channel; they differ by what happened in between (folded batch
  /// norms, equalization). `before` may be empty.
  std::vector<Range> before, after;
  uint64_t floatBytes = 0, quantizedBytes = 0;
};

/// One op of the float graph that computes.
struct Layer {
  /// Of the tensor that it makes.
  std::string name;
  /// `conv_2d`.
  std::string kind;
  /// Whether it became an op on integers; otherwise `reason` says why not.
  bool isInteger = true;
  std::string reason;
  /// Only this layer quantized, error of its own result.
  SQNR alone;
  /// All layers up to this one quantized: simulated in float, and the integer
  /// graph.
  SQNR cumulative, integer;
  std::optional<Activation> activation;
  std::optional<Weights> weights;
};

/// An output of the model.
struct Output {
  std::string name;
  SQNR simulation, integer;
  /// Stored values of the integer graph that differ from the simulation's.
  uint64_t differing = 0, total = 0;
};

struct Report {
  std::string model;
  /// `int8`, and the name of the target profile.
  std::string scheme, profile;
  std::string version;
  uint64_t samples = 0;
  std::vector<Activation> inputs;
  std::vector<Layer> layers;
  std::vector<Output> outputs;
  /// Bytes of all constants, and of the arena of the compiled model (0: not
  /// known).
  uint64_t floatConstants = 0, quantizedConstants = 0;
  uint64_t floatArena = 0, quantizedArena = 0;
};

/// The layers by what they lose alone, most first; those that were not measured
/// come last, in their order.
std::vector<const Layer *> sortBySensitivity(const Report &report);

} // namespace qopt::report

#endif // QOPT_REPORT_REPORT_H
