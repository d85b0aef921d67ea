// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A value, or the reason in words why there is none. Numerics is a leaf that
// knows neither LLVM nor MLIR, so callers wrap the reason in a diagnostic of
// their own (lower case, no final period, the offending value in it).

#ifndef QOPT_NUMERICS_RESULT_H
#define QOPT_NUMERICS_RESULT_H

#include <cassert>
#include <optional>
#include <string>
#include <utility>

namespace qopt::numerics {

/// Why a calculation has no result. Converts into any Result.
struct Reason {
  std::string text;
};

template <typename T>
class [[nodiscard]] Result {
public:
  Result(T value) : value(std::move(value)) {}
  Result(Reason reason) : why(std::move(reason.text)) {}

  explicit operator bool() const { return value.has_value(); }
  const T &operator*() const {
    assert(value && "read a result that is not there");
    return *value;
  }
  const T *operator->() const { return &**this; }

  /// The reason, empty when there is a value.
  const std::string &reason() const { return why; }

private:
  std::optional<T> value;
  std::string why;
};

} // namespace qopt::numerics

#endif // QOPT_NUMERICS_RESULT_H
