// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Finds, imports and compares recorded models.

#include "GoldenModels.h"

#include "qopt/Support/Npy.h"
#include "qopt/Translation/TFLite/TFLiteImport.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <cmath>
#include <cstdlib>

using namespace qopt;
using namespace qopt::test;

std::string test::sharedDirectory() {
  if (const char *path = std::getenv("QOPT_SHARED"))
    return path;
  return std::string(QOPT_SOURCE_DIR) + "/../shared";
}

std::vector<Model> test::requiredModels() {
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

std::vector<Model> test::optionalModels() {
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

std::string test::testName(const testing::TestParamInfo<Model> &info) {
  std::string name = info.param.path;
  for (char &c : name)
    if (!llvm::isAlnum(c))
      c = '_';
  return name;
}

mlir::DialectRegistry test::makeRegistry() {
  mlir::DialectRegistry registry;
  registerTFLiteImportDialects(registry);
  registry.insert<mlir::arith::ArithDialect>();
  return registry;
}

mlir::OwningOpRef<mlir::ModuleOp> test::importModel(mlir::MLIRContext &context,
                                                    llvm::StringRef directory,
                                                    std::string &diagnostics) {
  mlir::ScopedDiagnosticHandler handler(
      &context, [&](mlir::Diagnostic &diagnostic) {
        if (diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error)
          diagnostics += diagnostic.str() + "\n";
      });
  auto buffer = llvm::MemoryBuffer::getFile(directory + "/model.tflite");
  if (!buffer) {
    diagnostics = "no " + directory.str() + "/model.tflite";
    return nullptr;
  }
  return importTFLite((*buffer)->getMemBufferRef(), &context);
}

static std::string casePath(llvm::StringRef directory, unsigned number,
                            llvm::StringRef kind, unsigned index) {
  return (directory + "/case" + llvm::Twine(number) + "." + kind +
          llvm::Twine(index) + ".npy")
      .str();
}

bool test::hasCase(llvm::StringRef directory, unsigned number) {
  return llvm::sys::fs::exists(casePath(directory, number, "output", 0));
}

llvm::Expected<std::vector<Tensor>> test::readCase(llvm::StringRef directory,
                                                   unsigned number,
                                                   llvm::StringRef kind) {
  std::vector<Tensor> tensors;
  for (unsigned i = 0;; ++i) {
    std::string path = casePath(directory, number, kind, i);
    if (!llvm::sys::fs::exists(path))
      return tensors;
    llvm::Expected<Tensor> tensor = readNpy(path);
    if (!tensor)
      return tensor.takeError();
    tensors.push_back(std::move(*tensor));
  }
}

std::string test::describeDifference(const Tensor &found,
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
