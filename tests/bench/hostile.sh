#!/usr/bin/env bash
# Hostile trees through every command: seconds (of the processor in brackets) and peak memory of each, and an exit status of 1 where
# one is over the promise of 5 seconds and 500 MB (tests/src/hostile_trees.rs makes the trees, tests assert the counts behind it).
#
#   tests/bench/hostile.sh [TIMES [NAME...]]      TIMES: as many times the usual size, default 1; NAME: these trees alone
#   HOSTILE_TREES=FOLDER tests/bench/hostile.sh   trees of somebody else: a folder for each, with schemas and maybe a document.json
set -euo pipefail
cd "$(dirname "$0")/../.."
times=${1:-1}
[ $# -gt 0 ] && shift
cargo build --release --quiet --package eventc-cli --package eventc-tests
trees=${HOSTILE_TREES:-$PWD/target/bench/hostile-$times}
if [ -z "${HOSTILE_TREES:-}" ]; then
  rm -rf "$trees"
  target/release/hostile-trees "$trees" "$times"
fi
python3 - "$PWD/target/release/eventc" "$trees" "$PWD/target/bench/hostile-out" "$@" <<'PY'
import json, os, pathlib, resource, shutil, signal, subprocess, sys, time

SECONDS, MEGABYTES, PATIENCE = 5.0, 500, 60
eventc, trees, out, *wanted = sys.argv[1:]
out = pathlib.Path(out)
CONFIG = json.loads(subprocess.run([eventc, "list", "--schema", "config"], check=True, capture_output=True).stdout)
TARGETS = sorted(CONFIG["properties"]["targets"]["properties"])

def measure(arguments):
    """Returns seconds, megabytes, exit status and seconds of the processor; a safety net ends what has run too long or grown too far."""
    def bounded():
        resource.setrlimit(resource.RLIMIT_AS, (12 << 30, 12 << 30))
        os.setsid()
    start = time.monotonic()
    child = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=open(out / "stderr", "w"), preexec_fn=bounded)
    signal.signal(signal.SIGALRM, lambda *_: child.kill())
    signal.alarm(PATIENCE)
    _, status, usage = os.wait4(child.pid, 0)
    signal.alarm(0)
    child.returncode = status
    return time.monotonic() - start, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime

def commands(tree):
    schemas = tree / "schemas" if (tree / "schemas").is_dir() else tree
    files = sorted(path for path in schemas.glob("*/*") if path.suffix in (".json", ".yaml", ".avsc") and not path.is_symlink())
    yield "lint", ["lint", "--schemas", schemas]
    yield "generate", ["generate", "--schemas", schemas, "--out", out / "generated", *(word for name in TARGETS for word in ("--target", name))]
    yield "check", ["check", "--schemas", schemas]
    for file in files[:1]:
        (out / "empty.json").write_text("{}")
        yield "validate {}", ["validate", "--schema", file, out / "empty.json"]
        document = tree / "document.json"
        if document.exists():
            yield "validate", ["validate", "--schema", file, document]
        yield "compat", ["compat", file, file]

over = 0
for tree in sorted(path for path in pathlib.Path(trees).iterdir() if not wanted or path.name in wanted):
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    row = []
    for name, arguments in commands(tree):
        seconds, megabytes, code, busy = measure([eventc, *map(str, arguments)])
        bad = seconds > SECONDS or megabytes > MEGABYTES or code not in (0, 1, 2)
        over += bad
        row.append(f"{name} {seconds:.1f}s ({busy:.1f}) {megabytes:.0f}MB ={code}{' OVER' if bad else ''}")
    print(f"{tree.name:22} " + "  ".join(row), flush=True)
print(f"{over} over {SECONDS:.0f} s or {MEGABYTES} MB, or ended by no exit status")
sys.exit(over > 0)
PY
