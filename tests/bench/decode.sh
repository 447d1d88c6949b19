#!/usr/bin/env bash
# How long generated Rust takes to decode, and to decode and validate in one pass, beside serde's plain derive of the same types (which drops
# unknown properties, or keeps them by `flatten`), typify's types, and parsing to a `Value` with a prebuilt `jsonschema` validator. Ten real
# payloads: of this tree, of GitHub's webhooks, and of Sentry. Prints the table of docs/speed.md.
#
#   tests/bench/decode.sh [--alone] [PAYLOAD]      --alone: without the peers, which take long to build
set -euo pipefail
cd "$(dirname "$0")/../.."
features=(--features peers)
if [ "${1:-}" = --alone ]; then features=(); shift; fi
bench=$PWD/target/bench
work=$bench/decode
crate=$work/crate
mkdir -p "$crate/src/plain" "$crate/src/keeping" "$crate/src/typify"

packages=$bench/npm/node_modules
if [ ! -d "$packages/@octokit/webhooks-examples" ]; then
  npm install --silent --no-fund --no-audit --prefix "$bench/npm" @octokit/webhooks-schemas@7.6.1 @octokit/webhooks-examples@7.6.1
fi
if [ ! -d "$bench/sentry/sentry_kafka_schemas" ]; then
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --dest "$bench/sentry" sentry-kafka-schemas==3.0.2
  python3 -m zipfile -e "$bench"/sentry/sentry_kafka_schemas-3.0.2-*.whl "$bench/sentry"
fi
if [ ${#features[@]} -gt 0 ] && [ ! -x "$bench/typify/bin/cargo-typify" ]; then
  cargo install --quiet cargo-typify --root "$bench/typify"
fi

python3 tests/bench/decode/cases.py "$PWD" "$packages" "$bench/sentry/sentry_kafka_schemas" "$work"
cargo run --quiet --package eventc-cli --bin eventc -- generate --schemas "$work/schemas" --out "$work/events" >/dev/null

# For each case a module of plain types, one of such that keep unknown properties, and one of typify's; and the list of cases.
: > "$crate/src/plain.rs"
: > "$crate/src/keeping.rs"
: > "$crate/src/typify.rs"
echo 'crate::list! {' > "$crate/src/cases.rs"
for schema in "$work"/schemas/*.json; do
  name=$(basename "$schema" .json)
  root=$(python3 tests/bench/decode/plain.py "$work/events/rust/src/$name.rs" "$crate/src/plain/$name.rs")
  python3 tests/bench/decode/plain.py --keep "$work/events/rust/src/$name.rs" "$crate/src/keeping/$name.rs" >/dev/null
  echo "#[allow(dead_code)] pub mod $name;" | tee -a "$crate/src/keeping.rs" >> "$crate/src/plain.rs"
  peer=
  if [ ${#features[@]} -gt 0 ] && "$bench/typify/bin/cargo-typify" typify "$schema" -o "$crate/src/typify/$name.rs" 2>/dev/null; then
    echo "#[allow(warnings)] pub mod $name;" >> "$crate/src/typify.rs"
    peer=", crate::typify::$name::$root"
  fi
  echo "    \"$name\" crate::plain::$name::$root, crate::keeping::$name::$root, events::$name::$root$peer;" >> "$crate/src/cases.rs"
done
echo '}' >> "$crate/src/cases.rs"

cp tests/bench/decode/main.rs "$crate/src/main.rs"
cat > "$crate/Cargo.toml" <<TOML
[package]
name = "decode-bench"
version = "0.0.0"
edition = "2024"

[workspace]

[profile.release]
debug = "line-tables-only"

[features]
peers = ["dep:chrono", "dep:jsonschema", "dep:regress", "dep:uuid"]

[dependencies]
chrono = { version = "0.4", default-features = false, features = ["serde", "std"], optional = true }
events = { path = "../events/rust" }
eventc = { path = "../events/rust/eventc" }
jsonschema = { version = "=0.60.2", default-features = false, optional = true }
regress = { version = "0.12", optional = true }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
uuid = { version = "1", features = ["serde"], optional = true }
TOML
CARGO_TARGET_DIR="$work/target" cargo build --quiet --release --manifest-path "$crate/Cargo.toml" "${features[@]}"
"$work/target/release/decode-bench" "$work" "$@"
