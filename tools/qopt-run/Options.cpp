// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Declares and reads the options. Those that LLVM's libraries register for
// themselves are dropped first: their names collide.

#include "Options.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/WithColor.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"

using namespace llvm;
using namespace qoptrun;
using qopt::Phase;

static const char *const examples = R"(
EXAMPLES:

  qopt-run net.tflite --check cases/
      run cases/caseK.inputI.npy, compare with cases/caseK.outputI.npy
  qopt-run net.tflite --check cases/ --layers
      compare inner tensors with cases/caseK.tensors.tsv too
  qopt-run net.tflite --evaluate images.npy --labels labels.npy
      accuracy of a classifier
  qopt-run net.tflite --inputs a.npy,b.npy --outputs results/ --dequantize
      results/output0.npy, ... as floats
  qopt-run net.tflite --bench --seconds 2 --json
  qopt-run net.tflite --profile --cpu=x86-64-v3
  qopt-run net.tflite --bench --threads=2
      compiled with --threads, on a pool of two threads
  qopt-run net.o --check cases/ --target=aarch64-linux-gnu
      a compiled artefact, through qemu-aarch64

)";

namespace {
struct CommandLine {
  cl::OptionCategory category{"qopt-run options"};

  cl::opt<std::string> model{cl::Positional, cl::Required, cl::desc("MODEL"),
                             cl::cat(category)};

  cl::opt<std::string> check{"check", cl::value_desc("DIR"),
                             cl::desc("compare with the cases in DIR"),
                             cl::cat(category)};
  cl::opt<bool> layers{"layers",
                       cl::desc("with --check: compare inner tensors too and "
                                "name the first operator that differs"),
                       cl::cat(category)};

  cl::list<std::string> inputs{
      "inputs", cl::CommaSeparated, cl::value_desc("A.npy,B.npy"),
      cl::desc("run on these; a longer first dimension means many examples"),
      cl::cat(category)};
  cl::opt<std::string> outputs{"outputs", cl::value_desc("DIR"),
                               cl::desc("where --inputs writes outputI.npy"),
                               cl::cat(category)};
  cl::opt<bool> dequantize{"dequantize",
                           cl::desc("write real values of quantized outputs"),
                           cl::cat(category)};

  cl::list<std::string> evaluate{
      "evaluate", cl::CommaSeparated, cl::value_desc("INPUTS.npy"),
      cl::desc("measure quality on these inputs"), cl::cat(category)};
  cl::opt<std::string> labels{"labels", cl::value_desc("LABELS.npy"),
                              cl::desc("with --evaluate: print top-1 accuracy"),
                              cl::cat(category)};
  cl::opt<std::string> reference{
      "reference", cl::value_desc("OUTPUTS.npy"),
      cl::desc("with --evaluate: print SQNR, cosine similarity and top-1 "
               "agreement of output 0"),
      cl::cat(category)};

  cl::opt<unsigned> draw{
      "draw", cl::value_desc("N"),
      cl::desc("with --evaluate: draw the first N pictures in the terminal"),
      cl::init(0), cl::cat(category)};

  cl::opt<bool> bench{"bench", cl::desc("measure the time of a run"),
                      cl::cat(category)};
  cl::opt<bool> profile{"profile", cl::desc("measure the time of each layer"),
                        cl::cat(category)};
  cl::opt<double> seconds{"seconds", cl::value_desc("S"),
                          cl::desc("how long to measure (default: 1)"),
                          cl::init(1), cl::cat(category)};
  cl::opt<bool> json{"json", cl::desc("print measurements as JSON"),
                     cl::cat(category)};

  cl::opt<bool> minArena{
      "min-arena",
      cl::desc("compile for the smallest arena, as qoptc --min-arena does"),
      cl::cat(category)};
  cl::opt<unsigned> threads{
      "threads", cl::value_desc("N"),
      cl::desc("run on N threads; a MODEL that is compiled code must have been "
               "compiled with --threads"),
      cl::init(0), cl::cat(category)};
  cl::opt<bool> reverse{
      "reverse-bodies",
      cl::desc("with --threads: begin the last part of every layer first, "
               "which must not change anything"),
      cl::cat(category)};
  cl::opt<std::string> variant{
      "variant", cl::value_desc("CPU"),
      cl::desc("run this one of the code's variants, named as in qoptc --cpus"),
      cl::cat(category)};
  cl::opt<EngineKind> engine{
      "engine", cl::desc("what runs the model"),
      cl::values(clEnumValN(EngineKind::Compiled, "compiled",
                            "machine code (default)"),
                 clEnumValN(EngineKind::Reference, "reference",
                            "the interpreter of nn and quant ops")),
      cl::init(EngineKind::Compiled), cl::cat(category)};
  cl::opt<std::string> target{
      "target", cl::value_desc("TRIPLE"),
      cl::desc(
          "machine to compile for; aarch64-linux-gnu runs in qemu-aarch64"),
      cl::cat(category)};
  cl::opt<std::string> cpu{"cpu", cl::value_desc("CPU"),
                           cl::desc("CPU in LLVM's spelling"),
                           cl::cat(category)};
  cl::opt<std::string> features{"features", cl::value_desc("LIST"),
                                cl::desc("features to add and remove, +a,-b"),
                                cl::cat(category)};
  cl::opt<Phase> startAfter{
      "start-after", cl::desc("phase that MODEL, an MLIR file, has reached"),
      cl::values(clEnumValN(Phase::Import, "import", ""),
                 clEnumValN(Phase::Float, "float", ""),
                 clEnumValN(Phase::Simulation, "simulation", ""),
                 clEnumValN(Phase::Quantized, "quantized", ""),
                 clEnumValN(Phase::Cleanup, "cleanup", ""),
                 clEnumValN(Phase::Integer, "integer", ""),
                 clEnumValN(Phase::Kernel, "kernel", ""),
                 clEnumValN(Phase::Buffers, "buffers", ""),
                 clEnumValN(Phase::Loops, "loops", "")),
      cl::init(Phase::Import), cl::cat(category)};

  cl::extrahelp help{examples};
};
} // namespace

/// Combinations that would do nothing, or not what was meant.
static const char *findMisuse(const CommandLine &line) {
  if (line.check.empty() && line.inputs.empty() && line.evaluate.empty() &&
      !line.bench && !line.profile)
    return "nothing to do: give --check, --inputs, --evaluate, --bench or "
           "--profile";
  if (line.layers && line.check.empty())
    return "--layers needs --check";
  if (!line.inputs.empty() && line.outputs.empty())
    return "--inputs needs --outputs";
  if (!line.evaluate.empty() && line.labels.empty() && line.reference.empty() &&
      !line.draw)
    return "--evaluate needs --labels, --reference or --draw";
  if (line.evaluate.empty() &&
      (!line.labels.empty() || !line.reference.empty() || line.draw))
    return "--labels, --reference and --draw need --evaluate";
  if (line.engine == EngineKind::Reference && (line.profile || line.bench))
    return "--engine=reference is not made to be timed";
  if (line.threads.getNumOccurrences() &&
      (line.threads == 0 || line.threads > 1024))
    return "--threads must be in 1…1024";
  if (line.reverse && !line.threads.getNumOccurrences())
    return "--reverse-bodies needs --threads";
  if (line.threads.getNumOccurrences() && line.engine == EngineKind::Reference)
    return "--engine=reference runs on one thread";
  if (!(line.seconds > 0))
    return "--seconds must be positive";
  return nullptr;
}

Options qoptrun::parseCommandLine(int argc, char **argv) {
  cl::ResetCommandLineParser();
  CommandLine line;
  cl::HideUnrelatedOptions(line.category);
  cl::ParseCommandLineOptions(
      argc, argv,
      "qopt-run: runs a quantized model and checks, evaluates or times it\n\n"
      "  MODEL is a .tflite or .onnx file, MLIR, or an object or library made by "
      "qoptc.\n");
  if (const char *misuse = findMisuse(line)) {
    WithColor::error(errs(), "qopt-run") << misuse << "\n";
    exit(1);
  }
  Options options;
  options.model = line.model;
  options.engine = line.engine;
  options.check = line.check;
  options.layers = line.layers;
  options.inputs = line.inputs;
  options.outputs = line.outputs;
  options.dequantize = line.dequantize;
  options.evaluate = line.evaluate;
  options.labels = line.labels;
  options.reference = line.reference;
  options.draw = line.draw;
  options.bench = line.bench;
  options.profile = line.profile;
  options.seconds = line.seconds;
  options.json = line.json;
  options.threads = line.threads;
  options.reverseBodies = line.reverse;
  options.variant = line.variant;
  if (options.threads > 0)
    options.compile.threads = std::max(options.threads, 2u);
  options.compile.startAfter = line.startAfter;
  options.compile.profile = line.profile;
  options.compile.minArena = line.minArena;
  options.compile.target =
      qopt::resolveTarget(line.target, line.cpu, line.features);
  Triple host(sys::getDefaultTargetTriple());
  options.emulate =
      Triple(options.compile.target.triple).getArch() != host.getArch();
  return options;
}
