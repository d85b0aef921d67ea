//===- qopt-fuzz-onnx.cpp - Damaged models must not hurt ------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Imports damaged copies of an .onnx model in this process. A copy passes when
// the importer either refuses it with an error or makes a module that verifies,
// in reasonable time. Bytes are damaged as a whole file's, and numbers and
// strings of the parsed message are: those reach past the format's own checks.
//
//===----------------------------------------------------------------------===//

#include "Driver.h"

#include "qopt/Translation/ONNX/ONNXImport.h"

#include "onnx/onnx_pb.h"

#include <google/protobuf/message.h>
#include <random>

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

using Random = std::mt19937_64;

//===----------------------------------------------------------------------===//
// Damage
//===----------------------------------------------------------------------===//

/// The numbers at which checks break.
static int64_t pickNumber(Random &random) {
  const int64_t values[] = {0,
                            1,
                            -1,
                            2,
                            3,
                            7,
                            127,
                            255,
                            0x7fffffff,
                            int64_t(1) << 32,
                            std::numeric_limits<int64_t>::max(),
                            std::numeric_limits<int64_t>::min(),
                            int64_t(random() % 16),
                            -int64_t(random() % 16)};
  return values[random() % std::size(values)];
}

/// Every message inside of `message`, itself included.
static void collect(Message &message, std::vector<Message *> &all) {
  all.push_back(&message);
  const Reflection *reflection = message.GetReflection();
  std::vector<const FieldDescriptor *> fields;
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor *field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE)
      continue;
    if (!field->is_repeated()) {
      collect(*reflection->MutableMessage(&message, field), all);
      continue;
    }
    for (int i = 0; i < reflection->FieldSize(message, field); ++i)
      collect(*reflection->MutableRepeatedMessage(&message, field, i), all);
  }
}

/// Changes one field of a message: a number, a string, or how many there are.
static void damage(Message &message, Random &random) {
  const Reflection *reflection = message.GetReflection();
  std::vector<const FieldDescriptor *> fields;
  reflection->ListFields(message, &fields);
  if (fields.empty())
    return;
  const FieldDescriptor *field = fields[random() % fields.size()];
  if (field->is_repeated()) {
    int size = reflection->FieldSize(message, field);
    int index = int(random() % size);
    switch (random() % 3) {
    case 0:
      return reflection->RemoveLast(&message, field);
    case 1:
      return reflection->SwapElements(&message, field, index, size - 1);
    default:
      break;
    }
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_INT64)
      reflection->SetRepeatedInt64(&message, field, index, pickNumber(random));
    else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING)
      reflection->SetRepeatedString(&message, field, index,
                                    random() % 2 ? "" : "image");
    return;
  }
  switch (field->cpp_type()) {
  case FieldDescriptor::CPPTYPE_INT64:
    return reflection->SetInt64(&message, field, pickNumber(random));
  case FieldDescriptor::CPPTYPE_INT32:
    return reflection->SetInt32(&message, field, int32_t(random() % 24));
  case FieldDescriptor::CPPTYPE_FLOAT:
    return reflection->SetFloat(&message, field, float(pickNumber(random)));
  case FieldDescriptor::CPPTYPE_ENUM:
    return reflection->SetEnumValue(&message, field, int(random() % 12));
  case FieldDescriptor::CPPTYPE_STRING: {
    std::string text = reflection->GetString(message, field);
    if (random() % 2)
      text.resize(text.size() / 2);
    else
      text += "\xff";
    return reflection->SetString(&message, field, text);
  }
  default:
    return reflection->ClearField(&message, field);
  }
}

static std::string mutate(const std::string &model, uint64_t seed, uint64_t n) {
  Random random(seed * 1'000'003 + n);
  std::string copy = model;
  if (n % 4 == 0) {
    copy.resize(random() % copy.size());
    return copy;
  }
  if (n % 4 == 1) {
    for (unsigned i = 0, e = 1 + random() % 8; i != e; ++i)
      copy[random() % copy.size()] ^= 1 << random() % 8;
    return copy;
  }
  ONNX_NAMESPACE::ModelProto message;
  message.ParseFromString(model);
  for (unsigned i = 0, e = 1 + random() % 3; i != e; ++i) {
    std::vector<Message *> all;
    collect(message, all);
    damage(*all[random() % all.size()], random);
  }
  return message.SerializePartialAsString();
}

int main(int argc, char **argv) {
  // Every damaged copy has errors, which are not of interest here.
  google::protobuf::SetLogHandler(nullptr);
  qopt::fuzz::Format format;
  format.fileName = "damaged.onnx";
  format.import = [](llvm::MemoryBufferRef bytes, mlir::MLIRContext *context) {
    return qopt::importONNX(bytes, context);
  };
  format.makeMutator = [](llvm::StringRef model, uint64_t seed) {
    return [model = model.str(), seed](uint64_t n) {
      return mutate(model, seed, n);
    };
  };
  return qopt::fuzz::runFuzzer(argc, argv, format);
}
