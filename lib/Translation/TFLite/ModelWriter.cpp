//===- ModelWriter.cpp - A .tflite file under construction ----------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ModelWriter.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

using namespace qopt::tflite;

/// A flatbuffer addresses with 31 bits; the tables need some of the room.
static constexpr size_t maxBytes = (size_t(1) << 31) - (size_t(1) << 24);
/// Runtimes map constants into memory and read them with vector instructions.
static constexpr size_t bufferAlignment = 16;
/// Fixed by the readers of this entry.
static constexpr size_t runtimeVersionBytes = 16;
/// The format's version.
static constexpr uint32_t schemaVersion = 3;

ModelWriter::ModelWriter() {
  // The format's convention: buffer 0 is empty.
  buffers.push_back(schema::CreateBuffer(builder));
}

bool ModelWriter::hasRoomFor(size_t bytes) const {
  return bytes <= maxBytes && builder.GetSize() <= maxBytes - bytes;
}

uint32_t ModelWriter::addBuffer(llvm::ArrayRef<uint8_t> bytes) {
  if (bytes.empty())
    return 0;
  builder.ForceVectorAlignment(bytes.size(), 1, bufferAlignment);
  auto data = builder.CreateVector(bytes.data(), bytes.size());
  buffers.push_back(schema::CreateBuffer(builder, data));
  return buffers.size() - 1;
}

int32_t ModelWriter::addTensor(llvm::ArrayRef<int32_t> shape,
                               schema::TensorType type, llvm::StringRef name,
                               const TensorParameters &parameters,
                               uint32_t buffer) {
  flatbuffers::Offset<schema::QuantizationParameters> quantization = 0;
  if (!parameters.scales.empty())
    quantization = schema::CreateQuantizationParameters(
        builder, 0, 0, makeVector(llvm::ArrayRef<float>(parameters.scales)),
        makeVector(llvm::ArrayRef<int64_t>(parameters.zeroPoints)),
        schema::QuantizationDetails::NONE, 0, parameters.dimension);
  // A scalar's shape is present and empty.
  auto dimensions = builder.CreateVector(shape.data(), shape.size());
  auto text = builder.CreateString(name.data(), name.size());
  tensors.push_back(schema::CreateTensor(builder, dimensions, type, buffer,
                                         text, quantization));
  return tensors.size() - 1;
}

uint32_t ModelWriter::getCodeIndex(schema::BuiltinOperator code,
                                   OperatorVersion version) {
  minRuntime = std::max(minRuntime, version.runtime);
  auto known = llvm::find_if(codes, [&](const Code &other) {
    return other.code == code && other.version == version.number;
  });
  if (known == codes.end()) {
    codes.push_back({code, version.number});
    return codes.size() - 1;
  }
  return known - codes.begin();
}

void ModelWriter::addOperator(schema::BuiltinOperator code,
                              OperatorVersion version,
                              llvm::ArrayRef<int32_t> inputs,
                              llvm::ArrayRef<int32_t> outputs,
                              schema::BuiltinOptions optionsType,
                              flatbuffers::Offset<void> options) {
  uint32_t index = getCodeIndex(code, version);
  auto inputVector = makeVector(inputs);
  auto outputVector = makeVector(outputs);
  operators.push_back(schema::CreateOperator(
      builder, index, inputVector, outputVector, optionsType, options));
}

llvm::StringRef ModelWriter::finish(llvm::ArrayRef<int32_t> inputs,
                                    llvm::ArrayRef<int32_t> outputs) {
  std::string runtime = std::to_string(minRuntime[0]) + "." +
                        std::to_string(minRuntime[1]) + "." +
                        std::to_string(minRuntime[2]);
  runtime.resize(runtimeVersionBytes);
  uint32_t runtimeBuffer = addBuffer(
      {reinterpret_cast<const uint8_t *>(runtime.data()), runtimeVersionBytes});

  std::vector<flatbuffers::Offset<schema::OperatorCode>> codeTables;
  for (const Code &code : codes) {
    // Old readers know the one-byte field only, new ones take the greater.
    int32_t number = std::min(
        int32_t(code.code),
        int32_t(schema::BuiltinOperator::PLACEHOLDER_FOR_GREATER_OP_CODES));
    codeTables.push_back(schema::CreateOperatorCode(builder, number, 0,
                                                    code.version, code.code));
  }
  // One after another: the order of a call's arguments is the compiler's.
  auto inputVector = makeVector(inputs);
  auto outputVector = makeVector(outputs);
  auto tensorVector = builder.CreateVector(tensors);
  auto operatorVector = builder.CreateVector(operators);
  auto graphName = builder.CreateString("main");
  auto graph = schema::CreateSubGraph(builder, tensorVector, inputVector,
                                      outputVector, operatorVector, graphName);
  auto metadataName = builder.CreateString("min_runtime_version");
  auto metadata = schema::CreateMetadata(builder, metadataName, runtimeBuffer);
  auto metadataVector = builder.CreateVector(&metadata, 1);
  auto codeVector = builder.CreateVector(codeTables);
  auto graphVector = builder.CreateVector(&graph, 1);
  auto description = builder.CreateString("made by qopt");
  auto bufferVector = builder.CreateVector(buffers);
  schema::FinishModelBuffer(
      builder,
      schema::CreateModel(builder, schemaVersion, codeVector, graphVector,
                          description, bufferVector, 0, metadataVector));
  return {reinterpret_cast<const char *>(builder.GetBufferPointer()),
          builder.GetSize()};
}
