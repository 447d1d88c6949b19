#!/usr/bin/env bash
# `eventc bus` with many topics, their dead letters and the rights of their services, against one local Kafka: a first apply, and a plan with
# nothing to do.
#
#   EVENTC_KAFKA=127.0.0.1:9092 tests/bench/bus.sh [COUNT]      default: 2000; the cluster has to be an empty one with an authorizer
#
# EVENTC names a binary that is there, in place of the release build.
set -euo pipefail
cd "$(dirname "$0")/../.."
count=${1:-2000}
: "${EVENTC_KAFKA:?name a Kafka that may be filled}"
eventc=${EVENTC:-}
if [ -z "$eventc" ]; then
  cargo build --release --quiet --package eventc-cli
  eventc=$PWD/target/release/eventc
fi
tree=$PWD/target/bench/bus-$count
rm -rf "$tree"
python3 - "$count" "$tree" <<'PY'
import json, pathlib, sys
count, tree = int(sys.argv[1]), pathlib.Path(sys.argv[2])
services = [f"service-{index}" for index in range(20)]
config = """[[namespace]]
name = "bench"
consumer_group = "{service}-{function}"

[namespace.topic]
partitions = 3
replication = 1
retention = "7d"
dead_letter = { topic = "{topic}.dlq", retries = 3, backoff = ["1s", "2s", "4s"], retention = "7d" }

[environments.bench.brokers.kafka]
kind = "kafka"
servers = ["${EVENTC_KAFKA}"]

[environments.bench.principals]
"""
config += "".join(f'{name} = "User:{name}"\n' for name in services)
for index, name in enumerate(services):
    reads = [f"bench.d{domain}.*" for domain in range(40) if domain % len(services) == (index + 1) % len(services)]
    config += f"\n[services.{name}]\nconsumes = [{{ topics = {json.dumps(reads)}, function = \"work\" }}]\n"
tree.mkdir(parents=True)
(tree / "eventc.toml").write_text(config)
for index in range(count):
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {"id": {"type": "string"}},
        "x-event": {"version": "1.0.0", "producers": [services[index % len(services)]]},
    }
    path = tree / f"schemas/events/bench/d{index % 40}/event_{index}.v1.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(schema, indent=2))
PY
cd "$tree"
measure() { python3 - "$@" <<'PY'
import subprocess, sys, time
name, expected, command = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
start = time.monotonic()
done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
seconds = time.monotonic() - start
assert done.returncode == expected, (done.returncode, done.stdout[-2000:])
print(f"{name:<28} {seconds:6.2f} s   {done.stdout.splitlines()[-1] if done.stdout else ''}")
PY
}
measure "apply $count topics" 0 "$eventc" bus apply --env bench --yes
measure "plan without changes" 0 "$eventc" bus plan --env bench
