// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From the elements of a file to those of an input.

#include "Sources.h"

#include "llvm/Support/FormatVariadic.h"

using namespace llvm;
using namespace qopt;
using namespace qopt::samples;

Channels qopt::samples::findChannels(const InputFormat &input) {
  ArrayRef<int64_t> shape(input.shape);
  // A batch of pictures, or one picture.
  if (shape.size() == 4)
    shape = shape.drop_front();
  if (shape.size() == 3) {
    if (shape[2] == 1 || shape[2] == 3 || (shape[0] != 1 && shape[0] != 3))
      return {shape[2], 1};
    return {shape[0], shape[1] * shape[2]};
  }
  return {shape.empty() ? 1 : shape.back(), 1};
}

template <typename T>
static void scaleElements(ArrayRef<T> from, MutableArrayRef<float> to,
                          Channels channels, const SampleOptions &options) {
  bool plain = options.mean.size() == 1 && options.scale.size() == 1;
  if (plain && options.mean[0] == 0 && options.scale[0] == 1) {
    std::copy(from.begin(), from.end(), to.begin());
    return;
  }
  for (size_t i = 0; i < to.size(); ++i) {
    int64_t channel = i / channels.stride % channels.count;
    double mean = options.mean[options.mean.size() == 1 ? 0 : channel];
    double scale = options.scale[options.scale.size() == 1 ? 0 : channel];
    to[i] = static_cast<float>((static_cast<double>(from[i]) - mean) * scale);
  }
}

Error qopt::samples::convertElements(const Tensor &elements,
                                     const InputFormat &input,
                                     const SampleOptions &options,
                                     StringRef path, Tensor &result) {
  if (input.kind != ElementKind::Float32) {
    if (elements.kind != input.kind)
      return createStringError(formatv("'{0}' holds {1}, expected {2} for "
                                       "input '{3}'",
                                       path, getElementName(elements.kind),
                                       getElementName(input.kind), input.name));
    result.bytes = elements.bytes;
    return Error::success();
  }
  Channels channels = findChannels(input);
  auto to = result.get<float>();
  switch (elements.kind) {
  case ElementKind::Bool:
    for (size_t i = 0; i < to.size(); ++i)
      to[i] = elements.bytes[i] != 0;
    break;
  case ElementKind::Int8:
    scaleElements(elements.get<int8_t>(), to, channels, options);
    break;
  case ElementKind::UInt8:
    scaleElements(elements.get<uint8_t>(), to, channels, options);
    break;
  case ElementKind::Int16:
    scaleElements(elements.get<int16_t>(), to, channels, options);
    break;
  case ElementKind::UInt16:
    scaleElements(elements.get<uint16_t>(), to, channels, options);
    break;
  case ElementKind::Int32:
    scaleElements(elements.get<int32_t>(), to, channels, options);
    break;
  case ElementKind::UInt32:
    scaleElements(elements.get<uint32_t>(), to, channels, options);
    break;
  case ElementKind::Int64:
    scaleElements(elements.get<int64_t>(), to, channels, options);
    break;
  case ElementKind::Float32:
    scaleElements(elements.get<float>(), to, channels, options);
    break;
  case ElementKind::Float64:
    scaleElements(elements.get<double>(), to, channels, options);
    break;
  }
  return Error::success();
}
