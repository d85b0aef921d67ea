// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A layer of depth K has K (K + 1) / 2 moments; some 8 K windows, and never
// less than 4096, settle them well enough. Windows of one picture resemble each
// other, so they are taken from all samples alike.

#include "qopt/Pipelines/GatherMoments.h"

#include "qopt/Dialect/NN/IR/FloatValues.h"

#include <algorithm>

using namespace mlir;
using namespace qopt;

rounding::Window qopt::makeWindow(const nn::LinearWindow &own) {
  rounding::Window window;
  window.height = own.input[0];
  window.width = own.input[1];
  window.channels = own.input[2];
  window.resultHeight = own.result[0];
  window.resultWidth = own.result[1];
  window.kernelHeight = own.kernel[0];
  window.kernelWidth = own.kernel[1];
  window.strideHeight = own.strides[0];
  window.strideWidth = own.strides[1];
  window.dilationHeight = own.dilations[0];
  window.dilationWidth = own.dilations[1];
  window.top = own.before[0];
  window.left = own.before[1];
  window.groups = own.groups;
  window.transposed = own.transposed;
  return window;
}

rounding::MomentsOptions
qopt::chooseMomentsOptions(const rounding::Window &window, int64_t numSamples) {
  rounding::MomentsOptions options;
  int64_t wanted = std::max<int64_t>(4096, 8 * window.getDepth());
  options.positionsPerSample = std::max<int64_t>(
      4, (wanted + numSamples - 1) / std::max<int64_t>(numSamples, 1));
  return options;
}

MomentsGatherer::MomentsGatherer(func::FuncOp function, int64_t numSamples) {
  for (nn::LinearLayer &layer : nn::collectLinearLayers(function)) {
    std::optional<nn::LinearWindow> own = nn::getWindow(layer.op);
    if (!own || !nn::readFloats(layer.op.getWeightOperand().get()))
      continue;
    rounding::Window window = makeWindow(*own);
    rounding::MomentsOptions options = chooseMomentsOptions(window, numSamples);
    readers[layer.op.getInputOperand().get()].push_back(layers.size());
    layers.push_back(
        {layer, window,
         std::make_unique<rounding::MomentsAccumulator>(window, options)});
  }
}

std::vector<Value> MomentsGatherer::getInputs() const {
  std::vector<Value> inputs;
  for (const Layer &layer : layers) {
    nn::LinearLayer own = layer.layer;
    Value input = own.op.getInputOperand().get();
    if (llvm::find(inputs, input) == inputs.end())
      inputs.push_back(input);
  }
  return inputs;
}

void MomentsGatherer::add(Value tensor, ArrayRef<float> values) {
  auto found = readers.find(tensor);
  if (found == readers.end())
    return;
  for (size_t index : found->second) {
    Layer &layer = layers[index];
    // A batch is several samples; so are the rows of a fully connected layer.
    size_t size = static_cast<size_t>(layer.window.getNumInputs());
    for (size_t at = 0; at + size <= values.size(); at += size)
      layer.accumulator->add(values.data() + at);
  }
}

nn::SharedMoments MomentsGatherer::finish() {
  std::vector<rounding::LayerMoments> all;
  for (Layer &layer : layers) {
    nn::LinearLayer &own = layer.layer;
    rounding::LayerMoments &moments = all.emplace_back();
    moments.name = own.name;
    moments.groups = layer.accumulator->finish();
    nn::WeightRows rows = nn::WeightRows::get(own.op);
    auto weights = *nn::readDoubles(own.op.getWeightOperand().get());
    std::optional<std::vector<double>> bias;
    if (own.op.getBiasValue())
      bias = nn::readDoubles(own.op.getBiasValue());
    int64_t perGroup =
        rows.channels / static_cast<int64_t>(moments.groups.size());
    for (int64_t row = 0; row < rows.channels; ++row) {
      double sum = bias ? (*bias)[row] : 0;
      const std::vector<double> &mean = moments.groups[row / perGroup].mean;
      for (int64_t k = 0; k < rows.depth; ++k)
        sum += weights[rows.getElement(row, k)] * mean[k];
      moments.resultMeans.push_back(sum);
    }
  }
  return std::make_shared<nn::MomentsTable>(std::move(all));
}
