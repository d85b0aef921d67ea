// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Files that appear complete or not at all: written beside their final place
// and renamed.

#ifndef QOPT_CODEGEN_OUTPUTFILE_H
#define QOPT_CODEGEN_OUTPUTFILE_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace qopt {

/// Lets `write` fill the file `path` ("-" is standard output). When it fails,
/// nothing is left behind and an older file stays as it was.
llvm::Error writeOutputFile(
    llvm::StringRef path,
    llvm::function_ref<llvm::Error(llvm::raw_pwrite_stream &)> write);

/// The same for other programs' output: they are given a temporary path beside
/// the final one.
llvm::Error
produceOutputFile(llvm::StringRef path,
                  llvm::function_ref<llvm::Error(llvm::StringRef)> produce);

/// A temporary directory that is removed with all its files at the end of its
/// life.
class ScratchDirectory {
public:
  static llvm::Expected<ScratchDirectory> create();
  ScratchDirectory(ScratchDirectory &&other) : path(std::move(other.path)) {
    other.path.clear();
  }
  ~ScratchDirectory();
  std::string file(llvm::StringRef name) const;

private:
  explicit ScratchDirectory(std::string path) : path(std::move(path)) {}
  std::string path;
};

} // namespace qopt

#endif // QOPT_CODEGEN_OUTPUTFILE_H
