#!/usr/bin/env bash
# The gate on a large synthetic tree: every contract released, ten of them changed; against the releases alone, and against a commit too.
#
#   tests/bench/gate.sh [COUNT]      default: 10000
set -euo pipefail
cd "$(dirname "$0")/../.."
count=${1:-10000}
cargo build --release --quiet --package eventc-cli --package eventc-tests
eventc=$PWD/target/release/eventc
tree=$PWD/target/bench/gate-$count
if [ ! -d "$tree/.git" ]; then
  rm -rf "$tree"
  target/release/synthetic-tree "$count" "$tree"
  cd "$tree"
  "$eventc" release --today 2026-01-01 >/dev/null
  git init --quiet --initial-branch main
  git add -A
  git -c user.email=bench@example.com -c user.name=bench commit --quiet -m first
  # Ten contracts get an optional property, and the version that it needs.
  find schemas/events -name '*.json' ! -name '_*' | sort | head -10 | while read -r file; do
    python3 - "$file" <<'PY'
import json, sys
path = sys.argv[1]
schema = json.load(open(path))
schema["properties"]["bench_note"] = {"description": "A note.", "type": "string"}
schema["x-event"]["version"] = "1.1.0"
json.dump(schema, open(path, "w"), indent=2)
PY
  done
fi
cd "$tree"

# Wall seconds and peak memory (MB) of one command, best of three.
measure() { python3 - "$@" <<'PY'
import resource, subprocess, sys, time
walls = []
for _ in range(3):
    start = time.monotonic()
    code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
    walls.append(time.monotonic() - start)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print(f"{min(walls):.2f} s, {peak:.0f} MB, exit {code}")
PY
}

echo "reading alone:             $(measure "$eventc" list)"
echo "against the releases:      $(measure "$eventc" check --only gate)"
echo "against releases and git:  $(measure "$eventc" check --only gate --against git:main)"
