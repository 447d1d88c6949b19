"""The same as runner.rs, for the generated Python; arguments: the folder of the package, its name, and `exact` to judge JSON text."""

import importlib
import json
import sys

sys.path.insert(0, sys.argv[1])
events = importlib.import_module(sys.argv[2])


def facts(topic):
    letters, deprecated = topic.dead_letter, topic.deprecated
    return {
        "name": topic.name,
        "namespace": topic.namespace,
        "version": topic.version,
        "broker": topic.broker,
        "stability": topic.stability,
        "owner": topic.owner,
        "key": topic.key,
        "reply": topic.reply,
        "exchange": topic.exchange,
        "partitions": topic.partitions,
        "replication": topic.replication,
        "retention": topic.retention_ms,
        "ttl": topic.ttl_ms,
        "priority": topic.priority,
        "producers": topic.producers,
        "consumers": [[consumer.service, consumer.function, consumer.group, consumer.queue] for consumer in topic.consumers],
        "dead_letter": letters and [letters.topic, letters.retries, letters.backoff_ms, letters.retention_ms],
        "deprecated": deprecated and [deprecated.since, deprecated.sunset, deprecated.use],
        "tags": topic.tags,
    }


for line in sys.stdin:
    case = json.loads(line)
    if "doc" not in case:
        print(json.dumps({"facts": facts(events.topic(case["topic"]))}))
        continue
    topic, doc = case["topic"], case["doc"]
    violations = events.validate_json(topic, doc) if sys.argv[3:] == ["exact"] else events.validate(topic, json.loads(doc))
    said = "".join(f"{violation} {violation!r}" for violation in violations)
    try:
        event = events.decode(topic, doc.encode())
        said += f"{event} {event!r}"
        again = events.encode(event).decode()
    except events.DecodeError as error:
        again = None
        said += f"{error} {error!r}"
    found = [[violation.pointer, violation.message, violation.found] for violation in violations]
    print(json.dumps({"valid": not violations, "again": again, "said": said, "violations": found}))
