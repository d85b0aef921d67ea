#!/usr/bin/env bash
# What each technique gains, by removing it:
#   test/Benchmarks/techniques.sh [--rounds=5] [--seconds=0.3] [--tune=20] [--cpu=x86-64-v3] MODEL.tflite …
# Each model is compiled with all passes of the phases kernel and buffers, and
# with one technique left out at a time; the variants run in turn, and the table
# holds the least time of each and its ratio to the first. Below it are what is
# not done unasked: schedules found by measuring for so many seconds, and two
# threads. Tiles of AMX come last, by the model of tile-limits.sh.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
bin=${QOPT_BUILD_DIR:-$root/build}/bin
rounds=5 seconds=0.3 tune=20 cpu= models=()
for argument; do
  case $argument in
    --rounds=*) rounds=${argument#*=} ;;
    --seconds=*) seconds=${argument#*=} ;;
    --tune=*) tune=${argument#*=} ;;
    --cpu=*) cpu=${argument#*=} ;;
    -*) echo "error: unknown option '$argument', expected --rounds=N, --seconds=S, --tune=S or --cpu=NAME" >&2; exit 1 ;;
    *) models+=("$argument") ;;
  esac
done
if [ ${#models[@]} = 0 ]; then
  echo "error: name at least one model" >&2
  exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The passes of the phases (lib/Pipelines/{Kernel,Buffers}Pipeline.cpp), and what
# becomes of them without a technique.
fuse='func.func(kernel-fuse-epilogues)'
join() { local IFS=,; echo "builtin.module($*)"; }
until_schedules() { # technique
  local passes=(convert-nn-to-kernel canonicalize cse)
  [ "$1" = "fused epilogues" ] || passes+=("$fuse")
  [ "$1" = "tables" ] || passes+=('func.func(kernel-use-tables)')
  [ "$1" = "fused epilogues" ] || passes+=("$fuse")
  passes+=("kernel-set-target${cpu:+{cpu=$cpu\}}")
  [ "$1" = "chosen signs" ] || passes+=(kernel-choose-signedness)
  [ "$1" = "proved sums" ] || passes+=('func.func(kernel-use-scaled-sums)')
  case $1 in
    "interleaved channels") passes+=('kernel-choose-schedules{interleave=0}') ;;
    "sums in 16 bits") passes+=('kernel-choose-schedules{byte-sums=0}') ;;
    "measured schedules") passes+=("kernel-choose-schedules{database=$work/schedules}") ;;
    *) passes+=(kernel-choose-schedules) ;;
  esac
  join "${passes[@]}"
}
from_schedules() { # technique
  local passes=()
  [ "$1" = "proved requantize" ] || passes+=(kernel-use-fma-requantize)
  passes+=(kernel-pack-weights kernel-pack-half-bytes cse kernel-bufferize)
  [ "$1" = "padding in place" ] || passes+=(kernel-pad-in-place)
  case $1 in "two threads" | "bands of rows") ;; *) passes+=(kernel-fuse-bands) ;; esac
  passes+=(kernel-plan-memory kernel-outline)
  [ "$1" = "two threads" ] && passes+=('kernel-parallelize{threads=2 call-cycles=8000 min-cycles=6000}')
  passes+=(kernel-split-functions)
  join "${passes[@]}"
}
# Depthwise convolutions as plain loops over taps.
plain_depthwise() {
  sed -E '/kernel.depthwise_conv_2d/s/schedule<[^>]*>/schedule<plain, lanes = 16, pixels = 2>/'
}
compile() { # number technique
  "$bin/qopt" "$work/integer.mlir" --pass-pipeline="$(until_schedules "$2")" |
    if [ "$2" = "depthwise design" ]; then plain_depthwise; else cat; fi |
    "$bin/qopt" --pass-pipeline="$(from_schedules "$2")" -o "$work/$1.mlir"
  local threads=()
  [ "$2" = "two threads" ] && threads=(--threads=2)
  "$bin/qoptc" "$work/$1.mlir" --start-after=buffers --name=model "${threads[@]}" -o "$work/$1.so"
}
row() { # number label
  awk -v label="$2" -v first="$(cat "$work/0.best")" -v best="$(cat "$work/$1.best")" \
    'BEGIN { printf "| %s | %.4f | %.0f %% |\n", label, best, 100 * (best / first - 1) }'
}

variants=(everything "proved requantize" "proved sums" "chosen signs"
  "interleaved channels" "sums in 16 bits" "fused epilogues" "tables" "depthwise design" "padding in place" "bands of rows"
  "measured schedules" "two threads")
for model in "${models[@]}"; do
  "$bin/qoptc" "$model" --stop-after=integer -o "$work/integer.mlir"
  "$bin/qoptc" "$model" --tune="$tune" --tune-database="$work/schedules" ${cpu:+--cpu="$cpu"} -o "$work/tuned.o" 2>"$work/log"
  for i in "${!variants[@]}"; do
    compile "$i" "${variants[$i]}"
    echo 1e9 >"$work/$i.best"
  done
  for ((round = 0; round < rounds; ++round)); do
    for i in "${!variants[@]}"; do
      threads=()
      [ "${variants[$i]}" = "two threads" ] && threads=(--threads=2)
      "$bin/qopt-run" "$work/$i.so" --bench --seconds="$seconds" "${threads[@]}" |
        awk -v best="$(cat "$work/$i.best")" '/^minimum/ { print $2 < best ? $2 : best }' >"$work/next"
      mv "$work/next" "$work/$i.best"
    done
  done
  name=$(basename "$model" .tflite)
  [ "$name" = model ] && name=$(basename "$(dirname "$model")")
  printf '%s\n\n| without | ms | slower |\n|---|---|---|\n' "$name"
  row 0 "(nothing)"
  for i in "${!variants[@]}"; do
    case ${variants[$i]} in
      everything) ;;
      "measured schedules") printf '\n| with | ms | slower |\n|---|---|---|\n'; row "$i" "${variants[$i]}" ;;
      *) row "$i" "${variants[$i]}" ;;
    esac
  done
  echo
done
printf 'AMX, pointwise convolutions, by a model of cycles\n\n'
"$root/test/Benchmarks/tile-limits.sh" 128 256 512
