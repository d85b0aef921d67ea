// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// --evaluate: accuracy against labels, fidelity against another model's
// outputs.

#include "Commands.h"
#include "Inputs.h"

#include "qopt/Support/Npy.h"
#include "llvm/Support/FormatVariadic.h"
#include <cmath>

using namespace llvm;
using namespace qoptrun;
using qopt::Tensor;

/// The class with the greatest value, the first of equal ones.
static int64_t argMax(const Tensor &tensor, int64_t begin, int64_t count) {
  int64_t best = 0;
  for (int64_t i = 1; i < count; ++i)
    if (tensor.getReal(begin + i) > tensor.getReal(begin + best))
      best = i;
  return best;
}

static void printTop1(StringRef what, int64_t numRight, int64_t count) {
  outs() << formatv("{0} {1:f2} % ({2}/{3})\n", what, 100.0 * numRight / count,
                    numRight, count);
}

static Expected<std::vector<int64_t>> readLabels(StringRef path,
                                                 int64_t count) {
  auto labels = qopt::readNpy(path);
  if (!labels)
    return labels.takeError();
  if (qopt::isFloat(labels->kind) || labels->getNumElements() != count)
    return createStringError(formatv("'{0}' holds {1}, expected {2} integers, "
                                     "one for each example",
                                     path, labels->describeType(), count));
  std::vector<int64_t> values(count);
  for (int64_t i = 0; i < count; ++i)
    values[i] = labels->getInteger(i);
  return std::move(values);
}

static Error compareReference(const Tensor &real, int64_t classes,
                              const qopt::TensorInterface &output,
                              StringRef path) {
  auto reference = qopt::readNpy(path);
  if (!reference)
    return reference.takeError();
  if (reference->getNumElements() != real.getNumElements())
    return createStringError(formatv(
        "'{0}' has shape {1}, expected the outputs' {2}", path,
        qopt::printShape(reference->shape), qopt::printShape(real.shape)));
  Tensor expected = *reference;
  if (!qopt::isFloat(expected.kind)) {
    if (expected.kind != output.kind || !output.isQuantized())
      return createStringError(formatv("'{0}' holds {1}, expected floats or "
                                       "the output's stored integers",
                                       path, getElementName(expected.kind)));
    expected = dequantize(expected, output);
  }
  double signal = 0, noise = 0, dot = 0, power = 0;
  int64_t total = real.getNumElements();
  for (int64_t i = 0; i < total; ++i) {
    double y = expected.getReal(i), x = real.getReal(i);
    signal += y * y;
    noise += (y - x) * (y - x);
    dot += x * y;
    power += x * x;
  }
  if (noise == 0)
    outs() << "SQNR inf dB\n";
  else
    outs() << formatv("SQNR {0:f2} dB\n", 10 * std::log10(signal / noise));
  outs() << formatv("cosine {0:f6}\n", signal > 0 && power > 0
                                           ? dot / std::sqrt(signal * power)
                                           : (noise == 0 ? 1.0 : 0.0));
  int64_t numRight = 0;
  int64_t count = total / classes;
  for (int64_t i = 0; i < count; ++i)
    numRight += argMax(real, i * classes, classes) ==
                argMax(expected, i * classes, classes);
  printTop1("top-1 agreement", numRight, count);
  return Error::success();
}

Error qoptrun::runEvaluation(OpenedModel &model, const Options &options) {
  const qopt::ModelInterface &interface = model.engine->getInterface();
  if (interface.outputs.empty())
    return createStringError("the model has no output to evaluate");
  auto examples = readExamples(interface, options.evaluate);
  if (!examples)
    return examples.takeError();
  auto results = model.engine->run(*examples);
  if (!results)
    return results.takeError();
  const qopt::TensorInterface &output = interface.outputs.front();
  // An example may be a batch: its first dimension counts separately.
  int64_t batch = output.shape.size() > 1 ? output.shape.front() : 1;
  int64_t classes = output.getNumElements() / std::max<int64_t>(batch, 1);
  if (classes <= 0)
    return createStringError("output 0 has no elements");
  Tensor real = dequantize(stackOutput(*results, 0), output);
  int64_t count = real.getNumElements() / classes;
  std::vector<int64_t> predictions(count), labels;
  for (int64_t i = 0; i < count; ++i)
    predictions[i] = argMax(real, i * classes, classes);
  if (!options.labels.empty()) {
    auto read = readLabels(options.labels, count);
    if (!read)
      return read.takeError();
    labels = std::move(*read);
  }
  if (options.draw)
    if (Error error = drawExamples(interface.inputs.front(), *examples,
                                   predictions, labels, options.draw))
      return error;
  if (!labels.empty()) {
    int64_t numRight = 0;
    for (int64_t i = 0; i < count; ++i)
      numRight += predictions[i] == labels[i];
    printTop1("top-1", numRight, count);
  }
  if (!options.reference.empty())
    return compareReference(real, classes, output, options.reference);
  return Error::success();
}
