"""A broker within the process, for the tests of services: topics with partitions, and queues. Time stands until the test moves it."""

from __future__ import annotations

import asyncio
import zlib
from collections import defaultdict
from dataclasses import dataclass, field

from ._clock import VirtualClock
from ._dead_letter import KafkaPlace, RabbitmqPlace
from ._engine import Engine
from ._message import Message, Received

__all__ = ["MemoryBus"]

IDLE_TURNS = 100
"""So many turns of the loop in which nothing happens are taken for a handler that waits for something else."""


@dataclass
class _Broker:
    """What everything on a bus shares."""

    clock: VirtualClock
    engines: list[Engine] = field(default_factory=list[Engine])
    aside: defaultdict[str, list[Message]] = field(default_factory=lambda: defaultdict[str, list[Message]](list))
    refuses: str | None = None
    count: int = 0

    def may_send(self) -> None:
        if self.refuses is not None:
            raise ConnectionError(self.refuses)

    def set_aside(self, name: str | None, message: Message) -> None:
        self.may_send()
        if name is None:
            raise ConnectionError("there is no place for dead letters")
        self.aside[name].append(message)

    def number(self) -> int:
        self.count += 1
        return self.count


class _Log:
    """A topic of Kafka."""

    def __init__(self, broker: _Broker, name: str, partitions: int) -> None:
        self.broker = broker
        self.name = name
        self.partitions: list[list[Message]] = [[] for _ in range(partitions)]
        self.groups: dict[str, _Group] = {}

    def append(self, message: Message) -> None:
        chosen = self.broker.number() if message.key is None else zlib.crc32(message.key)
        self.partitions[chosen % len(self.partitions)].append(message)
        for group in self.groups.values():
            group.deliver()

    def group(self, name: str) -> _Group:
        return self.groups.setdefault(name, _Group(self))


class _Group:
    """A consumer group of a topic."""

    def __init__(self, log: _Log) -> None:
        self.log = log
        self.committed: dict[int, int] = {}
        self.members: list[_Member] = []
        self.generation = 0

    @property
    def lag(self) -> int:
        return sum(len(read) - self.committed.get(partition, 0) for partition, read in enumerate(self.log.partitions))

    def share(self) -> None:
        """Shares the partitions among members; what moves is revoked first."""
        self.generation += 1
        count = len(self.members)
        shares = [set(range(number, len(self.log.partitions), count)) for number in range(count)]
        for member, share in zip(self.members, shares, strict=True):
            member.give_up(sorted(set(member.position) - share))
        for member, share in zip(self.members, shares, strict=True):
            for partition in share - set(member.position):
                member.position[partition] = self.committed.get(partition, 0)
        self.deliver()

    def deliver(self) -> None:
        for member in list(self.members):
            member.read_on()


class _Member:
    """A consumer of a group; a source of events."""

    def __init__(self, group: _Group, dead_letters: str | None, engine: Engine) -> None:
        self.group = group
        self.dead_letters = dead_letters
        self.engine = engine
        self.position: dict[int, int] = {}
        """The next offset to read of each partition that is this member's."""
        group.members.append(self)

    def give_up(self, partitions: list[int]) -> None:
        for partition in partitions:
            del self.position[partition]
        if partitions:
            self.engine.revoke(partitions)

    def read_on(self) -> None:
        for partition in sorted(self.position):
            log = self.group.log.partitions[partition]
            while self.engine.wants(partition) and (offset := self.position.get(partition, len(log))) < len(log):
                self.position[partition] = offset + 1
                place = KafkaPlace(self.group.log.name, partition, offset)
                self.engine.receive(Received(id=f"{self.group.generation}/{partition}/{offset}", message=log[offset], place=place))

    async def commit(self, partition: int, offset: int) -> None:
        if partition in self.position:
            self.group.committed[partition] = offset

    async def acknowledge(self, id: str) -> None:
        raise AssertionError("a topic is committed")

    async def requeue(self, id: str) -> None:
        raise AssertionError("a topic is committed")

    async def pause(self, partition: int) -> None:
        """Nothing is read ahead here."""

    async def resume(self, partition: int) -> None:
        self.read_on()

    async def send_again(self, id: str, message: Message, wait_ms: int) -> None:
        raise AssertionError("an event of a topic waits where it is")

    async def set_aside(self, message: Message) -> None:
        self.group.log.broker.set_aside(self.dead_letters, message)

    async def close(self) -> None:
        self.position.clear()
        self.group.members.remove(self)
        if self.group.members:
            self.group.share()


class _Queue:
    """A queue of RabbitMQ."""

    def __init__(self, broker: _Broker, name: str) -> None:
        self.broker = broker
        self.name = name
        self.ready: list[Received] = []
        self.readers: list[_Reader] = []
        self.turn = 0

    def put(self, message: Message, place: RabbitmqPlace) -> None:
        self.ready.append(Received(id=str(self.broker.number()), message=message, place=place))
        self.deliver()

    def deliver(self) -> None:
        while self.ready and (free := [reader for reader in self.readers if len(reader.taken) < reader.prefetch]):
            self.turn += 1
            free[self.turn % len(free)].take(self.ready.pop(0))


class _Reader:
    """A consumer of a queue; a source of events."""

    def __init__(self, queue: _Queue, dead_letters: str | None, prefetch: int, engine: Engine) -> None:
        self.queue = queue
        self.dead_letters = dead_letters
        self.prefetch = prefetch
        self.engine = engine
        self.taken: dict[str, Received] = {}
        """What is not acknowledged yet."""
        queue.readers.append(self)

    def take(self, received: Received) -> None:
        self.taken[received.id] = received
        self.engine.receive(received)

    async def commit(self, partition: int, offset: int) -> None:
        raise AssertionError("a queue is acknowledged")

    async def acknowledge(self, id: str) -> None:
        self.taken.pop(id, None)
        self.queue.deliver()

    async def requeue(self, id: str) -> None:
        if (received := self.taken.pop(id, None)) is not None:
            self.queue.ready.insert(0, received)

    async def pause(self, partition: int) -> None:
        raise AssertionError("a queue has no partitions")

    async def resume(self, partition: int) -> None:
        raise AssertionError("a queue has no partitions")

    async def send_again(self, id: str, message: Message, wait_ms: int) -> None:
        broker, queue = self.queue.broker, self.queue
        broker.may_send()
        # The broker itself tells where a message was first sent to, in `x-death`.
        place = self.taken[id].place
        if not isinstance(place, RabbitmqPlace):
            raise AssertionError("what a queue has is from a queue")
        broker.clock.at(broker.clock.now() + wait_ms, lambda: queue.put(message, place))

    async def set_aside(self, message: Message) -> None:
        self.queue.broker.set_aside(self.dead_letters, message)

    async def close(self) -> None:
        self.queue.readers.remove(self)
        self.queue.ready[:0] = self.taken.values()
        self.taken.clear()
        self.queue.deliver()


class MemoryBus:
    """Every topic and queue that somebody named."""

    def __init__(self, clock: VirtualClock | None = None) -> None:
        self.clock = clock or VirtualClock()
        self._broker = _Broker(self.clock)
        self._logs: dict[str, _Log] = {}
        self._queues: dict[str, _Queue] = {}
        self._bindings: defaultdict[str, dict[str, _Queue]] = defaultdict(dict)
        self._sent: defaultdict[str, list[Message]] = defaultdict(list)

    def refuse(self, why: str | None) -> None:
        """Takes nothing more that is sent, until it is called with ``None``."""
        self._broker.refuses = why

    def log(self, topic: str, partitions: int = 1) -> None:
        """Makes a topic of Kafka, unless it is there."""
        if topic not in self._logs:
            self._logs[topic] = _Log(self._broker, topic, partitions)

    def bind(self, topic: str, queue: str) -> None:
        """Has what is sent to a topic of RabbitMQ come into a queue; makes the queue, unless it is there."""
        if queue not in self._queues:
            self._queues[queue] = _Queue(self._broker, queue)
        self._bindings[topic][queue] = self._queues[queue]

    async def publish(self, topic: str, message: Message, exchange: str = "") -> None:
        """Sends an event; returns when the bus has it. Raises :class:`ConnectionError` while it takes none, and :class:`LookupError` where
        nothing takes it."""
        self._broker.may_send()
        if topic not in self._logs and not self._bindings[topic]:
            raise LookupError(f"nothing takes what is sent to {topic}")
        self._sent[topic].append(message)
        if topic in self._logs:
            self._logs[topic].append(message)
        for name, queue in self._bindings[topic].items():
            queue.put(message, RabbitmqPlace(topic, exchange, topic, name))

    def published(self, topic: str) -> list[Message]:
        """Returns what was sent to a topic."""
        return list(self._sent[topic])

    def dead_letters(self, name: str) -> list[Message]:
        """Returns what was set aside in a topic or queue."""
        return list(self._broker.aside[name])

    def lag(self, topic: str, group: str) -> int:
        """Returns how many events of a topic a group has not committed."""
        return self._log(topic).group(group).lag

    def read_topic(self, topic: str, group: str, dead_letters: str | None, engine: Engine) -> None:
        """Has an engine read a topic as a member of a group."""
        found = self._log(topic).group(group)
        engine.attach(_Member(found, dead_letters, engine))
        self._broker.engines.append(engine)
        found.share()

    def read_queue(self, queue: str, dead_letters: str | None, prefetch: int, engine: Engine) -> None:
        """Has an engine read a queue."""
        if (found := self._queues.get(queue)) is None:
            raise LookupError(f"there is no queue {queue}; bind a topic to it first")
        engine.attach(_Reader(found, dead_letters, prefetch, engine))
        self._broker.engines.append(engine)
        found.deliver()

    async def settle(self) -> None:
        """Waits until nothing goes on any more but waiting for a time: a handler that never ends is waited for without an end."""
        while self._is_busy:
            await asyncio.sleep(0)

    async def advance(self, seconds: float) -> None:
        """Moves the time on, from one thing that is due to the next. A handler that does nothing for many turns of the loop is not waited
        for: time goes on beside it, as it does in a service."""
        end = self.clock.now() + round(seconds * 1_000)
        await self._calm_down()
        while (due := self.clock.next()) is not None and due <= end:
            self.clock.move(due)
            await self._calm_down()
        self.clock.move(end)
        await self._calm_down()

    @property
    def _is_busy(self) -> bool:
        return any(engine.busy for engine in self._broker.engines)

    async def _calm_down(self) -> None:
        steps, idle = -1, 0
        while self._is_busy and idle < IDLE_TURNS:
            await asyncio.sleep(0)
            now = sum(engine.steps for engine in self._broker.engines)
            steps, idle = now, 0 if now != steps else idle + 1

    def _log(self, topic: str) -> _Log:
        if topic not in self._logs:
            raise LookupError(f"there is no topic {topic}; make it by log() first")
        return self._logs[topic]
