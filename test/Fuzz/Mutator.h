//===- Mutator.h - Damaged copies of a model --------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Makes the n-th damaged copy of a .tflite file. The same file, seed and n give
// the same bytes on every machine.
//
//===----------------------------------------------------------------------===//

#ifndef QOPT_TEST_FUZZ_MUTATOR_H
#define QOPT_TEST_FUZZ_MUTATOR_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace qopt::fuzz {

class Mutator {
public:
  /// `model` must be a valid file.
  Mutator(llvm::StringRef model, uint64_t seed);

  /// The n-th damaged copy. Kinds of damage take turns.
  std::string mutate(uint64_t n) const;

private:
  /// A number in the file that means something: where it is, how wide it is.
  struct Slot {
    size_t offset;
    unsigned width;
  };
  using Random = std::mt19937_64;

  void collectSlots();
  void collectTable(const void *table);
  void addSlot(const void *address, unsigned width);
  template <typename Vector>
  void addElements(const Vector *vector, unsigned width);

  void truncate(std::string &copy, Random &random, uint64_t n) const;
  void flipBits(std::string &copy, Random &random) const;
  void overwriteWord(std::string &copy, Random &random) const;
  void editSlots(std::string &copy, Random &random) const;
  void moveBlock(std::string &copy, Random &random) const;
  size_t pickPosition(Random &random) const;
  uint64_t pickValue(Random &random) const;

  std::string model;
  uint64_t seed;
  std::vector<Slot> slots;
  /// The bytes outside constant data: offsets, counts, names, parameters.
  std::vector<uint32_t> structure;
};

} // namespace qopt::fuzz

#endif // QOPT_TEST_FUZZ_MUTATOR_H
