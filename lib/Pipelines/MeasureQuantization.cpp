// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Three programs run on the same samples: the float graph with a twin of each
// layer (IsolatedLayers.h), the simulation, and the integer graph. Every tensor
// that the report speaks of is a result of one of them.

#include "qopt/Pipelines/MeasureQuantization.h"

#include "DescribeLayer.h"
#include "DescribeQuantization.h"
#include "IsolatedLayers.h"
#include "NoiseMeter.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "qopt/Dialect/NN/IR/NN.h"
#include "qopt/Dialect/NN/IR/TensorNames.h"
#include "qopt/Pipelines/Calibrator.h"
#include "qopt/Pipelines/Compiler.h"
#include "qopt/Pipelines/ModelRunner.h"
#include "qopt/Support/Version.h"
#include "llvm/ADT/MapVector.h"

#include <cmath>

using namespace llvm;
using namespace qopt;
using mlir::ModuleOp;

/// More samples take longer and hardly change the numbers.
static constexpr int64_t maxSamples = 64;
/// Bars in the histogram of an activation.
static constexpr unsigned maxBins = 64;

static mlir::func::FuncOp getMain(ModuleOp module) {
  return module.lookupSymbol<mlir::func::FuncOp>("main");
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

namespace {
/// A program some of whose inner tensors are seen as floats.
class Probe {
public:
  /// Null values are not watched.
  static Expected<Probe>
  create(ModuleOp module, ArrayRef<mlir::Value> values,
         ModelRunner::Sums sums = ModelRunner::Sums::AsTheyAre);

  Error run(ArrayRef<Tensor> sample);

  /// The real numbers of value `index` in the last run; empty if it was null.
  ArrayRef<float> get(size_t index) const {
    return slots[index] < 0 ? ArrayRef<float>() : ArrayRef(reals[slots[index]]);
  }
  /// Result `index` of the function.
  ArrayRef<float> getResult(size_t index) const { return reals[index]; }
  const TensorInterface &getResultInterface(size_t index) const {
    return runner->getInterface().outputs[index];
  }

private:
  std::unique_ptr<ModelRunner> runner;
  /// Where each value is among the program's results.
  SmallVector<int64_t> slots;
  std::vector<std::vector<float>> reals;
};
} // namespace

Expected<Probe> Probe::create(ModuleOp module, ArrayRef<mlir::Value> values,
                              ModelRunner::Sums sums) {
  Probe probe;
  // Each value once: some are results of the function already.
  SmallMapVector<mlir::Value, int64_t, 16> places;
  SmallVector<nn::NamedTensor> watched;
  auto operands =
      getMain(module).getBody().back().getTerminator()->getOperands();
  for (auto [index, operand] : enumerate(operands))
    places.insert({operand, index});
  for (mlir::Value value : values) {
    if (!value) {
      probe.slots.push_back(-1);
      continue;
    }
    auto [place, isNew] =
        places.insert({value, operands.size() + watched.size()});
    if (isNew)
      watched.push_back({value, "watched" + std::to_string(watched.size())});
    probe.slots.push_back(place->second);
  }
  auto runner = ModelRunner::create(module, watched, sums);
  if (!runner)
    return runner.takeError();
  probe.runner = std::move(*runner);
  probe.reals.resize(probe.runner->getInterface().outputs.size());
  return std::move(probe);
}

/// Stored integers of reals, as quant.qcast rounds them.
static Tensor quantize(const Tensor &reals, const TensorInterface &type) {
  Tensor result(type.kind, type.shape);
  size_t width = getElementSize(type.kind);
  bool isUnsigned =
      type.kind == ElementKind::UInt8 || type.kind == ElementKind::UInt16;
  double low = isUnsigned ? 0 : -std::exp2(8.0 * width - 1);
  double high = std::exp2(8.0 * width - (isUnsigned ? 0 : 1)) - 1;
  for (auto [index, real] : enumerate(reals.get<float>())) {
    double quotient = real / static_cast<float>(type.scales[0]);
    double rounded = std::isnan(quotient) ? 0 : std::round(quotient);
    auto stored = static_cast<int64_t>(
        std::clamp(rounded + type.zeroPoints[0], low, high));
    std::memcpy(&result.bytes[index * width], &stored, width);
  }
  return result;
}

static void dequantize(const Tensor &tensor, const TensorInterface &type,
                       std::vector<float> &reals) {
  int64_t count = tensor.getNumElements();
  reals.resize(count);
  for (int64_t i = 0; i < count; ++i)
    reals[i] =
        type.isQuantized()
            ? static_cast<float>(type.scales[0]) *
                  static_cast<float>(tensor.getInteger(i) - type.zeroPoints[0])
            : static_cast<float>(tensor.getReal(i));
}

Error Probe::run(ArrayRef<Tensor> sample) {
  const ModelInterface &interface = runner->getInterface();
  std::vector<Tensor> inputs;
  for (auto [tensor, type] : zip_equal(sample, interface.inputs))
    inputs.push_back(type.isQuantized() && tensor.kind == ElementKind::Float32
                         ? quantize(tensor, type)
                         : tensor);
  auto results = runner->run(inputs);
  if (!results)
    return results.takeError();
  for (auto [index, result] : enumerate(*results))
    dequantize(result, interface.outputs[index], reals[index]);
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Measuring
//===----------------------------------------------------------------------===//

namespace {
/// What is summed up over the samples for a layer, and for an output.
struct LayerSums {
  NoiseMeter alone, cumulative, integer;
  ValueHistogram values;
  uint64_t outside = 0;
};
struct OutputSums {
  NoiseMeter simulation, integer;
  uint64_t differing = 0, total = 0;
};

class Measurement {
public:
  Measurement(const QuantizationStages &stages, const QuantizeOptions &options)
      : stages(stages), options(options), layers(matchLayers(stages)) {}

  Error run();
  void fill(report::Report &report);

private:
  Error createProbes();
  void addSample(ArrayRef<Tensor> sample);
  void addOutputs();

  const QuantizationStages &stages;
  const QuantizeOptions &options;
  std::vector<MatchedLayer> layers;
  std::optional<Probe> isolated, simulation, quantized;
  std::vector<std::optional<report::Activation>> activations, inputs;
  std::vector<LayerSums> sums, inputSums;
  std::vector<OutputSums> outputs;
  std::vector<std::string> outputNames;
  int64_t numSamples = 0;
};
} // namespace

/// Whether the simulation has the layer's result only on its way into a sum.
static bool isUnseen(const MatchedLayer &layer) {
  if (!layer.simulated)
    return true;
  mlir::Value result = layer.simulated->getResult(0);
  return layer.quantized && !findQuantize(result) &&
         nn::getQuantizedElementType(layer.quantized->getResult(0).getType());
}

Error Measurement::createProbes() {
  IsolatedLayers alone = isolateLayers(*stages.prepared, layers);
  SmallVector<mlir::Value> values;
  append_range(values, alone.results);
  append_range(values, alone.twins);
  auto create = [&](ModuleOp module, ArrayRef<mlir::Value> watched,
                    std::optional<Probe> &probe,
                    ModelRunner::Sums sums =
                        ModelRunner::Sums::AsTheyAre) -> Error {
    auto created = Probe::create(module, watched, sums);
    if (!created)
      return created.takeError();
    probe.emplace(std::move(*created));
    return Error::success();
  };
  if (Error error = create(*alone.module, values, isolated))
    return error;
  values.clear();
  // An accumulator that a residual is added to is no tensor of either program.
  for (const MatchedLayer &layer : layers)
    values.push_back(isUnseen(layer)
                         ? mlir::Value()
                         : findSimulated(layer.simulated->getResult(0)));
  if (Error error = create(*stages.simulation, values, simulation,
                           ModelRunner::Sums::Exact))
    return error;
  values.clear();
  auto isStored = [](mlir::Value value) {
    quant::QuantizedType type = nn::getQuantizedElementType(value.getType());
    return !type || type.getStorageTypeIntegralWidth() <= 16;
  };
  for (const MatchedLayer &layer : layers)
    values.push_back(layer.quantized && isStored(layer.quantized->getResult(0))
                         ? layer.quantized->getResult(0)
                         : mlir::Value());
  return create(*stages.quantized, values, quantized);
}

/// How many values lie outside a range by more than rounding explains.
static uint64_t countOutside(ArrayRef<float> values,
                             const report::Activation &activation) {
  double slack = activation.scale / 2;
  return count_if(values, [&](float value) {
    return value < activation.chosen.low - slack ||
           value > activation.chosen.high + slack;
  });
}

void Measurement::addSample(ArrayRef<Tensor> sample) {
  auto observe = [](ArrayRef<float> values, LayerSums &sum,
                    const std::optional<report::Activation> &activation) {
    sum.values.add(values);
    if (activation)
      sum.outside += countOutside(values, *activation);
  };
  for (size_t i = 0; i < inputs.size(); ++i)
    if (sample[i].kind == ElementKind::Float32)
      observe(sample[i].get<float>(), inputSums[i], inputs[i]);
  for (size_t i = 0; i < layers.size(); ++i) {
    ArrayRef<float> expected = isolated->get(i);
    observe(expected, sums[i], activations[i]);
    auto add = [&](NoiseMeter &meter, ArrayRef<float> found) {
      if (!found.empty())
        meter.add(expected, found);
    };
    add(sums[i].alone, isolated->get(layers.size() + i));
    add(sums[i].cumulative, simulation->get(i));
    add(sums[i].integer, quantized->get(i));
  }
  addOutputs();
}

void Measurement::addOutputs() {
  for (auto [index, sum] : enumerate(outputs)) {
    ArrayRef<float> simulated = simulation->getResult(index),
                    integers = quantized->getResult(index);
    sum.simulation.add(isolated->getResult(index), simulated);
    sum.integer.add(isolated->getResult(index), integers);
    // Stored values stand a scale apart.
    const TensorInterface &type = quantized->getResultInterface(index);
    double slack = type.isQuantized() ? type.scales[0] / 2 : 0;
    sum.total += integers.size();
    for (auto [x, y] : zip(simulated, integers))
      sum.differing += std::abs(double(x) - y) > slack;
  }
}

Error Measurement::run() {
  auto interface = describeModel(*stages.prepared);
  if (!interface)
    return interface.takeError();
  auto samples =
      samples::SampleSet::open(options.calibrate, getInputFormats(*interface));
  if (!samples)
    return samples.takeError();
  for (const MatchedLayer &layer : layers)
    activations.push_back(describeActivation(layer));
  for (mlir::BlockArgument argument :
       getMain(*stages.simulation).getArguments())
    inputs.push_back(describeActivation(argument));
  sums.resize(layers.size());
  inputSums.resize(inputs.size());
  outputs.resize(interface->outputs.size());
  for (const TensorInterface &output : interface->outputs)
    outputNames.push_back(output.name);
  if (Error error = createProbes())
    return error;
  numSamples = std::min(samples->size(), maxSamples);
  std::vector<Tensor> sample;
  for (int64_t i = 0; i < numSamples; ++i) {
    if (Error error = samples->read(i * samples->size() / numSamples, sample))
      return error;
    for (Probe *probe : {&*isolated, &*simulation, &*quantized})
      if (Error error = probe->run(sample))
        return error;
    addSample(sample);
  }
  return Error::success();
}

static void complete(report::Activation &activation, const LayerSums &sum) {
  activation.observed = sum.values.getObserved();
  activation.histogram = sum.values.get(maxBins);
  if (uint64_t count = sum.values.getCount())
    activation.clipped = double(sum.outside) / count;
}

void Measurement::fill(report::Report &report) {
  report.samples = numSamples;
  for (auto [activation, sum] : zip_equal(inputs, inputSums))
    if (activation) {
      complete(*activation, sum);
      report.inputs.push_back(*activation);
    }
  for (size_t i = 0; i < layers.size(); ++i) {
    report::Layer layer = describeLayer(layers[i], options);
    layer.alone = sums[i].alone.get();
    layer.cumulative = sums[i].cumulative.get();
    layer.integer = sums[i].integer.get();
    layer.activation = activations[i];
    if (layer.activation)
      complete(*layer.activation, sums[i]);
    report.layers.push_back(std::move(layer));
  }
  for (auto [index, sum] : enumerate(outputs)) {
    report.outputs.push_back({outputNames[index], sum.simulation.get(),
                              sum.integer.get(), sum.differing, sum.total});
  }
}

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

/// The arena of the compiled module, nn ops at `phase`.
static Expected<uint64_t> getArena(ModuleOp module, Phase phase) {
  mlir::OwningOpRef<ModuleOp> copy(module.clone());
  CompileOptions options;
  options.target = resolveTarget("", "", "");
  options.startAfter = phase;
  PhaseTimes times;
  auto compiler = Compiler::create(*copy, options, times);
  if (!compiler)
    return compiler.takeError();
  if (Error error = (*compiler)->planMemory())
    return std::move(error);
  return (*compiler)->getInterface().arenaSize;
}

static Error measureSizes(const QuantizationStages &stages,
                          report::Report &report) {
  report.floatConstants = getConstantBytes(*stages.prepared);
  report.quantizedConstants = getConstantBytes(*stages.quantized);
  auto before = getArena(*stages.prepared, Phase::Float);
  if (!before)
    return before.takeError();
  auto after = getArena(*stages.quantized, Phase::Quantized);
  if (!after)
    return after.takeError();
  report.floatArena = *before;
  report.quantizedArena = *after;
  return Error::success();
}

Expected<report::Report>
qopt::measureQuantization(const QuantizationStages &stages,
                          const QuantizeOptions &options, StringRef model) {
  if (!stages.prepared || !stages.simulation || !stages.quantized)
    return createStringError("a report on a quantization needs all its phases, "
                             "from 'float' to 'quantized'");
  report::Report report;
  report.model = model.str();
  report.scheme = options.scheme;
  report.profile = options.profile;
  report.version = getVersionString().str();
  if (options.calibrate.empty()) {
    if (Error error = describeQuantization(stages, options, report))
      return std::move(error);
  } else {
    Measurement measurement(stages, options);
    if (Error error = measurement.run())
      return std::move(error);
    measurement.fill(report);
  }
  if (Error error = measureSizes(stages, report))
    return std::move(error);
  return report;
}
