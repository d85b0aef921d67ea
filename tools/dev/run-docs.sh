#!/usr/bin/env bash
# Runs the examples of a Markdown page: tools/dev/run-docs.sh PAGE.md
#   ```console  every line "$ command" is run in a scratch folder that looks like
#               the project's root; the lines below it are compared with what it
#               printed ("..." stands for any text, in a line or for lines)
#   ```mlir     is parsed, verified and round-tripped by qopt; one operation is
#               put in a function first (wrap-example.awk); a first line
#               "// file: NAME" keeps it as a file, too
#   ```c        is kept as the file that its first line names: // file: main.c
# Prints "PAGE: N examples passed" or what differed; exit code 1 then.
set -uo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
page=$(realpath "$1")
build=${QOPT_BUILD_DIR:-$root/build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PATH=$build/bin:$PATH
mkdir "$work/root" "$work/blocks"
for entry in "$root"/*; do
  if [ "$(basename "$entry")" != build ]; then ln -s "$entry" "$work/root/"; fi
done
ln -s "$build" "$work/root/build"

# One file per block: NUMBER.LANGUAGE, with the line where it began in front.
awk -v out="$work/blocks" '
  /^```/ { if (file) { close(file); file = "" }
           else if (match($0, /^```(console|mlir|c)$/)) {
             file = sprintf("%s/%04d.%s", out, NR, substr($0, 4)); printf "" > file }
           else file = "/dev/null"; next }
  file { print > file }' "$page"

failures=0
passed=0
report() { failures=$((failures + 1)); echo "$page:$1: $2"; }

# compare EXPECTED ACTUAL: "..." in the expectation stands for anything.
compare() {
  local pattern
  pattern=$(cat "$1")
  # Quote for a bash pattern, then let "..." be "*".
  pattern=$(printf '%s' "$pattern" | sed 's/[][\\*?(){}|+@!]/\\&/g; s/\.\.\./*/g')
  local actual
  actual=$(cat "$2")
  # shellcheck disable=SC2053
  [[ $actual == $pattern ]]
}

run_command() { # line command expected-file
  ( cd "$work/root" && bash -c "$2" ) >"$work/actual" 2>&1
  local status=$?
  sed -i 's/[[:space:]]*$//' "$work/actual"
  if compare "$3" "$work/actual" && { [ $status = 0 ] || grep -q 'error' "$3"; }; then
    passed=$((passed + 1))
  else
    report "$1" "\$ $2 (exit code $status)"
    diff -u "$3" "$work/actual" | tail -n +3
  fi
}

for block in "$work"/blocks/*; do
  [ -e "$block" ] || continue
  line=$(basename "$block" | sed 's/\..*//; s/^0*//')
  case $block in
    *.mlir)
      awk -f "$root/tools/dev/wrap-example.awk" "$block" >"$work/example.mlir"
      if qopt --split-input-file --verify-roundtrip "$work/example.mlir" >/dev/null 2>"$work/actual"; then
        passed=$((passed + 1))
      else
        report "$line" "example does not parse"; cat "$work/actual"
      fi
      name=$(sed -n '1s,^// file: ,,p' "$block")
      if [ -n "$name" ]; then cp "$block" "$work/root/$name"; fi ;;
    *.c)
      name=$(sed -n '1s,^// file: ,,p' "$block")
      if [ -n "$name" ]; then cp "$block" "$work/root/$name"; fi ;;
    *.console)
      command=
      : >"$work/expected"
      while IFS= read -r text; do
        case $text in
          '$ '*)
            if [ -n "$command" ]; then run_command "$line" "$command" "$work/expected"; fi
            command=${text#'$ '}
            : >"$work/expected" ;;
          *) case $command in
               *\\) command="${command%\\}$text" ;;
               *) printf '%s\n' "$text" | sed 's/[[:space:]]*$//' >>"$work/expected" ;;
             esac ;;
        esac
      done <"$block"
      if [ -n "$command" ]; then run_command "$line" "$command" "$work/expected"; fi ;;
  esac
done
if [ $failures != 0 ] || [ $passed = 0 ]; then
  echo "$(basename "$page"): $passed examples passed, $failures failed"
  exit 1
fi
echo "$(basename "$page"): $passed examples passed"
