// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// --layers: hashes of inner tensors against those of another runtime's run.

#include "Commands.h"

#include "qopt/Support/Hash.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;
using namespace qoptrun;

Expected<std::vector<ExpectedTensor>> qoptrun::readTensorTable(StringRef path) {
  auto file = MemoryBuffer::getFile(path, /*IsText=*/true);
  if (!file)
    return createStringError(file.getError(), "cannot read '" + path + "': " +
                                                  file.getError().message());
  std::vector<ExpectedTensor> table;
  SmallVector<StringRef> lines;
  (*file)->getBuffer().split(lines, '\n', -1, /*KeepEmpty=*/false);
  for (auto [index, line] : enumerate(lines)) {
    if (line.starts_with("#"))
      continue;
    SmallVector<StringRef> fields;
    line.split(fields, '\t');
    if (fields.size() != 5)
      return createStringError(
          formatv("{0}:{1}: {2} fields, expected index, name, type, shape and "
                  "hash",
                  path, index + 1, fields.size()));
    table.push_back({fields[1].str(), fields[2].str(), fields[3].str(),
                     fields[4].rtrim().str()});
  }
  return std::move(table);
}

bool qoptrun::checkLayers(StringRef caseName, ArrayRef<LayerTensor> layers,
                          ArrayRef<qopt::Tensor> tensors,
                          ArrayRef<ExpectedTensor> expected) {
  StringMap<const ExpectedTensor *> byName;
  for (const ExpectedTensor &tensor : expected)
    byName.try_emplace(tensor.name, &tensor);
  // Helper ops of one operator share its tensor's name; the last one makes
  // the tensor.
  StringMap<size_t> last;
  for (auto [index, layer] : enumerate(layers))
    last[layer.name] = index;
  unsigned numEqual = 0, numFloat = 0;
  for (auto [index, layer] : enumerate(layers)) {
    auto it = byName.find(layer.name);
    if (it == byName.end() || last[layer.name] != index)
      continue;
    const ExpectedTensor &row = *it->second;
    const qopt::Tensor &tensor = tensors[index];
    // Float tensors depend on the order of summation: no hash can be equal.
    if (qopt::isFloat(tensor.kind)) {
      ++numFloat;
      continue;
    }
    if (row.type == getElementName(tensor.kind) &&
        row.sha256 == qopt::sha256(tensor.bytes)) {
      ++numEqual;
      continue;
    }
    outs() << formatv(
        "{0} layers: {1} equal, then '{2}' ({3} {4} of {5}) "
        "differs, expected {6} {7}\n",
        caseName, numEqual, layer.name, getElementName(tensor.kind),
        qopt::printShape(tensor.shape), layer.operation, row.type, row.shape);
    return false;
  }
  if (numEqual == 0 && numFloat == 0) {
    outs() << caseName << " layers: none of the tensors has a name in the "
           << "table\n";
    return false;
  }
  outs() << formatv("{0} layers: {1} equal", caseName, numEqual);
  if (numFloat > 0)
    outs() << formatv(", {0} of floats not compared", numFloat);
  outs() << "\n";
  return true;
}
