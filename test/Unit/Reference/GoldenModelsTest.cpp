// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Interprets imported models on recorded inputs and compares the outputs with
// those of TFLite's reference kernels: integers for equality, floats within
// 1e-5 of the largest output. A failure names the first operator whose result
// differs, by the hashes of all inner tensors that were recorded.
//
// The data lies beside the project (or where QOPT_SHARED says); without it the
// tests are skipped.

#include "qopt/Reference/Interpreter.h"
#include "qopt/Support/Hash.h"
#include "qopt/Support/Npy.h"
#include "qopt/Translation/TFLite/TFLiteImport.h"

#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include "gtest/gtest.h"

#include <cmath>
#include <cstdlib>

using namespace qopt;

static std::string sharedDirectory() {
  if (const char *path = std::getenv("QOPT_SHARED"))
    return path;
  return std::string(QOPT_SOURCE_DIR) + "/../shared";
}

namespace {
struct Model {
  std::string path; ///< below shared/tflite
  bool required;    ///< false: skipped when the importer declines it
};

class GoldenModels : public testing::TestWithParam<Model> {
protected:
  void check(llvm::StringRef directory);
  void checkCase(mlir::func::FuncOp function, llvm::StringRef prefix,
                 unsigned inputs);
};
} // namespace

static std::vector<Model> requiredModels() {
  std::vector<Model> models;
  for (const char *name :
       {"pretrainedResnet_quant", "pretrainedResnet_large_int8",
        "kws_ref_model", "vww_96_int8", "ad01_int8", "str_ww_ref_model",
        "person_detect", "micro_speech_quantized", "hello_world_int8",
        "mobilenet_v1_0.25_128_quant", "mobilenet_v1_0.75_192_quant",
        "mobilenet_v1_1.0_224_quant_embedding_extractor",
        "mobilenet_v2_1.0_224_quant", "tf2_mobilenet_v2_1.0_224_ptq",
        "hello_world_float", "ad01_fp32", "pretrainedResnet", "vww_96_float"})
    models.push_back({std::string("models/") + name, true});
  return models;
}

/// All other folders with a model.
static std::vector<Model> optionalModels() {
  std::vector<Model> models;
  for (const char *group : {"models", "ops", "seanet"}) {
    std::error_code error;
    std::string root = sharedDirectory() + "/tflite/" + group;
    for (llvm::sys::fs::directory_iterator it(root, error), end;
         it != end && !error; it.increment(error))
      models.push_back(
          {group + ("/" + llvm::sys::path::filename(it->path())).str(), false});
  }
  llvm::sort(models,
             [](const Model &a, const Model &b) { return a.path < b.path; });
  std::vector<Model> required = requiredModels();
  llvm::erase_if(models, [&](const Model &m) {
    return llvm::any_of(required,
                        [&](const Model &r) { return r.path == m.path; });
  });
  return models;
}

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
    if (fields.size() == 5 && !line.starts_with("#"))
      hashes[fields[1]] = fields[4].trim().str();
  }
  return hashes;
}

static std::string describeDifference(const Tensor &found,
                                      const Tensor &expected) {
  if (found.kind != expected.kind || found.shape != expected.shape)
    return "type " + found.describeType() + ", expected " +
           expected.describeType();
  int64_t count = expected.getNumElements(), differing = 0, first = -1;
  double largest = 0, magnitude = 0;
  for (int64_t i = 0; i < count; ++i) {
    double a = found.getReal(i), b = expected.getReal(i);
    magnitude = std::max(magnitude, std::abs(b));
    largest = std::max(largest, std::abs(a - b));
    if (!(a == b) && differing++ == 0)
      first = i;
  }
  if (isFloat(found.kind) ? largest <= 1e-5 * magnitude : differing == 0)
    return "";
  std::string text;
  llvm::raw_string_ostream(text)
      << differing << " of " << count << " elements differ, first at " << first
      << ": " << found.getReal(first) << ", expected "
      << expected.getReal(first) << "; largest difference " << largest;
  return text;
}

void GoldenModels::checkCase(mlir::func::FuncOp function,
                             llvm::StringRef prefix, unsigned inputCount) {
  std::vector<Tensor> inputs;
  for (unsigned i = 0; i < inputCount; ++i) {
    llvm::Expected<Tensor> input =
        readNpy((prefix + ".input" + llvm::Twine(i) + ".npy").str());
    ASSERT_TRUE(bool(input)) << llvm::toString(input.takeError());
    inputs.push_back(std::move(*input));
  }
  llvm::StringMap<std::string> hashes =
      readHashes((prefix + ".tensors.tsv").str());
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
      reference::interpret(function, inputs, trace);
  ASSERT_TRUE(bool(outputs)) << llvm::toString(outputs.takeError());
  EXPECT_EQ(firstDifferent.substr(0, 1000), "") << prefix.str();
  EXPECT_TRUE(compared > 0 || hashes.empty())
      << "no op carries the name of a recorded tensor";
  for (auto [i, output] : llvm::enumerate(*outputs)) {
    llvm::Expected<Tensor> expected =
        readNpy((prefix + ".output" + llvm::Twine(i) + ".npy").str());
    ASSERT_TRUE(bool(expected)) << llvm::toString(expected.takeError());
    EXPECT_EQ(describeDifference(output, *expected), "")
        << prefix.str() << " output " << i;
  }
}

void GoldenModels::check(llvm::StringRef directory) {
  auto buffer = llvm::MemoryBuffer::getFile(directory + "/model.tflite");
  if (!buffer)
    GTEST_SKIP() << "no " << directory.str() << "/model.tflite";
  mlir::DialectRegistry registry;
  registerTFLiteImportDialects(registry);
  mlir::MLIRContext context(registry);
  std::string diagnostics;
  mlir::ScopedDiagnosticHandler handler(
      &context, [&](mlir::Diagnostic &diagnostic) {
        if (diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error)
          diagnostics += diagnostic.str() + "\n";
      });
  mlir::OwningOpRef<mlir::ModuleOp> module =
      importTFLite((*buffer)->getMemBufferRef(), &context);
  if (!module && !GetParam().required)
    GTEST_SKIP() << diagnostics;
  ASSERT_TRUE(module) << diagnostics;
  auto function = module->lookupSymbol<mlir::func::FuncOp>("main");
  ASSERT_TRUE(function);

  unsigned cases = 0;
  for (;; ++cases) {
    std::string prefix = (directory + "/case" + llvm::Twine(cases)).str();
    if (!llvm::sys::fs::exists(prefix + ".output0.npy"))
      break;
    checkCase(function, prefix, function.getNumArguments());
    if (HasFatalFailure())
      return;
  }
  EXPECT_GT(cases, 0u) << "no cases in " << directory.str();
}

TEST_P(GoldenModels, MatchTFLite) {
  std::string root = sharedDirectory();
  if (!llvm::sys::fs::is_directory(root + "/tflite"))
    GTEST_SKIP() << "no shared data in " << root;
  check(root + "/tflite/" + GetParam().path);
}

static std::string testName(const testing::TestParamInfo<Model> &info) {
  std::string name = info.param.path;
  for (char &c : name)
    if (!llvm::isAlnum(c))
      c = '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Required, GoldenModels,
                         testing::ValuesIn(requiredModels()), testName);
INSTANTIATE_TEST_SUITE_P(Optional, GoldenModels,
                         testing::ValuesIn(optionalModels()), testName);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(GoldenModels);
