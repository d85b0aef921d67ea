#!/usr/bin/env bash
# How near the inner loops for AArch64 come to what a core's ports allow, by
# LLVM's models of the cores (llvm-mca), for there may be no such core here:
#   test/Benchmarks/port-limits.sh [CPU …]
# Compiles convolutions of 128 channels for each instruction set, cuts the loop
# with most products out of the assembly, and compares multiply-accumulates a
# cycle with those of the multiplying instructions alone. The loop of the
# depthwise kernel has the requantization in it. llvm-mca knows no cortex-x2 of
# its own, nor a76: it takes the models of relatives. An instruction set that a
# core does not have is left out.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
bin=${QOPT_BUILD_DIR:-$root/build}/bin
config=$(command -v llvm-config-22 || command -v llvm-config)
mca=$("$config" --bindir)/llvm-mca
cpus=("$@")
[ $# -gt 0 ] || cpus=(cortex-a55 cortex-a76 neoverse-n1 neoverse-v1 neoverse-n2 cortex-x2)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Of all loops without a loop inside, the one with most instructions of a kind:
# the lines from a label to the branch back to it.
busiest_loop() { # assembly pattern
  awk -v pattern="^[[:space:]]*($2)[[:space:]]" '
    { line[NR] = $0 }
    /^[A-Za-z_][^ ]*:/ { delete start }
    /^\.L[A-Za-z0-9_]*:/ { start[substr($1, 1, length($1) - 1)] = NR }
    $1 ~ /^(b|b\..*|cbn?z|tbn?z)$/ && $NF in start {
      first = start[$NF]; count = 0; inner = 0
      for (i = first; i < NR; ++i) { if (i in ends && ends[i] >= first) inner = 1; if (line[i] ~ pattern) ++count }
      ends[NR] = first
      if (!inner && count > most) { most = count; from = first; to = NR }
    }
    END { for (i = from + 1; i <= to; ++i) if (most && line[i] !~ /^[[:space:]]*(\/\/|\.)/) print line[i] }' "$1"
}

# Cycles of one turn of 100.
cycles() { # cpu features file
  "$mca" -mtriple=aarch64-linux-gnu -mcpu="$1" -mattr="$2" -iterations=100 "$3" 2>/dev/null |
    awk '/^Total Cycles:/ { print $3 / 100; exit }'
}

# As many independent instructions as hide their latency.
alone() { # set
  for register in $(seq 0 23); do
    case $1 in
      dotprod) echo "sdot v$register.4s, v24.16b, v25.4b[0]" ;;
      i8mm) echo "smmla v$register.4s, v24.16b, v25.16b" ;;
      neon) if [ "$register" -lt 12 ]; then
          echo "smull v$register.8h, v24.8b, v25.8b"
          echo "sadalp v$((register + 12)).4s, v26.8h"
        fi ;;
    esac
  done
}

# Whether a core has the instructions of a set: what a kernel is written with
# for it says.
has() { # cpu set
  [ "$2" = neon ] && return
  local explained
  explained=$("$bin/qoptc" "$root/test/Benchmarks/Inputs/pointwise.mlir" --start-after=integer --name=model \
    -o "$work/has.s" --target=aarch64-linux-gnu --cpu="$1" --explain 2>&1)
  case "$2 $explained" in dotprod*" sdot "* | *" smmla "*) true ;; *) false ;; esac
}

printf '| cpu | set | kernel | instruction | MAC a cycle | limit | share |\n|---|---|---|---|---|---|---|\n'
for set in dotprod i8mm neon; do
  case $set in
    dotprod) features=+dotprod,-i8mm pattern='sdot' macs=16 family=sdot ;;
    i8mm) features=+dotprod,+i8mm pattern='smmla' macs=32 family=smmla ;;
    neon) features=-dotprod,-i8mm pattern='smull2?|smlal2?' macs=8 family=smull ;;
  esac
  alone $set >"$work/$set.alone"
  only=$(grep -cE "^($pattern) " "$work/$set.alone")
  for cpu in "${cpus[@]}"; do
    has "$cpu" $set || continue
    for kernel in pointwise window depthwise; do
      # The depthwise kernel has no matrix products.
      [ "$set $kernel" = "i8mm depthwise" ] && continue
      "$bin/qoptc" "$root/test/Benchmarks/Inputs/$kernel.mlir" --start-after=integer --name=model \
        -o "$work/kernel.s" --target=aarch64-linux-gnu --cpu="$cpu" --features="$features"
      busiest_loop "$work/kernel.s" "$pattern" >"$work/kernel.loop"
      count=$(grep -cE "^[[:space:]]*($pattern)[[:space:]]" "$work/kernel.loop") || {
        echo "error: no $family in any loop of $kernel for $cpu" >&2; exit 1; }
      awk -v cpu="$cpu" -v set="$set" -v kernel="$kernel" -v family="$family" -v macs="$macs" -v count="$count" \
        -v only="$only" -v loop="$(cycles "$cpu" "$features" "$work/kernel.loop")" \
        -v alone="$(cycles "$cpu" "$features" "$work/$set.alone")" \
        'BEGIN { rate = count * macs / loop; limit = only * macs / alone
          printf "| %s | %s | %s | %s | %.1f | %.1f | %.0f %% |\n", cpu, set, kernel, family, rate, limit, 100 * rate / limit }'
    done
  done
done
