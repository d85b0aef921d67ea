// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Declares and reads the options. LLVM's libraries register hundreds of their
// own (one of them is called stop-after, too); these are dropped first.

#include "Options.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/WithColor.h"

using namespace llvm;
using namespace qoptc;
using qopt::ONNXFormat;
using qopt::ONNXWeights;
using qopt::Phase;

static const char *const examples = R"(
EXAMPLES:

  qoptc net.tflite -o net.o --header
      object and net.h with net_run(), for this machine
  qoptc net.tflite -o net.so --cpu=x86-64-v3
      shared library for every CPU with AVX2
  qoptc net.tflite -o net.o --target=aarch64-linux-gnu --features=+dotprod
      cross-compile
  qoptc float.tflite --quantize=int8 --calibrate=samples.npy -o net.o --header
      quantize a float model to 8 bits, with ranges observed on samples
  qoptc float.tflite --quantize=int16x8 --profile=tflite --calibrate=a.npy,b.npy
        -o simulation.mlir --stop-after=simulation
      16-bit activations; the float graph that simulates the integer one
  qoptc float.tflite --quantize=int8 --profile=tflite --calibrate=samples.npy
        -o int8.tflite
      a quantized model for TensorFlow Lite
  qoptc float.onnx --quantize=int8 --calibrate=samples.npy -o net.o
        --report=net.html,-
      a page and a table that say what the quantization cost
  qoptc net.tflite -o net.so --cpus=x86-64-v2,x86-64-v3,avx512vnni
      one library for many CPUs, which chooses when it runs
  qoptc net.tflite -o net.o --tune=30 --tune-database=server.tuning
      write kernels in the way that is the fastest on this machine
  qoptc net.tflite -o net.o --header --threads
      net_run() takes the program's own parallel_for, or null
  qoptc net.tflite -o net.o --min-arena --explain
      as little memory as possible: layers take turns on a few rows each
  qoptc net.tflite -o net.mlir --stop-after=integer
      the integer program, which 'qopt' and 'qoptc --start-after' read
  qoptc net.tflite -o net.s --print-memory --timing
      assembly; arena map and table of phases on standard error

)";

static cl::ValuesClass phaseValues() {
  return cl::values(
      clEnumValN(Phase::Import, "import", qopt::getDescription(Phase::Import)),
      clEnumValN(Phase::Float, "float", qopt::getDescription(Phase::Float)),
      clEnumValN(Phase::Simulation, "simulation",
                 qopt::getDescription(Phase::Simulation)),
      clEnumValN(Phase::Quantized, "quantized",
                 qopt::getDescription(Phase::Quantized)),
      clEnumValN(Phase::Cleanup, "cleanup",
                 qopt::getDescription(Phase::Cleanup)),
      clEnumValN(Phase::Integer, "integer",
                 qopt::getDescription(Phase::Integer)),
      clEnumValN(Phase::Kernel, "kernel", qopt::getDescription(Phase::Kernel)),
      clEnumValN(Phase::Buffers, "buffers",
                 qopt::getDescription(Phase::Buffers)),
      clEnumValN(Phase::Loops, "loops", qopt::getDescription(Phase::Loops)),
      clEnumValN(Phase::LLVM, "llvm", qopt::getDescription(Phase::LLVM)));
}

namespace {
struct CommandLine {
  cl::OptionCategory category{"qoptc options"};

  cl::opt<std::string> model{cl::Positional, cl::Required, cl::desc("MODEL"),
                             cl::cat(category)};
  cl::opt<std::string> output{"o", cl::Required, cl::value_desc("OUT"),
                              cl::desc("file to write, - for stdout"),
                              cl::cat(category)};
  cl::opt<Emit> emitKind{
      "emit", cl::desc("what to write (default: by OUT's suffix)"),
      cl::values(
          clEnumValN(Emit::Object, "obj", "freestanding object (.o)"),
          clEnumValN(Emit::SharedLibrary, "shared", "shared library (.so)"),
          clEnumValN(Emit::Header, "header", "C header (.h)"),
          clEnumValN(Emit::Assembly, "asm", "assembly (.s)"),
          clEnumValN(Emit::LLVMIR, "llvm", "LLVM IR after -O3 (.ll)"),
          clEnumValN(Emit::MLIR, "mlir", "MLIR after --stop-after (.mlir)"),
          clEnumValN(Emit::Bytecode, "mlirbc",
                     "the same as bytecode (.mlirbc)"),
          clEnumValN(Emit::TFLite, "tflite",
                     "TensorFlow Lite model after --stop-after (.tflite)"),
          clEnumValN(Emit::ONNX, "onnx",
                     "ONNX model after --stop-after (.onnx)")),
      cl::init(Emit::BySuffix), cl::cat(category)};

  cl::opt<Phase> stopAfter{
      "stop-after",
      cl::desc("last phase before MLIR or a model is written (default: kernel; "
               "for .tflite and .onnx: float, with --quantize quantized)"),
      phaseValues(), cl::init(Phase::Kernel), cl::cat(category)};
  cl::opt<ONNXFormat> onnxFormat{
      "onnx-format", cl::desc("how a quantized graph is written as .onnx"),
      cl::values(clEnumValN(ONNXFormat::QDQ, "qdq",
                            "float operators between DequantizeLinear and "
                            "QuantizeLinear (default)"),
                 clEnumValN(ONNXFormat::QOperator, "qoperator",
                            "operators on integers")),
      cl::init(ONNXFormat::QDQ), cl::cat(category)};
  cl::opt<ONNXWeights> onnxWeights{
      "onnx-weights",
      cl::desc("8-bit weights beside unsigned activations in .onnx"),
      cl::values(clEnumValN(ONNXWeights::Exact, "exact",
                            "unsigned, exact on every CPU (default)"),
                 clEnumValN(ONNXWeights::Signed, "signed",
                            "signed: faster with VNNI, saturating without")),
      cl::init(ONNXWeights::Exact), cl::cat(category)};
  cl::opt<Phase> startAfter{
      "start-after", cl::desc("phase that MODEL, an MLIR file, has reached"),
      phaseValues(), cl::init(Phase::Import), cl::cat(category)};

  cl::opt<std::string> name{
      "name", cl::value_desc("NAME"),
      cl::desc("prefix of the C symbols (default: OUT without suffix)"),
      cl::cat(category)};
  cl::opt<std::string> header{
      "header", cl::ValueOptional, cl::value_desc("FILE"),
      cl::desc("also write the C header, beside OUT or to FILE"),
      cl::cat(category)};
  cl::opt<std::string> target{
      "target", cl::value_desc("TRIPLE"),
      cl::desc("machine to compile for (default: this one, with all its "
               "features)"),
      cl::cat(category)};
  cl::opt<std::string> cpu{"cpu", cl::value_desc("CPU"),
                           cl::desc("CPU in LLVM's spelling"),
                           cl::cat(category)};
  cl::list<std::string> cpus{
      "cpus", cl::CommaSeparated, cl::value_desc("CPU,CPU+FEATURE"),
      cl::desc("code for each of these, from the least to the most demanding; "
               "it chooses between them at the first call"),
      cl::cat(category)};
  cl::opt<std::string> features{"features", cl::value_desc("LIST"),
                                cl::desc("features to add and remove, +a,-b"),
                                cl::cat(category)};
  cl::opt<std::string> quantize{
      "quantize", cl::value_desc("SCHEME"),
      cl::desc("quantize a float model: int8, int16x8, int4w8a, int4w16a, "
               "int8-dynamic, int8-weights, int4-weights"),
      cl::cat(category)};
  cl::list<std::string> calibrate{
      "calibrate", cl::CommaSeparated, cl::value_desc("SAMPLES"),
      cl::desc("files of samples to observe the float model on"),
      cl::cat(category)};
  cl::opt<std::string> statistics{
      "statistics", cl::value_desc("FILE"),
      cl::desc("what qopt-calibrate observed, instead of --calibrate"),
      cl::cat(category)};
  cl::opt<std::string> profile{
      "profile", cl::value_desc("NAME|FILE"),
      cl::desc(
          "what the target's kernels can do: qopt (default), tflite "
          "(default for .tflite), onnxruntime (default for .onnx), fbgemm, "
          "tensorrt, tvm-power-of-two, acl, snpe, or a file"),
      cl::init("qopt"), cl::cat(category)};
  cl::opt<std::string> recipe{
      "recipe", cl::value_desc("FILE"),
      cl::desc("rules for layers that are quantized otherwise than the rest"),
      cl::cat(category)};
  cl::opt<std::string> granularity{
      "granularity", cl::value_desc("KIND"),
      cl::desc("which weights share a scale: per-tensor, per-channel, "
               "sub-channel (default: what the profile prefers)"),
      cl::cat(category)};
  cl::opt<int64_t> groupSize{
      "group-size", cl::value_desc("N"),
      cl::desc("input channels that share a scale with "
               "--granularity=sub-channel (default: 32)"),
      cl::init(32), cl::cat(category)};
  cl::opt<std::string> estimator{
      "estimator", cl::value_desc("NAME"),
      cl::desc("how the ranges of activations are estimated (default: what "
               "gives the least error)"),
      cl::init("auto"), cl::cat(category)};
  cl::opt<std::string> weightEstimator{
      "weight-estimator", cl::value_desc("NAME"),
      cl::desc("how the ranges of weights are estimated: minmax, mse, auto "
               "(default: what gives the least error)"),
      cl::init("auto"), cl::cat(category)};
  cl::opt<qopt::Choice> equalize{
      "equalize",
      cl::desc("equalize the channels between layers (default: auto)"),
      cl::values(
          clEnumValN(qopt::Choice::Auto, "auto", "where that gives less error"),
          clEnumValN(qopt::Choice::On, "on", ""),
          clEnumValN(qopt::Choice::Off, "off", "")),
      cl::init(qopt::Choice::Auto), cl::cat(category)};
  cl::opt<qopt::rounding::Method> weightRounding{
      "weight-rounding", cl::desc("how weights become integers:"),
      cl::values(
          clEnumValN(qopt::rounding::Method::Nearest, "nearest",
                     "each weight by itself (default without samples)"),
          clEnumValN(qopt::rounding::Method::Sequential, "gptq",
                     "by the error of the layer's result, one after the other "
                     "(default with samples)"),
          clEnumValN(qopt::rounding::Method::Learned, "adaround",
                     "by the error of the layer's result, learned; slower")),
      cl::cat(category)};
  cl::opt<qopt::BiasCorrection> biasCorrection{
      "bias-correction",
      cl::desc("what to do about shifts of a layer's mean result:"),
      cl::values(
          clEnumValN(qopt::BiasCorrection::None, "none",
                     "nothing (default without samples)"),
          clEnumValN(qopt::BiasCorrection::Analytic, "analytic",
                     "take back what rounded weights do to the mean "
                     "input (default with samples)"),
          clEnumValN(qopt::BiasCorrection::Empirical, "empirical",
                     "measure the quantized model layer by layer; slow")),
      cl::cat(category)};
  cl::opt<std::string> moments{
      "moments", cl::value_desc("FILE"),
      cl::desc("what --save-moments wrote, for the weights"),
      cl::cat(category)};
  cl::opt<std::string> saveMoments{
      "save-moments", cl::value_desc("FILE"),
      cl::desc("keep what calibration learned about the layers' inputs"),
      cl::cat(category)};
  cl::opt<qopt::Choice> searchWeightScales{
      "search-weight-scales",
      cl::ValueOptional,
      cl::desc("choose scales of weights by the layers' errors"),
      cl::values(clEnumValN(qopt::Choice::Auto, "auto",
                            "for 4 bits, where there are samples"),
                 clEnumValN(qopt::Choice::On, "on", ""),
                 clEnumValN(qopt::Choice::On, "", ""),
                 clEnumValN(qopt::Choice::Off, "off", "")),
      cl::init(qopt::Choice::Auto),
      cl::cat(category)};
  cl::opt<int64_t> onnxBatch{
      "onnx-batch", cl::value_desc("N"), cl::init(1),
      cl::desc("size of a first dimension that the .onnx file leaves open"),
      cl::cat(category)};
  cl::list<std::string> onnxDimensions{
      "onnx-dim", cl::value_desc("NAME=SIZE"),
      cl::desc("size of a dimension that has only a name in the .onnx file"),
      cl::cat(category)};
  cl::opt<bool> floatInterface{
      "float-interface",
      cl::desc("with --quantize: inputs and outputs stay float"),
      cl::cat(category)};
  cl::list<std::string> report{
      "report", cl::CommaSeparated, cl::value_desc("FILE"),
      cl::desc("with --quantize: write what it cost, layer by layer, as .html "
               "or .json; - for a table"),
      cl::cat(category)};
  cl::opt<std::string> threads{
      "threads", cl::ValueOptional, cl::value_desc("N"),
      cl::desc("cut large layers for N threads (default: 4), which the caller "
               "brings as a function parallel_for"),
      cl::cat(category)};
  cl::opt<double> callCycles{
      "call-cycles", cl::value_desc("CYCLES"),
      cl::desc("with --threads: what a call of parallel_for costs beside its "
               "bodies (default: 8000)"),
      cl::cat(category)};
  cl::opt<double> rangeCycles{
      "range-cycles", cl::value_desc("CYCLES"),
      cl::desc("with --threads: the least work that is worth a body (default: "
               "6000)"),
      cl::cat(category)};
  cl::opt<std::string> tune{
      "tune", cl::ValueOptional, cl::value_desc("SECONDS"),
      cl::desc("measure other ways to write convolutions on this machine "
               "(default: for at most 60 seconds)"),
      cl::cat(category)};
  cl::opt<std::string> tuneDatabase{
      "tune-database", cl::value_desc("FILE"),
      cl::desc("what measuring found, used and extended by --tune (default: "
               "OUT with the suffix .tuning)"),
      cl::cat(category)};
  cl::opt<bool> minArena{
      "min-arena",
      cl::desc("run layers on a few rows at a time where that makes the arena "
               "smaller; same results, somewhat slower"),
      cl::cat(category)};
  cl::opt<bool> printMemory{"print-memory",
                            cl::desc("print the arena's peak and map"),
                            cl::cat(category)};
  cl::opt<std::string> explain{
      "explain", cl::ValueOptional, cl::value_desc("FILE"),
      cl::desc(
          "say what was chosen for each layer, and sizes, as a table or to "
          "FILE.json"),
      cl::cat(category)};
  cl::opt<bool> timing{"timing", cl::desc("print where the compile time goes"),
                       cl::cat(category)};

  cl::extrahelp help{examples};
};
} // namespace

/// What was asked of --quantize, if it was given. Options that would do nothing
/// without it are errors.
static std::optional<qopt::QuantizeOptions>
readQuantization(const CommandLine &line) {
  auto misuse = [](const Twine &message) {
    WithColor::error(errs(), "qoptc") << message << "\n";
    exit(1);
  };
  if (line.quantize.empty()) {
    const std::pair<const char *, bool> given[] = {
        {"calibrate", line.calibrate.getNumOccurrences() != 0},
        {"statistics", line.statistics.getNumOccurrences() != 0},
        {"profile", line.profile.getNumOccurrences() != 0},
        {"recipe", line.recipe.getNumOccurrences() != 0},
        {"granularity", line.granularity.getNumOccurrences() != 0},
        {"group-size", line.groupSize.getNumOccurrences() != 0},
        {"estimator", line.estimator.getNumOccurrences() != 0},
        {"weight-estimator", line.weightEstimator.getNumOccurrences() != 0},
        {"equalize", line.equalize.getNumOccurrences() != 0},
        {"weight-rounding", line.weightRounding.getNumOccurrences() != 0},
        {"bias-correction", line.biasCorrection.getNumOccurrences() != 0},
        {"search-weight-scales",
         line.searchWeightScales.getNumOccurrences() != 0},
        {"moments", line.moments.getNumOccurrences() != 0},
        {"save-moments", line.saveMoments.getNumOccurrences() != 0},
        {"float-interface", line.floatInterface.getNumOccurrences() != 0},
        {"report", line.report.getNumOccurrences() != 0}};
    for (auto [name, isGiven] : given)
      if (isGiven)
        misuse("--" + Twine(name) + " needs --quantize");
    return std::nullopt;
  }
  if (!line.calibrate.empty() && !line.statistics.empty())
    misuse("--calibrate and --statistics exclude each other");
  qopt::QuantizeOptions options;
  options.scheme = line.quantize;
  options.profile = line.profile;
  options.recipe = line.recipe;
  options.granularity = line.granularity;
  options.groupSize = line.groupSize;
  if (options.groupSize < 1)
    misuse("--group-size is " + Twine(options.groupSize) +
           ", expected 1 or more");
  options.estimator = line.estimator;
  options.weightEstimator = line.weightEstimator;
  options.equalize = line.equalize;
  options.calibrate.assign(line.calibrate.begin(), line.calibrate.end());
  options.statistics = line.statistics;
  if (line.weightRounding.getNumOccurrences())
    options.weightRounding = line.weightRounding;
  if (line.biasCorrection.getNumOccurrences())
    options.biasCorrection = line.biasCorrection;
  options.moments = line.moments;
  options.saveMoments = line.saveMoments;
  options.searchWeightScales = line.searchWeightScales;
  options.floatInterface = line.floatInterface;
  options.progress = sys::Process::StandardErrIsDisplayed();
  return options;
}

/// Whoever runs the output decides how its kernels round.
static std::string chooseProfile(const Options &options) {
  Expected<Emit> emit = chooseEmit(options);
  if (!emit) {
    // Reported where it is asked for again.
    consumeError(emit.takeError());
    return "qopt";
  }
  if (*emit == Emit::TFLite)
    return "tflite";
  return *emit == Emit::ONNX ? "onnxruntime" : "qopt";
}

/// The number of threads: 4 if only the option's name is given.
static unsigned readThreads(const CommandLine &line) {
  if (!line.threads.getNumOccurrences())
    return 0;
  unsigned threads = 4;
  if ((line.threads.empty() ||
       !StringRef(line.threads).getAsInteger(10, threads)) &&
      threads >= 2 && threads <= 1024)
    return threads;
  WithColor::error(errs(), "qoptc")
      << "--threads=" << line.threads << " is not in 2…1024; code without the "
      << "option runs on the calling thread alone\n";
  exit(1);
}

/// What threads cost.
static void readThreadCosts(const CommandLine &line,
                            qopt::CompileOptions &options) {
  for (auto [option, cycles] :
       {std::pair(&line.callCycles, &options.callCycles),
        std::pair(&line.rangeCycles, &options.rangeCycles)}) {
    if (!option->getNumOccurrences())
      continue;
    if (options.threads == 0) {
      WithColor::error(errs(), "qoptc")
          << "--" << option->ArgStr
          << " says how layers are cut for threads: add --threads\n";
      exit(1);
    }
    if (!(*option >= 0 && *option <= 1e12)) {
      WithColor::error(errs(), "qoptc")
          << "--" << option->ArgStr << "=" << double(*option)
          << " is not in 0…1e12 cycles\n";
      exit(1);
    }
    *cycles = *option;
  }
}

/// The seconds to measure for, and the file.
static void readTuning(const CommandLine &line, qopt::CompileOptions &options) {
  options.tuneDatabase = line.tuneDatabase;
  if (!line.tune.getNumOccurrences())
    return;
  options.tuneSeconds = 60;
  if (!line.tune.empty() &&
      (StringRef(line.tune).getAsDouble(options.tuneSeconds) ||
       !(options.tuneSeconds > 0))) {
    WithColor::error(errs(), "qoptc")
        << "--tune=" << line.tune << " is not a positive number of seconds\n";
    exit(1);
  }
  if (options.tuneDatabase.empty()) {
    SmallString<128> path(line.output);
    sys::path::replace_extension(path, ".tuning");
    options.tuneDatabase = path.str();
  }
}

Options qoptc::parseCommandLine(int argc, char **argv) {
  cl::ResetCommandLineParser();
  CommandLine line;
  cl::HideUnrelatedOptions(line.category);
  cl::ParseCommandLineOptions(
      argc, argv,
      "qoptc: compiles a quantized model to freestanding native code\n\n"
      "  MODEL is a .tflite or .onnx file, or MLIR as text or bytecode.\n");
  Options options;
  options.model = line.model;
  options.output = line.output;
  options.emit = line.emitKind;
  options.onnx = {line.onnxFormat, line.onnxWeights};
  options.onnxImport.batch = line.onnxBatch;
  for (const std::string &argument : line.onnxDimensions)
    if (Error error =
            qopt::addDimension(options.onnxImport, "onnx-dim", argument)) {
      logAllUnhandledErrors(std::move(error),
                            WithColor::error(errs(), "qoptc"));
      exit(1);
    }
  if (line.stopAfter.getNumOccurrences())
    options.stopAfter = line.stopAfter;
  options.header = line.header;
  if (line.header.getNumOccurrences() && options.header.empty()) {
    SmallString<128> path(options.output);
    sys::path::replace_extension(path, ".h");
    options.header = path.str();
  }
  options.reports.assign(line.report.begin(), line.report.end());
  if (line.explain.getNumOccurrences())
    options.explain = line.explain.empty() ? "-" : line.explain.getValue();
  options.compile.explain = !options.explain.empty();
  options.timing = line.timing;
  options.compile.startAfter = line.startAfter;
  options.compile.quantize = readQuantization(line);
  if (options.compile.quantize && !line.profile.getNumOccurrences())
    options.compile.quantize->profile = chooseProfile(options);
  options.compile.printMemory = line.printMemory;
  options.compile.minArena = line.minArena;
  options.compile.threads = readThreads(line);
  readThreadCosts(line, options.compile);
  readTuning(line, options.compile);
  options.compile.target =
      qopt::resolveTarget(line.target, line.cpu, line.features);
  if (!line.cpus.empty()) {
    if (!line.cpu.empty() || !line.features.empty()) {
      WithColor::error(errs(), "qoptc")
          << "--cpus and " << (line.cpu.empty() ? "--features" : "--cpu")
          << " exclude each other: write --cpus=CPU+FEATURE\n";
      exit(1);
    }
    // What all of them have: the architecture itself.
    qopt::TargetSpec plain = qopt::resolveTarget(line.target, "", "");
    plain.cpu = plain.isX86() ? "x86-64" : "generic";
    plain.features.clear();
    options.compile.target = plain;
    for (const std::string &item : line.cpus)
      options.compile.variants.push_back(
          {item, qopt::parseVariant(plain.triple, item)});
  }
  StringRef stem =
      line.output == "-" ? StringRef("model") : sys::path::stem(line.output);
  options.compile.name =
      qopt::makeIdentifier(line.name.empty() ? stem : StringRef(line.name));
  return options;
}

Expected<Emit> qoptc::chooseEmit(const Options &options) {
  if (options.emit != Emit::BySuffix)
    return options.emit;
  StringRef suffix = sys::path::extension(options.output);
  if (suffix == ".o")
    return Emit::Object;
  if (suffix == ".so")
    return Emit::SharedLibrary;
  if (suffix == ".h")
    return Emit::Header;
  if (suffix == ".s")
    return Emit::Assembly;
  if (suffix == ".ll")
    return Emit::LLVMIR;
  if (suffix == ".mlir")
    return Emit::MLIR;
  if (suffix == ".mlirbc")
    return Emit::Bytecode;
  if (suffix == ".tflite")
    return Emit::TFLite;
  if (suffix == ".onnx")
    return Emit::ONNX;
  return createStringError(
      "cannot tell from '" + options.output +
      "' what to write: use the suffix .o, .so, .h, .s, .ll, .mlir, .mlirbc, "
      ".tflite or .onnx, or --emit");
}
