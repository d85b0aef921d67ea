//===- ModelWriter.h - A .tflite file under construction --------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The flatbuffer, table by table: buffers, tensors, operators. Knows nothing of
// IR. The bytes depend on the calls and their order only.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_LIB_TRANSLATION_TFLITE_MODELWRITER_H
#define QOPT_LIB_TRANSLATION_TFLITE_MODELWRITER_H

#include "TFLite_generated.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <array>
#include <vector>

namespace qopt::tflite {

/// A version of an operator's semantics, and the first release of TensorFlow
/// whose runtime has it.
struct OperatorVersion {
  int32_t number;
  std::array<unsigned, 3> runtime;
};

/// What a tensor's integers stand for; no scales: plain numbers.
struct TensorParameters {
  std::vector<float> scales;
  std::vector<int64_t> zeroPoints;
  int32_t dimension = 0;
};

class ModelWriter {
public:
  ModelWriter();

  /// For the options of operators.
  flatbuffers::FlatBufferBuilder &getBuilder() { return builder; }

  /// Whether so many bytes more could be addressed.
  bool hasRoomFor(size_t bytes) const;

  /// Index of a new buffer with these bytes; 0 without any.
  uint32_t addBuffer(llvm::ArrayRef<uint8_t> bytes);

  int32_t addTensor(llvm::ArrayRef<int32_t> shape, schema::TensorType type,
                    llvm::StringRef name, const TensorParameters &parameters,
                    uint32_t buffer = 0);

  void
  addOperator(schema::BuiltinOperator code, OperatorVersion version,
              llvm::ArrayRef<int32_t> inputs, llvm::ArrayRef<int32_t> outputs,
              schema::BuiltinOptions optionsType = schema::BuiltinOptions::NONE,
              flatbuffers::Offset<void> options = 0);

  /// The bytes of the file; the writer is done for afterwards.
  llvm::StringRef finish(llvm::ArrayRef<int32_t> inputs,
                         llvm::ArrayRef<int32_t> outputs);

private:
  uint32_t getCodeIndex(schema::BuiltinOperator code, OperatorVersion version);
  /// A vector that is left out when it is empty.
  template <typename T>
  flatbuffers::Offset<flatbuffers::Vector<T>>
  makeVector(llvm::ArrayRef<T> values) {
    if (values.empty())
      return 0;
    return builder.CreateVector(values.data(), values.size());
  }

  flatbuffers::FlatBufferBuilder builder;
  std::vector<flatbuffers::Offset<schema::Buffer>> buffers;
  std::vector<flatbuffers::Offset<schema::Tensor>> tensors;
  std::vector<flatbuffers::Offset<schema::Operator>> operators;
  struct Code {
    schema::BuiltinOperator code;
    int32_t version;
  };
  std::vector<Code> codes;
  std::array<unsigned, 3> minRuntime = {1, 5, 0};
};

} // namespace qopt::tflite

#endif // QOPT_LIB_TRANSLATION_TFLITE_MODELWRITER_H
