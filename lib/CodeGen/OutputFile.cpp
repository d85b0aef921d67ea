// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Temporary files and renames.

#include "qopt/CodeGen/OutputFile.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Signals.h"

using namespace llvm;

static Error failure(const Twine &what, StringRef path, std::error_code code) {
  return createStringError(code, what + " '" + path + "': " + code.message());
}

Error qopt::produceOutputFile(StringRef path,
                              function_ref<Error(StringRef)> produce) {
  SmallString<128> temporary;
  if (std::error_code code =
          sys::fs::createUniqueFile(path + ".tmp-%%%%%%", temporary,
                                    sys::fs::all_read | sys::fs::all_write))
    return failure("cannot write", path, code);
  sys::RemoveFileOnSignal(temporary);
  Error error = produce(temporary);
  if (!error)
    if (std::error_code code = sys::fs::rename(temporary, path))
      error = failure("cannot write", path, code);
  if (error)
    sys::fs::remove(temporary);
  sys::DontRemoveFileOnSignal(temporary);
  return error;
}

Error qopt::writeOutputFile(StringRef path,
                            function_ref<Error(raw_pwrite_stream &)> write) {
  auto fill = [&](StringRef name) -> Error {
    std::error_code code;
    raw_fd_ostream file(name, code, sys::fs::OF_None);
    if (code)
      return failure("cannot write", path, code);
    if (Error error = write(file))
      return error;
    file.close();
    if (file.has_error()) {
      code = file.error();
      file.clear_error();
      return failure("cannot write", path, code);
    }
    return Error::success();
  };
  if (path != "-" && sys::fs::is_regular_file(path) == sys::fs::exists(path))
    return produceOutputFile(path, fill);
  // Standard output, devices: nothing to rename, and a pipe cannot seek, as
  // writers of objects do.
  SmallVector<char, 0> bytes;
  raw_svector_ostream buffer(bytes);
  if (Error error = write(buffer))
    return error;
  std::error_code code;
  raw_fd_ostream file(path, code, sys::fs::OF_None);
  if (code)
    return failure("cannot write", path, code);
  file << buffer.str();
  return Error::success();
}

Expected<qopt::ScratchDirectory> qopt::ScratchDirectory::create() {
  SmallString<128> path;
  if (std::error_code code = sys::fs::createUniqueDirectory("qopt", path))
    return failure("cannot make a temporary directory", path, code);
  return ScratchDirectory(path.str().str());
}

qopt::ScratchDirectory::~ScratchDirectory() {
  if (!path.empty())
    sys::fs::remove_directories(path);
}

std::string qopt::ScratchDirectory::file(StringRef name) const {
  SmallString<128> result(path);
  sys::path::append(result, name);
  return result.str().str();
}
