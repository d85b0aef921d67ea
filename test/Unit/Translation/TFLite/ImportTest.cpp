//===- ImportTest.cpp - The importer through its C++ interface ------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What cannot be said in a short text: models that are large, and hostile files
// in which many tables lead to the same bytes. The texts of test/Translation
// have the rest.
//
//===----------------------------------------------------------------------===//

#include "qopt/Translation/TFLite/TFLiteImport.h"

#include "TFLite_generated.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Verifier.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include <chrono>

using namespace qopt;
namespace schema = qopt::tflite::schema;
using testing::HasSubstr;

namespace {
/// Writes a model with one graph, operator by operator.
class ModelWriter {
public:
  flatbuffers::FlatBufferBuilder builder;
  std::vector<flatbuffers::Offset<schema::Buffer>> buffers;
  std::vector<flatbuffers::Offset<schema::OperatorCode>> codes;
  std::vector<flatbuffers::Offset<schema::Tensor>> tensors;
  std::vector<flatbuffers::Offset<schema::Operator>> operators;

  ModelWriter() { buffers.push_back(schema::CreateBuffer(builder)); }

  void addCode(schema::BuiltinOperator code) {
    codes.push_back(schema::CreateOperatorCode(builder, 0, 0, 1, code));
  }

  int addTensor(std::vector<int32_t> shape, const std::string &name,
                uint32_t buffer = 0,
                schema::TensorType type = schema::TensorType::FLOAT32) {
    tensors.push_back(schema::CreateTensor(builder, builder.CreateVector(shape),
                                           type, buffer,
                                           builder.CreateString(name)));
    return tensors.size() - 1;
  }

  void addOperator(std::vector<int32_t> inputs, std::vector<int32_t> outputs) {
    operators.push_back(schema::CreateOperator(builder, 0,
                                               builder.CreateVector(inputs),
                                               builder.CreateVector(outputs)));
  }

  std::string finish(std::vector<int32_t> inputs,
                     std::vector<int32_t> outputs) {
    auto graph = schema::CreateSubGraph(
        builder, builder.CreateVector(tensors), builder.CreateVector(inputs),
        builder.CreateVector(outputs), builder.CreateVector(operators));
    auto model = schema::CreateModel(builder, 3, builder.CreateVector(codes),
                                     builder.CreateVector(&graph, 1), 0,
                                     builder.CreateVector(buffers));
    schema::FinishModelBuffer(builder, model);
    return {reinterpret_cast<const char *>(builder.GetBufferPointer()),
            builder.GetSize()};
  }
};

/// Imports and keeps what was said.
class TFLiteImport : public testing::Test {
protected:
  mlir::OwningOpRef<mlir::ModuleOp> import(llvm::StringRef bytes) {
    message.clear();
    mlir::ScopedDiagnosticHandler handler(
        &context,
        [&](mlir::Diagnostic &diagnostic) { message += diagnostic.str(); });
    return importTFLite({bytes, "model.tflite"}, &context);
  }

  mlir::MLIRContext context{mlir::MLIRContext::Threading::DISABLED};
  std::string message;
};
} // namespace

static std::string makeChain(int length) {
  ModelWriter writer;
  writer.addCode(schema::BuiltinOperator::RELU);
  int last = writer.addTensor({1, 8}, "input");
  for (int i = 0; i != length; ++i) {
    int next = writer.addTensor({1, 8}, "layer" + std::to_string(i));
    writer.addOperator({last}, {next});
    last = next;
  }
  return writer.finish({0}, {last});
}

TEST_F(TFLiteImport, ChainOfTenThousandLayersTakesLinearTime) {
  auto measure = [&](int length) {
    std::string bytes = makeChain(length);
    auto start = std::chrono::steady_clock::now();
    auto module = import(bytes);
    EXPECT_TRUE(module && succeeded(mlir::verify(*module))) << message;
    return std::chrono::duration<double>(std::chrono::steady_clock::now() -
                                         start)
        .count();
  };
  measure(100); // loads the dialects
  double small = measure(1000), large = measure(10000);
  EXPECT_LT(large, 40 * small + 0.5);
}

TEST_F(TFLiteImport, OneContextServesManyModels) {
  std::string bytes = makeChain(3);
  EXPECT_TRUE(import(bytes));
  EXPECT_FALSE(import(bytes.substr(0, 100)));
  EXPECT_TRUE(import(bytes));
}

TEST_F(TFLiteImport, KnowsItsFiles) {
  EXPECT_TRUE(isTFLite({makeChain(1), "model.tflite"}));
  EXPECT_FALSE(isTFLite({"short", "model.tflite"}));
  EXPECT_FALSE(isTFLite({"module { func.func @main() }", "model.mlir"}));
}

TEST_F(TFLiteImport, ConstantsMayNotNameTheSameBytesInManyShapes) {
  std::vector<uint8_t> data(1 << 14);
  ModelWriter writer;
  writer.buffers.push_back(
      schema::CreateBuffer(writer.builder, writer.builder.CreateVector(data)));
  writer.addCode(schema::BuiltinOperator::CONCATENATION);
  std::vector<int32_t> constants;
  for (int a = 0; a != 15; ++a)
    for (int b = 0; a + b < 15; ++b)
      constants.push_back(writer.addTensor({1 << a, 1 << b, 1 << (14 - a - b)},
                                           "", 1, schema::TensorType::INT8));
  int input = writer.addTensor({1}, "input");
  int output = writer.addTensor({1, 1, 1}, "output");
  writer.operators.push_back(schema::CreateOperator(
      writer.builder, 0, writer.builder.CreateVector(constants),
      writer.builder.CreateVector(std::vector<int32_t>{output}),
      schema::BuiltinOptions::ConcatenationOptions,
      schema::CreateConcatenationOptions(writer.builder).Union()));
  EXPECT_FALSE(import(writer.finish({input}, {output})));
  EXPECT_THAT(message,
              HasSubstr("the constants of the model take more than 16 times "
                        "the bytes of its file"));
}

TEST_F(TFLiteImport, TensorsMayNotShareALongName) {
  ModelWriter writer;
  writer.addCode(schema::BuiltinOperator::RELU);
  auto name = writer.builder.CreateString(std::string(10000, 'n'));
  auto shape = writer.builder.CreateVector(std::vector<int32_t>{1});
  auto tensor = schema::CreateTensor(writer.builder, shape,
                                     schema::TensorType::FLOAT32, 0, name);
  writer.tensors.assign(1000, tensor);
  EXPECT_FALSE(import(writer.finish({0}, {1})));
  EXPECT_THAT(message, HasSubstr("the tensors and operators of the model name "
                                 "10004000 bytes, more than 16 times the bytes "
                                 "of its file"));
}

TEST_F(TFLiteImport, GraphMayNotHaveMoreOutputsThanTensors) {
  ModelWriter writer;
  writer.addTensor({1}, "input");
  EXPECT_FALSE(import(writer.finish({0}, {0, 0})));
  EXPECT_THAT(message,
              HasSubstr("the graph has 2 outputs, more than its 1 tensors"));
}

TEST_F(TFLiteImport, UnknownOperatorsAreListedUpToALimit) {
  ModelWriter writer;
  writer.addTensor({1}, "input");
  for (int i = 0; i != 40; ++i) {
    writer.codes.push_back(schema::CreateOperatorCode(
        writer.builder, 0,
        writer.builder.CreateString("Custom" + std::to_string(i)), 1,
        schema::BuiltinOperator::CUSTOM));
    writer.operators.push_back(schema::CreateOperator(writer.builder, i));
  }
  EXPECT_FALSE(import(writer.finish({0}, {0})));
  EXPECT_THAT(message, HasSubstr("CUSTOM 'Custom31' (1 times, first as "
                                 "operator 31) and 8 more"));
}
