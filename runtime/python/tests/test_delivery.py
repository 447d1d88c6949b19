"""The policy of deliveries, held to the vectors that all engines share."""

from __future__ import annotations

import json
import unittest
from pathlib import Path
from typing import Any

from eventc_client import (
    Acknowledge,
    Action,
    Cancel,
    Close,
    Commit,
    DEAD_LETTER,
    Deliveries,
    Delivery,
    Drop,
    Failure,
    Handle,
    KafkaPlace,
    Pause,
    Policy,
    RabbitmqPlace,
    Record,
    Requeue,
    Resume,
    SendAgain,
    SetAside,
    Wait,
    dead_letter_headers,
)

VECTORS = Path(__file__).parents[2] / "vectors"


def policy(transport: str, stated: dict[str, Any]) -> Policy:
    lists = {"backoff_ms": tuple, "handles": frozenset}
    return Policy(**{"transport": transport, "group": "group", **{key: lists.get(key, lambda value: value)(value) for key, value in stated.items()}})


def step(deliveries: Deliveries, step: dict[str, Any]) -> list[Action]:
    now = step["at"]
    match step:
        case {"receive": delivery}:
            return deliveries.receive(now, Delivery(**delivery))
        case {"ended": id, "outcome": outcome}:
            return deliveries.ended(now, id, outcome)
        case {"sent": id}:
            return deliveries.sent(now, id)
        case {"unsent": id}:
            return deliveries.unsent(now, id)
        case {"revoke": partitions}:
            return deliveries.revoke(now, partitions)
        case {"lose": True}:
            return deliveries.lose(now)
        case {"stop": deadline}:
            return deliveries.stop(now, deadline)
        case _:
            return deliveries.advance(now)


def written(action: Action) -> dict[str, Any]:
    match action:
        case Handle(id, attempt):
            return {"handle": id, "attempt": attempt}
        case Cancel(id):
            return {"cancel": id}
        case Wait(id, until):
            return {"wait": id, "until": until}
        case SendAgain(id, attempt, wait_ms):
            return {"send_again": id, "attempt": attempt, "wait_ms": wait_ms}
        case SetAside(id, retries):
            return {"set_aside": id, "retries": retries}
        case Commit(partition, offset):
            return {"commit": offset, "partition": partition}
        case Acknowledge(id):
            return {"acknowledge": id}
        case Requeue(id):
            return {"requeue": id}
        case Pause(partition):
            return {"pause": partition}
        case Resume(partition):
            return {"resume": partition}
        case Drop(id):
            return {"drop": id}
        case Close():
            return {"close": True}


class Vectors(unittest.TestCase):
    def test_deliveries(self) -> None:
        for transport in ("kafka", "rabbitmq"):
            for vector in json.loads((VECTORS / f"{transport}.json").read_text()):
                with self.subTest(transport=transport, vector=vector["name"]):
                    deliveries = Deliveries(policy(transport, vector.get("policy", {})))
                    for number, one in enumerate(vector["steps"]):
                        did = [written(action) for action in step(deliveries, one)]
                        self.assertEqual(did, one["then"], f"step {number}")
                    released = deliveries.released()
                    self.assertEqual(len(released), len(set(released)), "each event ends once")
                    came = sum("receive" in one for one in vector["steps"])
                    self.assertEqual(len(released) + deliveries.in_flight, came, "an event ended, or is held")
                    self.assertEqual(dict(deliveries.counts), vector["counts"])
                    self.assertEqual(sorted(deliveries.problems), vector.get("problems", []))


    def test_dead_letters(self) -> None:
        for vector in json.loads((VECTORS / "dead_letters.json").read_text()):
            with self.subTest(vector=vector["name"]):
                place = vector["place"]
                record = Record(
                    place=KafkaPlace(**place) if "offset" in place else RabbitmqPlace(**place),
                    failure=Failure(**{name: text(value) for name, value in vector["failure"].items()}),
                    **{name: vector[name] for name in ("retries", "failed_at", "group", "instance")},
                ).to_json(vector.get("secrets", []))
                self.assertLessEqual(len(record.encode()), 48 * 1024)
                expected = {name: text(value) for name, value in vector["record"].items()}
                self.assertEqual(record, json.dumps(expected, ensure_ascii=False, separators=(",", ":")))
                headers = [(name, value.encode()) for name, value in vector.get("headers", [])]
                kept = [(name, value.encode()) for name, value in vector.get("kept", [])]
                self.assertEqual(dead_letter_headers(headers, record), [*kept, (DEAD_LETTER, record.encode())])


def text(value: Any) -> Any:
    """Returns what a vector states; long texts are stated by what they repeat."""
    if isinstance(value, dict):
        return value["repeat"] * value["times"] + value.get("then", "")
    return value


if __name__ == "__main__":
    unittest.main()
