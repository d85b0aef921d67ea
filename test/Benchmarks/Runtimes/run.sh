#!/usr/bin/env bash
# Times qopt against LiteRT, ONNX Runtime and OpenVINO on the same models:
#   test/Benchmarks/Runtimes/run.sh [--float] [--threads=1,2] [--seconds=1] [MODEL …]
# Models are .tflite or .onnx. Without any it takes a list of integer networks from
# the test data, with --float one of float networks. qopt's bytes have to be those
# recorded beside the model, floats within 1e-5 of a runtime's (of the largest).
# Installs the peers from PyPI into build/peers once; writes
# build/runtimes.{md,json,svg}.
source "$(dirname "${BASH_SOURCE[0]}")/../../../tools/dev/prepare.sh"
build_qopt release qoptc qopt-run
peers=$root/build/peers
if [ ! -x "$peers/bin/python" ]; then
  echo "== installing the peers into build/peers"
  if ! { python3 -m venv "$peers" && "$peers/bin/pip" -q install \
      -r "$root/test/Benchmarks/Runtimes/requirements.txt"; } >"$root/build/peers.log" 2>&1; then
    tail -n 5 "$root/build/peers.log" >&2
    rm -rf "$peers"
    echo "error: the peers could not be installed from PyPI (python3-venv, network?)" >&2
    exit 1
  fi
fi
exec "$peers/bin/python" "$root/test/Benchmarks/Runtimes/compare.py" \
  --bin "$root/build/bin" --out "$root/build/runtimes" \
  --data "${QOPT_TEST_DATA:-$root/../shared}" "$@"
