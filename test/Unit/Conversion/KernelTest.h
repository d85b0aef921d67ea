// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs one kernel, given as text, on every level of the host's instruction set
// and compares with a naive loop. All buffers end at a page that may not be
// touched.

#ifndef QOPT_TEST_UNIT_CONVERSION_KERNELTEST_H
#define QOPT_TEST_UNIT_CONVERSION_KERNELTEST_H

#include "JitHelper.h"

#include "gtest/gtest.h"

#include <functional>
#include <limits>
#include <random>
#include <string>

namespace qopt::test {

using Shape = std::vector<int64_t>;

inline int64_t elements(const Shape &shape) {
  int64_t count = 1;
  for (int64_t size : shape)
    count *= size;
  return count;
}

/// memref<2x3xi8>
inline std::string memref(const Shape &shape, const std::string &element) {
  std::string text = "memref<";
  for (int64_t size : shape)
    text += std::to_string(size) + "x";
  return text + element + ">";
}

/// array<i64: 1, 2>
inline std::string array(const Shape &values) {
  std::string text = "array<i64";
  for (size_t i = 0; i < values.size(); ++i)
    text += (i ? ", " : ": ") + std::to_string(values[i]);
  return text + ">";
}

template <typename T>
std::string elementName() {
  if (std::is_same<T, float>::value)
    return "f32";
  return "i" + std::to_string(8 * sizeof(T));
}

/// Values over the whole range of the type, its ends among them.
template <typename T>
std::vector<T> randomValues(int64_t count, unsigned seed = 1) {
  std::mt19937 random(seed);
  std::vector<T> values;
  for (int64_t i = 0; i < count; ++i) {
    if (std::is_same<T, float>::value)
      values.push_back(static_cast<T>(static_cast<int32_t>(random()) / 3e8));
    else if (random() % 16 == 0)
      values.push_back(random() % 2 ? std::numeric_limits<T>::min()
                                    : std::numeric_limits<T>::max());
    else
      values.push_back(static_cast<T>(random()));
  }
  return values;
}

/// An argument of the kernel under test: its type and its bytes.
struct Argument {
  std::string type;
  std::vector<char> bytes;

  template <typename T>
  static Argument of(const Shape &shape, const std::vector<T> &values) {
    EXPECT_EQ(elements(shape), int64_t(values.size()));
    Argument argument{memref(shape, elementName<T>()), {}};
    argument.bytes.resize(values.size() * sizeof(T));
    if (!values.empty())
      std::memcpy(argument.bytes.data(), values.data(), argument.bytes.size());
    return argument;
  }
};

/// While it lives, kernels run on these levels only.
class LevelScope {
public:
  explicit LevelScope(std::vector<JitLevel> levels) { current() = levels; }
  ~LevelScope() { current().clear(); }
  static std::vector<JitLevel> &current() {
    static std::vector<JitLevel> levels;
    return levels;
  }
};

/// Base NEON, if it can run.
inline std::vector<JitLevel> neonLevel() {
  return {guestLevels().begin(),
          guestLevels().begin() + (guestLevels().empty() ? 0 : 1)};
}

/// The levels on which kernels run: those whose code differs in kind.
inline std::vector<JitLevel> kernelLevels() {
  if (!LevelScope::current().empty())
    return LevelScope::current();
  std::vector<JitLevel> levels = {hostLevels().front()};
  for (const JitLevel &level : hostLevels())
    if (std::string(level.name) == "avx2")
      levels.push_back(level);
  if (hostLevels().back().name != levels.back().name)
    levels.push_back(hostLevels().back());
  return levels;
}

/// Calls `check` with the output of the kernel on each level. In \p kernel the
/// arguments are %0, %1, …, the output is %out, and TYPES stands for the op's
/// type.
template <typename T>
void runKernel(const std::string &kernel, const std::vector<Argument> &inputs,
               const Shape &outputShape,
               const std::function<void(const std::vector<T> &)> &check) {
  std::string outputType = memref(outputShape, elementName<T>());
  std::string text = "func.func @f(", types;
  for (size_t i = 0; i < inputs.size(); ++i) {
    text += "%arg" + std::to_string(i) + ": " + inputs[i].type + ", ";
    types += inputs[i].type + ", ";
  }
  text += "%out: " + outputType + ") {\n  ";
  std::string op = kernel;
  for (size_t at; (at = op.find("TYPES")) != std::string::npos;)
    op.replace(at, 5, "(" + types + outputType + ") -> ()");
  text += op + "\n  return\n}\n";
  size_t levels = 0;
  for (const JitLevel &level : kernelLevels()) {
    SCOPED_TRACE(std::string(level.name) + "\n" + text);
    auto jit = Jit::compile(text, level);
    ASSERT_TRUE(jit);
    std::vector<std::unique_ptr<Guarded<char>>> buffers;
    std::vector<void *> pointers;
    for (const Argument &input : inputs) {
      buffers.push_back(std::make_unique<Guarded<char>>(input.bytes));
      pointers.push_back(buffers.back()->data());
    }
    Guarded<T> output(static_cast<size_t>(elements(outputShape)));
    pointers.push_back(output.data());
    ASSERT_TRUE(jit->call("f", pointers));
    // Inputs are left alone.
    for (size_t i = 0; i < inputs.size(); ++i)
      ASSERT_EQ(inputs[i].bytes, buffers[i]->values());
    check(output.values());
    if (::testing::Test::HasFatalFailure())
      return;
    ++levels;
  }
  ASSERT_GT(levels, 0u);
}

/// Runs the kernel and expects these values exactly.
template <typename T>
void expectKernel(const std::string &kernel,
                  const std::vector<Argument> &inputs, const Shape &outputShape,
                  const std::vector<T> &expected) {
  runKernel<T>(kernel, inputs, outputShape, [&](const std::vector<T> &actual) {
    ASSERT_EQ(expected.size(), actual.size());
    for (size_t i = 0; i < actual.size(); ++i)
      ASSERT_EQ(expected[i], actual[i]) << "element " << i;
  });
}

/// The same within a relative error.
inline void expectNear(const std::string &kernel,
                       const std::vector<Argument> &inputs,
                       const Shape &outputShape,
                       const std::vector<double> &expected,
                       double tolerance = 1e-6) {
  runKernel<float>(
      kernel, inputs, outputShape, [&](const std::vector<float> &actual) {
        ASSERT_EQ(expected.size(), actual.size());
        for (size_t i = 0; i < actual.size(); ++i)
          ASSERT_NEAR(expected[i], actual[i],
                      tolerance * std::max(1e-30, std::abs(expected[i])))
              << "element " << i;
      });
}

} // namespace qopt::test

#endif // QOPT_TEST_UNIT_CONVERSION_KERNELTEST_H
