//===- Container.cpp - A checked .tflite file -----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The generated verifier proves that offsets, vectors and strings lie inside
// the file. What it cannot know is checked here: that required parts exist, and
// that indices into tensors, buffers and operator codes are in range.
//
//===----------------------------------------------------------------------===//

#include "Container.h"

#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace qopt;
using namespace qopt::tflite;
using mlir::failure;
using mlir::LogicalResult;
using mlir::success;

/// A flatbuffer addresses with 31 bits.
static constexpr uint64_t maxFileSize = (uint64_t(1) << 31) - 1;
/// Root, graph, tensor, quantization, details: real files nest five deep.
static constexpr unsigned maxDepth = 32;
/// A tensor and an operator take at most four tables each, so this bounds
/// graphs of a million operators and the verifier's time alike.
static constexpr unsigned maxTables = 8'000'000;

template <typename T>
static size_t sizeOf(const flatbuffers::Vector<T> *vector) {
  return vector ? vector->size() : 0;
}

std::optional<Container> Container::open(llvm::MemoryBufferRef file,
                                         mlir::MLIRContext *context) {
  // Line 0: there are no lines, and a diagnostic handler must not look for one.
  auto loc =
      mlir::FileLineColLoc::get(context, file.getBufferIdentifier(), 0, 0);
  Container result(file, loc);
  if (failed(result.checkFlatbuffer()) || failed(result.checkModel()) ||
      failed(result.checkGraph()))
    return std::nullopt;
  return result;
}

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

LogicalResult Container::checkFlatbuffer() {
  uint64_t size = file.getBufferSize();
  const auto *data = reinterpret_cast<const uint8_t *>(file.getBufferStart());
  if (size < 8)
    return error() << "not a .tflite model: " << size
                   << " bytes, expected at least 8; check that the file is "
                      "complete";
  if (size > maxFileSize)
    return error() << "a model of " << size << " bytes is too large, expected "
                   << "at most " << maxFileSize;
  if (!schema::ModelBufferHasIdentifier(data))
    return error() << "not a .tflite model: expected 'TFL3' at byte 4, found '"
                   << printable(file.getBuffer().substr(4, 4)) << "'";
  flatbuffers::Verifier verifier(data, size, maxDepth, maxTables);
  if (!schema::VerifyModelBuffer(verifier))
    return error() << "broken .tflite model: an offset, a size or a count "
                      "points outside the "
                   << size
                   << " bytes of the file; check that the file is complete";
  model = schema::GetModel(data);
  return success();
}

LogicalResult Container::checkModel() {
  if (model->version() != 3)
    return error() << "expected version 3 of the .tflite format, found "
                   << model->version();
  size_t numGraphs = sizeOf(model->subgraphs());
  if (numGraphs == 0)
    return error() << "the model has no graph";
  graph = model->subgraphs()->Get(0);
  return success();
}

LogicalResult Container::checkGraph() {
  if (!graph->tensors())
    return error() << "the graph has no tensors";
  if (failed(checkSharing()))
    return failure();
  for (unsigned i = 0, e = getNumTensors(); i != e; ++i)
    if (failed(checkBuffer(i)))
      return failure();
  for (unsigned i = 0, e = getNumOperators(); i != e; ++i)
    if (failed(checkOperator(i)))
      return failure();

  auto checkEnds = [&](llvm::StringRef what,
                       llvm::ArrayRef<int32_t> indices) -> LogicalResult {
    if (indices.empty())
      return error() << "the graph has no " << what << "s";
    if (indices.size() > getNumTensors())
      return error() << "the graph has " << indices.size() << ' ' << what
                     << "s, more than its " << getNumTensors() << " tensors";
    for (auto [i, index] : llvm::enumerate(indices))
      if (index < 0 || unsigned(index) >= getNumTensors())
        return error() << what << ' ' << i << " of the graph is tensor "
                       << index << ", expected 0 to " << getNumTensors() - 1;
    return success();
  };
  if (failed(checkEnds("input", getInputs())) ||
      failed(checkEnds("output", getOutputs())))
    return failure();

  return success();
}

/// Many tables may lead to one vector or string. Nobody writes files that way,
/// but a hostile one could have a long name read a million times.
LogicalResult Container::checkSharing() {
  uint64_t bytes = 0;
  for (unsigned i = 0, e = getNumTensors(); i != e; ++i) {
    const schema::Tensor &tensor = getTensor(i);
    bytes += sizeOf(tensor.shape()) * sizeof(int32_t);
    bytes += tensor.name() ? tensor.name()->size() : 0;
    if (const auto *parameters = tensor.quantization())
      bytes += sizeOf(parameters->scale()) * sizeof(float) +
               sizeOf(parameters->zero_point()) * sizeof(int64_t);
  }
  for (unsigned i = 0, e = getNumOperators(); i != e; ++i)
    bytes +=
        (sizeOf(getOperator(i).inputs()) + sizeOf(getOperator(i).outputs())) *
        sizeof(int32_t);
  if (bytes <= maxSharing * getFileSize())
    return success();
  return error() << "the tensors and operators of the model name " << bytes
                 << " bytes, more than " << maxSharing
                 << " times the bytes of its file";
}

/// Whether the data follows the flatbuffer; 0 and 1 both mean that it does not.
static bool isOutside(const schema::Buffer &buffer) {
  return buffer.offset() > 1;
}

LogicalResult Container::checkBuffer(unsigned tensor) {
  uint32_t index = getTensor(tensor).buffer();
  if (index == 0)
    return success();
  if (size_t numBuffers = sizeOf(model->buffers()); index >= numBuffers)
    return error() << describeTensor(tensor) << " has its data in buffer "
                   << index << ", but the model has " << numBuffers
                   << " buffers";
  const schema::Buffer *buffer = model->buffers()->Get(index);
  if (!isOutside(*buffer))
    return success();
  uint64_t offset = buffer->offset(), size = buffer->size();
  if (offset > getFileSize() || size > getFileSize() - offset)
    return error() << describeTensor(tensor) << ": buffer " << index
                   << " holds " << size << " bytes from byte " << offset
                   << ", but the file ends at byte " << getFileSize()
                   << "; check that the file is complete";
  return success();
}

LogicalResult Container::checkOperator(unsigned index) {
  const schema::Operator &op = getOperator(index);
  size_t numCodes = sizeOf(model->operator_codes());
  if (op.opcode_index() >= numCodes)
    return error() << "operator " << index << " has operator code "
                   << op.opcode_index() << ", but the model has " << numCodes
                   << " operator codes";
  auto check = [&](llvm::StringRef what, llvm::ArrayRef<int32_t> indices,
                   int32_t lowest) -> LogicalResult {
    for (auto [i, tensor] : llvm::enumerate(indices))
      if (tensor < lowest || tensor >= int64_t(getNumTensors()))
        return error() << "operator " << index << " (" << getOperatorName(index)
                       << "): " << what << ' ' << i << " is tensor " << tensor
                       << ", expected " << lowest << " to "
                       << int64_t(getNumTensors()) - 1;
    return success();
  };
  // -1 stands for an optional input that is absent.
  if (failed(check("input", toArray(op.inputs()), -1)) ||
      failed(check("output", toArray(op.outputs()), 0)))
    return failure();
  return success();
}

//===----------------------------------------------------------------------===//
// Access
//===----------------------------------------------------------------------===//

unsigned Container::getNumGraphs() const { return sizeOf(model->subgraphs()); }

unsigned Container::getNumOperators() const {
  return sizeOf(graph->operators());
}

const schema::Tensor &Container::getTensor(unsigned index) const {
  return *graph->tensors()->Get(index);
}

const schema::Operator &Container::getOperator(unsigned index) const {
  return *graph->operators()->Get(index);
}

llvm::ArrayRef<uint8_t> Container::getData(unsigned tensor) const {
  uint32_t index = getTensor(tensor).buffer();
  if (index == 0)
    return {};
  const schema::Buffer *buffer = model->buffers()->Get(index);
  if (isOutside(*buffer))
    return {reinterpret_cast<const uint8_t *>(file.getBufferStart()) +
                buffer->offset(),
            size_t(buffer->size())};
  return toArray(buffer->data());
}

schema::BuiltinOperator Container::getCode(unsigned operatorIndex) const {
  const auto *code =
      model->operator_codes()->Get(getOperator(operatorIndex).opcode_index());
  // The one-byte field came first; old files leave the wide one at 0.
  return std::max(
      static_cast<schema::BuiltinOperator>(code->deprecated_builtin_code()),
      code->builtin_code());
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

std::string qopt::tflite::printable(llvm::StringRef text) {
  constexpr size_t maxLength = 120;
  std::string result;
  llvm::raw_string_ostream os(result);
  for (unsigned char c : text.take_front(maxLength))
    os << (llvm::isPrint(c) ? char(c) : '?');
  if (text.size() > maxLength)
    os << "...";
  return result;
}

std::string qopt::tflite::typeName(schema::TensorType type) {
  std::string name = schema::EnumNameTensorType(type);
  return name.empty() ? "tensor type " + std::to_string(int(type)) : name;
}

std::string Container::getOperatorName(unsigned operatorIndex) const {
  schema::BuiltinOperator code = getCode(operatorIndex);
  if (code == schema::BuiltinOperator::CUSTOM) {
    const auto *custom = model->operator_codes()
                             ->Get(getOperator(operatorIndex).opcode_index())
                             ->custom_code();
    return "CUSTOM '" +
           (custom ? printable({custom->c_str(), custom->size()}) : "") + "'";
  }
  std::string name = schema::EnumNameBuiltinOperator(code);
  return name.empty() ? "builtin operator " + std::to_string(int(code)) : name;
}

std::string Container::getTensorName(unsigned index) const {
  const flatbuffers::String *name = getTensor(index).name();
  if (!name || name->size() == 0)
    return "tensor_" + std::to_string(index);
  return name->str();
}

std::string Container::describeTensor(unsigned index) const {
  return "tensor " + std::to_string(index) + " '" +
         printable(getTensorName(index)) + "'";
}

std::string Container::describeOperator(unsigned index) const {
  std::string text =
      "operator " + std::to_string(index) + " (" + getOperatorName(index) + ")";
  if (auto outputs = toArray(getOperator(index).outputs()); !outputs.empty())
    text += " '" + printable(getTensorName(outputs[0])) + "'";
  return text;
}
