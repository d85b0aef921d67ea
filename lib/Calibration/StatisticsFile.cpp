// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads the file. Everything in it is checked before it is used: counts that do
// not add up, exponents and bins out of range, numbers that are not finite.

#include "qopt/Calibration/Statistics.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"

#include <cmath>

using namespace llvm;
using namespace qopt::calibration;

namespace {
/// Reads members of one object; the first failure is kept.
class Reader {
public:
  Reader(const json::Object &object, std::string where)
      : object(object), where(std::move(where)) {}

  /// A count.
  uint64_t count(StringRef name) {
    std::optional<int64_t> value = object.getInteger(name);
    if (!value || *value < 0)
      return fail(name, "a count"), 0;
    return *value;
  }
  int64_t integer(StringRef name, int64_t least, int64_t most) {
    std::optional<int64_t> value = object.getInteger(name);
    if (!value || *value < least || *value > most)
      return fail(name,
                  "an integer in [" + Twine(least) + ", " + Twine(most) + "]"),
             least;
    return *value;
  }
  float number(StringRef name) {
    const json::Value *value = object.get(name);
    std::optional<float> found = value ? toFloat(*value) : std::nullopt;
    if (!found)
      fail(name, "a finite float32 number");
    return found.value_or(0);
  }
  ExactSum sum(StringRef name) {
    std::optional<StringRef> text = object.getString(name);
    std::optional<ExactSum> found =
        text ? ExactSum::parse(*text) : std::nullopt;
    if (!found)
      fail(name, "96 hexadecimal digits");
    return found.value_or(ExactSum());
  }
  const json::Array &array(StringRef name, size_t most) {
    static const json::Array empty;
    const json::Array *found = object.getArray(name);
    if (found && found->size() <= most)
      return *found;
    fail(name, "an array of at most " + Twine(most) + " elements");
    return empty;
  }
  static std::optional<float> toFloat(const json::Value &value) {
    std::optional<double> number = value.getAsNumber();
    if (!number || !std::isfinite(static_cast<float>(*number)) ||
        static_cast<float>(*number) != *number)
      return std::nullopt;
    return static_cast<float>(*number);
  }
  void fail(StringRef name, const Twine &expected) {
    if (!message.empty())
      return;
    const json::Value *value = object.get(name);
    std::string found;
    if (value)
      raw_string_ostream(found) << *value;
    if (found.size() > 60)
      found = found.substr(0, 60) + "...";
    message =
        (where + ": '" + name + "' is " +
         (value ? found : std::string("missing")) + ", expected " + expected)
            .str();
  }
  Error takeError() {
    return message.empty() ? Error::success() : createStringError(message);
  }
  bool failed() const { return !message.empty(); }
  const std::string &getPlace() const { return where; }

private:
  const json::Object &object;
  std::string where, message;
};
} // namespace

static Expected<Histogram> readHistogram(const json::Object &object,
                                         const std::string &where,
                                         uint64_t elements) {
  Reader reader(object, where);
  constexpr int64_t side = Histogram::sideBins;
  auto exponent = static_cast<int>(reader.integer(
      "exponent", Histogram::minExponent, Histogram::maxExponent));
  int64_t first = reader.integer("first", -side, side - 1);
  const json::Array &counts = reader.array("counts", side - first);
  std::vector<uint64_t> bins(2 * side, 0);
  uint64_t total = 0;
  for (auto [i, value] : enumerate(counts)) {
    std::optional<int64_t> count = value.getAsInteger();
    if (!count || *count < 0 || static_cast<uint64_t>(*count) > elements) {
      reader.fail("counts", "counts of at most " + Twine(elements));
      break;
    }
    bins[first + side + i] = *count;
    total += *count;
  }
  if (Error error = reader.takeError())
    return std::move(error);
  if (total != elements)
    return createStringError(where + ": the bins hold " + Twine(total) +
                             " elements, expected " + Twine(elements));
  return Histogram(exponent, std::move(bins));
}

static Expected<TensorStatistics> readTensor(const json::Object &object,
                                             const std::string &where) {
  Reader reader(object, where);
  TensorStatistics tensor;
  tensor.samples = reader.count("samples");
  tensor.elements = reader.count("elements");
  tensor.zeros = reader.count("zeros");
  tensor.nans = reader.count("nans");
  tensor.infinities = reader.count("infinities");
  tensor.min = reader.number("min");
  tensor.max = reader.number("max");
  tensor.sumOfMinima = reader.sum("sum_of_minima");
  tensor.sumOfMaxima = reader.sum("sum_of_maxima");
  for (const json::Value &value :
       reader.array("channels", TensorStatistics::maxChannels)) {
    const json::Array *parts = value.getAsArray();
    std::optional<float> min, max;
    std::optional<ExactSum> sum;
    if (parts && parts->size() == 3) {
      min = Reader::toFloat((*parts)[0]);
      max = Reader::toFloat((*parts)[1]);
      if (std::optional<StringRef> text = (*parts)[2].getAsString())
        sum = ExactSum::parse(*text);
    }
    if (!min || !max || !sum) {
      reader.fail("channels", "a minimum, a maximum and a sum of each");
      break;
    }
    tensor.channels.push_back({*min, *max, *sum});
  }
  if (tensor.min > tensor.max)
    reader.fail("min", "at most the maximum");
  if (tensor.zeros > tensor.elements)
    reader.fail("zeros", "at most 'elements'");
  if (Error error = reader.takeError())
    return std::move(error);
  const json::Object *histogram = object.getObject("histogram");
  if (!histogram)
    return createStringError(where + ": there is no object 'histogram'");
  Expected<Histogram> bins =
      readHistogram(*histogram, where + ", histogram", tensor.elements);
  if (!bins)
    return bins.takeError();
  tensor.histogram = std::move(*bins);
  return tensor;
}

Expected<Statistics> qopt::calibration::parse(StringRef text, StringRef path) {
  std::string file = ("'" + path + "'").str();
  Expected<json::Value> value = json::parse(text);
  if (!value)
    return createStringError(file +
                             " is no JSON: " + toString(value.takeError()));
  const json::Object *object = value->getAsObject();
  if (!object || object->getString("format") != "qopt statistics")
    return createStringError(file + " holds no statistics: expected a member "
                                    "'format' that is \"qopt statistics\"; "
                                    "qopt-calibrate writes such files");
  std::optional<int64_t> version = object->getInteger("version");
  if (version != Statistics::version)
    return createStringError(
        file + " has version " +
        (version ? std::to_string(*version) : std::string("none")) +
        ", expected " + Twine(Statistics::version) +
        "; calibrate again with this qopt");
  Statistics statistics;
  statistics.model = object->getString("model").value_or("").str();
  const json::Object *tensors = object->getObject("tensors");
  if (!tensors)
    return createStringError(file + ": there is no object 'tensors'");
  for (const auto &[key, member] : *tensors) {
    std::string where = file + ", tensor '" + StringRef(key).str() + "'";
    const json::Object *tensor = member.getAsObject();
    if (!tensor)
      return createStringError(where + " is no object");
    Expected<TensorStatistics> read = readTensor(*tensor, where);
    if (!read)
      return read.takeError();
    statistics.tensors.emplace(StringRef(key).str(), std::move(*read));
  }
  return statistics;
}

Expected<Statistics> qopt::calibration::readStatistics(StringRef path) {
  auto buffer = MemoryBuffer::getFile(path);
  if (!buffer)
    return createStringError("cannot read '" + path +
                             "': " + buffer.getError().message());
  return parse((*buffer)->getBuffer(), path);
}
