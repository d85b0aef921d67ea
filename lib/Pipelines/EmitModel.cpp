// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The compiler's outputs.

#include "qopt/CodeGen/CodeSizes.h"
#include "qopt/CodeGen/GuestProgram.h"
#include "qopt/CodeGen/Link.h"
#include "qopt/CodeGen/OutputFile.h"
#include "qopt/Pipelines/Compiler.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/MemoryBufferRef.h"

using namespace llvm;
using namespace qopt;

Error Compiler::emit(FileKind kind, raw_pwrite_stream &out) {
  PhaseTimes::Scope scope(times, "codegen");
  return emitFile(*llvmModule, *machine, kind, out);
}

Error Compiler::emitObject(raw_pwrite_stream &out) {
  SmallVector<char, 0> bytes;
  raw_svector_ostream stream(bytes);
  if (Error error = emit(FileKind::Object, stream))
    return error;
  MemoryBufferRef object(stream.str(), interface.name);
  if (Error error = checkFreestanding(object))
    return error;
  if (options.explain) {
    auto sizes = readCodeSizes(object);
    if (!sizes)
      return sizes.takeError();
    for (LayerExplanation &layer : layers)
      if (auto size = sizes->find(layer.function); size != sizes->end())
        layer.codeBytes = size->second;
  }
  out << stream.str();
  return Error::success();
}

/// Writes the object to a scratch file for the linker.
static Error writeObject(Compiler &compiler, StringRef path) {
  return writeOutputFile(
      path, [&](raw_pwrite_stream &out) { return compiler.emitObject(out); });
}

Error Compiler::emitSharedLibrary(StringRef path) {
  auto scratch = ScratchDirectory::create();
  if (!scratch)
    return scratch.takeError();
  std::string object = scratch->file("model.o");
  if (Error error = writeObject(*this, object))
    return error;
  PhaseTimes::Scope scope(times, "link");
  return linkSharedLibrary({object}, path);
}

Error Compiler::emitGuestProgram(StringRef path) {
  auto scratch = ScratchDirectory::create();
  if (!scratch)
    return scratch.takeError();
  std::string object = scratch->file("model.o");
  std::string guestObject = scratch->file("guest.o");
  if (Error error = writeObject(*this, object))
    return error;
  PhaseTimes::Scope scope(times, "link");
  auto guest = makeGuestProgram(interface, llvmContext, *machine);
  if (!guest)
    return guest.takeError();
  if (Error error = writeOutputFile(guestObject, [&](raw_pwrite_stream &out) {
        return emitFile(**guest, *machine, FileKind::Object, out);
      }))
    return error;
  return linkProgram({object, guestObject}, path);
}
