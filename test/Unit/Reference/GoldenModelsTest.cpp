// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Interprets imported models on recorded inputs and compares the outputs with
// those of TFLite's reference kernels: integers for equality, floats within
// 1e-5 of the largest output. A failure names the first operator whose result
// differs, by the hashes of all inner tensors that were recorded.

#include "GoldenModels.h"

#include "qopt/Reference/Interpreter.h"
#include "qopt/Support/Hash.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace qopt;
using namespace qopt::test;

namespace {
class GoldenModels : public testing::TestWithParam<Model> {};
} // namespace

/// Hash by tensor name, from a tensors.tsv: index, name, type, shape, SHA-256.
static llvm::StringMap<std::string> readHashes(llvm::StringRef path) {
  llvm::StringMap<std::string> hashes;
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    return hashes;
  llvm::SmallVector<llvm::StringRef> lines;
  (*buffer)->getBuffer().split(lines, '\n');
  for (llvm::StringRef line : lines) {
    llvm::SmallVector<llvm::StringRef> fields;
    line.split(fields, '\t');
    if (fields.size() == 5 && !line.starts_with("#") && !fields[1].empty())
      hashes[fields[1]] = fields[4].trim().str();
  }
  return hashes;
}

static void checkCase(mlir::func::FuncOp function, llvm::StringRef directory,
                      unsigned number) {
  llvm::Expected<std::vector<Tensor>> inputs =
      readCase(directory, number, "input");
  ASSERT_TRUE(bool(inputs)) << llvm::toString(inputs.takeError());
  llvm::StringMap<std::string> hashes = readHashes(
      (directory + "/case" + llvm::Twine(number) + ".tensors.tsv").str());
  std::string firstDifferent;
  unsigned compared = 0;
  auto trace = [&](mlir::Operation *op, llvm::ArrayRef<Tensor> results) {
    auto name = op->getLoc()->findInstanceOf<mlir::NameLoc>();
    if (!name || !firstDifferent.empty())
      return;
    auto hash = hashes.find(name.getName().strref());
    if (hash == hashes.end())
      return;
    ++compared;
    if (!isFloat(results[0].kind) && hash->second != sha256(results[0].bytes))
      llvm::raw_string_ostream(firstDifferent) << *op;
  };
  llvm::Expected<std::vector<Tensor>> outputs =
      reference::interpret(function, *inputs, trace);
  ASSERT_TRUE(bool(outputs)) << llvm::toString(outputs.takeError());
  EXPECT_EQ(firstDifferent.substr(0, 1000), "") << "case " << number;
  EXPECT_TRUE(compared > 0 || hashes.empty())
      << "no op carries the name of a recorded tensor";
  llvm::Expected<std::vector<Tensor>> expected =
      readCase(directory, number, "output");
  ASSERT_TRUE(bool(expected)) << llvm::toString(expected.takeError());
  ASSERT_EQ(outputs->size(), expected->size());
  for (size_t i = 0; i < outputs->size(); ++i)
    EXPECT_EQ(describeDifference((*outputs)[i], (*expected)[i]), "")
        << "case " << number << " output " << i;
}

TEST_P(GoldenModels, MatchTFLite) {
  std::string root = sharedDirectory();
  if (!llvm::sys::fs::is_directory(root + "/tflite"))
    GTEST_SKIP() << "no shared data in " << root;
  std::string directory = root + "/tflite/" + GetParam().path;
  mlir::MLIRContext context(makeRegistry());
  std::string diagnostics;
  mlir::OwningOpRef<mlir::ModuleOp> module =
      importModel(context, directory, diagnostics);
  if (!module && !GetParam().required)
    GTEST_SKIP() << diagnostics;
  ASSERT_TRUE(module) << diagnostics;
  auto function = module->lookupSymbol<mlir::func::FuncOp>("main");
  ASSERT_TRUE(function);
  ASSERT_TRUE(hasCase(directory, 0)) << "no cases in " << directory;
  for (unsigned number = 0; hasCase(directory, number); ++number)
    checkCase(function, directory, number);
}

INSTANTIATE_TEST_SUITE_P(Required, GoldenModels,
                         testing::ValuesIn(requiredModels()), testName);
INSTANTIATE_TEST_SUITE_P(Optional, GoldenModels,
                         testing::ValuesIn(optionalModels()), testName);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(GoldenModels);
