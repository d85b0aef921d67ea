// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads the central directory (APPNOTE 6.3, sections 4.3 and 4.5.3), which lies
// at the end of the file:
//
//   members… | directory entries… | [zip64 end record | its locator] | end
//   record

#include "Zip.h"

#include "llvm/Support/Endian.h"

#include <algorithm>

using namespace llvm;
using namespace qopt::samples;
using support::endian::read16le;
using support::endian::read32le;
using support::endian::read64le;

static constexpr uint64_t endRecordSize = 22, locatorSize = 20,
                          end64RecordSize = 56, entrySize = 46,
                          localHeaderSize = 30;
/// No array file has a directory of this size.
static constexpr uint64_t maxDirectorySize = 1 << 26;

static Error damaged(const File &file, const Twine &what) {
  return createStringError("'" + file.getPath() +
                           "' is no .npz or damaged: " + what);
}

namespace {
struct Directory {
  uint64_t offset = 0, size = 0, count = 0;
};
} // namespace

static Expected<Directory> findDirectory(File &file) {
  if (file.size() < endRecordSize)
    return damaged(file, "it has " + Twine(file.size()) + " bytes, expected " +
                             Twine(endRecordSize) + " or more");
  // A comment of up to 65535 bytes may follow the end record.
  uint64_t tailSize = std::min<uint64_t>(file.size(), endRecordSize + 65535);
  std::vector<char> tail(tailSize);
  uint64_t tailOffset = file.size() - tailSize;
  if (Error error = file.read(tailOffset, tail))
    return std::move(error);
  size_t at = StringRef(tail.data(), tail.size()).rfind("PK\5\6");
  if (at == StringRef::npos || at > tailSize - endRecordSize)
    return damaged(file, "it has no end record of a zip archive");
  const char *record = tail.data() + at;
  Directory directory{read32le(record + 16), read32le(record + 12),
                      read16le(record + 10)};
  if (directory.offset == 0xffffffff || directory.size == 0xffffffff ||
      directory.count == 0xffff) {
    if (at < locatorSize || StringRef(record - locatorSize, 4) != "PK\6\7")
      return damaged(file, "it has no zip64 locator");
    uint64_t end64 = read64le(record - locatorSize + 8);
    char record64[end64RecordSize];
    if (end64 > file.size() || file.size() - end64 < end64RecordSize)
      return damaged(file, "its zip64 end record is at byte " + Twine(end64) +
                               " of " + Twine(file.size()));
    if (Error error = file.read(end64, record64))
      return std::move(error);
    if (StringRef(record64, 4) != "PK\6\6")
      return damaged(file, "it has no zip64 end record");
    directory = {read64le(record64 + 48), read64le(record64 + 40),
                 read64le(record64 + 32)};
  }
  if (directory.offset > file.size() ||
      directory.size > file.size() - directory.offset ||
      directory.size > maxDirectorySize)
    return damaged(file, "its directory is " + Twine(directory.size) +
                             " bytes at byte " + Twine(directory.offset) +
                             " of " + Twine(file.size()));
  return directory;
}

/// Sizes that do not fit 32 bits stand in an extra field.
static void readExtra(StringRef extra, ZipMember &member) {
  while (extra.size() >= 4) {
    uint16_t id = read16le(extra.data()), size = read16le(extra.data() + 2);
    StringRef field = extra.drop_front(4).take_front(size);
    extra = extra.drop_front(std::min<size_t>(extra.size(), 4 + size));
    if (id != 1)
      continue;
    for (uint64_t *value :
         {&member.size, &member.packedSize, &member.headerOffset})
      if (*value == 0xffffffff && field.size() >= 8) {
        *value = read64le(field.data());
        field = field.drop_front(8);
      }
  }
}

Expected<std::vector<ZipMember>> qopt::samples::readZip(File &file) {
  auto directory = findDirectory(file);
  if (!directory)
    return directory.takeError();
  std::vector<char> bytes(directory->size);
  if (Error error = file.read(directory->offset, bytes))
    return std::move(error);
  std::vector<ZipMember> members;
  StringRef rest(bytes.data(), bytes.size());
  for (uint64_t i = 0; i < directory->count; ++i) {
    if (rest.size() < entrySize || !rest.starts_with("PK\1\2"))
      return damaged(file, "entry " + Twine(i) + " of its directory");
    const char *entry = rest.data();
    uint64_t nameSize = read16le(entry + 28), extraSize = read16le(entry + 30),
             commentSize = read16le(entry + 32);
    if (rest.size() < entrySize + nameSize + extraSize + commentSize)
      return damaged(file, "entry " + Twine(i) + " of its directory");
    ZipMember member;
    member.name = rest.substr(entrySize, nameSize).str();
    member.packedSize = read32le(entry + 20);
    member.size = read32le(entry + 24);
    member.headerOffset = read32le(entry + 42);
    readExtra(rest.substr(entrySize + nameSize, extraSize), member);
    uint16_t flags = read16le(entry + 8), method = read16le(entry + 10);
    if (flags & 1)
      return damaged(file, "'" + member.name + "' is encrypted");
    if (method != 0 && method != 8)
      return damaged(file, "'" + member.name + "' is packed by method " +
                               Twine(method) +
                               ", expected 0 (stored) or 8 (deflated)");
    member.deflated = method == 8;
    if (!member.deflated && member.size != member.packedSize)
      return damaged(file, "'" + member.name + "' is stored in " +
                               Twine(member.packedSize) + " bytes but has " +
                               Twine(member.size));
    rest = rest.drop_front(entrySize + nameSize + extraSize + commentSize);
    members.push_back(std::move(member));
  }
  return std::move(members);
}

Expected<std::unique_ptr<ByteSource>>
qopt::samples::openMember(std::shared_ptr<File> file, const ZipMember &member) {
  char header[localHeaderSize];
  auto outside = [&] {
    return damaged(*file, "'" + member.name + "' is at byte " +
                              Twine(member.headerOffset) + ", outside of the " +
                              Twine(file->size()) + " bytes of the file");
  };
  if (member.headerOffset > file->size() ||
      file->size() - member.headerOffset < localHeaderSize)
    return outside();
  if (Error error = file->read(member.headerOffset, header))
    return std::move(error);
  if (StringRef(header, 4) != "PK\3\4")
    return damaged(*file, "'" + member.name + "' has no header at byte " +
                              Twine(member.headerOffset));
  uint64_t offset = member.headerOffset + localHeaderSize +
                    read16le(header + 26) + read16le(header + 28);
  if (offset > file->size() || member.packedSize > file->size() - offset)
    return outside();
  if (member.deflated)
    return makeInflatingSource(std::move(file), offset, member.packedSize,
                               member.size);
  return makePlainSource(std::move(file), offset, member.size);
}
