// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The samples that a float model is observed on.

#ifndef QOPT_LIB_PIPELINES_SAMPLES_H
#define QOPT_LIB_PIPELINES_SAMPLES_H

#include "qopt/CodeGen/ModelInterface.h"
#include "qopt/Support/Tensor.h"
#include "llvm/Support/Error.h"

#include <vector>

namespace qopt {

class SampleFiles {
public:
  /// Opens .npy files whose first dimension counts samples. With several inputs
  /// there is a file for each in turn.
  static llvm::Expected<SampleFiles> open(llvm::ArrayRef<std::string> paths,
                                          const ModelInterface &interface);

  int64_t size() const { return count; }

  /// Sample `index`, a tensor for each input.
  std::vector<Tensor> get(int64_t index) const;

private:
  struct Shard {
    std::vector<Tensor> files; // one for each input
    int64_t count;
  };
  std::vector<TensorInterface> inputs;
  std::vector<Shard> shards;
  int64_t count = 0;
};

} // namespace qopt

#endif // QOPT_LIB_PIPELINES_SAMPLES_H
