// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Samples for a model's inputs, from arrays (.npy, .npz, raw) and pictures
// (PNG, JPEG, BMP, PPM, PGM; folders and lists of them). Samples are read one
// at a time: memory does not depend on how many there are. Files are not
// trusted: what is wrong with one is an error that names it, the value found
// and the one expected.

#ifndef QOPT_SAMPLES_SAMPLES_H
#define QOPT_SAMPLES_SAMPLES_H

#include "qopt/Support/Tensor.h"

#include "llvm/Support/Error.h"

#include <memory>

namespace qopt::samples {

/// One input of a model. Pictures need a shape [N,] H, W, C or [N,] C, H, W
/// with one channel or three.
struct InputFormat {
  std::string name;
  ElementKind kind = ElementKind::Float32;
  std::vector<int64_t> shape;
};

/// How the elements of files become those of a float input:
/// (x - mean) * scale, by channel or for all.
struct SampleOptions {
  std::vector<double> mean = {0};
  std::vector<double> scale = {1};
  /// The elements of raw files; those of the input by default.
  std::optional<ElementKind> rawKind;
};

/// The samples of one input in one file, folder or list.
class SampleSource {
public:
  virtual ~SampleSource() = default;
  /// Where they are from, for messages.
  virtual llvm::StringRef getPath() const = 0;
  virtual int64_t size() const = 0;
  /// Reads a sample into a tensor of the input's type. Reading in ascending
  /// order is fast whatever the format.
  virtual llvm::Error read(int64_t index, Tensor &tensor) = 0;
};

class SampleSet {
public:
  /// Opens files for the inputs of a model. An entry is a path, or `INPUT=PATH`
  /// with the name of an input; with several inputs, entries without a name are
  /// for each input in turn, and an .npz holds arrays for all of them, by their
  /// names or in their order. More entries for an input mean more samples.
  static llvm::Expected<SampleSet> open(llvm::ArrayRef<std::string> entries,
                                        llvm::ArrayRef<InputFormat> inputs,
                                        const SampleOptions &options = {});

  int64_t size() const { return count; }

  /// Reads sample `index`, a tensor for each input. The memory of `sample` is
  /// used again.
  llvm::Error read(int64_t index, std::vector<Tensor> &sample);

private:
  using Sources = std::vector<std::unique_ptr<SampleSource>>;

  std::vector<InputFormat> inputs;
  /// For each input, what is read one after the other.
  std::vector<Sources> sources;
  int64_t count = 0;
};

} // namespace qopt::samples

#endif // QOPT_SAMPLES_SAMPLES_H
