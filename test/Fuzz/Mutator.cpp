//===- Mutator.cpp - Damaged copies of a model ----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Most bytes of a model are weights, in which damage is a wrong number and no
// more. So the bytes that steer the importer are found first: the fields of
// every table and the elements of shapes, scales and index lists. Damage goes
// there most of the time, with the values at which checks break.
//
//===----------------------------------------------------------------------===//

#include "Mutator.h"

#include "TFLite_generated.h"

#include <cstring>

using namespace qopt;
using namespace qopt::fuzz;

Mutator::Mutator(llvm::StringRef model, uint64_t seed)
    : model(model.str()), seed(seed) {
  collectSlots();
}

//===----------------------------------------------------------------------===//
// What can be damaged
//===----------------------------------------------------------------------===//

void Mutator::addSlot(const void *address, unsigned width) {
  size_t offset = static_cast<const char *>(address) - model.data();
  if (offset + width <= model.size())
    slots.push_back({offset, width});
}

/// All fields of a table, and the distance to its description.
void Mutator::collectTable(const void *table) {
  const char *start = static_cast<const char *>(table);
  addSlot(start, 4);
  int32_t distance;
  std::memcpy(&distance, start, 4);
  const char *fields = start - distance;
  uint16_t size;
  std::memcpy(&size, fields, 2);
  for (unsigned i = 0; i + 1 < size; i += 2) {
    addSlot(fields + i, 2);
    uint16_t field;
    std::memcpy(&field, fields + i, 2);
    if (i >= 4 && field)
      addSlot(start + field, 4);
  }
}

template <typename Vector>
void Mutator::addElements(const Vector *vector, unsigned width) {
  if (!vector)
    return;
  addSlot(vector->Data() - 4, 4); // the count
  for (unsigned i = 0; i < vector->size() && i < 8; ++i)
    addSlot(vector->Data() + i * width, width);
}

void Mutator::collectSlots() {
  namespace schema = tflite::schema;
  const schema::Model *root = schema::GetModel(model.data());
  std::vector<bool> isData(model.size());
  addSlot(model.data(), 4);
  collectTable(root);
  for (const schema::OperatorCode *code : *root->operator_codes())
    collectTable(code);
  for (const schema::Buffer *buffer : *root->buffers()) {
    collectTable(buffer);
    addElements(buffer->data(), 1);
    if (const auto *data = buffer->data())
      std::fill_n(
          isData.begin() +
              (reinterpret_cast<const char *>(data->Data()) - model.data()),
          data->size(), true);
  }
  for (const schema::SubGraph *graph : *root->subgraphs()) {
    collectTable(graph);
    addElements(graph->inputs(), 4);
    addElements(graph->outputs(), 4);
    for (const schema::Tensor *tensor : *graph->tensors()) {
      collectTable(tensor);
      addElements(tensor->shape(), 4);
      if (const auto *parameters = tensor->quantization()) {
        collectTable(parameters);
        addElements(parameters->scale(), 4);
        addElements(parameters->zero_point(), 8);
      }
    }
    for (const schema::Operator *op : *graph->operators()) {
      collectTable(op);
      addElements(op->inputs(), 4);
      addElements(op->outputs(), 4);
      if (const void *options = op->builtin_options())
        collectTable(options);
    }
  }
  for (size_t i = 0; i != model.size(); ++i)
    if (!isData[i])
      structure.push_back(i);
}

//===----------------------------------------------------------------------===//
// Damage
//===----------------------------------------------------------------------===//

/// Anywhere, but three times of four where it matters.
size_t Mutator::pickPosition(Random &random) const {
  if (random() % 4 == 0 || structure.empty())
    return random() % model.size();
  return structure[random() % structure.size()];
}

/// The numbers at which checks break.
uint64_t Mutator::pickValue(Random &random) const {
  const uint64_t values[] = {0,
                             1,
                             2,
                             ~uint64_t(0),
                             127,
                             255,
                             256,
                             0x7fff,
                             0xffff,
                             0x7fffffff,
                             0x80000000,
                             0xfffffffe,
                             0x7f800000, // infinity
                             0x7fc00000, // not a number
                             0x00000001, // the smallest float
                             0x3f800000, // one
                             0xbf800000, // minus one
                             model.size(),
                             model.size() - 4,
                             0x40000000,
                             random() % 16,
                             random() % (model.size() + 1),
                             random()};
  return values[random() % std::size(values)];
}

void Mutator::truncate(std::string &copy, Random &random, uint64_t n) const {
  // Short files one byte after another, long ones anywhere.
  copy.resize(n % 2 ? n / 2 % copy.size() : random() % copy.size());
}

void Mutator::flipBits(std::string &copy, Random &random) const {
  for (unsigned i = 0, e = 1 + random() % 8; i != e; ++i)
    copy[pickPosition(random)] ^= 1 << random() % 8;
}

void Mutator::overwriteWord(std::string &copy, Random &random) const {
  uint64_t value = pickValue(random);
  size_t position = pickPosition(random) & ~size_t(3);
  std::memcpy(&copy[position], &value,
              std::min<size_t>(4, copy.size() - position));
}

void Mutator::editSlots(std::string &copy, Random &random) const {
  for (unsigned i = 0, e = 1 + random() % 3; i != e; ++i) {
    const Slot &slot = slots[random() % slots.size()];
    uint64_t value = 0;
    std::memcpy(&value, &copy[slot.offset], slot.width);
    // A small step breaks an invariant that a wild value would not reach.
    if (random() % 3 == 0)
      value += random() % 2 ? 1 : -1;
    else
      value = pickValue(random);
    std::memcpy(&copy[slot.offset], &value, slot.width);
  }
}

void Mutator::moveBlock(std::string &copy, Random &random) const {
  size_t from = pickPosition(random), to = pickPosition(random);
  size_t size =
      std::min<size_t>(1 + random() % 64, copy.size() - std::max(from, to));
  std::memmove(&copy[to], &copy[from], size);
}

std::string Mutator::mutate(uint64_t n) const {
  Random random(seed * 1'000'003 + n);
  std::string copy = model;
  switch (n % 8) {
  case 0:
    truncate(copy, random, n / 8);
    break;
  case 1:
  case 2:
    flipBits(copy, random);
    break;
  case 3:
    overwriteWord(copy, random);
    break;
  case 4:
    moveBlock(copy, random);
    break;
  default:
    editSlots(copy, random);
  }
  return copy;
}
