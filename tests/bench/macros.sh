#!/usr/bin/env bash
# What the three ways into a Rust build cost: packages, clean debug builds, the expansion of `include_events!`, and typify's
# `import_types!` on the same schemas in the same run. Processor time (user and system) of whole commands, the best of several
# runs that take turns: other work on the machine disturbs it less than wall time. Needs python3; typify is fetched by Cargo.
#
#   tests/bench/macros.sh [RUNS]      default: 3; a clean build runs once where RUNS is 1
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD runs=${1:-3} work=$PWD/target/bench/macros
mkdir -p "$work"

# measure RUNS NAME=COMMAND...: a line for each, "NAME PROCESSOR-SECONDS WALL-SECONDS".
measure() { python3 - "$@" <<'PY'
import resource, subprocess, sys, time
runs, cases = int(sys.argv[1]), [case.split("=", 1) for case in sys.argv[2:]]
best = {}
for _ in range(runs):
    for name, command in cases:
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        done = subprocess.run(["bash", "-ec", command], capture_output=True, text=True)
        wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode != 0:
            sys.exit(f"{name}: {done.stderr}")
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        best[name] = min(best.get(name, (spent, wall)), (spent, wall))
for name, (spent, wall) in best.items():
    print(name, f"{spent:.2f}", f"{wall:.2f}")
PY
}

# package NAME DEPENDENCIES: a package of its own with these dependencies, and nothing else.
package() {
  mkdir -p "$work/$1/src"
  printf '[package]\nname = "%s"\nversion = "0.1.0"\nedition = "2024"\n[dependencies]\n%s\n[workspace]\n' "$1" "$2" > "$work/$1/Cargo.toml"
}

serde='serde = { version = "1", features = ["derive"] }
serde_json = "1"'
eventc() { printf 'eventc = { path = "%s/runtime"%s }\n' "$root" "$1"; }

package plain "$serde"
cat > "$work/plain/src/main.rs" <<'RS'
#[derive(serde::Serialize, serde::Deserialize)]
struct Order { id: String }
fn main() { println!("{}", serde_json::to_string(&Order { id: "A-17".into() }).unwrap()); }
RS

echo '## Packages'; echo
count() { (cd "$1" && cargo tree --quiet --edges normal,build --prefix none --format '{p}' | sed 's/ (\*)$//' | sort -u | wc -l); }
alone() { package alone "$(eventc "$1")"; touch "$work/alone/src/lib.rs"; echo $(($(count "$work/alone") - 1)); }
echo '| | packages |'; echo '|---|---|'
echo "| a program with \`serde\` and \`serde_json\` | $(count "$work/plain") |"
for example in derive include-events build-script; do echo "| examples/$example | $(count "examples/$example") |"; done
echo "| \`eventc\` alone: without \`json\`, as it is, with \`stamp\`, with \`macros\` |" \
  "$(alone ', default-features = false'), $(alone ''), $(alone ', features = ["stamp"]'), $(alone ', features = ["macros"]') |"

echo; echo '## Clean debug builds'; echo
clean() { echo "$1=cd '$2' && rm -rf '$work/clean' && CARGO_TARGET_DIR='$work/clean' cargo build --quiet"; }
echo '| | processor time | half of it: two cores that do nothing else | wall |'; echo '|---|---|---|---|'
measure "$runs" "$(clean plain "$work/plain")" "$(clean derive "$root/examples/derive")" "$(clean include-events "$root/examples/include-events")" \
  "$(clean build-script "$root/examples/build-script")" |
  while read -r name spent wall; do echo "| $name | $spent s | $(python3 -c "print(f'{$spent / 2:.1f}')") s | $wall s |"; done
rm -rf "$work/clean"

echo; echo "## Expansion of include_events! with the $(find schemas/events -name '*.json' | grep -vc '/_') events of this repository"; echo
package text "$(eventc ', features = ["macros"]')
$serde"
package macro "$(eventc ', features = ["macros"]')
$serde"
# The macro as it is, with a clock around it: what the process spends on the first call and, on average, on others.
package timed "eventc-model = { path = \"$root/codegen/model\" }
eventc-rust = { path = \"$root/codegen/rust\", default-features = false }
proc-macro2 = \"1\"
quote = \"1\"
syn = { version = \"3\", default-features = false, features = [\"derive\", \"parsing\", \"printing\", \"clone-impls\", \"proc-macro\"] }
[lib]
proc-macro = true"
cat > "$work/timed/src/lib.rs" <<RS
$(for module in include memo rustc tree; do printf '#[allow(dead_code)]\n#[path = "%s/macros/src/%s.rs"]\nmod %s;\n' "$root" $module $module; done)
/// Processor time of the process, in ms: in /proc it is counted in hundredths of a second.
fn spent() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    stat.rsplit(')').next().unwrap().split(' ').skip(12).take(2).map(|ticks| ticks.parse::<u64>().unwrap() * 10).sum()
}
#[proc_macro]
pub fn timed(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let mut last = spent();
    let mut lap = |calls: u32| {
        (0..calls).for_each(|_| drop(include::expand(input.clone().into()).unwrap()));
        let before = std::mem::replace(&mut last, spent());
        (last - before) as f64 / f64::from(calls)
    };
    eprintln!("EXPANSION {} {}", lap(1), lap(50));
    proc_macro::TokenStream::new()
}
RS
package timing "timed = { path = \"../timed\" }
$(eventc ', features = ["macros"]')"
for name in macro text timing; do cp -r schemas eventc.toml "$work/$name"; done
echo 'eventc::include_events!("schemas/events", untracked);' > "$work/macro/src/lib.rs"
echo 'timed::timed!("schemas/events", untracked);' > "$work/timing/src/lib.rs"
export CARGO_TARGET_DIR=$work/target
memos() { ls "$work"/target/debug/deps/*.memo 2>/dev/null || true; }
rm -f $(memos)
cargo check --quiet --manifest-path "$work/macro/Cargo.toml"
# The same code without a macro: what the compiler takes for it anyway.
python3 - "$(memos)" "$work/text/src/lib.rs" <<'PY'
import sys
text = open(sys.argv[1]).read()
open(sys.argv[2], "w").write(text[text.index("const _ : & [u8] ="):])
PY
cargo check --quiet --manifest-path "$work/text/Cargo.toml"
expand() { touch "$work/timing/src/lib.rs"; cargo check --manifest-path "$work/timing/Cargo.toml" 2>&1 | sed -n "s/^EXPANSION/$1/p"; }
{ for _ in $(seq $((runs * 3))); do rm -f $(memos); expand made; expand kept; done; } | python3 -c '
import sys
laps = [line.split() for line in sys.stdin]
first = lambda name: min(float(lap[1]) for lap in laps if lap[0] == name)
print("| the macro itself | |\n|---|---|")
print("| a schema has changed | %.0f ms |\n| none has, a new process | %.0f ms |" % (first("made"), first("kept")))
print("| none has, the same process | %.0f ms |\n" % min(float(lap[2]) for lap in laps))'
again() { echo "$1=touch '$work/$2/src/lib.rs' && cargo check --quiet --manifest-path '$work/$2/Cargo.toml'"; }
measure "$((runs * 3))" "$(again text text)" "$(again macro macro)" | python3 -c '
import sys
times = {name: float(spent) for name, spent, _ in map(str.split, sys.stdin)}
print("| `cargo check` of the crate | |\n|---|---|")
print("| the macro | %.2f s |\n| the same code as text | %.2f s |" % (times["macro"], times["text"]))'

echo; echo '## Beside typify: ten events, the same schemas'; echo
flat=$work/flat
if [ ! -d "$flat" ]; then (unset CARGO_TARGET_DIR; cargo run --quiet --package eventc-tests --bin synthetic-tree -- --flat 10 "$flat"); fi
package ours "$(eventc ', features = ["macros"]')
$serde"
package theirs 'typify = "0.8"
chrono = { version = "0.4", features = ["serde"] }
regress = "0.12"
uuid = { version = "1", features = ["serde"] }
'"$serde"
for name in ours theirs; do rm -rf "$work/$name/schemas" && cp -r "$flat" "$work/$name/schemas"; done
echo 'eventc::include_events!("schemas", untracked);' > "$work/ours/src/lib.rs"
for file in "$flat"/*.json; do
  echo "pub mod m$(basename "$file" .json | tr -c 'a-zA-Z0-9\n' _) { typify::import_types!(schema = \"schemas/$(basename "$file")\"); }"
done > "$work/theirs/src/lib.rs"
echo '| | `cargo check` of the crate | clean `cargo check` of everything |'; echo '|---|---|---|'
for name in ours theirs; do cargo check --quiet --manifest-path "$work/$name/Cargo.toml"; done
all() { echo "$1=rm -rf '$work/clean' && CARGO_TARGET_DIR='$work/clean' cargo check --quiet --manifest-path '$work/$1/Cargo.toml'"; }
forget="rm -f '$work'/target/debug/deps/*.memo \&\& "
crate=$(measure "$((runs * 3))" "$(again ours ours | sed "s|=|=$forget|")" "$(again theirs theirs)")
whole=$(measure 1 "$(all ours)" "$(all theirs)")
rm -rf "$work/clean"
paste -d' ' <(echo "$crate") <(echo "$whole") | while read -r name spent _ _ clean _; do
  echo "| $([ "$name" = ours ] && echo '`include_events!`, no memo' || echo '`import_types!`') | $spent s | $clean s |"
done
