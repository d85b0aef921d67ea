// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a kernel is to be written (its schedule) and for which machine (the
// target of a module). Both are plain text attributes: they can be read,
// overridden by hand and searched.

#ifndef QOPT_DIALECT_KERNEL_IR_KERNELSCHEDULE_TD
#define QOPT_DIALECT_KERNEL_IR_KERNELSCHEDULE_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "qopt/Dialect/Kernel/IR/KernelDialect.td"

//===----------------------------------------------------------------------===//
// Enumerations
//===----------------------------------------------------------------------===//

def Kernel_InstructionFamily
    : I32EnumAttr<"InstructionFamily", "how products are summed up", [
        // Multiply and add in plain arithmetic: every target, every type.
        I32EnumAttrCase<"Plain", 0, "plain">,
        // 16-bit products of two taps, added before they are widened.
        I32EnumAttrCase<"TapPairs", 1, "tap_pairs">,
        // x86: 16-bit pairs to 32 bits and an addition.
        I32EnumAttrCase<"PMADDWD", 2, "pmaddwd">,
        // x86 VNNI: unsigned times signed bytes in fours, accumulating.
        I32EnumAttrCase<"VPDPBUSD", 3, "vpdpbusd">,
        // AArch64 NEON: 8-bit products to 16 bits, pairs accumulated.
        I32EnumAttrCase<"SMULL", 4, "smull">,
        // AArch64 dotprod: signed bytes in fours, accumulating.
        I32EnumAttrCase<"SDOT", 5, "sdot">,
        // x86 AMX: tiles of bytes, rows of pixels times columns of channels.
        I32EnumAttrCase<"TDPB", 6, "tdpb">,
        // AArch64 i8mm: products of 2x8 by 8x2 bytes, accumulating.
        I32EnumAttrCase<"SMMLA", 7, "smmla">,
        // x86: unsigned times signed bytes to 16-bit pairs, which are added up
        // before they become 32 bits.
        I32EnumAttrCase<"PMADDUBSW", 8, "pmaddubsw">]> {
  let cppNamespace = "::qopt::kernel";
  let genSpecializedAttr = 0;
}

def Kernel_TileAxis
    : I32EnumAttr<"TileAxis", "the axis of the output that pixels of a tile lie on", [
        I32EnumAttrCase<"Width", 0, "width">,
        I32EnumAttrCase<"Height", 1, "height">]> {
  let cppNamespace = "::qopt::kernel";
  let genSpecializedAttr = 0;
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

def Kernel_ScheduleAttr : AttrDef<Kernel_Dialect, "Schedule"> {
  let mnemonic = "schedule";
  let summary = "how the loops of a convolution are written";
  let description = [{
    The accumulators of `pixels` output pixels times `vectors` vectors of
    `lanes` output channels stay in registers while the products are summed up
    by the instructions of `family`. Pixels of a tile are neighbours on `axis`.
    `kernel-choose-schedules` chooses one from the target's facts and the shape
    of the op; a schedule that is already there is kept, so it can be
    overridden in the text.

    With `interleaved` (8-bit results that a last clamp keeps in range) four
    vectors are packed to bytes at a time, by instructions that take four
    channels of each in turn; a permutation brings them into order (with `lanes
    = 4`, as on AArch64, they are). The last vector of a group is as narrow as
    its channels allow.

    The family `tdpb` sums up in tile registers: `pixels` up to 16 are the rows
    of one, an even number up to 32 those of two.

    The family `pmaddubsw` adds up products of `steps` (1, 2 or 4) times four
    neighbours in 16 bits, whose weights `kernel-pack-weights` chooses so that
    no sum leaves them, see ByteSums.h. Other families have no such number.

    The layout of packed weights follows from the schedule alone, see
    `kernel-pack-weights`. Every schedule of an op gives the same integers.

    Example: `#kernel.schedule<vpdpbusd, lanes = 16, vectors = 4, pixels = 6>`
  }];
  let parameters = (ins
    EnumParameter<Kernel_InstructionFamily>:$family,
    "unsigned":$lanes,
    DefaultValuedParameter<"unsigned", "1">:$vectors,
    DefaultValuedParameter<"unsigned", "1">:$pixels,
    DefaultValuedParameter<"::qopt::kernel::TileAxis",
                           "::qopt::kernel::TileAxis::Width">:$axis,
    DefaultValuedParameter<"bool", "false">:$interleaved,
    DefaultValuedParameter<"unsigned", "1">:$steps);
  let assemblyFormat = "`<` $family `,` struct($lanes, $vectors, $pixels, $axis, $interleaved, $steps) `>`";
  let genVerifyDecl = 1;
}

def Kernel_TargetAttr : AttrDef<Kernel_Dialect, "Target"> {
  let mnemonic = "target";
  let summary = "the machine that a module is compiled for";
  let description = [{
    Stands as `kernel.target` on a module. The three strings mean what they mean
    to LLVM; none is `native`. See `kernel-set-target`.

    Example: `#kernel.target<triple = "x86_64-unknown-linux-gnu", cpu =
    "x86-64-v3", features = "+avxvnni">`
  }];
  let parameters = (ins
    StringRefParameter<"">:$triple, StringRefParameter<"">:$cpu,
    StringRefParameter<"">:$features);
  let assemblyFormat = "`<` struct(params) `>`";
}

#endif // QOPT_DIALECT_KERNEL_IR_KERNELSCHEDULE_TD
