#!/usr/bin/env bash
# Compares every #include "qopt/…" with the table of who may know whom (see
# python-free-docs/architecture.md) and prints the arrows that are not allowed.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1

# ROOM: the rooms that it may include besides itself.
allowed() {
  case $1 in
    Numerics|Target/CPU|Quantization|WeightRounding|Report) echo "" ;;
    Support) echo "" ;;
    Calibration) echo "Support Numerics" ;;
    Samples) echo "Support" ;;
    Interfaces) echo "Support" ;;
    Dialect/Quant/IR) echo "Interfaces Support" ;;
    Dialect/NN/IR|Dialect/Kernel/IR) echo "Dialect/Quant/IR Interfaces Support Numerics" ;;
    Dialect/Quant/Transforms) echo "Dialect/Quant/IR Interfaces Support Numerics" ;;
    Dialect/NN/Transforms) echo "Dialect/NN/IR Dialect/Quant/IR Interfaces Support Numerics Calibration Quantization WeightRounding" ;;
    Dialect/Kernel/Transforms) echo "Dialect/Kernel/IR Dialect/Quant/IR Interfaces Support Numerics Target/CPU" ;;
    Conversion/*) echo "Dialect/NN/IR Dialect/Quant/IR Dialect/Kernel/IR Interfaces Support Numerics Target/CPU" ;;
    Translation/*) echo "Dialect/NN/IR Dialect/Quant/IR Interfaces Support Numerics" ;;
    CodeGen) echo "Dialect/NN/IR Dialect/Quant/IR Dialect/Kernel/IR Interfaces Support Target/CPU" ;;
    Execution) echo "CodeGen Support" ;;
    Reference) echo "Dialect/NN/IR Dialect/Quant/IR Dialect/Kernel/IR Interfaces Support" ;;
    Pipelines|InitAll*) echo ANY ;;
    *) echo "" ;;
  esac
}

room_of() { # include/qopt/Dialect/NN/IR/NN.h -> Dialect/NN/IR
  local path=${1#include/} room
  path=${path#qopt/}; path=${path#lib/}
  room=$(dirname "$path")
  [ "$room" = . ] && room=$(basename "$path" .h)
  case $room in
    Conversion/*/*) room=$(echo "$room" | cut -d/ -f1-2) ;;
    Dialect/*/*/*) room=$(echo "$room" | cut -d/ -f1-3) ;;
    Translation/*/*) room=$(echo "$room" | cut -d/ -f1-2) ;;
    Conversion/*|Dialect/*|Translation/*|Target/*) ;;
    */*) room=$(echo "$room" | cut -d/ -f1) ;;
  esac
  echo "$room"
}

bad=0
checked=0
while IFS=: read -r file include; do
  from=$(room_of "$file")
  to=$(room_of "$(echo "$include" | sed 's/^#include "//; s/".*//')")
  checked=$((checked + 1))
  [ "$from" = "$to" ] && continue
  rooms=$(allowed "$from")
  case " $rooms " in
    *" ANY "*|*" $to "*) ;;
    *) bad=$((bad + 1)); echo "$file: $from may not include $to" ;;
  esac
done < <(grep -rHo --include=*.h --include=*.cpp '^#include "qopt/[^"]*"' include/qopt lib)
echo "$checked includes checked, $bad not allowed"
[ "$bad" = 0 ] && [ "$checked" != 0 ]
