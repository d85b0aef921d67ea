// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Merging and writing.

#include "qopt/Calibration/Statistics.h"

#include "llvm/Support/JSON.h"

using namespace llvm;
using namespace qopt::calibration;

Error Statistics::merge(const Statistics &other, StringRef otherName) {
  if (model.empty() && tensors.empty()) {
    *this = other;
    return Error::success();
  }
  if (model != other.model)
    return createStringError(
        "'" + otherName + "' holds statistics of another model (" +
        StringRef(other.model).take_front(12) + ", expected " +
        StringRef(model).take_front(12) +
        "); shards are merged that one model, prepared with the same options, "
        "was observed for");
  if (tensors.size() != other.tensors.size())
    return createStringError("'" + otherName + "' has " +
                             Twine(other.tensors.size()) +
                             " tensors, expected " + Twine(tensors.size()));
  for (auto &[name, tensor] : tensors) {
    auto found = other.tensors.find(name);
    if (found == other.tensors.end())
      return createStringError("'" + otherName + "' has no tensor '" + name +
                               "'");
    if (tensor.samples && found->second.samples &&
        tensor.channels.size() != found->second.channels.size())
      return createStringError("'" + otherName + "' has " +
                               Twine(found->second.channels.size()) +
                               " channels of tensor '" + name + "', expected " +
                               Twine(tensor.channels.size()));
  }
  for (auto &[name, tensor] : tensors)
    tensor.merge(other.tensors.find(name)->second);
  return Error::success();
}

uint64_t Statistics::getSampleCount() const {
  return tensors.empty() ? 0 : tensors.begin()->second.samples;
}

/// Only the bins between the first and the last that is not empty.
static void writeHistogram(json::OStream &out, const Histogram &histogram) {
  ArrayRef<uint64_t> counts = histogram.getCounts();
  auto isFilled = [](uint64_t count) { return count != 0; };
  auto first = find_if(counts, isFilled);
  auto last = first;
  for (auto it = first; it != counts.end(); ++it)
    if (*it)
      last = it + 1;
  out.attribute("exponent", histogram.getExponent());
  out.attribute("first", first == counts.end()
                             ? 0
                             : first - counts.begin() - Histogram::sideBins);
  out.attributeArray("counts", [&] {
    for (auto it = first; it != last; ++it)
      out.value(static_cast<int64_t>(*it));
  });
}

static void writeTensor(json::OStream &out, const TensorStatistics &tensor) {
  auto number = [&](StringRef name, uint64_t value) {
    out.attribute(name, static_cast<int64_t>(value));
  };
  number("samples", tensor.samples);
  number("elements", tensor.elements);
  number("zeros", tensor.zeros);
  number("nans", tensor.nans);
  number("infinities", tensor.infinities);
  out.attribute("min", tensor.min);
  out.attribute("max", tensor.max);
  out.attribute("sum_of_minima", tensor.sumOfMinima.toString());
  out.attribute("sum_of_maxima", tensor.sumOfMaxima.toString());
  out.attributeObject("histogram",
                      [&] { writeHistogram(out, tensor.histogram); });
  out.attributeArray("channels", [&] {
    for (const ChannelStatistics &channel : tensor.channels)
      out.array([&] {
        out.value(channel.min);
        out.value(channel.max);
        out.value(channel.sum.toString());
      });
  });
}

void qopt::calibration::write(const Statistics &statistics, raw_ostream &os) {
  json::OStream out(os);
  out.object([&] {
    out.attribute("format", "qopt statistics");
    out.attribute("version", Statistics::version);
    out.attribute("model", statistics.model);
    out.attributeObject("tensors", [&] {
      for (const auto &[name, tensor] : statistics.tensors)
        out.attributeObject(
            name, [&, &tensor = tensor] { writeTensor(out, tensor); });
    });
  });
  os << "\n";
}
