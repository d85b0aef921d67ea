// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every pass on float graphs, on models that others trained: interpreted on
// real inputs before and after, within 1e-5 of the largest element. Nothing of
// a batch norm may be left behind.

#include "GoldenModels.h"

#include "qopt/Dialect/NN/IR/NN.h"
#include "qopt/Dialect/NN/Transforms/Passes.h"
#include "qopt/Reference/Interpreter.h"
#include "qopt/Support/Npy.h"
#include "qopt/Translation/ONNX/ONNXImport.h"
#include "qopt/Translation/TFLite/TFLiteImport.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace qopt;
using namespace qopt::test;

namespace {
struct FloatModel {
  const char *path, *inputs; ///< below shared
};
class FloatModels : public testing::TestWithParam<FloatModel> {};
} // namespace

static const FloatModel models[] = {
    {"digits/cnn_float.onnx", "digits/validation_inputs.npy"},
    {"digits/resnet_float.onnx", "digits/validation_inputs.npy"},
    {"digits/mobilenet_float.onnx", "digits/validation_inputs.npy"},
    {"digits/mobilenet_float.tflite", "digits/validation_inputs.npy"},
    {"fidelity/ad01_float.tflite", "fidelity/ad01_validation_inputs.npy"},
    {"fidelity/resnet_float.tflite", "fidelity/resnet_validation_inputs.npy"},
    {"fidelity/vww_float.tflite", "fidelity/vww_validation_inputs.npy"},
};

static const char *const pipelines[] = {
    "canonicalize,cse",
    "nn-fold-constants",
    "nn-fold-batch-norm",
    "nn-fuse-activations",
    "nn-remove-dead-channels",
    "nn-equalize-cross-layer",
    "canonicalize,cse,nn-fold-constants,nn-fold-batch-norm,nn-fuse-activations,"
    "nn-remove-dead-channels,nn-equalize-cross-layer",
};

static mlir::OwningOpRef<mlir::ModuleOp> import(llvm::MemoryBufferRef buffer,
                                                mlir::MLIRContext &context) {
  return isTFLite(buffer) ? importTFLite(buffer, &context)
                          : importONNX(buffer, &context);
}

/// The first samples of a file of them, in the shape of the model's input.
static std::vector<Tensor> readSamples(const std::string &path,
                                       mlir::func::FuncOp main) {
  auto all = readNpy(path);
  auto sample = reference::makeTensor(main.getArgumentTypes()[0]);
  EXPECT_TRUE(bool(all) && bool(sample));
  std::vector<Tensor> samples;
  for (size_t i = 0; i < 2; ++i) {
    Tensor next = *sample;
    std::copy_n(all->bytes.begin() + i * next.bytes.size(), next.bytes.size(),
                next.bytes.begin());
    samples.push_back(std::move(next));
  }
  return samples;
}

static void expectClose(const Tensor &found, const Tensor &expected) {
  ASSERT_EQ(found.shape, expected.shape);
  double largest = 0, error = 0;
  for (int64_t i = 0; i < expected.getNumElements(); ++i) {
    largest = std::max(largest, std::abs(expected.getReal(i)));
    error = std::max(error, std::abs(expected.getReal(i) - found.getReal(i)));
  }
  // Written so that a NaN fails too.
  EXPECT_TRUE(error <= 1e-5 * largest) << error << " of " << largest;
}

TEST_P(FloatModels, KeepTheirResults) {
  std::string root = sharedDirectory();
  auto buffer = llvm::MemoryBuffer::getFile(root + "/" + GetParam().path);
  if (!buffer)
    GTEST_SKIP() << "no " << GetParam().path << " in " << root;
  nn::registerNNPasses();
  mlir::registerTransformsPasses();
  mlir::DialectRegistry registry = makeRegistry();
  registerONNXImportDialects(registry);
  for (const char *pipeline : pipelines) {
    SCOPED_TRACE(pipeline);
    mlir::MLIRContext context(registry);
    auto module = import((*buffer)->getMemBufferRef(), context);
    ASSERT_TRUE(module);
    auto main = module->lookupSymbol<mlir::func::FuncOp>("main");
    std::vector<Tensor> samples =
        readSamples(root + "/" + GetParam().inputs, main);
    std::vector<Tensor> before, after;
    auto run = [&](std::vector<Tensor> &results) {
      for (const Tensor &sample : samples) {
        auto outputs = reference::interpret(main, {sample});
        ASSERT_TRUE(bool(outputs)) << llvm::toString(outputs.takeError());
        results.push_back(outputs->front());
      }
    };
    run(before);
    mlir::PassManager manager(&context);
    ASSERT_TRUE(succeeded(mlir::parsePassPipeline(pipeline, manager)));
    ASSERT_TRUE(succeeded(manager.run(*module)));
    run(after);
    ASSERT_EQ(before.size(), after.size());
    for (auto [x, y] : llvm::zip_equal(before, after))
      expectClose(y, x);
    if (llvm::StringRef(pipeline).contains("canonicalize,cse,"))
      module->walk([](nn::BatchNormOp op) {
        ADD_FAILURE() << "a batch norm is left behind";
      });
  }
}

INSTANTIATE_TEST_SUITE_P(Shared, FloatModels, testing::ValuesIn(models),
                         [](const testing::TestParamInfo<FloatModel> &info) {
                           std::string name = info.param.path;
                           for (char &c : name)
                             if (!std::isalnum(static_cast<unsigned char>(c)))
                               c = '_';
                           return name;
                         });
