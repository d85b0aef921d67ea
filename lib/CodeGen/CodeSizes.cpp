// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads the symbol table.

#include "qopt/CodeGen/CodeSizes.h"

#include "llvm/Object/ELFObjectFile.h"

using namespace llvm;

Expected<StringMap<uint64_t>> qopt::readCodeSizes(MemoryBufferRef object) {
  auto file = object::ObjectFile::createELFObjectFile(object);
  if (!file)
    return file.takeError();
  StringMap<uint64_t> sizes;
  for (object::ELFSymbolRef symbol :
       cast<object::ELFObjectFileBase>(**file).symbols()) {
    if (symbol.getELFType() != ELF::STT_FUNC)
      continue;
    auto name = symbol.getName();
    if (!name)
      return name.takeError();
    sizes[*name] = symbol.getSize();
  }
  return std::move(sizes);
}
