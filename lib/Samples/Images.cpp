// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pictures as samples: decoded, resized to the input's shape, arranged NHWC or
// NCHW as the input is, and scaled.

#include "Image.h"
#include "Sources.h"

#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace llvm;
using namespace qopt;
using namespace qopt::samples;

namespace {
/// Sizes of an input for pictures.
struct Layout {
  int64_t batch = 1, height = 0, width = 0, channels = 0;
  bool channelsLast = true;
};

class ImageSource : public SampleSource {
public:
  ImageSource(std::vector<std::string> files, std::string path, Layout layout,
              const InputFormat &input, const SampleOptions &options)
      : files(std::move(files)), path(std::move(path)), layout(layout),
        input(input), options(options),
        elements(input.kind == ElementKind::UInt8 ? ElementKind::UInt8
                                                  : ElementKind::Float32,
                 input.shape) {}

  StringRef getPath() const override { return path; }
  int64_t size() const override { return files.size() / layout.batch; }

  Error read(int64_t index, Tensor &tensor) override {
    for (int64_t i = 0; i < layout.batch; ++i)
      if (Error error = readImage(files[index * layout.batch + i], i))
        return error;
    return convertElements(elements, input, options, path, tensor);
  }

private:
  Error readImage(const std::string &name, int64_t position);

  std::vector<std::string> files;
  std::string path;
  Layout layout;
  InputFormat input;
  SampleOptions options;
  Tensor elements;
};
} // namespace

/// Batch, height, width and channels of an input, if pictures fit it.
static std::optional<Layout> getLayout(const InputFormat &input) {
  ArrayRef<int64_t> shape(input.shape);
  Layout layout;
  if (shape.size() == 4) {
    layout.batch = shape.front();
    shape = shape.drop_front();
  }
  if (shape.size() != 3)
    return std::nullopt;
  auto isChannels = [](int64_t dim) { return dim == 1 || dim == 3; };
  layout.channelsLast = isChannels(shape[2]);
  if (!layout.channelsLast && !isChannels(shape[0]))
    return std::nullopt;
  layout.channels = layout.channelsLast ? shape[2] : shape[0];
  layout.height = layout.channelsLast ? shape[0] : shape[1];
  layout.width = layout.channelsLast ? shape[1] : shape[2];
  if (layout.batch < 1 || layout.height < 1 || layout.width < 1)
    return std::nullopt;
  return layout;
}

Error ImageSource::readImage(const std::string &name, int64_t position) {
  auto file = File::open(name);
  if (!file)
    return file.takeError();
  // A picture of the greatest size, without compression.
  constexpr uint64_t maxFileSize = 8 * maxPixels;
  if ((*file)->size() > maxFileSize)
    return imageError(name, "it has " + Twine((*file)->size()) +
                                " bytes, expected at most " +
                                Twine(maxFileSize));
  std::vector<char> bytes((*file)->size());
  if (Error error = (*file)->read(0, bytes))
    return error;
  auto decoded = decodeImage(StringRef(bytes.data(), bytes.size()), name);
  if (!decoded)
    return decoded.takeError();
  Image image = withChannels(std::move(*decoded), layout.channels);
  std::vector<float> values =
      resizeBilinear(image, layout.width, layout.height);
  int64_t pixels = layout.width * layout.height;
  for (int64_t i = 0; i < pixels; ++i)
    for (int64_t c = 0; c < layout.channels; ++c) {
      float value = values[i * layout.channels + c];
      int64_t at =
          layout.channelsLast ? i * layout.channels + c : c * pixels + i;
      at += position * pixels * layout.channels;
      if (elements.kind == ElementKind::UInt8)
        elements.get<uint8_t>()[at] = static_cast<uint8_t>(std::lround(value));
      else
        elements.get<float>()[at] = value;
    }
  return Error::success();
}

Expected<std::unique_ptr<SampleSource>>
qopt::samples::openImages(std::vector<std::string> files, std::string path,
                          const InputFormat &input,
                          const SampleOptions &options) {
  std::optional<Layout> layout = getLayout(input);
  if (!layout ||
      (input.kind != ElementKind::Float32 && input.kind != ElementKind::UInt8))
    return createStringError(formatv(
        "'{0}' is a picture, but input '{1}' is {2} of shape {3}; expected "
        "float32 or uint8 of shape [N,] H, W, C or [N,] C, H, W with 1 or 3 "
        "channels",
        path, input.name, getElementName(input.kind), printShape(input.shape)));
  if (files.empty() || files.size() % layout->batch != 0)
    return createStringError(formatv("'{0}' has {1} pictures, expected a "
                                     "multiple of the batch of input '{2}', "
                                     "{3}",
                                     path, files.size(), input.name,
                                     layout->batch));
  return std::make_unique<ImageSource>(std::move(files), std::move(path),
                                       *layout, input, options);
}
