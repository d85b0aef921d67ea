// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A dense array in host memory: what .npy files hold, what the reference
// interpreter calculates with, and what a compiled model reads and writes.

#ifndef QOPT_SUPPORT_TENSOR_H
#define QOPT_SUPPORT_TENSOR_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace qopt {

enum class ElementKind {
  Bool,
  Int8,
  UInt8,
  Int16,
  UInt16,
  Int32,
  UInt32,
  Int64,
  Float32,
  Float64
};

/// Bytes of one element.
size_t getElementSize(ElementKind kind);
/// "int8", "float32", …: the names numpy uses.
llvm::StringRef getElementName(ElementKind kind);
bool isFloat(ElementKind kind);

template <typename T>
struct ElementKindOf;
#define QOPT_ELEMENT_KIND(TYPE, KIND)                                          \
  template <>                                                                  \
  struct ElementKindOf<TYPE> {                                                 \
    static constexpr ElementKind value = ElementKind::KIND;                    \
  };
QOPT_ELEMENT_KIND(bool, Bool)
QOPT_ELEMENT_KIND(int8_t, Int8)
QOPT_ELEMENT_KIND(uint8_t, UInt8)
QOPT_ELEMENT_KIND(int16_t, Int16)
QOPT_ELEMENT_KIND(uint16_t, UInt16)
QOPT_ELEMENT_KIND(int32_t, Int32)
QOPT_ELEMENT_KIND(uint32_t, UInt32)
QOPT_ELEMENT_KIND(int64_t, Int64)
QOPT_ELEMENT_KIND(float, Float32)
QOPT_ELEMENT_KIND(double, Float64)
#undef QOPT_ELEMENT_KIND

/// Row-major, little-endian elements; a shape of no dimensions holds one.
struct Tensor {
  ElementKind kind = ElementKind::Int8;
  llvm::SmallVector<int64_t> shape;
  std::vector<char> bytes;

  Tensor() = default;
  /// All zero.
  Tensor(ElementKind kind, llvm::ArrayRef<int64_t> shape);

  int64_t getNumElements() const;

  /// The elements as T, which must be the type of `kind`.
  template <typename T>
  llvm::ArrayRef<T> get() const {
    assert(ElementKindOf<T>::value == kind && "reading as another type");
    return llvm::ArrayRef<T>(reinterpret_cast<const T *>(bytes.data()),
                             bytes.size() / sizeof(T));
  }
  template <typename T>
  llvm::MutableArrayRef<T> get() {
    assert(ElementKindOf<T>::value == kind && "writing as another type");
    return llvm::MutableArrayRef<T>(reinterpret_cast<T *>(bytes.data()),
                                    bytes.size() / sizeof(T));
  }

  /// One element, widened. Integers and bools only.
  int64_t getInteger(int64_t index) const;
  /// One element of any kind as a double.
  double getReal(int64_t index) const;

  bool operator==(const Tensor &other) const;
  bool operator!=(const Tensor &other) const { return !(*this == other); }

  /// "int8 1x49x10x1"
  std::string describeType() const;
};

/// "1x49x10x1"; "scalar" for no dimensions.
std::string printShape(llvm::ArrayRef<int64_t> shape);

} // namespace qopt

#endif // QOPT_SUPPORT_TENSOR_H
