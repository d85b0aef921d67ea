// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs functions on memrefs, given as MLIR at any stage from the kernel dialect
// on: lowers them as the compiler does, compiles them in memory, and calls them
// with bare pointers.

#ifndef QOPT_TEST_UNIT_CONVERSION_JITHELPER_H
#define QOPT_TEST_UNIT_CONVERSION_JITHELPER_H

#include "qopt/Target/CPU/TargetFacts.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace qopt::test {

/// A context with all dialects that kernels and their expansions need.
mlir::MLIRContext &jitContext();

/// A level of an instruction set, as feature bits for `kernel.target`. Empty
/// features are what every x86-64 or AArch64 has.
struct JitLevel {
  const char *name;
  const char *features;
  /// Empty for the host; anything else runs in an emulator.
  const char *triple = "";
  /// Tile instructions are calls of the emulator in test/Emulators.
  bool emulatesTiles = false;
};
/// The levels that this machine can run; the last one is the best.
const std::vector<JitLevel> &hostLevels();
/// Levels of AArch64, if qemu-aarch64 is there to run them; else a message is
/// printed once. Starting the emulator costs some 50 ms a call.
const std::vector<JitLevel> &guestLevels();
/// The best level of the host with AMX on top, if it has what else such a CPU
/// has; else a message is printed once.
const std::vector<JitLevel> &tileLevels();
/// What kernels know about a level.
cpu::TargetFacts factsOf(const JitLevel &level);

/// A compiled module with one public function whose arguments are all memrefs.
class Jit {
public:
  /// Null, with diagnostics on stderr, if the text does not parse or lower.
  static std::unique_ptr<Jit>
  compile(llvm::StringRef mlir, const JitLevel &level = hostLevels().back());
  static std::unique_ptr<Jit>
  compile(mlir::OwningOpRef<mlir::ModuleOp> module,
          const JitLevel &level = hostLevels().back());
  virtual ~Jit() = default;

  /// Calls the function. False, with a message, if it is not there.
  virtual bool call(llvm::StringRef function,
                    llvm::ArrayRef<void *> arguments) = 0;
};

/// Memory that ends where a page that may not be touched begins, so that
/// reading or writing one byte past the end is a crash and not a surprise.
/// With a slack the page begins that much later.
class GuardedBytes {
public:
  explicit GuardedBytes(size_t size, size_t slack = 0);
  ~GuardedBytes();
  GuardedBytes(const GuardedBytes &) = delete;
  void *data() { return begin; }

private:
  char *base = nullptr, *begin = nullptr;
  size_t mapped = 0;
};

/// The same as an array.
template <typename T>
class Guarded {
public:
  explicit Guarded(size_t count, size_t slackBytes = 0)
      : bytes(count * sizeof(T), slackBytes), count(count) {}
  explicit Guarded(const std::vector<T> &values, size_t slackBytes = 0)
      : Guarded(values.size(), slackBytes) {
    if (count)
      std::memcpy(bytes.data(), values.data(), count * sizeof(T));
  }
  T *data() { return static_cast<T *>(bytes.data()); }
  std::vector<T> values() { return {data(), data() + count}; }

private:
  GuardedBytes bytes;
  size_t count;
};

} // namespace qopt::test

#endif // QOPT_TEST_UNIT_CONVERSION_JITHELPER_H
