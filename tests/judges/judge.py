"""The same as judge.rs, for the generated Python; arguments: the folder of the package, its name, and `exact` to judge JSON text."""

import importlib
import json
import sys

sys.path.insert(0, sys.argv[1])
events = importlib.import_module(sys.argv[2])


def facts(topic):
    return {
        "name": topic.name,
        "owner": topic.owner,
        "key": topic.key,
        "reply": topic.reply,
        "producers": topic.producers,
        "consumers": [[consumer.service, consumer.function, consumer.group] for consumer in topic.consumers],
        "dead_letter": topic.dead_letter and topic.dead_letter.topic,
        "successor": topic.deprecated and topic.deprecated.use,
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
