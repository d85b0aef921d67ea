//===- ShapeFolding.cpp - Arithmetic on shapes ----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An operator is folded when all its operands are known lists of numbers and
// its result has the length that the file says. Nothing here is an error.
//
//===----------------------------------------------------------------------===//

#include "ShapeFolding.h"

#include "StridedSlice.h"

using namespace qopt;
using namespace qopt::tflite;

/// Shapes are short.
static constexpr int64_t maxNumbers = 8;

using Numbers = llvm::SmallVector<int64_t>;

namespace {
class Folder {
public:
  explicit Folder(Tensors &tensors)
      : tensors(tensors), model(tensors.getModel()) {}

  bool fold(unsigned index);

private:
  std::optional<int64_t> getLength(unsigned tensor) const;
  std::optional<Numbers> getNumbers(unsigned tensor);
  std::optional<Numbers> computeShape(const schema::Operator &op);
  std::optional<Numbers> computeSlice(const schema::Operator &op);
  std::optional<Numbers> computePack(const schema::Operator &op);

  Tensors &tensors;
  const Container &model;
};
} // namespace

/// The length of a short list of integers, 1 for a single one.
std::optional<int64_t> Folder::getLength(unsigned tensor) const {
  schema::TensorType type = model.getTensor(tensor).type();
  auto shape = toArray(model.getTensor(tensor).shape());
  if (type != schema::TensorType::INT32 && type != schema::TensorType::INT64)
    return std::nullopt;
  if (shape.size() > 1)
    return std::nullopt;
  int64_t length = shape.empty() ? 1 : shape[0];
  if (length < 1 || length > maxNumbers)
    return std::nullopt;
  return length;
}

std::optional<Numbers> Folder::getNumbers(unsigned tensor) {
  if (!tensors.isConstant(tensor))
    return std::nullopt;
  std::optional<int64_t> length = getLength(tensor);
  if (!length)
    return std::nullopt;
  bool isWide = model.getTensor(tensor).type() == schema::TensorType::INT64;
  size_t stored = model.getData(tensor).size();
  if (stored != 0 && stored != size_t(*length) * (isWide ? 8 : 4))
    return std::nullopt;
  auto numbers = tensors.getIntegers(tensor);
  if (failed(numbers))
    return std::nullopt;
  return *numbers;
}

std::optional<Numbers> Folder::computeShape(const schema::Operator &op) {
  auto inputs = toArray(op.inputs());
  if (inputs.size() != 1 || inputs[0] < 0)
    return std::nullopt;
  auto shape = toArray(model.getTensor(inputs[0]).shape());
  if (llvm::any_of(shape, [](int32_t size) { return size <= 0; }))
    return std::nullopt;
  return Numbers(shape.begin(), shape.end());
}

/// A slice of one list: numbers begin, begin + stride, ... before end.
std::optional<Numbers> Folder::computeSlice(const schema::Operator &op) {
  auto inputs = toArray(op.inputs());
  const auto *options = op.builtin_options_as_StridedSliceOptions();
  if (inputs.size() != 4 || llvm::is_contained(inputs, -1) || !options ||
      !isPlain(*options))
    return std::nullopt;
  auto list = getNumbers(inputs[0]), begin = getNumbers(inputs[1]),
       end = getNumbers(inputs[2]), stride = getNumbers(inputs[3]);
  if (!list || !begin || !end || !stride || begin->size() != 1 ||
      end->size() != 1 || stride->size() != 1 || (*stride)[0] <= 0)
    return std::nullopt;
  auto [first, step, count] =
      getSlicedDimension(*options, /*dimension=*/0, list->size(), (*begin)[0],
                         (*end)[0], (*stride)[0]);
  Numbers result;
  for (int64_t i = 0; i != count; ++i)
    result.push_back((*list)[first + i * step]);
  return result;
}

std::optional<Numbers> Folder::computePack(const schema::Operator &op) {
  const auto *options = op.builtin_options_as_PackOptions();
  auto inputs = toArray(op.inputs());
  if (!options || options->axis() != 0 || inputs.size() > maxNumbers)
    return std::nullopt;
  Numbers result;
  for (int32_t input : inputs) {
    // Only single numbers make a list.
    if (input < 0 || !toArray(model.getTensor(input).shape()).empty())
      return std::nullopt;
    auto number = getNumbers(input);
    if (!number)
      return std::nullopt;
    result.append(*number);
  }
  return result;
}

bool Folder::fold(unsigned index) {
  const schema::Operator &op = model.getOperator(index);
  auto outputs = toArray(op.outputs());
  if (outputs.size() != 1 || tensors.isConstant(outputs[0]) ||
      llvm::is_contained(model.getInputs(), outputs[0]))
    return false;
  std::optional<Numbers> numbers;
  switch (model.getCode(index)) {
  case schema::BuiltinOperator::SHAPE:
    numbers = computeShape(op);
    break;
  case schema::BuiltinOperator::STRIDED_SLICE:
    numbers = computeSlice(op);
    break;
  case schema::BuiltinOperator::PACK:
    numbers = computePack(op);
    break;
  default:
    return false;
  }
  if (!numbers || getLength(outputs[0]) != int64_t(numbers->size()))
    return false;
  tensors.setComputed(outputs[0], *numbers);
  return true;
}

llvm::BitVector tflite::foldShapes(Tensors &tensors) {
  Folder folder(tensors);
  llvm::BitVector folded(tensors.getModel().getNumOperators());
  for (unsigned i = 0, e = folded.size(); i != e; ++i)
    folded[i] = folder.fold(i);
  return folded;
}
