"""What becomes of events that were received: the policy of docs/delivery.md, as a machine without a clock, a broker or a thread.

An engine tells the machine what happened and does what it answers; between two calls it may wait until :attr:`Deliveries.wake`. All
times are milliseconds from any one moment on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Literal, TypeAlias

__all__ = [
    "Acknowledge",
    "Action",
    "Cancel",
    "Close",
    "Commit",
    "Deliveries",
    "Delivery",
    "Drop",
    "Handle",
    "Outcome",
    "Pause",
    "Policy",
    "Problem",
    "Requeue",
    "Resume",
    "SendAgain",
    "SetAside",
    "Wait",
]

Outcome: TypeAlias = Literal["done", "duplicate", "failed", "rejected"]
"""What a handler made of an event: ``failed`` may go well another time, ``rejected`` will not."""

Problem: TypeAlias = Literal["late", "stuck", "unsent"]
"""What a person should look at: a handler that outlived its time; an event that has no way on; a broker that takes no event."""

FIRST_REST_MS = 1_000
MAX_REST_MS = 30_000


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What contract and service say of a consumer."""

    transport: Literal["kafka", "rabbitmq"]
    group: str
    """The consumer group or queue."""
    retries: int = 3
    backoff_ms: tuple[int, ...] = (1_000, 2_000, 4_000)
    """The waits before each retry; the last one holds for all further ones."""
    dead_letters: bool = True
    """Whether the contract says where an event goes that cannot be handled."""
    order: Literal["none", "key"] = "none"
    """Whether a queue of RabbitMQ keeps the order of its events. A partition of Kafka always does."""
    concurrency: int = 1
    """How many events of a partition or queue are handled at once; of a partition, only events with different keys."""
    bound: int = 100
    """How many events of Kafka are held at once, before partitions are paused."""
    timeout_ms: int | None = None
    handles: frozenset[str] | None = None
    """The types that the service has handlers for; ``None`` for all."""

    def __post_init__(self) -> None:
        if self.transport not in ("kafka", "rabbitmq"):
            raise ValueError(f"a transport is kafka or rabbitmq, not {self.transport}")
        if self.order not in ("none", "key"):
            raise ValueError(f"an order is none or key, not {self.order}")
        least = {"concurrency": 1, "bound": 1, "retries": 0}
        for name, value in least.items():
            if getattr(self, name) < value:
                raise ValueError(f"{name} is at least {value}")
        if min(self.backoff_ms, default=0) < 0 or (self.timeout_ms is not None and self.timeout_ms < 0):
            raise ValueError("a time is not negative")

    def backoff(self, attempt: int) -> int:
        """Returns the wait after an attempt that failed."""
        waits = self.backoff_ms or (1_000,)
        return waits[min(attempt, len(waits)) - 1]

    @property
    def holds(self) -> bool:
        """Whether an event waits for its retry where it is, and all behind it wait too."""
        return self.transport == "kafka" or self.order == "key"


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """An event as a broker hands it over."""

    id: str
    """A name for it that no other delivery of this consumer has."""
    partition: int = 0
    offset: int = 0
    key: str | None = None
    type: str | None = None
    attempt: int = 1
    """From the header ``eventc-attempt``; 1 without it."""
    redrive: str | None = None
    """The group that the event was sent back for, from the header ``eventc-redrive``."""
    decodable: bool = True


@dataclass(frozen=True)
class Handle:
    """Call the handler."""

    id: str
    attempt: int


@dataclass(frozen=True)
class Cancel:
    """Tell the handler to stop; what it returns later counts only for an event that is late."""

    id: str


@dataclass(frozen=True)
class Wait:
    """The event waits for its next attempt, or for being sent, until then."""

    id: str
    until: int


@dataclass(frozen=True)
class SendAgain:
    """Send the event into the queue from which it comes back after a wait, as that attempt."""

    id: str
    attempt: int
    wait_ms: int


@dataclass(frozen=True)
class SetAside:
    """Send the event to where dead letters go, with its record."""

    id: str
    retries: int
    """How often it was tried again."""


@dataclass(frozen=True)
class Commit:
    """Commit the offset of the next event to read (Kafka)."""

    partition: int
    offset: int


@dataclass(frozen=True)
class Acknowledge:
    """Acknowledge the event (RabbitMQ)."""

    id: str


@dataclass(frozen=True)
class Requeue:
    """Give the event back to its queue (RabbitMQ)."""

    id: str


@dataclass(frozen=True)
class Pause:
    """Read no more of a partition (Kafka)."""

    partition: int


@dataclass(frozen=True)
class Resume:
    """Read on in a partition (Kafka)."""

    partition: int


@dataclass(frozen=True)
class Drop:
    """Forget the event; it is handled again elsewhere, from its first attempt on."""

    id: str


@dataclass(frozen=True)
class Close:
    """Everything is done that will be: leave the group, or close the channel."""


Action: TypeAlias = Handle | Cancel | Wait | SendAgain | SetAside | Commit | Acknowledge | Requeue | Pause | Resume | Drop | Close


class _State(Enum):
    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"
    SENDING = "sending"
    RESTING = "resting"
    STUCK = "stuck"


@dataclass
class _Entry:
    delivery: Delivery
    attempt: int
    state: _State = _State.QUEUED
    held: bool = False
    """Whether nothing behind it may begin."""
    late: bool = False
    due: int | None = None
    rest: int = FIRST_REST_MS
    aside: bool = False
    """Whether what is sent is a dead letter."""


class _Lane:
    """A partition, or a queue."""

    def __init__(self) -> None:
        self.entries: list[_Entry] = []
        """Those that are held, in the order in which they came."""
        self.read: list[tuple[str, int]] = []
        """What was read and not yet committed."""
        self.finished: set[str] = set()
        self.paused = False

    def finish(self, entry: _Entry) -> int | None:
        """Takes an event out, and returns the offset that may be committed by now."""
        self.entries.remove(entry)
        self.finished.add(entry.delivery.id)
        passed = None
        while self.read and self.read[0][0] in self.finished:
            done, offset = self.read.pop(0)
            self.finished.remove(done)
            passed = offset + 1
        return passed


class Deliveries:
    """The deliveries of one consumer, from their arrival to their end."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._lanes: dict[int, _Lane] = {}
        self._actions: list[Action] = []
        self._released: list[str] = []
        self._stopping: int | None = None
        self._closed = False
        self.counts: Counter[str] = Counter()

    @property
    def wake(self) -> int | None:
        """The time at which :meth:`advance` has something to do."""
        due = [entry.due for entry in self._entries() if entry.due is not None]
        if self._stopping is not None and not self._closed:
            due.append(self._stopping)
        return min(due, default=None)

    @property
    def in_flight(self) -> int:
        """How many events are held."""
        return sum(len(lane.entries) for lane in self._lanes.values())

    @property
    def problems(self) -> set[Problem]:
        """What a person should look at; empty while all is well."""
        found: set[Problem] = set()
        for entry in self._entries():
            if entry.late:
                found.add("late")
            if entry.state is _State.STUCK or (not self._policy.dead_letters and entry.attempt > self._policy.retries + 1):
                found.add("stuck")
            if entry.state is _State.RESTING:
                found.add("unsent")
        return found

    def released(self) -> list[str]:
        """Returns the events that ended since this was asked last, however they did; nothing more is said of them."""
        released, self._released = self._released, []
        return released

    def receive(self, now: int, delivery: Delivery) -> list[Action]:
        """Takes an event over from the broker."""
        if self._closed:
            self._released.append(delivery.id)
            return []
        self.counts["received"] += 1
        if self._stopping is not None:
            self._released.append(delivery.id)
            if self._policy.transport == "rabbitmq":
                self._actions.append(Requeue(delivery.id))
            return self._said(now)
        lane = self._lanes.setdefault(delivery.partition, _Lane())
        lane.entries.append(_Entry(delivery, delivery.attempt))
        lane.read.append((delivery.id, delivery.offset))
        return self._said(now)

    def ended(self, now: int, id: str, outcome: Outcome) -> list[Action]:
        """Takes what a handler made of an event."""
        if (found := self._find(id, _State.RUNNING)) is None:
            return []
        lane, entry = found
        entry.late, entry.due = False, None
        match outcome:
            case "done":
                self._finish(lane, entry, "handled")
            case "duplicate":
                self._finish(lane, entry, "duplicates")
            case "rejected":
                self.counts["rejected"] += 1
                self._set_aside(now, entry)
            case "failed":
                self.counts["failed"] += 1
                self._fail(now, lane, entry)
        return self._said(now)

    def sent(self, now: int, id: str) -> list[Action]:
        """Takes the broker's word that it has what was sent."""
        if (found := self._find(id, _State.SENDING)) is None:
            return []
        lane, entry = found
        self._finish(lane, entry, "set_aside" if entry.aside else "retried")
        return self._said(now)

    def unsent(self, now: int, id: str) -> list[Action]:
        """Takes that the broker did not take what was sent: it is sent again later, and nothing is acknowledged before."""
        if (found := self._find(id, _State.SENDING)) is None:
            return []
        lane, entry = found
        self.counts["unsent"] += 1
        if self._stopping is not None:
            self._give_back(lane, entry)
        else:
            self._wait(entry, _State.RESTING, now + entry.rest)
            entry.rest = min(entry.rest * 2, MAX_REST_MS)
        return self._said(now)

    def revoke(self, now: int, partitions: Iterable[int]) -> list[Action]:
        """Takes that partitions are somebody else's now: what is not finished is dropped, and nothing of it committed."""
        self._let_go(partitions)
        return self._said(now)

    def lose(self, now: int) -> list[Action]:
        """Takes that the connection is gone: the broker delivers again what was not acknowledged."""
        self._let_go(sorted(self._lanes))
        return self._said(now)

    def stop(self, now: int, deadline_ms: int) -> list[Action]:
        """Begins to shut down: what runs may end, until the deadline; nothing begins."""
        if self._stopping is None:
            self._stopping = now + deadline_ms
            for lane in self._lanes.values():
                for entry in list(lane.entries):
                    if entry.state not in (_State.RUNNING, _State.SENDING):
                        self._give_back(lane, entry)
        return self._said(now)

    def advance(self, now: int) -> list[Action]:
        """Does what is due."""
        due = [entry for entry in self._entries() if entry.due is not None and entry.due <= now]
        for entry in sorted(due, key=lambda entry: entry.due or 0):
            self._due(now, entry)
        if self._stopping is not None and self._stopping <= now and not self._closed:
            self._let_go(sorted(self._lanes))
        return self._said(now)

    def _due(self, now: int, entry: _Entry) -> None:
        entry.due = None
        match entry.state:
            case _State.RUNNING:
                entry.late = entry.held = True
                self.counts["late"] += 1
                self._actions.append(Cancel(entry.delivery.id))
            case _State.WAITING:
                self._run(now, entry)
            case _State.RESTING:
                self._send(entry)
            case _:
                raise AssertionError(f"nothing is due for an event that is {entry.state.value}")

    def _fail(self, now: int, lane: _Lane, entry: _Entry) -> None:
        policy = self._policy
        # Without a place for dead letters, the only way on is another attempt.
        if entry.attempt > policy.retries and policy.dead_letters:
            self._set_aside(now, entry)
            return
        wait = policy.backoff(entry.attempt)
        entry.attempt += 1
        if not policy.holds:
            entry.aside = False
            self._send(entry)
        elif self._stopping is not None:
            self._give_back(lane, entry)
        else:
            self.counts["retried"] += 1
            self._wait(entry, _State.WAITING, now + wait)

    def _set_aside(self, now: int, entry: _Entry) -> None:
        entry.held = True
        if not self._policy.dead_letters:
            entry.state = _State.STUCK
            return
        entry.aside = True
        self._send(entry)

    def _send(self, entry: _Entry) -> None:
        entry.state = _State.SENDING
        id, attempt = entry.delivery.id, entry.attempt
        if entry.aside:
            self._actions.append(SetAside(id, attempt - 1))
        else:
            self._actions.append(SendAgain(id, attempt, self._policy.backoff(attempt - 1)))

    def _wait(self, entry: _Entry, state: _State, until: int) -> None:
        entry.state, entry.due, entry.held = state, until, True
        self._actions.append(Wait(entry.delivery.id, until))

    def _run(self, now: int, entry: _Entry) -> None:
        entry.state = _State.RUNNING
        timeout = self._policy.timeout_ms
        entry.due = None if timeout is None else now + timeout
        self._actions.append(Handle(entry.delivery.id, entry.attempt))

    def _finish(self, lane: _Lane, entry: _Entry, count: str) -> None:
        self.counts[count] += 1
        self._released.append(entry.delivery.id)
        passed = lane.finish(entry)
        if self._policy.transport == "rabbitmq":
            self._actions.append(Acknowledge(entry.delivery.id))
        elif passed is not None:
            self._actions.append(Commit(entry.delivery.partition, passed))

    def _give_back(self, lane: _Lane, entry: _Entry) -> None:
        """Lets go of an event while shutting down."""
        lane.entries.remove(entry)
        self._released.append(entry.delivery.id)
        if self._policy.transport == "rabbitmq":
            self._actions.append(Requeue(entry.delivery.id))
        elif entry.state is not _State.QUEUED:
            self._forget(entry)

    def _let_go(self, partitions: Iterable[int]) -> None:
        for partition in partitions:
            for entry in self._lanes.pop(partition, _Lane()).entries:
                self._released.append(entry.delivery.id)
                self._drop(entry)

    def _drop(self, entry: _Entry) -> None:
        if entry.state is _State.RUNNING and not entry.late:
            self._actions.append(Cancel(entry.delivery.id))
        if entry.state is not _State.QUEUED:
            self._forget(entry)

    def _forget(self, entry: _Entry) -> None:
        self.counts["dropped"] += 1
        self._actions.append(Drop(entry.delivery.id))

    def _begin(self, now: int, lane: _Lane, entry: _Entry) -> None:
        delivery, handles = entry.delivery, self._policy.handles
        if delivery.redrive is not None and delivery.redrive != self._policy.group:
            self._finish(lane, entry, "elsewhere")
        elif not delivery.decodable:
            self.counts["undecodable"] += 1
            self._set_aside(now, entry)
        elif handles is not None and delivery.type not in handles:
            self._finish(lane, entry, "unhandled")
        else:
            self._run(now, entry)

    def _next(self, lane: _Lane) -> _Entry | None:
        """Returns the event that may begin, if one may."""
        policy = self._policy
        if policy.holds and any(entry.held for entry in lane.entries):
            return None
        running = [entry for entry in lane.entries if entry.state is _State.RUNNING]
        if len(running) >= (policy.concurrency if policy.transport == "kafka" or not policy.holds else 1):
            return None
        keys = {entry.delivery.key for entry in running}
        for entry in lane.entries:
            key = entry.delivery.key
            if entry.state is not _State.QUEUED or (policy.transport == "kafka" and key is not None and key in keys):
                keys.add(key)
                continue
            return entry
        return None

    def _said(self, now: int) -> list[Action]:
        """Begins what may begin, and returns everything that is to be done."""
        if self._stopping is None:
            for _, lane in sorted(self._lanes.items()):
                while (entry := self._next(lane)) is not None:
                    self._begin(now, lane, entry)
            self._read_on()
        elif not self._closed and self.in_flight == 0:
            self._closed = True
            self._actions.append(Close())
        actions, self._actions = self._actions, []
        return actions

    def _read_on(self) -> None:
        """Pauses partitions of which nothing more can be handled, and resumes the others."""
        if self._policy.transport != "kafka":
            return
        full = self.in_flight >= self._policy.bound
        for partition, lane in sorted(self._lanes.items()):
            paused = full or any(entry.held for entry in lane.entries)
            if paused != lane.paused:
                lane.paused = paused
                self._actions.append(Pause(partition) if paused else Resume(partition))

    def _entries(self) -> list[_Entry]:
        return [entry for _, lane in sorted(self._lanes.items()) for entry in lane.entries]

    def _find(self, id: str, state: _State) -> tuple[_Lane, _Entry] | None:
        for lane in self._lanes.values():
            for entry in lane.entries:
                if entry.delivery.id == id and entry.state is state:
                    return lane, entry
        return None
