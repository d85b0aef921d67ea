# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# encode.sh INCLUDE a.textproto...: a.onnx beside each, by protoc with the schema
# in INCLUDE/onnx.
set -e
include=$1
shift
for text; do
  protoc --encode=onnx.ModelProto "--proto_path=$include" "$include/onnx/onnx.proto" <"$text" >"${text%.textproto}.onnx"
done
