#!/usr/bin/env bash
# Applies every kept patch to a copy of this checkout, compiles it, and runs the tests that they bring.
set -euo pipefail
cd "$(dirname "$0")/../.."
target=$PWD/target
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git ls-files -z | xargs -0 cp --parents -t "$copy"
for patch in tests/additions/*.patch; do
    (cd "$copy" && git apply "$OLDPWD/$patch")
done
cd "$copy"
# Compiled as quickly as can be: it is run for a moment only.
cargo --config profile.release.package.omnisim.opt-level=0 --config profile.release.package.knossos-rs.opt-level=0 \
    test --release --target-dir "$target" -p omnisim --lib -- \
    accepted_grows cards:: check::level reporters:: restart
