"""The same as judge.rs, for the generated Python; arguments: the folder of the package, and its name."""

import importlib
import json
import sys

sys.path.insert(0, sys.argv[1])
events = importlib.import_module(sys.argv[2])

for line in sys.stdin:
    case = json.loads(line)
    topic, doc = case["topic"], case["doc"]
    valid = not events.validate(topic, json.loads(doc))
    try:
        again = events.encode(events.decode(topic, doc.encode())).decode()
    except events.DecodeError:
        again = None
    print(json.dumps({"valid": valid, "again": again}))
