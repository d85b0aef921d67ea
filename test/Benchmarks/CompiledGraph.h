// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A graph, given as text, compiled for this machine and loaded.

#ifndef QOPT_TEST_BENCHMARKS_COMPILEDGRAPH_H
#define QOPT_TEST_BENCHMARKS_COMPILEDGRAPH_H

#include "qopt/Target/CPU/TargetFacts.h"

#include <memory>
#include <string>
#include <vector>

namespace qopt::bench {

class CompiledGraph {
public:
  /// Stops the program, with a message, if the text does not compile.
  explicit CompiledGraph(const std::string &text);
  /// The level that later graphs are compiled for: a CPU and features as qoptc
  /// takes them. This machine must have it.
  static void setLevel(const std::string &cpu, const std::string &features);
  /// The facts of the level. Stops the program if there is no such level.
  static cpu::TargetFacts getFacts();
  ~CompiledGraph();
  CompiledGraph(const CompiledGraph &) = delete;

  /// The graph's buffers: inputs, then outputs.
  char *getBuffer(unsigned index);
  size_t getSize(unsigned index) const;
  void run();

private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation;
};

} // namespace qopt::bench

#endif // QOPT_TEST_BENCHMARKS_COMPILEDGRAPH_H
