#!/usr/bin/env bash
# Builds everything and runs every test: tools/dev/test.sh [release|dev|sanitize]
# The last line is "N passed, N failed, N skipped"; the exit code is 0 only when
# something ran and nothing failed.
source "$(dirname "${BASH_SOURCE[0]}")/prepare.sh"
preset=${1:-release}
build_qopt "$preset" all qopt-unit-tests
dir=$root/build
if [ "$preset" = sanitize ]; then dir=$root/build-sanitize; fi

echo "== testing"
lit=$(llvm-config-22 --bindir)/lit
log=$dir/lit.log
status=0
"$lit" -v --time-tests "$dir/test" "$dir/test/Unit" 2>&1 | tee "$log" || status=$?

# Sums lit's own counts ("  Passed : 12 (…)").
count() { awk -v names="$1" '{ split(names, n, "|"); for (i in n)
  if (index($0, "  " n[i]) == 1) { sub(/.*: */, ""); s += $1 } } END { print s + 0 }' "$log"; }
passed=$(count "Passed|Expectedly Failed")
failed=$(count "Failed|Unresolved|Timed Out|Unexpectedly Passed")
skipped=$(count "Unsupported|Skipped")
if [ "$status" = 0 ] && [ "$passed" = 0 ]; then status=1; fi
if [ "$status" != 0 ] && [ "$failed" = 0 ]; then failed=1; fi
echo "$passed passed, $failed failed, $skipped skipped"
exit "$status"
