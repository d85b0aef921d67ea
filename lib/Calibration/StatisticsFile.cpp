// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The file format, in the order in which it is written:
//
//   { "format": "qopt.statistics", "version": 1,
//     "model": { "sha256": "…" }, "samples": N,
//     "tensors": [ { "name": "…", "samples": N, "elements": N, "nan": N,
//       "infinite": N, "min": x, "max": x,            (null: nothing finite)
//       "moving_average": { "samples": N, "sum_of_min": "0x1p-3",
//                           "sum_of_max": "0x1cp+0" },
//       "histogram": { "log2_bin_width": k, "first_bin": i, "counts": [ … ] },
//       "channels": { "min": [ … ], "max": [ … ], "sum": [ "0x…", … ] } } ] }
//
// Sums are exact, as hexadecimal floats; "counts" begins and ends with bins
// that are not empty.

#include "qopt/Calibration/Statistics.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"

#include <cmath>

using namespace llvm;
using namespace qopt::calibration;

static constexpr StringLiteral formatName = "qopt.statistics";
/// No model that fits this machine has more of anything.
static constexpr int64_t maxCount = int64_t(1) << 62;

/// As in the file, for messages.
static std::string print(double number) {
  std::string text;
  raw_string_ostream(text) << json::Value(number);
  return text;
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

static json::Value toJSON(const Extent &extent, float value) {
  return extent.isEmpty() ? json::Value(nullptr) : json::Value(value);
}

static void writeHistogram(const Histogram &histogram, json::OStream &out) {
  int64_t first = -Histogram::binsPerSide, end = Histogram::binsPerSide;
  while (first < end && histogram.getCount(first) == 0)
    ++first;
  while (end > first && histogram.getCount(end - 1) == 0)
    --end;
  out.attribute("log2_bin_width", histogram.getExponent());
  out.attribute("first_bin", first == end ? 0 : first);
  out.attributeBegin("counts");
  std::string text = "[";
  for (int64_t bin = first; bin < end; ++bin) {
    if (bin != first)
      text += ',';
    text += std::to_string(histogram.getCount(bin));
  }
  out.rawValue(text + "]");
  out.attributeEnd();
}

static void writeChannels(ArrayRef<ChannelStatistics> channels,
                          json::OStream &out) {
  // On one line each: there are many.
  auto list = [&](StringRef key,
                  function_ref<json::Value(const ChannelStatistics &)> get) {
    json::Array values;
    for (const ChannelStatistics &channel : channels)
      values.push_back(get(channel));
    out.attributeBegin(key);
    std::string text;
    raw_string_ostream(text) << json::Value(std::move(values));
    out.rawValue(text);
    out.attributeEnd();
  };
  list("min", [](const ChannelStatistics &channel) {
    return toJSON(channel.extent, channel.extent.min);
  });
  list("max", [](const ChannelStatistics &channel) {
    return toJSON(channel.extent, channel.extent.max);
  });
  list("sum", [](const ChannelStatistics &channel) {
    return json::Value(channel.sum.print());
  });
}

static void writeTensor(const TensorStatistics &tensor, json::OStream &out) {
  out.attribute("name", json::fixUTF8(tensor.name));
  out.attribute("samples", tensor.numSamples);
  out.attribute("elements", tensor.numElements);
  out.attribute("nan", tensor.numNaNs);
  out.attribute("infinite", tensor.numInfinities);
  out.attribute("min", toJSON(tensor.extent, tensor.extent.min));
  out.attribute("max", toJSON(tensor.extent, tensor.extent.max));
  out.attributeObject("moving_average", [&] {
    out.attribute("samples", tensor.numExtents);
    out.attribute("sum_of_min", tensor.sumOfMins.print());
    out.attribute("sum_of_max", tensor.sumOfMaxs.print());
  });
  out.attributeObject("histogram",
                      [&] { writeHistogram(tensor.histogram, out); });
  if (!tensor.channels.empty())
    out.attributeObject("channels",
                        [&] { writeChannels(tensor.channels, out); });
}

void qopt::calibration::writeStatistics(const Statistics &statistics,
                                        raw_ostream &stream) {
  json::OStream out(stream, /*IndentSize=*/1);
  out.object([&] {
    out.attribute("format", formatName);
    out.attribute("version", Statistics::version);
    out.attributeObject(
        "model", [&] { out.attribute("sha256", statistics.fingerprint); });
    out.attribute("samples", statistics.numSamples);
    out.attributeArray("tensors", [&] {
      for (const TensorStatistics &tensor : statistics.tensors)
        out.object([&] { writeTensor(tensor, out); });
    });
  });
  stream << "\n";
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

namespace {
/// Reads the members of one object; the first failure is kept and everything
/// after it is harmless.
class Reader {
public:
  Reader(const json::Object &object, std::string where, std::string &failure)
      : object(object), where(std::move(where)), failure(failure) {}

  bool failed() const { return !failure.empty(); }
  void fail(const Twine &message) {
    if (failure.empty())
      failure = (where + ": " + message).str();
  }

  const json::Value *get(StringRef key) {
    const json::Value *value = object.get(key);
    if (!value)
      fail("no '" + key + "'");
    return value;
  }

  uint64_t count(StringRef key) { return integer(key, 0, maxCount); }

  int64_t integer(StringRef key, int64_t min, int64_t max) {
    const json::Value *value = get(key);
    if (!value)
      return min;
    std::optional<int64_t> number = value->getAsInteger();
    if (!number || *number < min || *number > max) {
      expected(key, *value,
               formatv("an integer in [{0}, {1}]", min, max).str());
      return min;
    }
    return *number;
  }

  std::string string(StringRef key) {
    const json::Value *value = get(key);
    if (!value)
      return "";
    if (std::optional<StringRef> text = value->getAsString())
      return text->str();
    expected(key, *value, "a string");
    return "";
  }

  const json::Array *array(StringRef key, size_t maxSize) {
    const json::Value *value = get(key);
    if (!value)
      return nullptr;
    const json::Array *list = value->getAsArray();
    if (list && list->size() <= maxSize)
      return list;
    if (list)
      fail("'" + key + "' has " + Twine(list->size()) +
           " entries, expected at most " + Twine(maxSize));
    else
      expected(key, *value, "a list");
    return nullptr;
  }

  const json::Object *child(StringRef key) {
    const json::Value *value = get(key);
    if (!value)
      return nullptr;
    if (const json::Object *members = value->getAsObject())
      return members;
    expected(key, *value, "an object");
    return nullptr;
  }

  ExactSum sum(StringRef key, const json::Value &value) {
    ExactSum result;
    std::optional<StringRef> text = value.getAsString();
    if (!text || !ExactSum::parse(*text, result))
      expected(key, value,
               "a hexadecimal float with an odd mantissa, as '0x1bp-3'");
    return result;
  }
  ExactSum sum(StringRef key) {
    const json::Value *value = get(key);
    return value ? sum(key, *value) : ExactSum();
  }

  Extent extent(const json::Value *min, const json::Value *max) {
    Extent result;
    if (!min || !max || (min->getAsNull() && max->getAsNull()))
      return result;
    auto read = [&](StringRef key, const json::Value &value) -> float {
      std::optional<double> number = value.getAsNumber();
      if (number && std::isfinite(*number) &&
          std::fabs(*number) <= std::numeric_limits<float>::max() &&
          static_cast<double>(static_cast<float>(*number)) == *number)
        return static_cast<float>(*number);
      expected(key, value, "a float32 number");
      return 0;
    };
    result.min = read("min", *min) + 0.0f;
    result.max = read("max", *max) + 0.0f;
    if (result.isEmpty())
      fail(formatv("'min' is {0}, which is above 'max', {1}", print(result.min),
                   print(result.max))
               .str());
    return result;
  }

  void expected(StringRef key, const json::Value &value, StringRef what) {
    std::string text;
    raw_string_ostream(text) << value;
    if (text.size() > 40)
      text = text.substr(0, 40) + "...";
    fail("'" + key + "' is " + text + ", expected " + what);
  }

private:
  const json::Object &object;
  std::string where;
  std::string &failure;
};
} // namespace

static void readHistogram(Reader reader, TensorStatistics &tensor) {
  Histogram &histogram = tensor.histogram;
  // At 2^117 the greatest float32 has a bin.
  int64_t exponent =
      reader.integer("log2_bin_width", Histogram::leastExponent, 117);
  int64_t first = reader.integer("first_bin", -Histogram::binsPerSide,
                                 Histogram::binsPerSide - 1);
  const json::Array *counts =
      reader.array("counts", Histogram::binsPerSide - first);
  if (reader.failed())
    return;
  histogram.setExponent(exponent);
  uint64_t total = 0;
  int64_t lowest = 0, highest = 0;
  for (auto [index, value] : enumerate(*counts)) {
    std::optional<int64_t> count = value.getAsInteger();
    if (!count || *count < 0 || *count > maxCount - int64_t(total))
      return reader.expected("counts", value, "an integer of 0 or more");
    total += *count;
    histogram.setCount(first + index, *count);
    if (*count && total == uint64_t(*count))
      lowest = first + index;
    if (*count)
      highest = first + index;
  }
  uint64_t numFinite =
      tensor.numElements - tensor.numNaNs - tensor.numInfinities;
  if (total != numFinite)
    return reader.fail(formatv("'counts' add up to {0}, expected {1}, the "
                               "number of finite elements",
                               total, numFinite)
                           .str());
  if (tensor.extent.isEmpty() != (total == 0))
    return reader.fail("'counts' and 'min' and 'max' do not agree on whether "
                       "there are finite elements");
  if (total == 0)
    return;
  // The extent decides the width of bins and which are the outermost.
  Histogram smallest;
  smallest.growToHold(tensor.extent.min, tensor.extent.max);
  if (smallest.getExponent() != exponent)
    return reader.fail(formatv("'log2_bin_width' is {0}, expected {1} for "
                               "numbers in [{2}, {3}]",
                               exponent, smallest.getExponent(),
                               print(tensor.extent.min),
                               print(tensor.extent.max))
                           .str());
  for (auto [bin, value] : {std::make_pair(lowest, tensor.extent.min),
                            std::make_pair(highest, tensor.extent.max)})
    if (std::floor(std::ldexp(double(value), -exponent)) != double(bin))
      return reader.fail(formatv("bin {0} is an outermost one, but {1} is not "
                                 "in it",
                                 bin, print(value))
                             .str());
}

static void readChannels(Reader reader, TensorStatistics &tensor) {
  const json::Array *lists[3];
  StringRef keys[3] = {"min", "max", "sum"};
  for (auto [key, list] : zip(keys, lists))
    list = reader.array(key, TensorStatistics::maxChannels);
  if (reader.failed())
    return;
  if (lists[0]->empty() || lists[0]->size() != lists[1]->size() ||
      lists[0]->size() != lists[2]->size())
    return reader.fail(formatv("'min', 'max' and 'sum' have {0}, {1} and {2} "
                               "entries, expected as many of each",
                               lists[0]->size(), lists[1]->size(),
                               lists[2]->size())
                           .str());
  for (size_t i = 0; i < lists[0]->size(); ++i) {
    ChannelStatistics &channel = tensor.channels.emplace_back();
    channel.extent = reader.extent(&(*lists[0])[i], &(*lists[1])[i]);
    channel.sum = reader.sum("sum", (*lists[2])[i]);
  }
}

static void readTensor(const json::Object &object, StringRef file,
                       TensorStatistics &tensor, std::string &failure) {
  Reader nameless(object, ("'" + file + "'").str(), failure);
  tensor.name = nameless.string("name");
  std::string where = ("'" + file + "': tensor '" + tensor.name + "'").str();
  Reader reader(object, where, failure);
  tensor.numSamples = reader.count("samples");
  tensor.numElements = reader.count("elements");
  tensor.numNaNs = reader.count("nan");
  tensor.numInfinities = reader.count("infinite");
  tensor.extent = reader.extent(reader.get("min"), reader.get("max"));
  if (!reader.failed() &&
      tensor.numNaNs + tensor.numInfinities > tensor.numElements)
    reader.fail(formatv("{0} NaNs and {1} infinities among {2} elements",
                        tensor.numNaNs, tensor.numInfinities,
                        tensor.numElements)
                    .str());
  if (const json::Object *average = reader.child("moving_average")) {
    Reader inner(*average, where + ": moving_average", failure);
    tensor.numExtents = inner.integer("samples", 0, tensor.numSamples);
    tensor.sumOfMins = inner.sum("sum_of_min");
    tensor.sumOfMaxs = inner.sum("sum_of_max");
    if (!inner.failed() && (tensor.numExtents == 0) != tensor.extent.isEmpty())
      inner.fail(formatv("'samples' is {0}, which does not agree with 'min'",
                         tensor.numExtents)
                     .str());
    // Rounded sums may miss the bounds by rounding only.
    double n = tensor.numExtents, slack = 1 + 1e-9;
    double low = n * tensor.extent.min, high = n * tensor.extent.max;
    if (!inner.failed() && n &&
        (tensor.sumOfMins.toDouble() < low - std::fabs(low) * (slack - 1) ||
         tensor.sumOfMaxs.toDouble() > high + std::fabs(high) * (slack - 1) ||
         tensor.sumOfMins.toDouble() > tensor.sumOfMaxs.toDouble()))
      inner.fail("the sums do not lie between 'min' and 'max'");
  }
  if (const json::Object *histogram = reader.child("histogram");
      histogram && !reader.failed())
    readHistogram(Reader(*histogram, where + ": histogram", failure), tensor);
  if (object.get("channels"))
    if (const json::Object *channels = reader.child("channels"))
      readChannels(Reader(*channels, where + ": channels", failure), tensor);
}

Expected<Statistics> qopt::calibration::parseStatistics(StringRef text,
                                                        StringRef file) {
  Expected<json::Value> value = json::parse(text);
  if (!value)
    return createStringError("'" + file + "' is damaged or no statistics: " +
                             toString(value.takeError()));
  std::string failure;
  const json::Object *root = value->getAsObject();
  if (!root || root->getString("format") != formatName)
    return createStringError("'" + file +
                             "' is no file of statistics: expected "
                             "\"format\": \"" +
                             formatName + "\"");
  Reader reader(*root, ("'" + file + "'").str(), failure);
  int64_t found = reader.integer("version", 0, maxCount);
  if (failure.empty() && found != Statistics::version)
    reader.fail(formatv("'version' is {0}, expected {1}; calibrate again",
                        found, Statistics::version)
                    .str());
  Statistics statistics;
  if (const json::Object *model = reader.child("model")) {
    Reader inner(*model, ("'" + file + "': model").str(), failure);
    statistics.fingerprint = inner.string("sha256");
    if (!inner.failed() && statistics.fingerprint.size() != 64)
      inner.fail("'sha256' has " + Twine(statistics.fingerprint.size()) +
                 " digits, expected 64");
  }
  statistics.numSamples = reader.count("samples");
  StringSet<> names;
  if (const json::Array *list = reader.array("tensors", 1 << 24))
    for (const json::Value &entry : *list) {
      const json::Object *object = entry.getAsObject();
      if (!object) {
        reader.expected("tensors", entry, "objects");
        break;
      }
      TensorStatistics &tensor = statistics.tensors.emplace_back();
      readTensor(*object, file, tensor, failure);
      if (failure.empty() && !names.insert(tensor.name).second)
        reader.fail("two tensors are called '" + tensor.name + "'");
      if (!failure.empty())
        break;
    }
  if (!failure.empty())
    return createStringError(failure);
  return std::move(statistics);
}

Expected<Statistics> qopt::calibration::loadStatistics(StringRef path) {
  auto buffer = MemoryBuffer::getFileOrSTDIN(path, /*IsText=*/true);
  if (!buffer)
    return createStringError(buffer.getError(),
                             "cannot read '" + path +
                                 "': " + buffer.getError().message());
  return parseStatistics((*buffer)->getBuffer(), path);
}
