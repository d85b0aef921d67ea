// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tables of 256 bytes, looked up in registers:
//
// * AVX-512 VBMI permutes 128 bytes at once: two permutations, and a choice by
//   the top bit of the index.
// * NEON looks 64 bytes up at once: four lookups of index - 64·i, where an
//   index out of range keeps what was found before.
// * pshufb looks 16 bytes up and gives 0 where the top bit of the index is set:
//   sixteen lookups of index - 16·i, whose saturating sum with 0x70 has that
//   bit for all but 0 to 15.

#ifndef QOPT_LIB_CONVERSION_KERNELTOVECTOR_BYTETABLE_H
#define QOPT_LIB_CONVERSION_KERNELTOVECTOR_BYTETABLE_H

#include "qopt/Conversion/KernelToVector/VectorEmitter.h"

namespace qopt::emit {

/// How many bytes are looked up at once; 0 where the target can only load entry
/// by entry.
int64_t getTableLookUpWidth(const cpu::TargetFacts &facts);

/// Whether a lookup costs about as much as a load.
bool hasFastTableLookUp(const cpu::TargetFacts &facts);

/// entries[i] for every byte i, read as an unsigned number, of a vector of any
/// length. There are 256 entries of type i8.
Value lookUpBytes(VectorEmitter &e, mlir::DenseIntElementsAttr entries,
                  Value indices);

} // namespace qopt::emit

#endif // QOPT_LIB_CONVERSION_KERNELTOVECTOR_BYTETABLE_H
