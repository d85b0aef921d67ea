// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writes and finds the manifest's section. Module-level assembly makes a
// section that is not loaded, which a global variable cannot have.

#include "qopt/CodeGen/Manifest.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/Module.h"
#include "llvm/Object/ELFObjectFile.h"

using namespace llvm;

static constexpr StringRef sectionName = ".qopt.manifest";

void qopt::embedManifest(Module &module, const ModelInterface &model) {
  std::string text = writeManifest(model);
  std::string assembly = ".section " + sectionName.str() + ",\"\",@progbits\n";
  // Lines of a readable length, and octal escapes: what every assembler takes.
  for (size_t at = 0; at < text.size(); at += 64) {
    assembly += ".ascii \"";
    for (unsigned char c : text.substr(at, 64)) {
      if (isPrint(c) && c != '"' && c != '\\') {
        assembly += c;
        continue;
      }
      assembly += '\\';
      for (int shift : {6, 3, 0})
        assembly += char('0' + ((c >> shift) & 7));
    }
    assembly += "\"\n";
  }
  module.appendModuleInlineAsm(assembly);
}

Expected<qopt::ModelInterface>
qopt::readEmbeddedManifest(MemoryBufferRef buffer) {
  auto file = object::ObjectFile::createELFObjectFile(buffer);
  if (!file)
    return file.takeError();
  for (const object::SectionRef &section : (*file)->sections()) {
    Expected<StringRef> name = section.getName();
    if (!name) {
      consumeError(name.takeError());
      continue;
    }
    if (*name != sectionName)
      continue;
    Expected<StringRef> contents = section.getContents();
    if (!contents)
      return contents.takeError();
    return parseManifest(*contents);
  }
  return createStringError("no section '" + sectionName +
                           "': not an object or library made by qoptc");
}
