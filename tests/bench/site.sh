#!/usr/bin/env bash
# The catalog's site for this repository and for synthetic trees: time, memory, size, whether two builds are equal, how many files a change
# of one schema rewrites, the weight of an event's page, and the time of searches.
#
#   tests/bench/site.sh [EVENTS...]      default: 1000 10000
#
# Needs python3, Node, and the packages that `cargo deep catalog_site` installs.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
cargo build --release --quiet --package eventc-cli --package eventc-tests
export NODE_MODULES=${NODE_MODULES:-$root/target/tools/npm/node_modules} TMPDIR=$root/target/tools/browser
work=$root/target/bench/site
rm -rf "$work" && mkdir -p "$work" "$TMPDIR"

# Wall and processor seconds and peak memory of building a site, the best of three into empty folders.
build() { python3 - "$root/target/release/eventc" "$1" <<'PY'
import os, resource, shutil, subprocess, sys, time
walls, used = [], []
for _ in range(3):
    shutil.rmtree(sys.argv[2], ignore_errors=True)
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run([sys.argv[1], "catalog", "build", "--out", sys.argv[2]], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    walls.append(time.monotonic() - start)
    used.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
print(f"{min(walls):.2f} s, {min(used):.2f} s of processor time, {after.ru_maxrss / 1024:.0f} MB")
PY
}

# report EVENTS: what there is to say of the site of the tree in the current folder.
report() {
  echo "$1 events: $(build "$work/first-$1")"
  "$root/target/release/eventc" catalog build --out "$work/second-$1" >/dev/null 2>&1
  diff -rq "$work/first-$1" "$work/second-$1" >/dev/null && echo "  two builds are equal, $(du -sh "$work/first-$1" | cut -f1)"
}

report this-repository
echo "  an event: $(node tests/browser/weigh.mjs "$work/first-this-repository" events/omninode/codegen/request/validate.v2.html)"
for events in "${@:-1000 10000}"; do
  for count in $events; do
    "$root/target/release/synthetic-tree" "$count" "$work/tree-$count"
    cd "$work/tree-$count"
    report "$count"
    changed=$(find schemas/events -name '*.json' ! -name '_*' | sort | sed -n 7p)
    sed -i '0,/"description": "/s//"description": "Changed: /' "$changed"
    "$root/target/release/eventc" catalog build --out "$work/second-$count" 2>&1 | sed 's/^.*: /  a change of one schema: /'
    cd "$root"
    page=$(cd "$work/first-$count" && find events -name '*.html' | sort | sed -n 7p)
    echo "  an event: $(node tests/browser/weigh.mjs "$work/first-$count" "$page")"
    node tests/browser/measure.mjs "$work/first-$count" "quantity" "orders warehouse" "step_77_completed" "carrir" "or" | sed 's/^/  /'
  done
done
