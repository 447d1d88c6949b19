"""Dead letters: the event as it was, with a record of what happened in a header."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["ATTEMPT", "DEAD_LETTER", "Failure", "KafkaPlace", "REDRIVE", "RabbitmqPlace", "Record", "dead_letter_headers"]

ATTEMPT = "eventc-attempt"
"""The attempt that an event is at, on its way through a queue of waiting; decimal."""
DEAD_LETTER = "eventc-dead-letter"
"""The record of a dead letter; JSON."""
REDRIVE = "eventc-redrive"
"""The group that an event was sent back for."""

MAX_RECORD_BYTES = 48 * 1024
MAX_TYPE = 200
MAX_MESSAGE = 4_000
REDACTED = "[redacted]"

Headers: TypeAlias = Sequence[tuple[str, bytes]]


@dataclass(frozen=True)
class KafkaPlace:
    """Where an event was read from."""

    topic: str
    partition: int
    offset: int

    def members(self) -> dict[str, str | int]:
        return {"original_topic": self.topic, "original_partition": self.partition, "original_offset": self.offset}


@dataclass(frozen=True)
class RabbitmqPlace:
    """Where an event was read from. The topic is what its contract calls it."""

    topic: str
    exchange: str
    routing_key: str
    queue: str

    def members(self) -> dict[str, str | int]:
        return {
            "original_topic": self.topic,
            "original_exchange": self.exchange,
            "original_routing_key": self.routing_key,
            "original_queue": self.queue,
        }


@dataclass(frozen=True)
class Failure:
    """The error of the last attempt."""

    type: str
    message: str
    stack_trace: str | None = None


@dataclass(frozen=True, kw_only=True)
class Record:
    """What happened to an event that a consumer gave up on."""

    place: KafkaPlace | RabbitmqPlace
    failure: Failure
    retries: int
    failed_at: str
    """RFC 3339."""
    group: str
    instance: str

    def to_json(self, secrets: Iterable[str] = ()) -> str:
        """Returns the record, of at most 48 KiB: the rest of a longer stack trace is left out.

        ``secrets`` are the values of sensitive fields; the error does not tell them.
        """
        hidden = _Redaction(secrets)
        type = _cut(self.failure.type, MAX_TYPE) or "Error"
        message = _cut(hidden.of(self.failure.message), MAX_MESSAGE) or type
        trace = None if self.failure.stack_trace is None else hidden.of(self.failure.stack_trace)

        def written(trace: str | None) -> str:
            members = {
                **self.place.members(),
                "error_type": type,
                "error_message": message,
                "error_stack_trace": trace,
                "retry_count": self.retries,
                "failed_at": self.failed_at,
                "consumer_group": self.group,
                "consumer_instance": self.instance,
            }
            return json.dumps(members, ensure_ascii=False, separators=(",", ":"))

        def fits(length: int) -> bool:
            return len(written(_cut(trace or "", length)).encode("utf-8", "replace")) <= MAX_RECORD_BYTES

        if trace is None or fits(len(trace)):
            return written(trace)
        low, high = 0, len(trace)
        while low + 1 < high:
            middle = (low + high) // 2
            low, high = (middle, high) if fits(middle) else (low, middle)
        return written(_cut(trace, low))


def dead_letter_headers(headers: Headers, record: str) -> list[tuple[str, bytes]]:
    """Returns the headers of an event's dead letter: its own, without what earlier attempts left there, and the record."""
    kept = [(name, value) for name, value in headers if name not in (ATTEMPT, DEAD_LETTER)]
    return [*kept, (DEAD_LETTER, record.encode("utf-8", "replace"))]


def _cut(text: str, length: int) -> str:
    """Returns at most so many characters, the last of which says that others were left out."""
    return text if len(text) <= length else text[: max(length - 1, 0)] + "…"[: max(length, 0)]


class _Redaction:
    """Texts without the values of sensitive fields."""

    def __init__(self, secrets: Iterable[str]) -> None:
        # Of two that begin alike the longer one is meant.
        self._secrets = sorted({secret for secret in secrets if secret}, key=lambda secret: (-len(secret), secret))

    def of(self, text: str) -> str:
        if not any(secret in text for secret in self._secrets):
            return text
        parts: list[str] = []
        place = 0
        while place < len(text):
            found = next((secret for secret in self._secrets if text.startswith(secret, place)), None)
            parts.append(text[place] if found is None else REDACTED)
            place += 1 if found is None else len(found)
        return "".join(parts)
