// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//   qopt moments 1
//   layer <depth> <groups> <blocks> <channels> <count> <name>
//   doubles: for each group depth means, then each block, upper triangle
//   first; then the mean of each channel's result
//   layer ...
//
// Blocks divide the depth evenly, as MomentsAccumulator makes them.

#include "qopt/WeightRounding/Moments.h"

#include <cstring>
#include <sstream>

using namespace qopt::rounding;

static const char header[] = "qopt moments 1\n";

static int64_t getBlockSize(int64_t depth, int64_t blocks, int64_t index) {
  return depth * (index + 1) / blocks - depth * index / blocks;
}

static void append(std::string &bytes, const double *values, size_t count) {
  bytes.append(reinterpret_cast<const char *>(values), count * sizeof(double));
}

std::string
qopt::rounding::printMoments(const std::vector<LayerMoments> &layers) {
  std::string bytes = header;
  for (const LayerMoments &layer : layers) {
    const Moments &first = layer.groups.front();
    std::ostringstream line;
    line << "layer " << first.getDepth() << " " << layer.groups.size() << " "
         << first.blocks.size() << " " << layer.resultMeans.size() << " "
         << static_cast<int64_t>(first.count) << " " << layer.name << "\n";
    bytes += line.str();
    for (const Moments &group : layer.groups) {
      append(bytes, group.mean.data(), group.mean.size());
      for (const Matrix &block : group.blocks)
        for (int64_t i = 0; i < block.rows; ++i)
          append(bytes, block.row(i) + i, block.rows - i);
    }
    append(bytes, layer.resultMeans.data(), layer.resultMeans.size());
  }
  return bytes;
}

namespace {
/// Reads numbers as long as there are any.
class Reader {
public:
  Reader(const std::string &bytes, size_t at) : bytes(bytes), at(at) {}

  bool isAtEnd() const { return at == bytes.size(); }
  size_t getPosition() const { return at; }
  size_t getRemaining() const { return bytes.size() - at; }

  bool readLine(std::string &line) {
    size_t end = bytes.find('\n', at);
    if (end == std::string::npos)
      return false;
    line = bytes.substr(at, end - at);
    at = end + 1;
    return true;
  }

  void read(double *values, size_t count) {
    std::memcpy(values, bytes.data() + at, count * sizeof(double));
    at += count * sizeof(double);
  }

private:
  const std::string &bytes;
  size_t at;
};
} // namespace

/// The doubles that a layer of these sizes takes, or -1 if that is more than
/// `limit`.
static int64_t countNumbers(int64_t depth, int64_t groups, int64_t blocks,
                            int64_t channels, int64_t limit) {
  if (depth > limit || groups > limit || channels > limit)
    return -1;
  __int128 each = depth;
  for (int64_t i = 0; i < blocks; ++i) {
    __int128 size = getBlockSize(depth, blocks, i);
    each += size * (size + 1) / 2;
  }
  __int128 all = each * groups + channels;
  return all > limit ? -1 : static_cast<int64_t>(all);
}

bool qopt::rounding::parseMoments(const std::string &bytes,
                                  std::vector<LayerMoments> &layers,
                                  std::string &error) {
  if (bytes.compare(0, sizeof(header) - 1, header) != 0) {
    error = "does not begin with 'qopt moments 1': no file of moments";
    return false;
  }
  Reader reader(bytes, sizeof(header) - 1);
  while (!reader.isAtEnd()) {
    std::string where = " at byte " + std::to_string(reader.getPosition());
    std::string text, word;
    int64_t depth, groups, blocks, channels, count;
    LayerMoments layer;
    bool hasLine = reader.readLine(text);
    std::istringstream line(text);
    if (!hasLine ||
        !(line >> word >> depth >> groups >> blocks >> channels >> count) ||
        word != "layer" || depth < 1 || groups < 1 || blocks < 1 ||
        blocks > depth || channels < 1 || count < 0) {
      error =
          "has no line 'layer DEPTH GROUPS BLOCKS CHANNELS COUNT NAME'" + where;
      return false;
    }
    line.get();
    std::getline(line, layer.name);
    int64_t available =
        static_cast<int64_t>(reader.getRemaining() / sizeof(double));
    if (countNumbers(depth, groups, blocks, channels, available) < 0) {
      error = "ends before layer '" + layer.name + "'" + where + " is complete";
      return false;
    }
    layer.groups.resize(groups);
    for (Moments &group : layer.groups) {
      group.count = static_cast<double>(count);
      group.mean.resize(depth);
      reader.read(group.mean.data(), depth);
      for (int64_t i = 0; i < blocks; ++i) {
        int64_t size = getBlockSize(depth, blocks, i);
        Matrix &block = group.blocks.emplace_back(size, size);
        for (int64_t row = 0; row < size; ++row)
          reader.read(block.row(row) + row, size - row);
        mirrorUpperTriangle(block);
      }
    }
    layer.resultMeans.resize(channels);
    reader.read(layer.resultMeans.data(), channels);
    layers.push_back(std::move(layer));
  }
  return true;
}
