#!/usr/bin/env bash
# Whole commands, side by side, on the same schemas in the same run: eventc makes Rust, TypeScript, Python, the catalog and the
# model; each peer makes one language. Peers are installed below target/bench. Needs hyperfine.
#
#   tests/bench/peers.sh [COUNT...]      default: 50 200 1000
set -euo pipefail
cd "$(dirname "$0")/../.."
counts=("${@:-50}")
[ $# -gt 0 ] || counts=(50 200 1000)
work=$PWD/target/bench
mkdir -p "$work"

command -v hyperfine >/dev/null || { echo "error: hyperfine is missing (Debian: apt-get install hyperfine)" >&2; exit 2; }
cargo build --release --quiet --package eventc-cli --package eventc-tests

if [ ! -x "$work/node_modules/.bin/quicktype" ]; then
  npm install --silent --no-fund --no-audit --prefix "$work" quicktype json-schema-to-typescript
fi
if [ ! -x "$work/venv/bin/datamodel-codegen" ]; then
  python3 -m venv "$work/venv" && "$work/venv/bin/pip" install --quiet datamodel-code-generator
fi
if [ ! -x "$work/typify/bin/cargo-typify" ]; then
  cargo install --quiet cargo-typify --root "$work/typify"
fi

for count in "${counts[@]}"; do
  schemas=$work/flat-$count
  if [ ! -d "$schemas" ]; then target/release/synthetic-tree --flat "$count" "$schemas"; fi
  printf '\n## %s schemas\n\n' "$count"
  # cargo-typify reads one file: a process each.
  cat > "$work/typify-each.sh" <<EOF
mkdir -p '$work/out-typify'
for file in '$schemas'/*.json; do '$work/typify/bin/cargo-typify' typify "\$file" -o "$work/out-typify/\$(basename "\$file" .json).rs" || exit 1; done
EOF
  hyperfine --style none --warmup 1 --runs 3 --export-markdown "$work/peers-$count.md" \
    --prepare "rm -rf '$work/out-eventc'" -n 'eventc (three languages, catalog, model)' "target/release/eventc generate --schemas '$schemas' --out '$work/out-eventc'" \
    --prepare "rm -rf '$work/out-jstt'" -n 'json-schema-to-typescript' "'$work/node_modules/.bin/json2ts' -i '$schemas' -o '$work/out-jstt'" \
    --prepare true -n 'quicktype (TypeScript)' "'$work/node_modules/.bin/quicktype' --src-lang schema --lang ts --src '$schemas' -o '$work/out-quicktype.ts'" \
    --prepare "rm -rf '$work/out-dcg'" -n 'datamodel-code-generator' "'$work/venv/bin/datamodel-codegen' --input '$schemas' --input-file-type jsonschema --output '$work/out-dcg' --output-model-type pydantic_v2.BaseModel" \
    --prepare "rm -rf '$work/out-typify'" -n 'cargo-typify (a process each)' "bash '$work/typify-each.sh'"
  cat "$work/peers-$count.md"
done
