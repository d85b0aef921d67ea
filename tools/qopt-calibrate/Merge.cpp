// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// --merge: as if all samples had been seen in one run.

#include "Commands.h"

#include "qopt/CodeGen/OutputFile.h"

using namespace llvm;
using namespace qoptcalibrate;
using qopt::calibration::Statistics;

Error qoptcalibrate::save(const Statistics &statistics, StringRef path) {
  return qopt::writeOutputFile(path, [&](raw_pwrite_stream &out) {
    writeStatistics(statistics, out);
    return Error::success();
  });
}

Error qoptcalibrate::merge(const Options &options) {
  auto merged = qopt::calibration::loadStatistics(options.files[0]);
  if (!merged)
    return merged.takeError();
  for (StringRef path : ArrayRef<std::string>(options.files).drop_front()) {
    auto shard = qopt::calibration::loadStatistics(path);
    if (!shard)
      return shard.takeError();
    if (Error error = merged->add(*shard, path))
      return error;
  }
  return save(*merged, options.output);
}
