#!/usr/bin/env bash
# Time and memory of the catalog with its site, and the time of a search in it, for synthetic trees of several sizes.
# Usage: tests/bench/site.sh [events...]; needs release builds of eventc-cli and eventc-tests, GNU time, Node, and the packages that
# `cargo test -p eventc-tests --test catalog_site` installs.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export NODE_MODULES="$root/target/tools/npm/node_modules"
for events in "${@:-113 1000 10000}"; do
  for count in $events; do
    tree="$work/$count"
    "$root/target/release/synthetic-tree" "$count" "$tree"
    cd "$tree"
    /usr/bin/time -f "$count events: %e s, %M KB" "$root/target/release/eventc" catalog build --out site 2>&1 | tail -1
    du -sk site | awk '{print "  " $1 " KB in the site"}'
    cp -r site again && rm -rf again/.eventc-manifest && mkdir other && mv site first
    "$root/target/release/eventc" catalog build --out site 2>/dev/null
    diff -rq first site >/dev/null && echo "  two builds are equal"
    TMPDIR="$root/target/scratch/browser" node "$root/tests/browser/measure.mjs" "$tree/site" \
      "quantity" "orders warehouse" "step_77_completed" "carrir" "or" | sed 's/^/  /'
    cd "$root"
  done
done
