// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Files are complete or absent.

#include "qopt/CodeGen/OutputFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "gtest/gtest.h"

using namespace qopt;
using llvm::Error;

static unsigned countFiles(llvm::StringRef directory) {
  unsigned count = 0;
  std::error_code code;
  for (llvm::sys::fs::directory_iterator it(directory, code), end;
       it != end && !code; it.increment(code))
    ++count;
  return count;
}

static std::string read(llvm::StringRef path) {
  auto file = llvm::MemoryBuffer::getFile(path);
  return file ? (*file)->getBuffer().str() : "<none>";
}

TEST(OutputFile, ReplacesOnlyWhenComplete) {
  auto scratch = ScratchDirectory::create();
  ASSERT_TRUE(static_cast<bool>(scratch));
  std::string path = scratch->file("out");
  auto write = [&](llvm::StringRef text, bool fail) {
    Error error =
        writeOutputFile(path, [&](llvm::raw_pwrite_stream &out) -> Error {
          out << text;
          if (fail)
            return llvm::createStringError("failed on purpose");
          return Error::success();
        });
    return llvm::toString(std::move(error));
  };
  EXPECT_EQ(write("first", true), "failed on purpose");
  EXPECT_EQ(countFiles(scratch->file("")), 0u);
  EXPECT_EQ(write("first", false), "");
  EXPECT_EQ(read(path), "first");
  EXPECT_EQ(write("second", true), "failed on purpose");
  EXPECT_EQ(read(path), "first");
  EXPECT_EQ(write("second", false), "");
  EXPECT_EQ(read(path), "second");
  EXPECT_EQ(countFiles(scratch->file("")), 1u);
}

TEST(OutputFile, ScratchIsRemoved) {
  std::string path;
  {
    auto scratch = ScratchDirectory::create();
    ASSERT_TRUE(static_cast<bool>(scratch));
    path = scratch->file("inner");
    EXPECT_EQ(
        llvm::toString(writeOutputFile(
            path, [](llvm::raw_pwrite_stream &) { return Error::success(); })),
        "");
    EXPECT_TRUE(llvm::sys::fs::exists(path));
  }
  EXPECT_FALSE(llvm::sys::fs::exists(path));
}
