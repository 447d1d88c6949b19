#!/usr/bin/env bash
# eventc on synthetic trees: wall time, memory, the ratio to the I/O floor, and a second run with nothing changed.
#
#   tests/bench/scale.sh [COUNT...]      default: 100 1000 10000
set -euo pipefail
cd "$(dirname "$0")/../.."
counts=("$@")
[ $# -gt 0 ] || counts=(100 1000 10000)
work=$PWD/target/bench
mkdir -p "$work"
cargo build --release --quiet --package eventc-cli --package eventc-tests
eventc=$PWD/target/release/eventc

# Wall seconds and peak memory (MB) of one command, by the shell's own clock and the kernel's account.
measure() { python3 - "$@" <<'PY'
import resource, subprocess, sys, time
start = time.monotonic()
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
wall = time.monotonic() - start
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print(f"{wall:.2f} {peak:.0f}" if code == 0 else f"failed({code}) 0")
PY
}

echo '| events | first run | memory | I/O floor | ratio | second run | memory |'
echo '|---|---|---|---|---|---|---|'
for count in "${counts[@]}"; do
  tree=$work/tree-$count
  if [ ! -d "$tree" ]; then target/release/synthetic-tree "$count" "$tree"; fi
  # Set aside, not removed: for a while after removing many files, ext4 is slow to make others in their place.
  old=$(mktemp -d "$work/old.XXXXXX")
  for folder in "$tree/generated" "$work/floor"; do if [ -d "$folder" ]; then mv "$folder" "$old"; fi; done
  sync
  cd "$tree"
  read -r first memory < <(measure "$eventc" generate)
  read -r floor _ < <(measure "$OLDPWD/target/release/io-floor" schemas generated "$work/floor")
  read -r second memory2 < <(measure "$eventc" generate)
  cd - >/dev/null
  ratio=$(python3 -c "print(f'{$first / max($floor, 0.01):.1f}')" 2>/dev/null || echo '?')
  echo "| $count | $first s | $memory MB | $floor s | $ratio | $second s | $memory2 MB |"
done
rm -rf "$work"/old.*
