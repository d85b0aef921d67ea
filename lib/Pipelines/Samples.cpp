// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See Samples.h.

#include "Samples.h"

#include "qopt/Support/Npy.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;
using namespace qopt;

/// How many samples of `input` a file holds.
static Expected<int64_t> countSamples(const Tensor &file, StringRef path,
                                      const TensorInterface &input) {
  int64_t size = input.getNumElements();
  if (file.kind != input.kind || size == 0 || file.getNumElements() == 0 ||
      file.getNumElements() % size != 0)
    return createStringError(
        formatv("'{0}' holds {1}, expected samples of input '{2}', {3}", path,
                file.describeType(), input.name,
                Tensor(input.kind, input.shape).describeType()));
  return file.getNumElements() / size;
}

Expected<SampleFiles> SampleFiles::open(ArrayRef<std::string> paths,
                                        const ModelInterface &interface) {
  SampleFiles samples;
  samples.inputs = interface.inputs;
  size_t numInputs = interface.inputs.size();
  if (paths.empty() || numInputs == 0 || paths.size() % numInputs != 0)
    return createStringError(
        formatv("found {0} files of samples, expected one for each of the "
                "model's {1} inputs, or a multiple of that",
                paths.size(), numInputs));
  for (size_t i = 0; i < paths.size(); i += numInputs) {
    Shard &shard = samples.shards.emplace_back();
    for (size_t k = 0; k < numInputs; ++k) {
      auto file = readNpy(paths[i + k]);
      if (!file)
        return file.takeError();
      auto count = countSamples(*file, paths[i + k], interface.inputs[k]);
      if (!count)
        return count.takeError();
      if (k > 0 && *count != shard.count)
        return createStringError(
            formatv("'{0}' holds {1} samples, expected {2} as in '{3}'",
                    paths[i + k], *count, shard.count, paths[i]));
      shard.count = *count;
      shard.files.push_back(std::move(*file));
    }
    samples.count += shard.count;
  }
  return std::move(samples);
}

std::vector<Tensor> SampleFiles::get(int64_t index) const {
  const Shard *shard = shards.data();
  for (; index >= shard->count; ++shard)
    index -= shard->count;
  std::vector<Tensor> sample;
  for (auto [input, file] : zip(inputs, shard->files)) {
    Tensor &tensor = sample.emplace_back(input.kind, input.shape);
    std::copy_n(file.bytes.begin() + index * tensor.bytes.size(),
                tensor.bytes.size(), tensor.bytes.begin());
  }
  return sample;
}
