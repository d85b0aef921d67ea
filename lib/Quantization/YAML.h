// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reading YAML with errors that say where they are and what was allowed.

#ifndef QOPT_LIB_QUANTIZATION_YAML_H
#define QOPT_LIB_QUANTIZATION_YAML_H

#include "qopt/Quantization/Scheme.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/YAMLTraits.h"

namespace qopt::quantization {

/// Reports the keys of the mapping being read that are none of `allowed`.
/// True if there is none.
inline bool checkKeys(llvm::yaml::IO &io,
                      llvm::ArrayRef<llvm::StringRef> allowed) {
  for (llvm::StringRef key : io.keys()) {
    if (llvm::is_contained(allowed, key))
      continue;
    io.setError("unknown key '" + key + "', expected one of " +
                llvm::join(allowed, ", "));
    return false;
  }
  return true;
}

/// Keeps the first error, as "file:line:column: message".
inline void keepFirstError(const llvm::SMDiagnostic &diagnostic,
                           void *context) {
  auto &text = *static_cast<std::string *>(context);
  if (!text.empty())
    return;
  llvm::raw_string_ostream(text)
      << diagnostic.getFilename() << ":" << diagnostic.getLineNo() << ":"
      << diagnostic.getColumnNo() + 1 << ": " << diagnostic.getMessage();
}

/// Reads one document.
template <typename T>
llvm::Expected<T> parseYAML(llvm::StringRef text, llvm::StringRef file) {
  std::string error;
  llvm::yaml::Input input(llvm::MemoryBufferRef(text, file), nullptr,
                          keepFirstError, &error);
  T value;
  input >> value;
  if (input.error() || !error.empty())
    return llvm::createStringError(
        error.empty() ? file + ": is empty or not YAML" : llvm::Twine(error));
  return std::move(value);
}

} // namespace qopt::quantization

/// A scalar that is one of a list of names: `NAMES` yields pairs of a name and
/// a value.
#define QOPT_YAML_CHOICE(TYPE, WHAT, ...)                                      \
  template <>                                                                  \
  struct llvm::yaml::ScalarTraits<TYPE> {                                      \
    static void output(const TYPE &value, void *, raw_ostream &out) {          \
      for (auto &[name, other] : choices())                                    \
        if (other == value)                                                    \
          out << name;                                                         \
    }                                                                          \
    static StringRef input(StringRef text, void *, TYPE &value) {              \
      static thread_local std::string message;                                 \
      message = ("'" + text + "' is no " WHAT ", expected ").str();            \
      const char *separator = "";                                              \
      for (auto &[name, other] : choices()) {                                  \
        if (name == text) {                                                    \
          value = other;                                                       \
          return {};                                                           \
        }                                                                      \
        message += (separator + name).str();                                   \
        separator = ", ";                                                      \
      }                                                                        \
      return message;                                                          \
    }                                                                          \
    static QuotingType mustQuote(StringRef) { return QuotingType::None; }      \
                                                                               \
  private:                                                                     \
    static ArrayRef<std::pair<StringRef, TYPE>> choices() {                    \
      static const std::pair<StringRef, TYPE> list[] = {__VA_ARGS__};          \
      return list;                                                             \
    }                                                                          \
  }

QOPT_YAML_CHOICE(qopt::quantization::Granularity, "granularity",
                 {"per-tensor", qopt::quantization::Granularity::PerTensor},
                 {"per-channel", qopt::quantization::Granularity::PerChannel},
                 {"sub-channel", qopt::quantization::Granularity::SubChannel});

#endif // QOPT_LIB_QUANTIZATION_YAML_H
