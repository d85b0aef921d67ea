#!/usr/bin/env bash
# How near the inner loops for AArch64 come to what a core's ports allow, by
# LLVM's models of the cores (llvm-mca), for there may be no such core here:
#   test/Benchmarks/port-limits.sh [CPU …]
# Compiles a pointwise convolution of 128 by 128 channels, cuts its innermost
# loop out of the assembly, and compares multiply-accumulates a cycle with those
# of the multiplying instructions alone. llvm-mca knows no cortex-x2 of its own,
# nor a76: it takes the models of relatives.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
bin=${QOPT_BUILD_DIR:-$root/build}/bin
config=$(command -v llvm-config-22 || command -v llvm-config)
mca=$("$config" --bindir)/llvm-mca
cpus=("$@")
[ $# -gt 0 ] || cpus=(cortex-a55 cortex-a76 neoverse-n1 neoverse-v1 cortex-x2)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The innermost loop of a function: from the last label before its first
# backward branch to that branch.
inner_loop() { # assembly
  awk '/^conv_2d.*:/ { inside = 1 } !inside { next }
    /^\.L[A-Za-z0-9_]*:/ { text = ""; label = substr($1, 1, length($1) - 1); next }
    { text = text $0 "\n" }
    $1 ~ /^(b\.|cbnz|tbnz)/ && label != "" && $NF == label { printf "%s", text; exit }' "$1"
}

# Cycles of one turn of 100.
cycles() { # cpu file
  "$mca" -mtriple=aarch64-linux-gnu -mcpu="$1" -mattr=+dotprod -iterations=100 "$2" 2>/dev/null |
    awk '/^Total Cycles:/ { print $3 / 100; exit }'
}

# As many independent instructions as hide their latency.
alone() { # family
  for register in $(seq 0 23); do
    case $1 in
      sdot) echo "sdot v$register.4s, v24.16b, v25.16b" ;;
      smull) if [ "$register" -lt 12 ]; then
          echo "smull v$register.8h, v24.8b, v25.8b"
          echo "sadalp v$((register + 12)).4s, v26.8h"
        fi ;;
    esac
  done
}

printf '| cpu | instruction | MAC a cycle | limit | share |\n|---|---|---|---|---|\n'
for family in sdot smull; do
  features='' macs=8
  [ "$family" = sdot ] && features=+dotprod && macs=16
  "$bin/qoptc" "$root/test/Benchmarks/Inputs/pointwise.mlir" --start-after=integer --name=model \
    -o "$work/$family.s" --target=aarch64-linux-gnu --features="$features"
  inner_loop "$work/$family.s" >"$work/$family.loop"
  alone $family >"$work/$family.alone"
  count=$(grep -cE "^[[:space:]]*${family}2?[[:space:]]" "$work/$family.loop") || {
    echo "error: no $family in the inner loop of $work/$family.s" >&2; exit 1; }
  only=$(grep -c "^$family" "$work/$family.alone")
  for cpu in "${cpus[@]}"; do
    awk -v cpu="$cpu" -v family="$family" -v macs="$macs" -v count="$count" -v only="$only" \
      -v loop="$(cycles "$cpu" "$work/$family.loop")" -v alone="$(cycles "$cpu" "$work/$family.alone")" \
      'BEGIN { rate = count * macs / loop; limit = only * macs / alone
        printf "| %s | %s | %.1f | %.1f | %.0f %% |\n", cpu, family, rate, limit, 100 * rate / limit }'
  done
done
