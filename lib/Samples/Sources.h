// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The kinds of sources, and what they share.

#ifndef QOPT_LIB_SAMPLES_SOURCES_H
#define QOPT_LIB_SAMPLES_SOURCES_H

#include "ByteSource.h"
#include "Zip.h"

#include "qopt/Samples/Samples.h"

namespace qopt::samples {

/// An array of samples; its shape and kind are in its header.
llvm::Expected<std::unique_ptr<SampleSource>>
openNpy(std::unique_ptr<ByteSource> bytes, std::string path,
        const InputFormat &input, const SampleOptions &options);

/// Elements without header.
llvm::Expected<std::unique_ptr<SampleSource>>
openRaw(std::shared_ptr<File> file, const InputFormat &input,
        const SampleOptions &options);

/// Picture files, read one after the other.
llvm::Expected<std::unique_ptr<SampleSource>>
openImages(std::vector<std::string> files, std::string path,
           const InputFormat &input, const SampleOptions &options);

/// Where the channels of an input are: how many, and how many elements lie
/// between an element and the same one of the next channel.
struct Channels {
  int64_t count = 1, stride = 1;
};
Channels findChannels(const InputFormat &input);

/// Writes elements of some kind as those of an input, (x - mean) * scale where
/// it is float. `index` is that of the first element in the input.
llvm::Error convertElements(const Tensor &elements, const InputFormat &input,
                            const SampleOptions &options, llvm::StringRef path,
                            Tensor &result);

} // namespace qopt::samples

#endif // QOPT_LIB_SAMPLES_SOURCES_H
