// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Finds and runs ld.lld.

#include "qopt/CodeGen/Link.h"

#include "qopt/CodeGen/OutputFile.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"

using namespace llvm;

#define QOPT_STRING(x) #x
#define QOPT_STRING_OF(x) QOPT_STRING(x)

static Expected<std::string> findLinker() {
  // QOPT_LLVM_TOOLS is where the LLVM that qopt was built with keeps its tools.
  StringRef tools[] = {QOPT_LLVM_TOOLS};
  StringRef names[] = {"ld.lld", "ld.lld-" QOPT_STRING_OF(LLVM_VERSION_MAJOR),
                       "ld.lld-22"};
  for (StringRef name : names)
    if (auto path = sys::findProgramByName(name, tools))
      return *path;
  for (StringRef name : names)
    if (auto path = sys::findProgramByName(name))
      return *path;
  return createStringError(
      "cannot find ld.lld, which links shared libraries: install the package "
      "lld-" QOPT_STRING_OF(LLVM_VERSION_MAJOR) ", or emit an object (.o)");
}

static Error runLinker(ArrayRef<std::string> objects, StringRef output,
                       ArrayRef<StringRef> options) {
  Expected<std::string> linker = findLinker();
  if (!linker)
    return linker.takeError();
  return qopt::produceOutputFile(output, [&](StringRef temporary) -> Error {
    SmallVector<StringRef> arguments = {*linker};
    append_range(arguments, options);
    arguments.append({"--build-id=none", "-z", "noexecstack", "-o", temporary});
    for (StringRef object : objects)
      arguments.push_back(object);
    auto scratch = qopt::ScratchDirectory::create();
    if (!scratch)
      return scratch.takeError();
    std::string log = scratch->file("log");
    std::string message;
    int code =
        sys::ExecuteAndWait(*linker, arguments, /*Env=*/std::nullopt,
                            {StringRef(""), StringRef(log), StringRef(log)},
                            /*SecondsToWait=*/0, /*MemoryLimit=*/0, &message);
    if (code == 0)
      return Error::success();
    if (auto text = MemoryBuffer::getFile(log))
      message += (*text)->getBuffer().str();
    return createStringError("ld.lld failed: " + message);
  });
}

Error qopt::linkSharedLibrary(ArrayRef<std::string> objects, StringRef output) {
  // Only the C interface is visible; memcpy and its kin come from the caller.
  // Names of kernels, up to a tenth of a small library, stay in objects.
  return runLinker(
      objects, output,
      {"-shared", "-soname=qopt", "-Bsymbolic", "--hash-style=gnu",
       "--strip-all"});
}

Error qopt::linkProgram(ArrayRef<std::string> objects, StringRef output) {
  return runLinker(objects, output, {"-static", "-e", "_start"});
}
