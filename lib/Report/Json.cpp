// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The report as JSON.

#include "qopt/Report/Writers.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>

using namespace llvm;
using namespace qopt::report;

/// Raised when a reader would misunderstand the new form.
static constexpr int64_t formatVersion = 1;

/// JSON has no infinities.
static json::Value toJSON(double value) {
  if (std::isinf(value))
    return value > 0 ? "inf" : "-inf";
  if (std::isnan(value))
    return nullptr;
  return value;
}

static json::Value toJSON(const SQNR &sqnr) {
  return sqnr ? toJSON(*sqnr) : json::Value(nullptr);
}

static json::Value toJSON(const Range &range) {
  return json::Array{toJSON(range.low), toJSON(range.high)};
}

static json::Value toJSON(ArrayRef<Range> ranges) {
  json::Array array;
  for (const Range &range : ranges)
    array.push_back(toJSON(range));
  return array;
}

/// Names come from files and may be any bytes.
static json::Value text(StringRef value) {
  return json::isUTF8(value) ? value.str() : json::fixUTF8(value);
}

static json::Value toJSON(const Activation &activation) {
  json::Object object{{"name", text(activation.name)},
                      {"observed", toJSON(activation.observed)},
                      {"chosen", toJSON(activation.chosen)},
                      {"scale", toJSON(activation.scale)},
                      {"zero_point", activation.zeroPoint},
                      {"storage", activation.storage},
                      {"clipped", toJSON(activation.clipped)}};
  if (!activation.histogram.counts.empty())
    object["histogram"] =
        json::Object{{"range", toJSON(activation.histogram.range)},
                     {"counts", json::Array(activation.histogram.counts)}};
  return object;
}

static json::Value toJSON(const Weights &weights) {
  return json::Object{{"storage", weights.storage},
                      {"per_channel", weights.isPerChannel},
                      {"ranges_before", toJSON(ArrayRef(weights.before))},
                      {"ranges_after", toJSON(ArrayRef(weights.after))},
                      {"float_bytes", weights.floatBytes},
                      {"quantized_bytes", weights.quantizedBytes}};
}

static json::Value toJSON(const Layer &layer) {
  json::Object object{{"name", text(layer.name)},
                      {"kind", layer.kind},
                      {"integer", layer.isInteger},
                      {"sqnr_alone", toJSON(layer.alone)},
                      {"sqnr_cumulative", toJSON(layer.cumulative)},
                      {"sqnr_integer", toJSON(layer.integer)}};
  if (!layer.reason.empty())
    object["reason"] = text(layer.reason);
  if (layer.activation)
    object["activation"] = toJSON(*layer.activation);
  if (layer.weights)
    object["weights"] = toJSON(*layer.weights);
  return object;
}

static json::Value toJSON(const Output &output) {
  return json::Object{{"name", text(output.name)},
                      {"sqnr_simulation", toJSON(output.simulation)},
                      {"sqnr_integer", toJSON(output.integer)},
                      {"differing", output.differing},
                      {"total", output.total}};
}

template <typename T>
static json::Array list(ArrayRef<T> values) {
  json::Array array;
  for (const T &value : values)
    array.push_back(toJSON(value));
  return array;
}

void qopt::report::writeJSON(const Report &report, raw_ostream &out) {
  json::Array sensitive;
  for (const Layer *layer : sortBySensitivity(report))
    if (layer->alone)
      sensitive.push_back(text(layer->name));
  json::Value root = json::Object{
      {"format", formatVersion},
      {"model", text(report.model)},
      {"scheme", report.scheme},
      {"profile", text(report.profile)},
      {"version", report.version},
      {"samples", report.samples},
      {"inputs", list(ArrayRef(report.inputs))},
      {"layers", list(ArrayRef(report.layers))},
      {"most_sensitive", std::move(sensitive)},
      {"outputs", list(ArrayRef(report.outputs))},
      {"bytes", json::Object{{"float_constants", report.floatConstants},
                             {"quantized_constants", report.quantizedConstants},
                             {"float_arena", report.floatArena},
                             {"quantized_arena", report.quantizedArena}}}};
  out << formatv("{0:2}\n", root);
}
