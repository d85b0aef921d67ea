// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See Reports.h.

#include "Reports.h"

#include "qopt/CodeGen/OutputFile.h"
#include "qopt/Report/Writers.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"

using namespace llvm;
using namespace qoptc;

Error qoptc::checkReports(const Options &options) {
  for (const std::string &path : options.reports) {
    StringRef suffix = sys::path::extension(path);
    if (path != "-" && suffix != ".html" && suffix != ".json")
      return createStringError("cannot tell from '" + path +
                               "' what report to write: use the suffix .html "
                               "or .json, or - for a table");
  }
  return Error::success();
}

static void writeReport(const qopt::report::Report &report, StringRef path,
                        raw_ostream &out) {
  if (path == "-") {
    unsigned columns = sys::Process::StandardOutColumns();
    return writeTable(report, out, columns ? columns : 100);
  }
  if (sys::path::extension(path) == ".json")
    return writeJSON(report, out);
  writeHTML(report, out);
}

Error qoptc::writeReports(const qopt::QuantizationStages &stages,
                          const qopt::Compiler &compiler,
                          const Options &options) {
  auto report =
      qopt::measureQuantization(stages, *compiler.getOptions().quantize,
                                sys::path::filename(options.model));
  if (!report)
    return report.takeError();
  for (const std::string &path : options.reports)
    if (Error error = qopt::writeOutputFile(path, [&](raw_pwrite_stream &out) {
          writeReport(*report, path, out);
          return Error::success();
        }))
      return error;
  return Error::success();
}
