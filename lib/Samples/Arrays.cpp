// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Samples that lie one after the other in an array.

#include "Sources.h"

#include "qopt/Support/Npy.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;
using namespace qopt;
using namespace qopt::samples;

namespace {
class ArraySource : public SampleSource {
public:
  ArraySource(std::unique_ptr<ByteSource> bytes, uint64_t offset,
              std::string path, ElementKind kind, int64_t count,
              const InputFormat &input, const SampleOptions &options)
      : bytes(std::move(bytes)), offset(offset), path(std::move(path)),
        count(count), input(input), options(options),
        elements(kind, input.shape) {}

  StringRef getPath() const override { return path; }
  int64_t size() const override { return count; }

  Error read(int64_t index, Tensor &tensor) override {
    uint64_t size = elements.bytes.size();
    if (Error error = bytes->read(offset + index * size, elements.bytes))
      return error;
    return convertElements(elements, input, options, path, tensor);
  }

private:
  std::unique_ptr<ByteSource> bytes;
  uint64_t offset;
  std::string path;
  int64_t count;
  InputFormat input;
  SampleOptions options;
  /// As they are in the file.
  Tensor elements;
};
} // namespace

static int64_t getNumElements(const InputFormat &input) {
  int64_t count = 1;
  for (int64_t dim : input.shape)
    count *= dim;
  return count;
}

static std::string describe(const InputFormat &input) {
  return formatv("input '{0}' of shape {1}", input.name,
                 printShape(input.shape));
}

Expected<std::unique_ptr<SampleSource>>
qopt::samples::openNpy(std::unique_ptr<ByteSource> bytes, std::string path,
                       const InputFormat &input, const SampleOptions &options) {
  // numpy writes headers of a few hundred bytes.
  constexpr uint64_t maxHeaderSize = 1 << 16;
  std::vector<char> start(std::min(bytes->size(), maxHeaderSize));
  if (Error error = bytes->read(0, start))
    return std::move(error);
  auto header = parseNpyHeader(StringRef(start.data(), start.size()), path);
  if (!header)
    return header.takeError();
  uint64_t dataSize = bytes->size() - header->dataOffset;
  if (header->getByteSize() != dataSize)
    return createStringError(
        formatv("'{0}' holds {1} {2}, which needs {3} bytes, but has {4}", path,
                getElementName(header->kind), printShape(header->shape),
                header->getByteSize(), dataSize));
  int64_t perSample = getNumElements(input);
  int64_t total = dataSize / getElementSize(header->kind);
  auto mismatch = [&](const Twine &expected) {
    return createStringError(
        formatv("'{0}' has shape {1}, expected {2} for {3}", path,
                printShape(header->shape), expected.str(), describe(input)));
  };
  if (perSample == 0 || total == 0 || total % perSample != 0)
    return mismatch("N times " + Twine(perSample) + " elements");
  // A longer first dimension, and nothing else, makes more samples.
  int64_t count = total / perSample;
  int64_t batch = input.shape.empty() ? 1 : input.shape.front();
  if (count > 1 &&
      (header->shape.empty() || (header->shape.front() != count * batch &&
                                 header->shape.front() != count)))
    return mismatch("a first dimension of " + Twine(count * batch));
  if (input.kind != ElementKind::Float32 && header->kind != input.kind)
    return createStringError(formatv("'{0}' holds {1}, expected {2} for {3}",
                                     path, getElementName(header->kind),
                                     getElementName(input.kind),
                                     describe(input)));
  return std::make_unique<ArraySource>(std::move(bytes), header->dataOffset,
                                       std::move(path), header->kind, count,
                                       input, options);
}

Expected<std::unique_ptr<SampleSource>>
qopt::samples::openRaw(std::shared_ptr<File> file, const InputFormat &input,
                       const SampleOptions &options) {
  ElementKind kind = options.rawKind.value_or(input.kind);
  uint64_t size = getNumElements(input) * getElementSize(kind);
  uint64_t fileSize = file->size();
  if (size == 0 || fileSize == 0 || fileSize % size != 0)
    return createStringError(formatv(
        "'{0}' has {1} bytes, expected a multiple of {2}: samples of {3} for "
        "{4}",
        file->getPath(), fileSize, size, getElementName(kind),
        describe(input)));
  std::string path = file->getPath().str();
  return std::make_unique<ArraySource>(
      makePlainSource(std::move(file), 0, fileSize), 0, std::move(path), kind,
      fileSize / size, input, options);
}
