// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// --inputs: runs given data and writes the outputs.

#include "Commands.h"
#include "Inputs.h"

#include "qopt/Support/Npy.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace qoptrun;

Error qoptrun::runFiles(OpenedModel &model, const Options &options) {
  const qopt::ModelInterface &interface = model.engine->getInterface();
  auto examples = readExamples(interface, options.inputs);
  if (!examples)
    return examples.takeError();
  auto results = model.engine->run(*examples);
  if (!results)
    return results.takeError();
  if (std::error_code code = sys::fs::create_directories(options.outputs))
    return createStringError(code, "cannot make the directory '" +
                                       options.outputs +
                                       "': " + code.message());
  for (auto [index, output] : enumerate(interface.outputs)) {
    qopt::Tensor tensor = stackOutput(*results, index);
    if (options.dequantize && output.isQuantized()) {
      // Channels repeat with each example, also along a stacked axis.
      tensor = dequantize(tensor, output);
    }
    SmallString<128> path(options.outputs);
    sys::path::append(path, formatv("output{0}.npy", index).str());
    if (Error error = qopt::writeNpy(path, tensor))
      return error;
    outs() << path << ": " << tensor.describeType() << "\n";
  }
  return Error::success();
}
