// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See Driver.h.

#include "Driver.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Verifier.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>

namespace cl = llvm::cl;
using qopt::fuzz::Format;

static cl::opt<std::string> modelFile(cl::Positional, cl::Required,
                                      cl::desc("<model>"));
static cl::opt<unsigned> numMutations("mutations", cl::init(1000),
                                      cl::desc("How many copies to try"));
static cl::opt<unsigned> seed("seed", cl::init(1),
                              cl::desc("Where the damage comes from"));
static cl::opt<unsigned>
    stride("truncate-every", cl::init(0),
           cl::desc("Also try the file cut after 0, N, 2N, ... bytes"));
static cl::opt<int> only("only", cl::init(-1),
                         cl::desc("Write this copy to -o instead"));
static cl::opt<std::string> outputFile("o", cl::init("-"),
                                       cl::desc("File for --only"));
static cl::opt<unsigned> secondsAllowed("seconds", cl::init(10),
                                        cl::desc("Time allowed for a copy"));
static cl::opt<bool> verbose("verbose",
                             cl::desc("Say what becomes of each copy"));

namespace {
enum class Outcome { Imported, Refused, Failed };
} // namespace

/// Imports one copy; `reason` is the error, or what went wrong.
static Outcome run(const Format &format, llvm::StringRef bytes,
                   std::string &reason) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  unsigned numErrors = 0;
  mlir::ScopedDiagnosticHandler handler(
      &context, [&](mlir::Diagnostic &diagnostic) {
        if (diagnostic.getSeverity() != mlir::DiagnosticSeverity::Error)
          return;
        if (numErrors++ == 0)
          reason = diagnostic.str();
      });
  auto module = format.import({bytes, format.fileName}, &context);
  if (!module) {
    if (numErrors > 0)
      return Outcome::Refused;
    reason = "refused without an error";
    return Outcome::Failed;
  }
  if (numErrors > 0) {
    reason = "imported in spite of an error: " + reason;
    return Outcome::Failed;
  }
  if (failed(mlir::verify(*module))) {
    reason = "imported an invalid module: " + reason;
    return Outcome::Failed;
  }
  return Outcome::Imported;
}

/// Runs one copy against the clock and reports it where that is wanted.
static Outcome judge(const Format &format, const std::string &name,
                     const std::string &bytes) {
  if (verbose)
    llvm::outs() << name << ": ";
  std::string reason;
  auto start = std::chrono::steady_clock::now();
  Outcome outcome = run(format, bytes, reason);
  auto taken = std::chrono::steady_clock::now() - start;
  if (taken > std::chrono::seconds(secondsAllowed)) {
    outcome = Outcome::Failed;
    reason = "took too long: " + reason;
  }
  if (verbose)
    llvm::outs() << (outcome == Outcome::Imported ? "imported" : reason)
                 << '\n';
  else if (outcome == Outcome::Failed)
    llvm::outs() << name << ": " << reason << '\n';
  return outcome;
}

int qopt::fuzz::runFuzzer(int argc, char **argv, const Format &format) {
  cl::ParseCommandLineOptions(argc, argv, "damaged models for the importer\n");
  auto file = llvm::MemoryBuffer::getFile(modelFile);
  if (!file) {
    llvm::errs() << modelFile << ": " << file.getError().message() << '\n';
    return 1;
  }
  std::string reason;
  if (run(format, (*file)->getBuffer(), reason) != Outcome::Imported) {
    llvm::errs() << modelFile
                 << ": expected a model that can be imported: " << reason
                 << '\n';
    return 1;
  }
  auto mutate = format.makeMutator((*file)->getBuffer(), seed);
  if (only >= 0) {
    std::error_code error;
    llvm::raw_fd_ostream os(outputFile, error);
    os << mutate(only);
    return error ? 1 : 0;
  }

  unsigned counts[3] = {0, 0, 0};
  for (unsigned i = 0; i != numMutations; ++i)
    ++counts[unsigned(judge(format, std::to_string(i), mutate(i)))];
  llvm::StringRef whole = (*file)->getBuffer();
  if (stride)
    for (size_t size = 0; size < whole.size(); size += stride)
      ++counts[unsigned(judge(format,
                              "first " + std::to_string(size) + " bytes",
                              whole.take_front(size).str()))];
  llvm::outs() << counts[0] << " imported, " << counts[1] << " refused\n"
               << counts[0] + counts[1] << " passed, " << counts[2]
               << " failed\n";
  return counts[2] != 0 || counts[0] + counts[1] == 0;
}
