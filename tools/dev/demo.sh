#!/usr/bin/env bash
# Builds qopt and shows its main job: a quantized network becomes native code,
# runs on images that it has not seen, and says how good and how fast it is.
source "$(dirname "${BASH_SOURCE[0]}")/prepare.sh"
build_qopt release qoptc qopt-run
data=$root/test/EndToEnd/Inputs/digits
out=$root/build/demo
mkdir -p "$out"
export PATH=$root/build/bin:$PATH

show() { printf '\n$ %s\n' "$(basename "$1") ${*:2}" | sed "s,$root/,,g"; "$@"; }

show qoptc "$data/resnet_int8.tflite" -o "$out/resnet.so" --header
show qopt-run "$out/resnet.so" --evaluate "$data/validation_inputs.npy" \
  --labels "$data/validation_labels.npy" --draw 4
show qopt-run "$out/resnet.so" --bench --seconds 1
