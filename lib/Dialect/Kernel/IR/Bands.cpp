// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See Bands.h.

#include "qopt/Dialect/Kernel/IR/Bands.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace qopt::kernel;

static constexpr llvm::StringLiteral kBandsAttrName = "kernel.bands";

Location qopt::kernel::makeBandLocation(Location kernel, int64_t number) {
  Builder builder(kernel.getContext());
  return FusedLoc::get(kernel.getContext(), {kernel},
                       builder.getI64IntegerAttr(number));
}

std::optional<int64_t> qopt::kernel::getBandNumber(Location location) {
  auto fused = dyn_cast<FusedLoc>(location);
  auto number = fused ? dyn_cast_or_null<IntegerAttr>(fused.getMetadata())
                      : IntegerAttr();
  return number ? std::optional(number.getInt()) : std::nullopt;
}

void qopt::kernel::setBandNotes(Operation *function, const BandNotes &notes) {
  Builder builder(function->getContext());
  auto count = [&](int64_t value) { return builder.getI64IntegerAttr(value); };
  SmallVector<Attribute> chains;
  for (const BandNote &note : notes.chains)
    chains.push_back(builder.getDictionaryAttr(
        {builder.getNamedAttr("kernels", count(note.kernels)),
         builder.getNamedAttr("bands", count(note.bands)),
         builder.getNamedAttr("rows", count(note.rows))}));
  function->setAttr(
      kBandsAttrName,
      builder.getDictionaryAttr(
          {builder.getNamedAttr("arena_before", count(notes.arenaBefore)),
           builder.getNamedAttr("arena", count(notes.arena)),
           builder.getNamedAttr("chains", builder.getArrayAttr(chains))}));
}

BandNotes qopt::kernel::getBandNotes(Operation *function) {
  BandNotes notes;
  auto all = function->getAttrOfType<DictionaryAttr>(kBandsAttrName);
  if (!all)
    return notes;
  auto count = [](DictionaryAttr from, StringRef name) {
    auto value = from.getAs<IntegerAttr>(name);
    return value ? value.getInt() : 0;
  };
  notes.arenaBefore = count(all, "arena_before");
  notes.arena = count(all, "arena");
  if (auto chains = all.getAs<ArrayAttr>("chains"))
    for (auto chain : chains.getAsRange<DictionaryAttr>())
      // Names are those of locations, which text may leave out.
      notes.chains.push_back({"", "", count(chain, "kernels"),
                              count(chain, "bands"), count(chain, "rows")});
  return notes;
}
