"""Writes what the benchmark decodes: for each case a payload, and the schema of its event as one that stands alone."""

import json
import re
import sys
from pathlib import Path

# Name, where the example stands, which one it is (the name of the event and its action), and the definition of its type.
OCTOKIT = [
    ("security_advisory", "security_advisory", "published", "security_advisory$published"),
    ("installation_created", "installation", "created", "installation$created"),
    ("push", "push", None, "push$event"),
    ("release_published", "release", "published", "release$published"),
    ("issue_opened", "issues", "opened", "issues$opened"),
    ("workflow_run_completed", "workflow_run", "completed", "workflow_run$completed"),
    ("pull_request_labeled", "pull_request", "labeled", "pull_request$labeled"),
]
# Contracts of this tree, and which of their examples.
TREE = [
    ("stock_market", "cauldron/operations/external/market/1.0.0.json", 0),
    ("agent_analysis", "cauldron/agent/analysis/1.0.0.json", 0),
]
# A message of Sentry's topic `events`: the name of the case, the schema and definition of its type, and the example.
SENTRY = ("sentry_error", "events.v1.schema.json", "InsertEventMessage", "events/1/error-with-threads.json")


def reachable(root: object, definitions: dict[str, object]) -> dict[str, object]:
    """The definitions that a schema refers to, and those that they refer to, in the order of the file."""
    waiting, found = [root], set()
    while waiting:
        for name in re.findall(r'"#/definitions/([^"]+)"', json.dumps(waiting.pop())):
            if name not in found:
                found.add(name)
                waiting.append(definitions[name])
    return {name: schema for name, schema in definitions.items() if name in found}


def octokit(packages: Path):
    whole = json.loads((packages / "@octokit/webhooks-schemas/schema.json").read_text())
    index = json.loads((packages / "@octokit/webhooks-examples/api.github.com/index.json").read_text())
    examples = {entry["name"]: entry["examples"] for entry in index}
    for name, event, action, definition in OCTOKIT:
        own = whole["definitions"][definition]
        schema = {"$schema": whole["$schema"], **own, "definitions": reachable(own, whole["definitions"])}
        alike = [example for example in examples[event] if example.get("action") == action]
        yield name, schema, max(alike, key=lambda example: len(json.dumps(example)))


def tree(releases: Path):
    for name, path, example in TREE:
        schema = json.loads((releases / path).read_text())
        yield name, schema, schema["examples"][example]


def sentry(package: Path):
    name, file, definition, example = SENTRY
    whole = json.loads((package / "schemas" / file).read_text())
    own = whole["definitions"][definition]
    schema = {"$schema": whole["$schema"], **own, "definitions": reachable(own, whole["definitions"])}
    yield name, schema, json.loads((package / "examples" / example).read_text())


def main() -> None:
    workspace, packages, sentry_package, out = (Path(argument) for argument in sys.argv[1:])
    for folder in ("schemas", "payloads"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    sources = [*tree(workspace / "schemas/releases"), *octokit(packages), *sentry(sentry_package)]
    for name, schema, payload in sources:
        for key in ("examples", "x-event", "x-release", "$id"):
            schema.pop(key, None)
        (out / "schemas" / f"{name}.json").write_text(json.dumps(schema))
        (out / "payloads" / f"{name}.json").write_text(json.dumps(payload, separators=(",", ":"), ensure_ascii=False))


main()
