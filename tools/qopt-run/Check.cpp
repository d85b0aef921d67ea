// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// --check: runs the cases of a folder and compares all outputs.

#include "Commands.h"
#include "Compare.h"
#include "Inputs.h"

#include "qopt/Support/Npy.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"
#include <set>

using namespace llvm;
using namespace qoptrun;

/// The numbers K of all files caseK.input0.npy, in order.
static Expected<std::set<unsigned>> findCases(StringRef directory) {
  std::set<unsigned> cases;
  std::error_code code;
  for (sys::fs::directory_iterator it(directory, code), end; it != end && !code;
       it.increment(code)) {
    StringRef name = sys::path::filename(it->path());
    unsigned number;
    if (name.consume_front("case") && !name.consumeInteger(10, number) &&
        name == ".input0.npy")
      cases.insert(number);
  }
  if (code)
    return createStringError(code, "cannot read '" + directory +
                                       "': " + code.message());
  return std::move(cases);
}

static std::string casePath(StringRef directory, unsigned number,
                            const Twine &rest) {
  SmallString<128> path(directory);
  sys::path::append(path, "case" + Twine(number) + "." + rest);
  return path.str().str();
}

static Expected<Example> readInputs(StringRef directory, unsigned number,
                                    const qopt::ModelInterface &model) {
  Example example;
  for (auto [index, input] : enumerate(model.inputs)) {
    std::string path =
        casePath(directory, number, formatv("input{0}.npy", index).str());
    auto tensor = qopt::readNpy(path);
    if (!tensor)
      return tensor.takeError();
    if (ArrayRef<int64_t>(tensor->shape) != ArrayRef<int64_t>(input.shape))
      return createStringError(
          formatv("'{0}' has shape {1}, expected {2} for input '{3}'", path,
                  qopt::printShape(tensor->shape),
                  qopt::printShape(input.shape), input.name));
    auto converted =
        convertInput(std::move(*tensor), input, "'" + Twine(path) + "'");
    if (!converted)
      return converted.takeError();
    example.push_back(std::move(*converted));
  }
  return std::move(example);
}

Expected<bool> qoptrun::runCheck(OpenedModel &model, const Options &options) {
  const qopt::ModelInterface &interface = model.engine->getInterface();
  auto cases = findCases(options.check);
  if (!cases)
    return cases.takeError();
  std::vector<Example> examples;
  for (unsigned number : *cases) {
    auto example = readInputs(options.check, number, interface);
    if (!example)
      return example.takeError();
    examples.push_back(std::move(*example));
  }
  auto results = model.engine->run(examples);
  if (!results)
    return results.takeError();

  unsigned numPassed = 0, numFailed = 0;
  size_t numOutputs = interface.outputs.size() - model.layers.size();
  for (auto [number, result] : zip(*cases, *results)) {
    std::string name = formatv("case{0}", number).str();
    for (size_t i = 0; i < numOutputs; ++i) {
      auto expected = qopt::readNpy(
          casePath(options.check, number, formatv("output{0}.npy", i).str()));
      Comparison comparison;
      if (expected)
        comparison = compare(result.outputs[i], *expected);
      else
        comparison.text = toString(expected.takeError());
      outs() << name << " output" << i << ": " << comparison.text << "\n";
      ++(comparison.passed ? numPassed : numFailed);
    }
    if (!options.layers)
      continue;
    auto table =
        readTensorTable(casePath(options.check, number, "tensors.tsv"));
    if (!table)
      return table.takeError();
    bool passed = checkLayers(
        name, model.layers,
        ArrayRef<qopt::Tensor>(result.outputs).drop_front(numOutputs), *table);
    ++(passed ? numPassed : numFailed);
  }
  if (numPassed + numFailed == 0)
    errs() << "no caseK.input0.npy in '" << options.check << "'\n";
  outs() << formatv("{0} passed, {1} failed\n", numPassed, numFailed);
  return numPassed > 0 && numFailed == 0;
}
