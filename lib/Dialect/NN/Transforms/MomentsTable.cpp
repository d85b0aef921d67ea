// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See MomentsTable.h.

#include "qopt/Dialect/NN/Transforms/MomentsTable.h"

#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace qopt;
using namespace qopt::nn;

Expected<MomentsTable> MomentsTable::load(StringRef path) {
  auto buffer = MemoryBuffer::getFile(path, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
  if (!buffer)
    return createStringError("cannot read moments from '" + path +
                             "': " + buffer.getError().message());
  MomentsTable table;
  std::string error;
  if (!rounding::parseMoments((*buffer)->getBuffer().str(), table.layers,
                              error))
    return createStringError("cannot read moments: '" + path + "' " + error);
  return std::move(table);
}

Error MomentsTable::save(StringRef path) const {
  std::error_code code;
  raw_fd_ostream stream(path, code);
  if (!code) {
    stream << rounding::printMoments(layers);
    stream.close();
    code = stream.error();
    stream.clear_error();
  }
  if (code)
    return createStringError("cannot write moments to '" + path +
                             "': " + code.message());
  return Error::success();
}

const rounding::LayerMoments *
MomentsTable::find(const LinearLayer &layer) const {
  WeightRows rows = WeightRows::get(layer.op);
  for (const rounding::LayerMoments &each : layers)
    if (each.name == layer.name &&
        each.groups.front().getDepth() == rows.depth &&
        static_cast<int64_t>(each.resultMeans.size()) == rows.channels &&
        rows.channels % static_cast<int64_t>(each.groups.size()) == 0)
      return &each;
  return nullptr;
}

void MomentsTable::setMeans(const LinearLayer &layer,
                            std::vector<std::vector<double>> means) {
  const rounding::LayerMoments *found = find(layer);
  for (rounding::LayerMoments &each : layers)
    if (&each == found)
      for (auto [group, mean] : llvm::zip(each.groups, means))
        group.mean = std::move(mean);
}

LogicalResult qopt::nn::loadMoments(mlir::Operation *module, StringRef path,
                                    SharedMoments &moments) {
  if (moments || path.empty())
    return success();
  auto loaded = MomentsTable::load(path);
  if (!loaded)
    return mlir::emitError(module->getLoc(), toString(loaded.takeError()));
  moments = std::make_shared<MomentsTable>(std::move(*loaded));
  return success();
}
