//===- Window.cpp - Convolution and pooling windows -----------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The window covers (kernel - 1) * dilation + 1 elements. SAME makes
// ceil(size / stride) positions and pads what they lack, the larger half at the
// end (UPPER) or at the front (LOWER). With ceil_mode the last position may
// hang over the end, but not begin beyond the front padding and the input.
//
// Transposed, a window begins every stride; SAME makes size * stride elements.
// Where the size is given, what is too much is cut off, the larger half at the
// front unless auto_pad is SAME_UPPER. What lacks is added at the end.
//
//===----------------------------------------------------------------------===//

#include "Window.h"

using namespace qopt;
using namespace qopt::onnx_import;
using mlir::failure;
using mlir::FailureOr;

namespace {
/// The attributes of one dimension.
struct Dimension {
  int64_t size, kernel, stride, dilation, low, high;
  int64_t outputs = 0, extra = 0;
  int64_t getSpan() const { return (kernel - 1) * dilation + 1; }
};
} // namespace

static void padSame(Dimension &d, bool lower) {
  d.outputs = llvm::divideCeil(d.size, d.stride);
  int64_t lacking =
      std::max<int64_t>((d.outputs - 1) * d.stride + d.getSpan() - d.size, 0);
  d.low = lower ? lacking - lacking / 2 : lacking / 2;
  d.high = lacking - d.low;
}

/// Counts the positions; `padded` is not less than the span.
static void countOutputs(Dimension &d, bool roundUp) {
  int64_t slack = d.size + d.low + d.high - d.getSpan();
  d.outputs = slack / d.stride + 1;
  if (!roundUp || slack % d.stride == 0)
    return;
  // The next position counts if it begins inside the input or before it.
  if (d.outputs * d.stride < d.size + d.low) {
    d.extra = d.outputs * d.stride - slack;
    ++d.outputs;
  }
}

namespace {
class WindowReader {
public:
  WindowReader(NodeImporter &op, llvm::ArrayRef<int64_t> image)
      : op(op), image(image) {}

  FailureOr<Window> read(llvm::ArrayRef<int64_t> kernel, bool canRoundUp);
  FailureOr<Window> readTransposed(llvm::ArrayRef<int64_t> kernel);

private:
  /// What both kinds have, of each dimension of the image.
  FailureOr<llvm::SmallVector<Dimension>>
  readDimensions(llvm::ArrayRef<int64_t> kernel);
  FailureOr<std::string> readAutoPad();
  Window makeWindow(llvm::ArrayRef<Dimension> dimensions);
  /// A list of one number per dimension of the image, none below `least`.
  FailureOr<llvm::SmallVector<int64_t>> readList(llvm::StringRef name,
                                                 llvm::ArrayRef<int64_t> absent,
                                                 size_t count, int64_t least);
  FailureOr<Dimension> place(Dimension d, unsigned index,
                             llvm::StringRef autoPad, bool roundUp);

  NodeImporter &op;
  llvm::ArrayRef<int64_t> image;
};
} // namespace

FailureOr<llvm::SmallVector<int64_t>>
WindowReader::readList(llvm::StringRef name, llvm::ArrayRef<int64_t> absent,
                       size_t count, int64_t least) {
  auto numbers = op.getInts(name, absent);
  if (failed(numbers))
    return failure();
  if (numbers->size() != count)
    return op.error() << "attribute '" << name << "' has " << numbers->size()
                      << " numbers, expected " << count << " for an input of "
                      << "rank " << image.size() + 2;
  // Large enough for any picture, small enough never to overflow.
  constexpr int64_t most = int64_t(1) << 30;
  for (int64_t number : *numbers)
    if (number < least || number > most)
      return op.error() << "attribute '" << name << "' holds " << number
                        << ", expected " << least << " to " << most;
  return numbers;
}

FailureOr<Dimension> WindowReader::place(Dimension d, unsigned index,
                                         llvm::StringRef autoPad,
                                         bool roundUp) {
  if (autoPad == "SAME_UPPER" || autoPad == "SAME_LOWER") {
    padSame(d, autoPad == "SAME_LOWER");
    return d;
  }
  if (autoPad == "VALID")
    d.low = d.high = 0;
  if (d.size + d.low + d.high < d.getSpan())
    return op.error() << "dimension " << index + 2 << " of the input is "
                      << d.size << " with paddings of " << d.low << " and "
                      << d.high << ", which is less than the window's "
                      << d.getSpan();
  countOutputs(d, roundUp);
  return d;
}

FailureOr<std::string> WindowReader::readAutoPad() {
  auto autoPad = op.getString("auto_pad", "NOTSET");
  if (succeeded(autoPad) &&
      !llvm::is_contained({"NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"},
                          *autoPad))
    return op.error() << "attribute 'auto_pad' is '" << printable(*autoPad)
                      << "', expected NOTSET, SAME_UPPER, SAME_LOWER or VALID";
  return autoPad;
}

FailureOr<llvm::SmallVector<Dimension>>
WindowReader::readDimensions(llvm::ArrayRef<int64_t> kernel) {
  size_t rank = image.size();
  llvm::SmallVector<int64_t> ones(rank, 1), zeros(2 * rank, 0);
  if (kernel.empty() && !op.hasAttribute("kernel_shape"))
    return op.error() << "attribute 'kernel_shape' is missing";
  auto shape = readList("kernel_shape", kernel, rank, 1);
  auto strides = readList("strides", ones, rank, 1);
  auto dilations = readList("dilations", ones, rank, 1);
  auto pads = readList("pads", zeros, 2 * rank, 0);
  if (failed(shape) || failed(strides) || failed(dilations) || failed(pads))
    return failure();
  if (!kernel.empty() && *shape != kernel) {
    auto diagnostic = op.error();
    diagnostic << "attribute 'kernel_shape' is [";
    llvm::interleaveComma(*shape, diagnostic);
    diagnostic << "], but the filter has [";
    llvm::interleaveComma(kernel, diagnostic);
    return diagnostic << "]";
  }
  llvm::SmallVector<Dimension> dimensions;
  for (unsigned i = 0; i != rank; ++i)
    dimensions.push_back({image[i], (*shape)[i], (*strides)[i], (*dilations)[i],
                          (*pads)[i], (*pads)[rank + i]});
  return dimensions;
}

/// A row is an image of height 1: its only dimension is the width.
Window WindowReader::makeWindow(llvm::ArrayRef<Dimension> dimensions) {
  Window window;
  window.outputs[0] = 1;
  for (auto [i, d] : llvm::enumerate(dimensions)) {
    unsigned to = i + 2 - dimensions.size();
    window.kernel[to] = d.kernel;
    window.strides[to] = d.stride;
    window.dilations[to] = d.dilation;
    window.padding[2 * to] = d.low;
    window.padding[2 * to + 1] = d.high;
    window.extra[to] = d.extra;
    window.outputs[to] = d.outputs;
  }
  return window;
}

FailureOr<Window> WindowReader::read(llvm::ArrayRef<int64_t> kernel,
                                     bool canRoundUp) {
  auto dimensions = readDimensions(kernel);
  auto autoPad = readAutoPad();
  FailureOr<bool> roundUp = false;
  if (canRoundUp)
    roundUp = op.getFlag("ceil_mode", false);
  if (failed(dimensions) || failed(autoPad) || failed(roundUp))
    return failure();
  for (auto [i, d] : llvm::enumerate(*dimensions)) {
    auto placed = place(d, i, *autoPad, *roundUp);
    if (failed(placed))
      return failure();
    d = *placed;
  }
  return makeWindow(*dimensions);
}

FailureOr<Window> WindowReader::readTransposed(llvm::ArrayRef<int64_t> kernel) {
  size_t rank = image.size();
  llvm::SmallVector<int64_t> zeros(rank, 0);
  auto dimensions = readDimensions(kernel);
  auto autoPad = readAutoPad();
  auto added = readList("output_padding", zeros, rank, 0);
  auto sizes = readList("output_shape", zeros, rank, 0);
  if (failed(dimensions) || failed(autoPad) || failed(added) || failed(sizes))
    return failure();
  for (auto [i, d] : llvm::enumerate(*dimensions)) {
    // Below 2^31 elements times 2^30: no overflow.
    int64_t whole = (d.size - 1) * d.stride + d.getSpan();
    bool isSame = *autoPad == "SAME_UPPER" || *autoPad == "SAME_LOWER";
    if (*autoPad == "VALID")
      d.low = d.high = 0;
    d.outputs = whole + (*added)[i] - d.low - d.high;
    if (isSame || op.hasAttribute("output_shape")) {
      d.outputs =
          op.hasAttribute("output_shape") ? (*sizes)[i] : d.size * d.stride;
      int64_t cut = std::max<int64_t>(whole + (*added)[i] - d.outputs, 0);
      d.low = *autoPad == "SAME_UPPER" ? cut / 2 : cut - cut / 2;
    }
    if (d.outputs < 1)
      return op.error() << "dimension " << i + 2 << " of the result is "
                        << d.outputs << ", expected 1 or more: the windows "
                        << "cover " << whole << ", output_padding adds "
                        << (*added)[i] << ", pads cut off " << d.low << " and "
                        << d.high;
    d.high = whole - d.low - d.outputs;
  }
  return makeWindow(*dimensions);
}

FailureOr<Window> onnx_import::getWindow(NodeImporter &op,
                                         mlir::RankedTensorType image,
                                         llvm::ArrayRef<int64_t> kernel,
                                         bool canRoundUp) {
  return WindowReader(op, image.getShape().drop_front(2))
      .read(kernel, canRoundUp);
}

FailureOr<Window>
onnx_import::getTransposedWindow(NodeImporter &op, mlir::RankedTensorType image,
                                 llvm::ArrayRef<int64_t> kernel) {
  return WindowReader(op, image.getShape().drop_front(2))
      .readTransposed(kernel);
}

FailureOr<mlir::Value> onnx_import::getImage(NodeImporter &op,
                                             mlir::Value input) {
  auto shape = llvm::to_vector(getType(input).getShape());
  if (shape.size() != 3 && shape.size() != 4)
    return op.error() << "expected an input of rank 3 (NCL) or 4 (NCHW), found "
                      << getType(input);
  if (shape.size() == 3)
    shape.insert(shape.begin() + 2, 1);
  return op.toChannelsLast(op.reshape(input, shape));
}

mlir::Value onnx_import::fromImage(NodeImporter &op, mlir::Value image,
                                   mlir::Value input) {
  mlir::Value result = op.toChannelsFirst(image);
  if (getType(input).getRank() == 4)
    return result;
  auto shape = llvm::to_vector(getType(result).getShape());
  shape.erase(shape.begin() + 2);
  return op.reshape(result, shape);
}
