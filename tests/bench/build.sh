#!/usr/bin/env bash
# What a debug build of generated Rust takes beside one of typify's output, for the whole of @octokit/webhooks-schemas: lines, and seconds
# of processor time (user and system) of the compiler for the generated package alone, its dependencies built before. Best of the runs,
# which alternate. Prints the table of docs/speed.md.
#
#   tests/bench/build.sh [RUNS]      default: 2
set -euo pipefail
cd "$(dirname "$0")/../.."
runs=${1:-2}
bench=$PWD/target/bench
work=$bench/build
mkdir -p "$work/typify/src"
export CARGO_TARGET_DIR=$work/target CARGO_INCREMENTAL=0

packages=$bench/npm/node_modules
if [ ! -d "$packages/@octokit/webhooks-schemas" ]; then
  npm install --silent --no-fund --no-audit --prefix "$bench/npm" @octokit/webhooks-schemas@7.6.1 @octokit/webhooks-examples@7.6.1
fi
if [ ! -x "$bench/typify/bin/cargo-typify" ]; then
  env -u CARGO_TARGET_DIR cargo install --quiet cargo-typify --root "$bench/typify"
fi

env -u CARGO_TARGET_DIR -u CARGO_INCREMENTAL cargo run --quiet --package eventc-cli --bin eventc -- \
  generate --target rust --schemas "$packages/@octokit/webhooks-schemas" --out "$work/events" >/dev/null
"$bench/typify/bin/cargo-typify" typify "$packages/@octokit/webhooks-schemas/schema.json" -o "$work/typify/src/lib.rs"
cat > "$work/typify/Cargo.toml" <<TOML
[package]
name = "typified"
version = "0.0.0"
edition = "2024"

[workspace]

[dependencies]
chrono = { version = "0.4", default-features = false, features = ["serde", "std"] }
regress = "0.12"
serde = { version = "1", features = ["derive"] }
serde_json = "1"
uuid = { version = "1", features = ["serde"] }
TOML

python3 - "$runs" "$work/events/rust" "$work/typify" <<'PY'
import resource, subprocess, sys
from pathlib import Path

runs, packages = int(sys.argv[1]), [Path(package) for package in sys.argv[2:]]

def build(package):
    (package / "src/lib.rs").touch()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(["cargo", "build", "--quiet"], cwd=package, check=True, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

for package in packages:
    build(package)
times = {package: min(times) for package, *times in zip(packages, *([build(package) for package in packages] for _ in range(runs)))}
lines = {package: sum(len(file.read_text().splitlines()) for file in (package / "src").rglob("*.rs")) for package in packages}
ours, theirs = packages
print("| | lines | debug build | ratio |\n|---|---|---|---|")
for name, package in (("typify", theirs), ("eventc", ours)):
    print(f"| {name} | {lines[package]:,} | {times[package]:.1f} s | {times[package] / times[theirs]:.2f} |")
PY
