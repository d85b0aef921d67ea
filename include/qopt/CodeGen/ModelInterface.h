// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a caller of a compiled model must know: tensors, arena, target. It goes
// into the C header and, as JSON, into the object itself.

#ifndef QOPT_CODEGEN_MODELINTERFACE_H
#define QOPT_CODEGEN_MODELINTERFACE_H

#include "qopt/CodeGen/Target.h"
#include "qopt/Support/Tensor.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <string>
#include <vector>

namespace qopt {

/// "int8_t", "float": C's names.
llvm::StringRef getCName(ElementKind kind);
bool parseElementKind(llvm::StringRef name, ElementKind &kind);

struct TensorInterface {
  std::string name;
  std::vector<int64_t> shape;
  ElementKind kind = ElementKind::Int8;
  /// real = scale * (q - zeroPoint); empty for plain tensors, one entry for
  /// the whole tensor, or one for each index of the axis.
  std::vector<double> scales;
  std::vector<int64_t> zeroPoints;
  int64_t axis = -1;

  int64_t getNumElements() const;
  int64_t getByteSize() const;
  bool isQuantized() const { return !scales.empty(); }
  bool isPerAxis() const { return axis >= 0; }
};

/// One timed kernel call of a model compiled with --profile.
struct LayerInterface {
  /// Names of the model's tensors that it makes.
  std::string name;
  /// The kind of kernel, "conv_2d".
  std::string kernel;
  int64_t macs = 0;
};

/// Code for one of several CPUs.
struct VariantInterface {
  /// As the user called it.
  std::string name;
  TargetSpec target;
};

struct ModelInterface {
  /// A C identifier: prefix of all symbols.
  std::string name;
  std::vector<TensorInterface> inputs;
  std::vector<TensorInterface> outputs;
  int64_t arenaSize = 0;
  int64_t arenaAlign = 64;
  TargetSpec target;
  /// How many threads large kernels were cut for; 0 if the code uses none, and
  /// so has no arguments `parallel_for` and `context`.
  int64_t threads = 0;
  /// From the least to the most demanding; empty if there is one code only.
  std::vector<VariantInterface> variants;
  std::vector<LayerInterface> layers;
};

/// Makes a C identifier of any text: "8x8 net" becomes "m8x8_net".
std::string makeIdentifier(llvm::StringRef text);

} // namespace qopt

#endif // QOPT_CODEGEN_MODELINTERFACE_H
