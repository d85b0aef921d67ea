#!/usr/bin/env bash
# What each technique gains, by removing it:
#   test/Benchmarks/techniques.sh [--rounds=5] [--seconds=0.3] MODEL.tflite …
# Each model is compiled with all passes of the kernel phase, and with one
# technique left out at a time; the variants run in turn, and the table holds
# the least time of each and its ratio to the first. One thread.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
bin=${QOPT_BUILD_DIR:-$root/build}/bin
rounds=5 seconds=0.3 models=()
for argument; do
  case $argument in
    --rounds=*) rounds=${argument#*=} ;;
    --seconds=*) seconds=${argument#*=} ;;
    -*) echo "error: unknown option '$argument', expected --rounds=N or --seconds=S" >&2; exit 1 ;;
    *) models+=("$argument") ;;
  esac
done
if [ ${#models[@]} = 0 ]; then
  echo "error: name at least one model" >&2
  exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The passes of the kernel phase (lib/Pipelines/KernelPipeline.cpp), and what
# becomes of them without a technique.
fuse='func.func(kernel-fuse-epilogues)'
sign=kernel-choose-signedness
sums='func.func(kernel-use-scaled-sums)'
schedules=kernel-choose-schedules
fma=kernel-use-fma-requantize
pipeline() {
  local passes=(convert-nn-to-kernel canonicalize cse)
  [ "$1" = "fused epilogues" ] || passes+=("$fuse")
  passes+=(kernel-set-target)
  [ "$1" = "chosen signs" ] || passes+=("$sign")
  [ "$1" = "proved sums" ] || passes+=("$sums")
  case $1 in
    "interleaved channels") passes+=("$schedules{interleave=0}") ;;
    *) passes+=("$schedules") ;;
  esac
  [ "$1" = "proved requantize" ] || passes+=("$fma")
  passes+=(kernel-pack-weights cse)
  local IFS=,
  echo "builtin.module(${passes[*]})"
}

variants=(everything "proved requantize" "proved sums" "chosen signs"
  "interleaved channels" "fused epilogues")
for model in "${models[@]}"; do
  "$bin/qoptc" "$model" --stop-after=integer -o "$work/integer.mlir"
  for i in "${!variants[@]}"; do
    "$bin/qopt" "$work/integer.mlir" --pass-pipeline="$(pipeline "${variants[$i]}")" -o "$work/$i.mlir"
    "$bin/qoptc" "$work/$i.mlir" --start-after=kernel --name=model -o "$work/$i.so"
    echo 1e9 >"$work/$i.best"
  done
  for ((round = 0; round < rounds; ++round)); do
    for i in "${!variants[@]}"; do
      "$bin/qopt-run" "$work/$i.so" --bench --seconds="$seconds" |
        awk -v best="$(cat "$work/$i.best")" '/^minimum/ { print $2 < best ? $2 : best }' >"$work/next"
      mv "$work/next" "$work/$i.best"
    done
  done
  name=$(basename "$model" .tflite)
  [ "$name" = model ] && name=$(basename "$(dirname "$model")")
  printf '%s\n\n| without | ms | slower |\n|---|---|---|\n' "$name"
  for i in "${!variants[@]}"; do
    label=${variants[$i]}
    [ "$i" = 0 ] && label="(nothing)"
    awk -v label="$label" -v first="$(cat "$work/0.best")" -v best="$(cat "$work/$i.best")" \
      'BEGIN { printf "| %s | %.4f | %.0f %% |\n", label, best, 100 * (best / first - 1) }'
  done
  echo
done
