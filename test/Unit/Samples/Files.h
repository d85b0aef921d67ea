// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A folder of files for tests, and reading all samples of a set.

#ifndef QOPT_TEST_UNIT_SAMPLES_FILES_H
#define QOPT_TEST_UNIT_SAMPLES_FILES_H

#include "qopt/Samples/Samples.h"
#include "qopt/Support/Npy.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

class SamplesTest : public testing::Test {
protected:
  SamplesTest() { llvm::sys::fs::createUniqueDirectory("samples", folder); }
  ~SamplesTest() override { llvm::sys::fs::remove_directories(folder); }

  std::string path(llvm::StringRef name) const {
    llvm::SmallString<128> result(folder);
    llvm::sys::path::append(result, name);
    return result.str().str();
  }

  std::string write(llvm::StringRef name, llvm::StringRef bytes) const {
    std::error_code code;
    llvm::raw_fd_ostream out(path(name), code);
    EXPECT_FALSE(code);
    out << bytes;
    return path(name);
  }

  template <typename T>
  static qopt::Tensor makeTensor(llvm::ArrayRef<int64_t> shape,
                                 llvm::ArrayRef<T> values) {
    qopt::Tensor tensor(qopt::ElementKindOf<T>::value, shape);
    std::copy(values.begin(), values.end(), tensor.get<T>().begin());
    return tensor;
  }

  /// All float elements of all samples of all inputs, or the error's text.
  static std::vector<float>
  readAll(llvm::ArrayRef<std::string> entries,
          llvm::ArrayRef<qopt::samples::InputFormat> inputs,
          const qopt::samples::SampleOptions &options = {}) {
    auto set = qopt::samples::SampleSet::open(entries, inputs, options);
    if (!set) {
      ADD_FAILURE() << llvm::toString(set.takeError());
      return {};
    }
    std::vector<float> values;
    std::vector<qopt::Tensor> sample;
    for (int64_t i = 0; i < set->size(); ++i) {
      if (llvm::Error error = set->read(i, sample)) {
        ADD_FAILURE() << llvm::toString(std::move(error));
        return values;
      }
      for (const qopt::Tensor &tensor : sample)
        for (int64_t k = 0; k < tensor.getNumElements(); ++k)
          values.push_back(static_cast<float>(tensor.getReal(k)));
    }
    return values;
  }

  static std::string
  getError(llvm::ArrayRef<std::string> entries,
           llvm::ArrayRef<qopt::samples::InputFormat> inputs,
           const qopt::samples::SampleOptions &options = {}) {
    auto set = qopt::samples::SampleSet::open(entries, inputs, options);
    if (!set)
      return llvm::toString(set.takeError());
    std::vector<qopt::Tensor> sample;
    for (int64_t i = 0; i < set->size(); ++i)
      if (llvm::Error error = set->read(i, sample))
        return llvm::toString(std::move(error));
    return "no error";
  }

  llvm::SmallString<128> folder;
};

#endif // QOPT_TEST_UNIT_SAMPLES_FILES_H
