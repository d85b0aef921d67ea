// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops of the kernel dialect on tensors that end in stages: convolutions,
// element-wise, pooling, mean. Integers are signless; attributes say which are
// unsigned.

#include "Convolve.h"
#include "Reduce.h"
#include "Stages.h"

using namespace mlir;
using namespace qopt;
using namespace qopt::reference;

static std::vector<Running> running(llvm::ArrayRef<int64_t> integers) {
  std::vector<Running> values(integers.size());
  for (size_t i = 0; i < values.size(); ++i)
    values[i].integer = integers[i];
  return values;
}

static std::vector<Running> running(llvm::ArrayRef<float> reals) {
  std::vector<Running> values(reals.size());
  for (size_t i = 0; i < values.size(); ++i)
    values[i].real = reals[i];
  return values;
}

static Value getFilterScales(kernel::Conv2DOp op) {
  return op.getFilterScales();
}
static Value getFilterScales(kernel::DepthwiseConv2DOp op) { return {}; }

/// The filter of a float convolution, whose weights may be stored as integers.
template <typename Op>
static std::vector<float> readReals(Op op, Operands operands,
                                    const Tensor &filter) {
  if (isFloat(filter.kind))
    return filter.get<float>().vec();
  std::vector<int64_t> stored = loadBits(filter, op.getFilterUnsigned());
  std::vector<float> reals(stored.size());
  for (size_t i = 0; i < reals.size(); ++i)
    reals[i] = static_cast<float>(
        stored[i] - static_cast<int32_t>(op.getFilterZeroPoint()));
  if (Value scales = getFilterScales(op)) {
    // [O, KH, KW, I] with scales [O, I / size].
    const Tensor &table = tensorOf(op, operands, scales);
    size_t inputs = filter.shape.back(), count = table.shape.back();
    size_t taps = reals.size() / std::max<size_t>(filter.shape.front(), 1);
    for (size_t i = 0; i < reals.size(); ++i)
      reals[i] *=
          table.get<float>()[i / taps * count + i % inputs / (inputs / count)];
  }
  return reals;
}

/// Both convolutions; \p filter is [KH, KW, O] when depthwise.
template <typename Op>
static Outcome convolve(Op op, Operands operands, Geometry g, bool depthwise) {
  if (op.getPacked())
    return makeError(op, "packed weights have no reference semantics; "
                         "interpret the function before kernel-pack-weights");
  const Tensor &input = tensorOf(op, operands, op.getInput());
  const Tensor &filter = tensorOf(op, operands, op.getFilter());
  const Tensor &bias = tensorOf(op, operands, op.getBias());
  llvm::ArrayRef<int64_t> x = input.shape;
  llvm::ArrayRef<int64_t> y =
      llvm::cast<ShapedType>(op.getInit().getType()).getShape();
  g.batches = x[0], g.height = x[1], g.width = x[2], g.channels = x[3];
  g.outHeight = y[1], g.outWidth = y[2], g.outChannels = y[3];
  g.kernelHeight = op.getKernel()[0], g.kernelWidth = op.getKernel()[1];
  g.strideY = op.getStrides()[0], g.strideX = op.getStrides()[1];
  g.dilationY = op.getDilations()[0], g.dilationX = op.getDilations()[1];
  if (depthwise)
    g.groups = g.channels;

  if (isFloat(input.kind)) {
    std::vector<float> reals = readReals(op, operands, filter);
    std::vector<float> sums = accumulate<float>(
        g, input.get<float>().vec(),
        depthwise ? channelsFirst<float>(reals, g.outChannels) : reals, 0);
    for (size_t i = 0; i < sums.size(); ++i)
      sums[i] += bias.get<float>()[i % g.outChannels];
    return runStages(op, operands, running(sums));
  }
  std::vector<int64_t> w = loadBits(filter, op.getFilterUnsigned());
  for (int64_t &v : w)
    v -= static_cast<int32_t>(op.getFilterZeroPoint());
  if (depthwise)
    w = channelsFirst<int64_t>(w, g.outChannels);
  std::vector<int64_t> sums =
      accumulate<int64_t>(g, loadBits(input, op.getInputUnsigned()), w, 0);
  std::vector<int64_t> b = loadIntegers(bias);
  for (size_t i = 0; i < sums.size(); ++i) {
    sums[i] += b[i % g.outChannels];
    if (bias.kind == ElementKind::Int32 && !llvm::isInt<32>(sums[i]))
      return makeError(op, "accumulator " + llvm::Twine(sums[i]) +
                               " of element " + llvm::Twine(i) +
                               " does not fit 32 bits");
  }
  return runStages(op, operands, running(sums));
}

Outcome reference::evaluate(kernel::Conv2DOp op, Operands operands) {
  Geometry g;
  g.groups = op.getGroups();
  return convolve(op, operands, g, /*depthwise=*/false);
}

Outcome reference::evaluate(kernel::DepthwiseConv2DOp op, Operands operands) {
  return convolve(op, operands, Geometry(), /*depthwise=*/true);
}

Outcome reference::evaluate(kernel::ElementwiseOp op, Operands operands) {
  const Tensor &x = tensorOf(op, operands, op.getInput());
  std::vector<int64_t> indices = broadcast(
      llvm::cast<ShapedType>(op.getInit().getType()).getShape(), x.shape);
  std::vector<Running> values(indices.size());
  if (isFloat(x.kind)) {
    for (size_t i = 0; i < values.size(); ++i)
      values[i].real = x.get<float>()[indices[i]];
    return runStages(op, operands, std::move(values));
  }
  std::vector<int64_t> integers = loadBits(x, op.getInputUnsigned());
  for (size_t i = 0; i < values.size(); ++i)
    values[i].integer = integers[indices[i]];
  return runStages(op, operands, std::move(values));
}

Outcome reference::evaluate(kernel::Pool2DOp op, Operands operands) {
  const Tensor &x = *operands[0];
  Windows windows{op.getKernel(), op.getStrides(), op.getPadding()};
  llvm::ArrayRef<int64_t> out =
      llvm::cast<ShapedType>(op.getInit().getType()).getShape();
  auto reduce = [&](const auto &window) {
    return op.getKind() == kernel::PoolKind::Max
               ? *std::max_element(window.begin(), window.end())
               : average(window);
  };
  if (isFloat(x.kind))
    return runStages(op, operands,
                     running(reduceWindows(x.get<float>().vec(), x.shape, out,
                                           windows, reduce)));
  return runStages(op, operands,
                   running(reduceWindows(loadBits(x, op.getInputUnsigned()),
                                         x.shape, out, windows, reduce)));
}

Outcome reference::evaluate(kernel::MeanOp op, Operands operands) {
  const Tensor &x = *operands[0];
  int64_t count =
      llvm::cast<ShapedType>(op.getInit().getType()).getNumElements();
  std::vector<int64_t> indices = reducedIndices(x.shape, op.getAxes());
  std::vector<Running> values(count);
  if (isFloat(x.kind)) {
    for (size_t i = 0; i < indices.size(); ++i)
      values[indices[i]].real += x.get<float>()[i];
    for (Running &v : values)
      v.real /= static_cast<float>(x.getNumElements() / count);
    return runStages(op, operands, std::move(values));
  }
  for (Running &v : values)
    v.integer = static_cast<int64_t>(op.getInitial());
  std::vector<int64_t> integers = loadBits(x, op.getInputUnsigned());
  for (size_t i = 0; i < indices.size(); ++i)
    values[indices[i]].integer += integers[i];
  return runStages(op, operands, std::move(values));
}
