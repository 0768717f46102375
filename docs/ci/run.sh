#!/bin/sh
# Any CI with a shell: judges a target, keeps the reports, and ends with the suite's exit code.
# The first argument is the target file; the variables that it names have to be set.
set -eu
target=${1:?usage: run.sh TARGET.toml [REPORTS]}
reports=${2:-conformance-reports}

contacts-conformance doctor --target "$target"

code=0
contacts-conformance run --target "$target" --reports "$reports" || code=$?
case $code in
  0) echo "conformant" ;;
  1) echo "not conformant: see $reports" ;;
  2) echo "wrong use or configuration" ;;
  3) echo "incomplete: nothing fails, but not everything could be verified" ;;
  4) echo "the target is unreachable" ;;
  *) echo "the suite itself failed; contacts may be left:"
     contacts-conformance sweep --target "$target" --reports "$reports" || true ;;
esac
exit "$code"
