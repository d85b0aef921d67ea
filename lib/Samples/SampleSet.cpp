// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Opens entries by what they are: folders and lists of pictures, arrays,
// archives of arrays.

#include "Sources.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"

#include <algorithm>

using namespace llvm;
using namespace qopt;
using namespace qopt::samples;

/// The files of a folder with the suffix of a picture, in the order of names.
static Expected<std::vector<std::string>> listFolder(StringRef path) {
  std::vector<std::string> files;
  std::error_code code;
  for (sys::fs::directory_iterator it(path, code), end; it != end && !code;
       it.increment(code)) {
    std::string suffix = sys::path::extension(it->path()).lower();
    if (is_contained({".png", ".jpg", ".jpeg", ".bmp", ".ppm", ".pgm"}, suffix))
      files.push_back(it->path());
  }
  if (code)
    return createStringError(code,
                             "cannot read '" + path + "': " + code.message());
  std::sort(files.begin(), files.end());
  if (files.empty())
    return createStringError("'" + path +
                             "' has no pictures (.png, .jpg, .jpeg, .bmp, "
                             ".ppm, .pgm)");
  return std::move(files);
}

/// The files that a list names, one in each line, relative to its folder.
static Expected<std::vector<std::string>> readList(StringRef path) {
  auto file = File::open(path);
  if (!file)
    return file.takeError();
  constexpr uint64_t maxSize = 1 << 28;
  if ((*file)->size() > maxSize)
    return createStringError("list '" + path + "' has " +
                             Twine((*file)->size()) +
                             " bytes, expected at most " + Twine(maxSize));
  std::vector<char> bytes((*file)->size());
  if (Error error = (*file)->read(0, bytes))
    return std::move(error);
  std::vector<std::string> files;
  SmallVector<StringRef> lines;
  StringRef(bytes.data(), bytes.size()).split(lines, '\n', -1, false);
  for (StringRef line : lines) {
    line = line.trim();
    if (line.empty() || line.starts_with("#"))
      continue;
    SmallString<128> name(line);
    if (sys::path::is_relative(line)) {
      name = sys::path::parent_path(path);
      sys::path::append(name, line);
    }
    files.push_back(name.str().str());
  }
  return std::move(files);
}

/// Opens a path that holds samples of one input.
static Expected<std::unique_ptr<SampleSource>>
openOne(StringRef path, const InputFormat &input,
        const SampleOptions &options) {
  std::vector<std::string> files = {path.str()};
  std::string suffix = sys::path::extension(path).lower();
  if (sys::fs::is_directory(path) || suffix == ".txt") {
    auto listed = suffix == ".txt" ? readList(path) : listFolder(path);
    if (!listed)
      return listed.takeError();
    return openImages(std::move(*listed), path.str(), input, options);
  }
  if (suffix != ".npy" && suffix != ".raw" && suffix != ".bin")
    return openImages(std::move(files), path.str(), input, options);
  auto file = File::open(path);
  if (!file)
    return file.takeError();
  if (suffix != ".npy")
    return openRaw(std::move(*file), input, options);
  uint64_t size = (*file)->size();
  return openNpy(makePlainSource(std::move(*file), 0, size), path.str(), input,
                 options);
}

/// Opens the array in an archive that belongs to an input: by its name, or by
/// the input's position where no array has that name.
static Expected<std::unique_ptr<SampleSource>>
openArchived(std::shared_ptr<File> file, ArrayRef<ZipMember> members,
             size_t position, size_t numInputs, const InputFormat &input,
             const SampleOptions &options) {
  const ZipMember *found = find_if(members, [&](const ZipMember &member) {
    return member.name == input.name + ".npy";
  });
  if (found == members.end()) {
    if (members.size() != numInputs) {
      std::vector<std::string> names;
      for (const ZipMember &member : members)
        names.push_back(member.name);
      return createStringError(formatv(
          "'{0}' holds {1}; expected '{2}.npy' for input '{2}', or as many "
          "arrays as the model has inputs, {3}",
          file->getPath(), join(names, ", "), input.name, numInputs));
    }
    found = members.begin() + position;
  }
  std::string path = (file->getPath() + "/" + found->name).str();
  auto bytes = openMember(std::move(file), *found);
  if (!bytes)
    return bytes.takeError();
  return openNpy(std::move(*bytes), std::move(path), input, options);
}

static Error checkOptions(ArrayRef<InputFormat> inputs,
                          const SampleOptions &options) {
  for (const InputFormat &input : inputs)
    for (auto [name, values] : {std::make_pair("mean", &options.mean),
                                std::make_pair("scale", &options.scale)}) {
      int64_t channels = findChannels(input).count;
      if (values->size() != 1 &&
          static_cast<int64_t>(values->size()) != channels)
        return createStringError(formatv(
            "{0} {1}s were given, expected 1 or, for the channels of input "
            "'{2}', {3}",
            values->size(), name, input.name, channels));
    }
  return Error::success();
}

Expected<SampleSet> SampleSet::open(ArrayRef<std::string> entries,
                                    ArrayRef<InputFormat> inputs,
                                    const SampleOptions &options) {
  SampleSet set;
  set.inputs.assign(inputs.begin(), inputs.end());
  set.sources.resize(inputs.size());
  if (inputs.empty())
    return createStringError("the model has no inputs");
  if (entries.empty())
    return createStringError("no samples were given");
  if (Error error = checkOptions(inputs, options))
    return std::move(error);
  size_t next = 0;
  for (StringRef entry : entries) {
    StringRef path = entry;
    size_t index = inputs.size();
    // A file whose name has '=' is one all the same.
    if (auto [name, rest] = entry.split('=');
        !rest.empty() && !sys::fs::exists(entry)) {
      index = find_if(inputs,
                      [&](const InputFormat &input) {
                        return input.name == name;
                      }) -
              inputs.begin();
      if (index == inputs.size()) {
        std::vector<std::string> names;
        for (const InputFormat &input : inputs)
          names.push_back("'" + input.name + "'");
        return createStringError(formatv(
            "'{0}' is no file, and '{1}' no input of the model; expected {2}",
            entry, name, join(names, " or ")));
      }
      path = rest;
    }
    if (sys::path::extension(path).equals_insensitive(".npz")) {
      auto file = File::open(path);
      if (!file)
        return file.takeError();
      auto members = readZip(**file);
      if (!members)
        return members.takeError();
      bool forAll = index == inputs.size();
      for (size_t i = 0; i < inputs.size(); ++i) {
        if (!forAll && i != index)
          continue;
        auto source =
            openArchived(*file, *members, forAll ? i : 0,
                         forAll ? inputs.size() : 1, inputs[i], options);
        if (!source)
          return source.takeError();
        set.sources[i].push_back(std::move(*source));
      }
      continue;
    }
    if (index == inputs.size())
      index = next++ % inputs.size();
    auto source = openOne(path, inputs[index], options);
    if (!source)
      return source.takeError();
    set.sources[index].push_back(std::move(*source));
  }
  for (auto [index, list] : enumerate(set.sources)) {
    int64_t count = 0;
    for (const std::unique_ptr<SampleSource> &source : list)
      count += source->size();
    if (index == 0)
      set.count = count;
    if (count == 0 || count != set.count)
      return createStringError(formatv(
          "input '{0}' has {1} samples, expected {2} as for input '{3}'",
          inputs[index].name, count, std::max<int64_t>(set.count, 1),
          inputs[0].name));
  }
  return std::move(set);
}

Error SampleSet::read(int64_t index, std::vector<Tensor> &sample) {
  sample.resize(inputs.size());
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (sample[i].kind != inputs[i].kind ||
        ArrayRef<int64_t>(sample[i].shape) !=
            ArrayRef<int64_t>(inputs[i].shape))
      sample[i] = Tensor(inputs[i].kind, inputs[i].shape);
    int64_t rest = index;
    for (const std::unique_ptr<SampleSource> &source : sources[i]) {
      if (rest < source->size()) {
        if (Error error = source->read(rest, sample[i]))
          return error;
        break;
      }
      rest -= source->size();
    }
  }
  return Error::success();
}
