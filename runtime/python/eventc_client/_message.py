"""Events as brokers carry them."""

from __future__ import annotations

from dataclasses import dataclass

from ._dead_letter import KafkaPlace, RabbitmqPlace

__all__ = ["Message", "Received"]


@dataclass(frozen=True, kw_only=True)
class Message:
    """What is sent: the bytes of an event, and what stands beside them."""

    value: bytes
    key: bytes | None = None
    """The partition key (Kafka)."""
    headers: tuple[tuple[str, bytes], ...] = ()
    priority: int | None = None
    """From 0, the lowest (RabbitMQ)."""

    def header(self, name: str) -> str | None:
        """Returns the last header of a name, as text; ``None`` where there is none or it is no UTF-8."""
        found = [value for other, value in self.headers if other == name]
        try:
            return found[-1].decode() if found else None
        except UnicodeDecodeError:
            return None


@dataclass(frozen=True, kw_only=True)
class Received:
    """What was read, and where."""

    id: str
    """A name that no other delivery of this consumer has."""
    message: Message
    place: KafkaPlace | RabbitmqPlace
