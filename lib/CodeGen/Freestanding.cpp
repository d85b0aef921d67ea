// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What an object needs from elsewhere.

#include "qopt/CodeGen/CodeGen.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Object/ObjectFile.h"

using namespace llvm;

Error qopt::checkFreestanding(MemoryBufferRef buffer) {
  auto file = object::ObjectFile::createObjectFile(buffer);
  if (!file)
    return file.takeError();
  std::vector<std::string> others;
  for (const object::SymbolRef &symbol : (*file)->symbols()) {
    Expected<uint32_t> flags = symbol.getFlags();
    if (!flags)
      return flags.takeError();
    if (!(*flags & object::SymbolRef::SF_Undefined) ||
        (*flags & object::SymbolRef::SF_FormatSpecific))
      continue;
    Expected<StringRef> name = symbol.getName();
    if (!name)
      return name.takeError();
    if (*name != "memcpy" && *name != "memmove" && *name != "memset")
      others.push_back(name->str());
  }
  if (others.empty())
    return Error::success();
  return createStringError(
      "the code is not freestanding: it needs " + join(others, ", ") +
      " and only memcpy, memmove and memset are allowed; an op was lowered to "
      "a library call");
}
