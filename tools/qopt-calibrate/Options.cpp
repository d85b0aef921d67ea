// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Declares and reads the options; those of LLVM's libraries are dropped first.

#include "Options.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/WithColor.h"

using namespace llvm;
using namespace qoptcalibrate;
using qopt::ElementKind;

static const char *const examples = R"(
EXAMPLES:

  qopt-calibrate net.onnx --data=samples.npy -o net.qcal
      observe all tensors on the samples; first dimension: samples
  qopt-calibrate net.tflite --data=photos --mean=127.5 --scale=0.0078125 -o net.qcal
      a folder of pictures, resized to the input, as (x - mean) * scale
  qopt-calibrate net.onnx --data=image=a.npy --data=mask=b.npy -o net.qcal
      a model with two inputs; or one .npz with arrays of these names
  qopt-calibrate net.onnx --data=all.npy --first=3 --step=8 -o shard3.qcal
      one of eight shards of a job array
  qopt-calibrate --merge shard*.qcal -o net.qcal
      the file that one run over all samples would write
  qopt-calibrate --show net.qcal --estimator=mse
  qopt-calibrate --diff a.qcal b.qcal

)";

namespace {
struct CommandLine {
  cl::OptionCategory category{"qopt-calibrate options"};

  cl::list<std::string> files{cl::Positional, cl::desc("MODEL | STATISTICS..."),
                              cl::cat(category)};
  cl::list<std::string> data{
      "data", cl::CommaSeparated, cl::value_desc("[INPUT=]FILE,..."),
      cl::desc(".npy, .npz, .raw, pictures (PNG, JPEG, BMP, PPM, PGM), folders "
               "of them, or .txt lists of them"),
      cl::cat(category)};
  cl::opt<std::string> output{"o", cl::value_desc("FILE"),
                              cl::desc("file of statistics to write"),
                              cl::cat(category)};
  cl::opt<bool> merge{"merge", cl::desc("merge files of statistics"),
                      cl::cat(category)};
  cl::opt<bool> show{"show", cl::desc("print statistics and ranges"),
                     cl::cat(category)};
  cl::opt<bool> diff{"diff", cl::desc("compare the ranges of two files"),
                     cl::cat(category)};
  cl::list<double> mean{"mean", cl::CommaSeparated, cl::value_desc("X,..."),
                        cl::desc("subtracted from samples, for all or each "
                                 "channel (default 0)"),
                        cl::cat(category)};
  cl::list<double> scale{"scale", cl::CommaSeparated, cl::value_desc("X,..."),
                         cl::desc("then multiplied with (default 1)"),
                         cl::cat(category)};
  cl::opt<ElementKind> rawType{
      "raw-type", cl::desc("elements of .raw files (default: the input's)"),
      cl::values(clEnumValN(ElementKind::UInt8, "uint8", ""),
                 clEnumValN(ElementKind::Int8, "int8", ""),
                 clEnumValN(ElementKind::Int16, "int16", ""),
                 clEnumValN(ElementKind::UInt16, "uint16", ""),
                 clEnumValN(ElementKind::Int32, "int32", ""),
                 clEnumValN(ElementKind::Float32, "float32", ""),
                 clEnumValN(ElementKind::Float64, "float64", "")),
      cl::cat(category)};
  cl::opt<std::string> estimator{
      "estimator", cl::value_desc("NAME"),
      cl::desc("of shown ranges: minmax, moving-average, percentile:99.99, kl, "
               "mse, aciq (default minmax)"),
      cl::init("minmax"), cl::cat(category)};
  cl::opt<unsigned> bits{"bits", cl::desc("that shown ranges are for"),
                         cl::init(8), cl::cat(category)};
  cl::opt<bool> symmetric{"symmetric", cl::desc("show ranges around 0"),
                          cl::cat(category)};
  cl::opt<int64_t> first{"first", cl::desc("first sample (default 0)"),
                         cl::init(0), cl::cat(category)};
  cl::opt<int64_t> step{"step", cl::desc("take every N-th sample"), cl::init(1),
                        cl::cat(category)};
  cl::opt<int64_t> limit{"limit", cl::desc("take at most N samples"),
                         cl::init(-1), cl::cat(category)};
  cl::opt<bool> quiet{"quiet", cl::desc("no progress"), cl::cat(category)};
  cl::opt<bool> memory{"print-memory",
                       cl::desc("print the peak of the process's memory"),
                       cl::cat(category)};

  cl::extrahelp help{examples};
};
} // namespace

[[noreturn]] static void misuse(const Twine &message) {
  WithColor::error(errs(), "qopt-calibrate") << message << "; see --help\n";
  exit(1);
}

Options qoptcalibrate::parseCommandLine(int argc, char **argv) {
  cl::ResetCommandLineParser();
  CommandLine line;
  cl::HideUnrelatedOptions(line.category);
  cl::ParseCommandLineOptions(
      argc, argv,
      "qopt-calibrate: what the tensors of a float model hold\n\n"
      "  MODEL is a .onnx or .tflite file, or MLIR; STATISTICS were written "
      "by\n"
      "  this tool.\n");
  Options options;
  if (line.merge + line.show + line.diff > 1)
    misuse("--merge, --show and --diff exclude each other");
  options.action = line.merge  ? Action::Merge
                   : line.show ? Action::Show
                   : line.diff ? Action::Compare
                               : Action::Gather;
  options.files.assign(line.files.begin(), line.files.end());
  options.data.assign(line.data.begin(), line.data.end());
  options.output = line.output;
  bool writes =
      options.action == Action::Gather || options.action == Action::Merge;
  if (writes && options.output.empty())
    misuse("no file to write was given (-o FILE)");
  if (options.action == Action::Gather) {
    if (options.files.size() != 1)
      misuse(Twine(options.files.size()) + " models were given, expected 1");
    if (options.data.empty())
      misuse("no samples were given (--data=FILE)");
  } else if (options.action == Action::Compare && options.files.size() != 2) {
    misuse(Twine(options.files.size()) +
           " files of statistics were given, expected 2");
  } else if (options.files.empty()) {
    misuse("no files of statistics were given");
  }
  if (line.mean.getNumOccurrences())
    options.samples.mean.assign(line.mean.begin(), line.mean.end());
  if (line.scale.getNumOccurrences())
    options.samples.scale.assign(line.scale.begin(), line.scale.end());
  if (line.rawType.getNumOccurrences())
    options.samples.rawKind = line.rawType;
  options.estimator = line.estimator;
  options.bits = line.bits;
  if (options.bits < 2 || options.bits > 16)
    misuse("--bits is " + Twine(options.bits) + ", expected 2 to 16");
  options.symmetric = line.symmetric;
  options.first = line.first;
  options.step = line.step;
  options.limit = line.limit;
  if (options.first < 0 || options.step < 1)
    misuse("--first is " + Twine(options.first) + " and --step is " +
           Twine(options.step) + ", expected 0 or more and 1 or more");
  options.quiet = line.quiet;
  options.memory = line.memory;
  return options;
}
