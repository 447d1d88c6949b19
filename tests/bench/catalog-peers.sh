#!/usr/bin/env bash
# The catalog beside EventCatalog and AsyncAPI's HTML, on this repository's own events in the same run: wall and processor time, peak
# memory, and what a browser loads for the page of one event. Peers are installed below target/bench, with the Node that they ask for.
#
#   tests/bench/catalog-peers.sh [EVENTS]      default: all; EventCatalog gets so many of them, the others always all
#
# Needs python3, npm, and the packages that `cargo deep catalog_site` installs.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
events=${1:-1000000}
work=$root/target/bench
# AsyncAPI's generator comes with puppeteer, whose browser is for PDF alone.
export PUPPETEER_SKIP_DOWNLOAD=1 NODE_MODULES=${NODE_MODULES:-$root/target/tools/npm/node_modules} ASTRO_TELEMETRY_DISABLED=1 CI=true
mkdir -p "$work" "$root/target/tools/browser"
cargo build --release --quiet --package eventc-cli

# install FOLDER PACKAGE...
install() { local folder=$work/$1; shift; [ -d "$folder/node_modules" ] || { mkdir -p "$folder" && npm install --silent --no-fund --no-audit --prefix "$folder" "$@"; }; }
install node24 node@24
export PATH=$work/node24/node_modules/node/bin:$PATH
install catalog-peers @eventcatalog/core@3.48.4
install asyncapi-cli @asyncapi/cli@6.2.0 @asyncapi/html-template@3.5.6

# measure NAME COMMAND...: a row of the table. Memory is that of all its processes together; what they say is in target/bench/peer.log.
measure() { LOG=$work/peer.log python3 - "$@" <<'PY'
import os, resource, subprocess, sys, time
name, command = sys.argv[1], sys.argv[2:]
page, start = os.sysconf("SC_PAGE_SIZE"), time.monotonic()
child, peak = subprocess.Popen(command, stdout=open(os.environ["LOG"], "a"), stderr=subprocess.STDOUT, start_new_session=True), 0
def resident(group):
    total = 0
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
            if int(fields[3]) == group: total += int(fields[21]) * page
        except OSError:
            pass
    return total
while child.poll() is None:
    peak = max(peak, resident(child.pid))
    time.sleep(0.005 if time.monotonic() - start < 2 else 0.1)
wall, used = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"| {name} | {wall:.2f} s | {used.ru_utime + used.ru_stime:.2f} s | {peak / 1e6:.0f} MB | {child.returncode} |")
PY
}
load() { TMPDIR=$root/target/tools/browser node "$root/tests/browser/weigh.mjs" "$@"; }

# EventCatalog wants its packages in the folder of the catalog.
catalog=$work/catalog-peers
rm -rf "$catalog"/{events,services,teams,dist,.eventcatalog-core} "$work/catalog-site" "$work/asyncapi-html" "$work/peer.log"
node tests/bench/eventcatalog-input.mjs generated/catalog schemas/events "$catalog" "$events"

echo '| tool | time | processor time | peak memory | exit |'
echo '|---|---|---|---|---|'
measure eventc target/release/eventc catalog build --out "$work/catalog-site"
html() { measure "@asyncapi/cli, HTML of $1" "$work/asyncapi-cli/node_modules/.bin/asyncapi" generate fromTemplate "generated/asyncapi/$1.asyncapi.json" "$work/asyncapi-cli/node_modules/@asyncapi/html-template" -o "$work/asyncapi-html/$1" --force-write --no-interactive; }
for document in namespaces/omninode namespaces/cauldron namespaces/daa; do html "$document"; done
(cd "$catalog" && measure EventCatalog node node_modules/@eventcatalog/core/bin/eventcatalog.js build)

echo
event=omninode.codegen.request.validate.v1
echo "eventc:       $(load "$work/catalog-site" events/omninode/codegen/request/validate.v1.html)"
echo "AsyncAPI:     $(load "$work/asyncapi-html/namespaces/omninode" index.html)"
echo "EventCatalog: $(load --serve "$catalog/dist" "docs/events/$event/1.0.0/index.html")"
du -sh "$work/catalog-site" "$work/asyncapi-html" "$catalog/dist"
