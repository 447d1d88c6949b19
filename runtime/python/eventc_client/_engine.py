"""A consumer at work: what the machine of deliveries says is done here, over any source of events."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, Protocol, get_args

from ._clock import Clock, Timer, rfc3339
from ._dead_letter import ATTEMPT, REDRIVE, Failure, KafkaPlace, Record, dead_letter_headers
from ._delivery import (
    Acknowledge,
    Action,
    Cancel,
    Close,
    Commit,
    Deliveries,
    Delivery,
    Drop,
    Handle,
    Outcome,
    Pause,
    Policy,
    Problem,
    Requeue,
    Resume,
    SendAgain,
    SetAside,
    Wait,
)
from ._message import Message, Received

__all__ = ["Engine", "Reading", "Reject", "Source"]


RECOMMIT_MS = 1_000
"""After so long a commit that failed is tried again."""

_OUTCOMES = get_args(Outcome)
_ONE_OF = ", ".join(_OUTCOMES)


class Reject(Exception):
    """Raised by a handler: the event will never go well, so that it is set aside without another attempt."""


class Source(Protocol):
    """What a consumer reads from: a group's part of a topic, or a queue. An adapter calls :meth:`Engine.receive` and its like."""

    async def commit(self, partition: int, offset: int) -> None:
        """Says where the group reads on (Kafka)."""

    async def acknowledge(self, id: str) -> None:
        """Says that an event is done with (RabbitMQ)."""

    async def requeue(self, id: str) -> None:
        """Gives an event back (RabbitMQ)."""

    async def pause(self, partition: int) -> None:
        """Reads no more of a partition (Kafka)."""

    async def resume(self, partition: int) -> None:
        """Reads on (Kafka)."""

    async def send_again(self, id: str, message: Message, wait_ms: int) -> None:
        """Sends an event that was received into the queue from which it comes back; returns when the broker has it (RabbitMQ)."""

    async def set_aside(self, message: Message) -> None:
        """Sends a dead letter; returns when the broker has it."""

    async def close(self) -> None:
        """Leaves the group, or closes the channel."""


@dataclass(frozen=True)
class Reading:
    """What the bytes of an event are."""

    event: Any
    type: str | None
    """The topic that the envelope names."""
    failure: Failure | None = None
    """Why they are no event."""
    secrets: tuple[str, ...] = ()
    """The values of sensitive fields."""


@dataclass
class _Held:
    received: Received
    reading: Reading
    task: asyncio.Task[None] | None = None
    failure: Failure | None = None


class Engine:
    """One consumer: its deliveries, and the handlers that run."""

    def __init__(
        self,
        policy: Policy,
        read: Callable[[Received], Reading],
        handle: Callable[[Received, Reading, int], Awaitable[Outcome]],
        clock: Clock,
        instance: str,
    ) -> None:
        self._policy = policy
        self._source: Source | None = None
        self._read = read
        self._handle = handle
        self._clock = clock
        self._instance = instance
        self._deliveries = Deliveries(policy)
        self._held: dict[str, _Held] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._timer: Timer | None = None
        self._told: asyncio.Queue[Action] = asyncio.Queue()
        self._committed: dict[int, int] = {}
        self._untold: Exception | None = None
        self._paused: set[int] = set()
        self._teller: asyncio.Task[None] | None = None
        self._closed = asyncio.Event()
        self._steps = 0

    @property
    def counts(self) -> dict[str, int]:
        """What was counted; see docs/delivery.md."""
        return dict(self._deliveries.counts)

    @property
    def problems(self) -> set[Problem | Literal["untold"]]:
        """What a person should look at; ``untold`` while the broker cannot be told what was done."""
        return {*self._deliveries.problems, *(() if self._untold is None else ("untold",))}

    @property
    def steps(self) -> int:
        """How often anything happened; it tells whether something still does."""
        return self._steps

    def wants(self, partition: int) -> bool:
        """Returns whether more of a partition should be received; what a client has read ahead waits until it is."""
        return partition not in self._paused

    @property
    def busy(self) -> bool:
        """Whether anything goes on but waiting for a time."""
        return bool(self._tasks) or not self._told.empty()

    def attach(self, source: Source) -> None:
        """States what is read; before anything is received."""
        self._source = source

    @property
    def _reads(self) -> Source:
        if self._source is None:
            raise AssertionError("an engine is attached to its source before it receives anything")
        return self._source

    def receive(self, received: Received) -> None:
        """Takes an event over."""
        try:
            reading = self._read(received)
        except Exception as error:
            reading = Reading(None, None, _failure(error))
        self._held[received.id] = _Held(received, reading)
        self._do(self._deliveries.receive(self._clock.now(), _delivery(received, reading)))

    def revoke(self, partitions: Iterable[int]) -> None:
        """Takes that partitions are somebody else's now."""
        gone = list(partitions)
        self._paused.difference_update(gone)
        for partition in gone:
            self._committed.pop(partition, None)
        self._do(self._deliveries.revoke(self._clock.now(), gone))

    def lose(self) -> None:
        """Takes that the connection is gone."""
        self._do(self._deliveries.lose(self._clock.now()))

    async def stop(self, deadline_ms: int) -> None:
        """Shuts down: what runs may end until the deadline. Returns when the source is closed."""
        self._do(self._deliveries.stop(self._clock.now(), deadline_ms))
        if self._source is not None:
            await self._closed.wait()

    def _do(self, actions: list[Action]) -> None:
        self._steps += 1
        for action in actions:
            match action:
                case Handle(id, attempt):
                    held = self._held[id]
                    held.task = self._start(self._run(held, attempt))
                case Cancel(id):
                    if (task := self._held[id].task) is not None:
                        task.cancel()
                case SendAgain() | SetAside():
                    self._start(self._send(self._held[action.id], action))
                case Wait() | Drop():
                    pass
                case Pause(partition):
                    self._paused.add(partition)
                    self._tell(action)
                case Resume(partition):
                    self._paused.discard(partition)
                    self._tell(action)
                case _:
                    self._tell(action)
        for id in self._deliveries.released():
            del self._held[id]
        self._set_timer()

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        wake = self._deliveries.wake
        self._timer = None if wake is None else self._clock.at(wake, self._advance)

    def _advance(self) -> None:
        self._timer = None
        self._do(self._deliveries.advance(self._clock.now()))

    async def _run(self, held: _Held, attempt: int) -> None:
        try:
            outcome = await self._handle(held.received, held.reading, attempt)
            if outcome not in _OUTCOMES:
                held.failure = Failure("UnknownOutcome", f"the handler returned {type(outcome).__name__}; it returns {_ONE_OF}")
                outcome = "failed"
        except Reject as error:
            outcome, held.failure = "rejected", _failure(error)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            outcome, held.failure = "failed", _failure(error)
        self._do(self._deliveries.ended(self._clock.now(), held.received.id, outcome))

    async def _send(self, held: _Held, action: SendAgain | SetAside) -> None:
        try:
            match action:
                case SendAgain(_, attempt, wait_ms):
                    await self._reads.send_again(action.id, _with_attempt(held.received.message, attempt), wait_ms)
                case SetAside(_, retries):
                    await self._reads.set_aside(self._dead_letter(held, retries))
        except Exception:
            # Whatever kept it from being sent: nothing is acknowledged, and it is sent again.
            self._do(self._deliveries.unsent(self._clock.now(), action.id))
        else:
            self._do(self._deliveries.sent(self._clock.now(), action.id))

    def _dead_letter(self, held: _Held, retries: int) -> Message:
        message = held.received.message
        record = Record(
            place=held.received.place,
            failure=held.reading.failure or held.failure or Failure("Error", "nobody said why"),
            retries=retries,
            failed_at=rfc3339(self._clock.utc()),
            group=self._policy.group,
            instance=self._instance,
        )
        headers = dead_letter_headers(message.headers, record.to_json(held.reading.secrets))
        return Message(value=message.value, key=message.key, headers=tuple(headers), priority=message.priority)

    def _tell(self, action: Action) -> None:
        """Has the source told, one thing after the other."""
        self._told.put_nowait(action)
        if self._teller is None or self._teller.done():
            self._teller = self._start(self._tell_all())

    async def _tell_all(self) -> None:
        while not self._told.empty():
            action = self._told.get_nowait()
            try:
                await self._tell_one(action)
                self._untold = None
            except Exception as error:
                self._untold = error
                if isinstance(action, Commit):
                    self._clock.at(self._clock.now() + RECOMMIT_MS, partial(self._tell, action))
            finally:
                self._steps += 1
                if isinstance(action, Close):
                    self._closed.set()

    async def _tell_one(self, action: Action) -> None:
        match action:
            case Commit(partition, offset):
                # One that was put off may have been overtaken.
                if offset > self._committed.get(partition, -1):
                    await self._reads.commit(partition, offset)
                    self._committed[partition] = offset
            case Acknowledge(id):
                await self._reads.acknowledge(id)
            case Requeue(id):
                await self._reads.requeue(id)
            case Pause(partition):
                await self._reads.pause(partition)
            case Resume(partition):
                await self._reads.resume(partition)
            case Close():
                await self._reads.close()
            case _:
                raise AssertionError(f"nobody is told of {action}")


def _delivery(received: Received, reading: Reading) -> Delivery:
    place, message = received.place, received.message
    partition, offset = (place.partition, place.offset) if isinstance(place, KafkaPlace) else (0, 0)
    attempt = message.header(ATTEMPT)
    return Delivery(
        id=received.id,
        partition=partition,
        offset=offset,
        key=None if message.key is None else message.key.hex(),
        type=reading.type,
        attempt=max(int(attempt), 1) if attempt is not None and attempt.isascii() and attempt.isdecimal() else 1,
        redrive=message.header(REDRIVE),
        decodable=reading.failure is None,
    )


def _with_attempt(message: Message, attempt: int) -> Message:
    kept = tuple((name, value) for name, value in message.headers if name != ATTEMPT)
    headers = (*kept, (ATTEMPT, str(attempt).encode()))
    return Message(value=message.value, key=message.key, headers=headers, priority=message.priority)


def _failure(error: BaseException) -> Failure:
    try:
        return Failure(type(error).__name__, str(error), "".join(traceback.format_exception(error)))
    except Exception:
        return Failure(type(error).__name__, "the error cannot be told")
