// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// qopt-run's command line.

#ifndef QOPT_TOOLS_QOPT_RUN_OPTIONS_H
#define QOPT_TOOLS_QOPT_RUN_OPTIONS_H

#include "qopt/Pipelines/Compiler.h"

namespace qoptrun {

enum class EngineKind { Compiled, Reference };

struct Options {
  std::string model;
  qopt::CompileOptions compile;
  EngineKind engine = EngineKind::Compiled;
  /// The target was named, and is not this machine.
  bool emulate = false;

  std::string check;
  bool layers = false;

  std::vector<std::string> inputs;
  std::string outputs;
  bool dequantize = false;

  std::vector<std::string> evaluate;
  std::string labels;
  std::string reference;
  /// How many pictures to draw.
  unsigned draw = 0;

  bool bench = false;
  bool profile = false;
  double seconds = 1;
  bool json = false;

  /// Threads to run on; 0 if none were asked for.
  unsigned threads = 0;
  bool reverseBodies = false;
  /// Name of the variant to run; the code chooses if it is empty.
  std::string variant;
};

/// Parses the command line; exits with a message when it cannot be parsed and
/// after --help.
Options parseCommandLine(int argc, char **argv);

} // namespace qoptrun

#endif // QOPT_TOOLS_QOPT_RUN_OPTIONS_H
