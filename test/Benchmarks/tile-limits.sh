#!/usr/bin/env bash
# What share of the peak of AMX pointwise convolutions may reach, by a model,
# for there may be no such core here:
#   test/Benchmarks/tile-limits.sh [CHANNELS …]
# Compiles pointwise and 3x3 convolutions of so many channels in and out, cuts the
# loop over blocks of pixels out of the assembly, and adds up what one turn takes:
# for tiles what was measured on a Granite Rapids core (a product of 16 rows 16
# cycles, of fewer 8 and half a cycle a row; a store 16; loads of aligned rows 9,
# beside products), for the vectors between them llvm-mca's model of Ice Lake
# servers: like that core, as measured, it starts two multiply-adds or
# conversions of 512 bits a cycle, and LLVM's models of Sapphire and Granite
# Rapids one (MCA_CPU=sapphirerapids takes that). Three shares: nothing but loads beside products, vectors beside
# products as far as they go (overlap), and the same if no tile stayed in its
# register from one product to the next (residency): each would load two. Peak is
# a product of full tiles every 16 cycles.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
bin=${QOPT_BUILD_DIR:-$root/build}/bin
config=$(command -v llvm-config-22 || command -v llvm-config)
mca=$("$config" --bindir)/llvm-mca
sizes=("$@")
[ $# -gt 0 ] || sizes=(32 64 128 256 512)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The loop that multiplies: from a label with a product behind it to the branch
# back to that label.
tile_loop() { # assembly
  awk '/^conv_2d.*:/ { inside = 1 } !inside { next }
    /^\.L[A-Za-z0-9_]*:/ { text = ""; products = 0; label = substr($1, 1, length($1) - 1); next }
    /tdpb/ { products++ }
    { text = text $0 "\n" }
    $1 ~ /^j/ && label != "" && $NF == label && products { printf "%s", text; exit }' "$1"
}

vector_cycles() { # file
  "$mca" -mtriple=x86_64-linux-gnu -mcpu="${MCA_CPU:-icelake-server}" -iterations=100 "$1" 2>/dev/null |
    awk '/^Total Cycles:/ { print $3 / 100; exit }'
}

printf '| channels | rows | products | loads | stores | vector cycles | apart | beside | without residency |\n'
printf '|---|---|---|---|---|---|---|---|---|\n'
row() { # label kernel size
  local label=$1 kernel=$2 size=$3 rows
  sed -E "s/(1[46])x128xi8/\1x${size}xi8/g; s/128x([13]x[13])x128/${size}x\1x${size}/g; s/<128xi32/<${size}xi32/g" \
    "$root/test/Benchmarks/Inputs/$kernel.mlir" >"$work/model.mlir"
  "$bin/qoptc" "$work/model.mlir" --start-after=integer --name=model -o "$work/model.s" \
    --target=x86_64-linux-gnu --cpu=x86-64-v4 --features=+avx512vnni,+amx-tile,+amx-int8 --explain 2>"$work/explained"
  rows=$(sed -nE 's/.*tdpb 16x[0-9]+x([0-9]+).*/\1/p' "$work/explained")
  [ -n "$rows" ] || { echo "error: $size channels are not multiplied in tiles" >&2; exit 1; }
  [ "$rows" -le 16 ] || rows=$((rows / 2))
  tile_loop "$work/model.s" >"$work/loop"
  grep -vE 'tile|tdp' "$work/loop" >"$work/vectors"
  count() { grep -cE "^[[:space:]]*$1" "$work/loop" || true; }
  awk -v size="$label" -v rows="$rows" -v products="$(count tdpb)" -v loads="$(count tileload)" \
    -v stores="$(count tilestore)" -v vectors="$(vector_cycles "$work/vectors")" \
    'BEGIN { multiply = products * (8 + rows / 2); load = loads * 9
      if (load > multiply) multiply = load
      useful = products * rows
      apart = multiply + stores * rows + vectors
      beside = multiply > vectors ? multiply + stores * rows : vectors + stores * rows
      again = products * (8 + rows / 2) > 18 * products ? products * (8 + rows / 2) : 18 * products
      reloaded = again > vectors ? again + stores * rows : vectors + stores * rows
      printf "| %s | %d | %d | %d | %d | %.0f | %.0f %% | %.0f %% | %.0f %% |\n", size, rows, products, loads, stores,
        vectors, 100 * useful / apart, 100 * useful / beside, 100 * useful / reloaded }'
}

for size in "${sizes[@]}"; do
  row "$size" pointwise "$size"
done
# Those of more channels are loops around loops.
for size in "${sizes[@]}"; do
  [ "$size" -gt 128 ] || row "3x3, $size" window "$size"
done
