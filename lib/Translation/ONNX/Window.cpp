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

private:
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

FailureOr<Window> WindowReader::read(llvm::ArrayRef<int64_t> kernel,
                                     bool canRoundUp) {
  size_t rank = image.size();
  llvm::SmallVector<int64_t> ones(rank, 1), zeros(2 * rank, 0);
  if (kernel.empty() && !op.hasAttribute("kernel_shape"))
    return op.error() << "attribute 'kernel_shape' is missing";
  auto shape = readList("kernel_shape", kernel, rank, 1);
  auto strides = readList("strides", ones, rank, 1);
  auto dilations = readList("dilations", ones, rank, 1);
  auto pads = readList("pads", zeros, 2 * rank, 0);
  auto autoPad = op.getString("auto_pad", "NOTSET");
  if (failed(shape) || failed(strides) || failed(dilations) || failed(pads) ||
      failed(autoPad))
    return failure();
  FailureOr<bool> roundUp = false;
  if (canRoundUp)
    roundUp = op.getFlag("ceil_mode", false);
  if (failed(roundUp))
    return failure();
  if (!kernel.empty() && *shape != kernel) {
    auto diagnostic = op.error();
    diagnostic << "attribute 'kernel_shape' is [";
    llvm::interleaveComma(*shape, diagnostic);
    diagnostic << "], but the filter has [";
    llvm::interleaveComma(kernel, diagnostic);
    return diagnostic << "]";
  }
  if (!llvm::is_contained({"NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"},
                          *autoPad))
    return op.error() << "attribute 'auto_pad' is '" << printable(*autoPad)
                      << "', expected NOTSET, SAME_UPPER, SAME_LOWER or VALID";

  Window window;
  // A row is an image of height 1: its only dimension is the width.
  for (unsigned i = 0; i != rank; ++i) {
    auto d = place({image[i], (*shape)[i], (*strides)[i], (*dilations)[i],
                    (*pads)[i], (*pads)[rank + i]},
                   i, *autoPad, *roundUp);
    if (failed(d))
      return failure();
    unsigned to = i + 2 - rank;
    window.kernel[to] = d->kernel;
    window.strides[to] = d->stride;
    window.dilations[to] = d->dilation;
    window.padding[2 * to] = d->low;
    window.padding[2 * to + 1] = d->high;
    window.extra[to] = d->extra;
    window.outputs[to] = d->outputs;
  }
  if (rank == 1)
    window.outputs[0] = 1;
  return window;
}

FailureOr<Window> onnx_import::getWindow(NodeImporter &op,
                                         mlir::RankedTensorType image,
                                         llvm::ArrayRef<int64_t> kernel,
                                         bool canRoundUp) {
  return WindowReader(op, image.getShape().drop_front(2))
      .read(kernel, canRoundUp);
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
