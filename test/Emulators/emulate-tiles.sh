#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# usage: emulate-tiles.sh MODEL.ll LIBRARY.so
#
# Makes a library of LLVM IR that qoptc wrote for a CPU with AMX, with the tile
# instructions as calls of the emulator in tiles.c, so that a CPU without them
# can run it. The features that only tiles need are taken from the functions and
# from the description that qopt-run reads; the name stays as long as it was.
set -eu
here=$(dirname "$0")
# The description is cut into short lines, which may cut a name.
sed -z 's/\\22"\nmodule asm "\.ascii \\22//g' "$1" |
sed -e 's/@llvm\.x86\.\(tdp[a-z]*\|tile[a-z0-9]*\|ldtilecfg\)/@emulated_\1/g' \
    -e '/@emulated_/s/ immarg//g' \
    -e 's/call i64 asm sideeffect "syscall", "[^"]*"(/call i64 @emulated_arch_prctl(/' \
    -e 's/+amx-tile/+avx512bw/g' -e 's/+amx-int8/+avx512vl/g' > "$2.ll"
grep -q '@emulated_tdp' "$2.ll" || { echo "$1 has no products of tiles" >&2; exit 1; }
echo 'declare i64 @emulated_arch_prctl(i64, i64, i64)' >> "$2.ll"
llc -O3 --relocation-model=pic -filetype=obj "$2.ll" -o "$2.o"
cc -O2 -fPIC -shared -o "$2" "$2.o" "$here/tiles.c"
