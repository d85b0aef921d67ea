// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Merging and checking the statistics of a model.

#include "qopt/Calibration/Statistics.h"

#include "llvm/Support/FormatVariadic.h"

using namespace llvm;
using namespace qopt::calibration;

const TensorStatistics *Statistics::find(StringRef name) const {
  for (const TensorStatistics &tensor : tensors)
    if (tensor.name == name)
      return &tensor;
  return nullptr;
}

Error Statistics::checkFingerprint(StringRef expected, StringRef file) const {
  if (fingerprint == expected)
    return Error::success();
  return createStringError(formatv(
      "'{0}' was made of another model or with another version or "
      "options: its fingerprint is {1}..., expected {2}...; calibrate "
      "this model again",
      file, StringRef(fingerprint).take_front(12), expected.take_front(12)));
}

Error Statistics::add(const Statistics &other, StringRef file) {
  if (Error error = other.checkFingerprint(fingerprint, file))
    return error;
  if (tensors.size() != other.tensors.size())
    return createStringError(formatv("'{0}' has {1} tensors, expected {2}",
                                     file, other.tensors.size(),
                                     tensors.size()));
  for (auto [mine, theirs] : zip(tensors, other.tensors))
    if (mine.name != theirs.name ||
        mine.channels.size() != theirs.channels.size())
      return createStringError(
          formatv("'{0}': tensor '{1}' of {2} channels, expected '{3}' of {4}",
                  file, theirs.name, theirs.channels.size(), mine.name,
                  mine.channels.size()));
  // Counts of untrusted files could wrap around.
  if (other.numSamples > (uint64_t(1) << 62) - numSamples)
    return createStringError("'" + file + "' has too many samples to be added");
  for (auto [mine, theirs] : zip(tensors, other.tensors))
    if (theirs.numElements > (uint64_t(1) << 62) - mine.numElements)
      return createStringError("'" + file + "': tensor '" + theirs.name +
                               "' has too many elements to be added");
  numSamples += other.numSamples;
  for (auto [mine, theirs] : zip(tensors, other.tensors))
    mine.add(theirs);
  return Error::success();
}
