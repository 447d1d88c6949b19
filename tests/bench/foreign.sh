#!/usr/bin/env bash
# eventc on large trees as others publish them: processor time, wall time, memory, and the bytes of each output.
#
#   tests/bench/foreign.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$PWD/target/bench/foreign
mkdir -p "$work"
cargo build --release --quiet --package eventc-cli --package eventc-tests

# Processor and wall seconds and peak memory of one run into an empty folder, and what it wrote.
measure() { python3 - "$PWD/target/release/eventc" "$1" "$2" <<'PY'
import os, resource, subprocess, sys, time
eventc, tree, out = sys.argv[1:]
start = time.monotonic()
subprocess.run([eventc, "generate", "--schemas", tree, "--out", out], capture_output=True)
wall, used = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
size = lambda folder: sum(os.path.getsize(os.path.join(at, name)) for at, _, names in os.walk(folder) for name in names) / 1e6
outputs = ", ".join(f"{name} {size(os.path.join(out, name)):.0f}" for name in sorted(os.listdir(out)) if not name.startswith("."))
print(f"| {size(tree):.0f} MB | {used.ru_utime + used.ru_stime:.1f} s | {wall:.1f} s | {used.ru_maxrss / 1024:.0f} MB | {size(out):.0f} MB | {outputs} |")
PY
}

echo '| tree | schemas | processor time | time | memory | output | MB of each |'
echo '|---|---|---|---|---|---|---|'
for tree in collection copies; do
  if [ ! -d "$work/$tree" ]; then target/release/synthetic-tree "$tree" "$work/$tree"; fi
  # Set aside, not removed: for a while after removing many files, ext4 is slow to make others in their place.
  old=$(mktemp -d "$work/old.XXXXXX")
  if [ -d "$work/out-$tree" ]; then mv "$work/out-$tree" "$old"; fi
  sync
  echo "| \`$tree\` $(measure "$work/$tree" "$work/out-$tree")"
done
rm -rf "$work"/old.*
