#!/usr/bin/env bash
# Installs the Debian packages that qopt needs (only those that are missing),
# configures with a CMake preset and builds. Sourced by demo.sh and test.sh;
# run again, it does nothing that is done already.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# libmlir-22-dev alone does not configure: its CMake files look for the others.
packages=(libmlir-22-dev mlir-22-tools llvm-22-dev llvm-22-tools clang-22 lld-22
  cmake ninja-build ccache python3 libgtest-dev libgmock-dev libflatbuffers-dev
  flatbuffers-compiler libonnx-dev libprotobuf-dev protobuf-compiler
  libbenchmark-dev libjpeg62-turbo-dev libpng-dev qemu-user zlib1g-dev)

missing_packages() {
  local package
  for package in "${packages[@]}"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
      printf '%s ' "$package"
  done
}

install_packages() {
  local missing as_root=()
  missing=$(missing_packages)
  if [ -z "$missing" ]; then return; fi
  echo "== installing: $missing"
  if [ "$(id -u)" != 0 ]; then as_root=(sudo); fi
  # shellcheck disable=SC2086
  if ! { "${as_root[@]}" apt-get update -q &&
      DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -q -y \
        --no-install-recommends $missing; } >"$root/build/install.log" 2>&1; then
    tail -n 5 "$root/build/install.log" >&2
    echo "error: these packages are missing and could not be installed: $(missing_packages)" >&2
    echo "       they come from Debian 12 and its security updates; is this machine offline?" >&2
    echo "       install them by hand: apt-get install --no-install-recommends $missing" >&2
    exit 1
  fi
}

# build_qopt PRESET TARGET...
build_qopt() {
  local preset=$1 dir=$root/build
  shift
  if [ "$preset" = sanitize ]; then dir=$root/build-sanitize; fi
  if [ "$preset" = sanitize ]; then packages+=(libclang-rt-22-dev); fi
  mkdir -p "$root/build"
  install_packages
  cd "$root"
  if [ ! -f "$dir/build.ninja" ]; then
    echo "== configuring ($preset)"
    cmake --preset "$preset" >"$root/build/configure.log" 2>&1 ||
      { tail -n 20 "$root/build/configure.log" >&2; exit 1; }
  fi
  echo "== building"
  cmake --build "$dir" --target "$@"
}
