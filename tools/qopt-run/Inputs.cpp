// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Quantizes, cuts and stacks tensors.

#include "Inputs.h"

#include "qopt/Support/Npy.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"
#include <cmath>

using namespace llvm;
using namespace qoptrun;
using qopt::ElementKind;
using qopt::Tensor;
using qopt::TensorInterface;

/// The position along the quantized axis of an element.
static int64_t channelOf(const TensorInterface &interface, int64_t index) {
  if (!interface.isPerAxis())
    return 0;
  int64_t inner = 1;
  for (size_t d = interface.axis + 1; d < interface.shape.size(); ++d)
    inner *= interface.shape[d];
  return index / inner % interface.shape[interface.axis];
}

/// Lowest and highest integer of a kind.
static std::pair<int64_t, int64_t> rangeOf(ElementKind kind) {
  unsigned bits = 8 * qopt::getElementSize(kind);
  bool isUnsigned = kind == ElementKind::UInt8 || kind == ElementKind::UInt16 ||
                    kind == ElementKind::UInt32;
  if (isUnsigned)
    return {0, static_cast<int64_t>(maxUIntN(bits))};
  return {minIntN(bits), maxIntN(bits)};
}

static void setInteger(Tensor &tensor, int64_t index, int64_t value) {
  size_t size = qopt::getElementSize(tensor.kind);
  // Little endian: the low bytes come first.
  memcpy(tensor.bytes.data() + index * size, &value, size);
}

/// As TFLite's QUANTIZE: divided in float32, rounded half away from zero.
static Tensor quantize(const Tensor &real, const TensorInterface &interface) {
  Tensor result(interface.kind, real.shape);
  auto [low, high] = rangeOf(interface.kind);
  int64_t count = real.getNumElements();
  for (int64_t i = 0; i < count; ++i) {
    int64_t channel = channelOf(interface, i);
    float scaled = static_cast<float>(real.getReal(i)) /
                   static_cast<float>(interface.scales[channel]);
    double value =
        std::round(scaled) + static_cast<double>(interface.zeroPoints[channel]);
    // The comparison is false for a NaN, which becomes the zero point.
    if (std::isnan(value))
      value = interface.zeroPoints[channel];
    value = std::min<double>(std::max<double>(value, low), high);
    setInteger(result, i, static_cast<int64_t>(value));
  }
  return result;
}

Tensor qoptrun::dequantize(const Tensor &tensor,
                           const TensorInterface &interface) {
  Tensor result(ElementKind::Float32, tensor.shape);
  auto values = result.get<float>();
  for (size_t i = 0; i < values.size(); ++i) {
    if (!interface.isQuantized()) {
      values[i] = static_cast<float>(tensor.getReal(i));
      continue;
    }
    int64_t channel = channelOf(interface, i);
    values[i] = static_cast<float>(interface.scales[channel]) *
                static_cast<float>(tensor.getInteger(i) -
                                   interface.zeroPoints[channel]);
  }
  return result;
}

Expected<Tensor> qoptrun::convertInput(Tensor tensor,
                                       const TensorInterface &input,
                                       const Twine &what) {
  if (tensor.kind == input.kind)
    return std::move(tensor);
  if (input.isQuantized() && qopt::isFloat(tensor.kind))
    return quantize(tensor, input);
  if (tensor.kind == ElementKind::Float64 &&
      input.kind == ElementKind::Float32) {
    Tensor narrow(ElementKind::Float32, tensor.shape);
    for (auto [i, value] : enumerate(narrow.get<float>()))
      value = static_cast<float>(tensor.getReal(i));
    return std::move(narrow);
  }
  return createStringError(
      formatv("{0} holds {1}, expected {2}{3} for input '{4}'", what.str(),
              getElementName(tensor.kind), getElementName(input.kind),
              input.isQuantized() ? " or float32" : "", input.name));
}

Expected<std::vector<Example>>
qoptrun::readExamples(const qopt::ModelInterface &model,
                      ArrayRef<std::string> paths) {
  if (paths.size() != model.inputs.size())
    return createStringError(formatv("the model has {0} inputs, but {1} files "
                                     "were given",
                                     model.inputs.size(), paths.size()));
  std::vector<Example> examples;
  for (auto [path, input] : zip(paths, model.inputs)) {
    auto file = qopt::readNpy(path);
    if (!file)
      return file.takeError();
    int64_t perExample = input.getNumElements();
    int64_t count = file->getNumElements();
    if (perExample == 0 || count == 0 || count % perExample != 0)
      return createStringError(
          formatv("'{0}' has shape {1}, expected N times {2} elements for "
                  "input '{3}' of shape {4}",
                  path, qopt::printShape(file->shape), perExample, input.name,
                  qopt::printShape(input.shape)));
    size_t numExamples = count / perExample;
    // A longer first dimension, and nothing else, may make more examples.
    int64_t batch = input.shape.empty() ? 1 : input.shape.front();
    if (numExamples > 1 &&
        (file->shape.empty() ||
         file->shape.front() != static_cast<int64_t>(numExamples) * batch))
      return createStringError(
          formatv("'{0}' has shape {1}, expected {2} as its first dimension",
                  path, qopt::printShape(file->shape), numExamples * batch));
    if (!examples.empty() && examples.size() != numExamples)
      return createStringError(
          formatv("'{0}' holds {1} examples, but the first file {2}", path,
                  numExamples, examples.size()));
    examples.resize(numExamples);
    size_t bytes = perExample * qopt::getElementSize(file->kind);
    for (size_t i = 0; i < numExamples; ++i) {
      Tensor part(file->kind, input.shape);
      memcpy(part.bytes.data(), file->bytes.data() + i * bytes, bytes);
      auto converted =
          convertInput(std::move(part), input, "'" + Twine(path) + "'");
      if (!converted)
        return converted.takeError();
      examples[i].push_back(std::move(*converted));
    }
  }
  return std::move(examples);
}

Tensor qoptrun::stackOutput(ArrayRef<Result> results, size_t output) {
  const Tensor &first = results.front().outputs[output];
  SmallVector<int64_t> shape(first.shape);
  if (results.size() > 1) {
    if (shape.empty())
      shape.push_back(1);
    shape.front() *= results.size();
  }
  Tensor stacked(first.kind, shape);
  char *to = stacked.bytes.data();
  for (const Result &result : results) {
    const std::vector<char> &bytes = result.outputs[output].bytes;
    if (!bytes.empty())
      memcpy(to, bytes.data(), bytes.size());
    to += bytes.size();
  }
  return stacked;
}
