"""Consumers on the bus within the process: what services see of the policy."""

from __future__ import annotations

import asyncio
import json
import unittest

from eventc_client import (
    ATTEMPT,
    DEAD_LETTER,
    Engine,
    Failure,
    MemoryBus,
    Message,
    Outcome,
    Policy,
    Reading,
    Received,
    Reject,
)


def read(received: Received) -> Reading:
    try:
        return Reading(json.loads(received.message.value), received.place.topic)
    except ValueError as error:
        return Reading(None, None, Failure("DecodeError", str(error)))


def event(value: object, key: bytes | None = None) -> Message:
    return Message(value=json.dumps(value).encode(), key=key, headers=(("traceparent", b"00-1"),))


class Log:
    """A handler that does as it is told, and tells what it was asked."""

    def __init__(self, bus: MemoryBus, **fails: int) -> None:
        self._bus = bus
        self._fails = fails
        self.calls: list[tuple[float, str, int]] = []

    async def __call__(self, received: Received, reading: Reading, attempt: int) -> Outcome:
        name = reading.event
        self.calls.append((self._bus.clock.now() / 1_000, name, attempt))
        if name == "reject":
            raise Reject("never")
        if attempt <= self._fails.get(name, 0):
            raise RuntimeError(f"{name} failed with secret")
        return "done"


class Topics(unittest.IsolatedAsyncioTestCase):
    def start(self, bus: MemoryBus, handler: Log, *, dead_letters: str | None = "orders.dlq", **policy: object) -> Engine:
        stated = Policy(transport="kafka", group="ledger", dead_letters=dead_letters is not None, **policy)  # type: ignore[arg-type]
        engine = Engine(stated, read, handler, bus.clock, "ledger-1")
        bus.read_topic("orders", "ledger", dead_letters, engine)
        return engine

    async def test_an_event_that_fails_waits_and_nothing_overtakes_it(self) -> None:
        bus = MemoryBus()
        bus.log("orders")
        handler = Log(bus, b=2)
        engine = self.start(bus, handler)
        for name in "abc":
            await bus.publish("orders", event(name))
        await bus.advance(10)
        self.assertEqual(handler.calls, [(0, "a", 1), (0, "b", 1), (1, "b", 2), (3, "b", 3), (3, "c", 1)])
        self.assertEqual(bus.lag("orders", "ledger"), 0)
        self.assertEqual(engine.counts, {"received": 3, "handled": 3, "failed": 2, "retried": 2})

    async def test_a_dead_letter_is_the_event_as_it_was_with_its_record(self) -> None:
        bus = MemoryBus()
        bus.log("orders")
        self.start(bus, Log(bus, a=9))
        sent = event("a", b"key")
        await bus.publish("orders", sent)
        await bus.advance(7)
        [letter] = bus.dead_letters("orders.dlq")
        self.assertEqual((letter.value, letter.key, letter.headers[:-1]), (sent.value, sent.key, sent.headers))
        record = json.loads(letter.header(DEAD_LETTER) or "")
        self.assertEqual((record["error_type"], record["retry_count"], record["failed_at"]), ("RuntimeError", 3, "2026-01-01T00:00:07.000Z"))
        self.assertIn("Traceback", record["error_stack_trace"])
        self.assertEqual(bus.lag("orders", "ledger"), 0)

    async def test_a_dead_letter_can_be_sent_back(self) -> None:
        bus = MemoryBus()
        bus.log("orders")
        handler = Log(bus, a=4)
        engine = self.start(bus, handler)
        await bus.publish("orders", event("a"))
        await bus.advance(7)
        handler.calls.clear()
        handler._fails.clear()
        await bus.publish("orders", bus.dead_letters("orders.dlq")[0])
        await bus.settle()
        self.assertEqual(handler.calls, [(7, "a", 1)])
        self.assertEqual(engine.counts["handled"], 1)

    async def test_what_is_no_event_is_set_aside_among_good_ones(self) -> None:
        bus = MemoryBus()
        bus.log("orders")
        handler = Log(bus)
        self.start(bus, handler)
        await bus.publish("orders", event("a"))
        await bus.publish("orders", Message(value=b"\xff{"))
        await bus.publish("orders", event("b"))
        await bus.settle()
        self.assertEqual([name for _, name, _ in handler.calls], ["a", "b"])
        [letter] = bus.dead_letters("orders.dlq")
        self.assertEqual((letter.value, json.loads(letter.header(DEAD_LETTER) or "")["retry_count"]), (b"\xff{", 0))

    async def test_nothing_is_committed_while_dead_letters_cannot_be_sent(self) -> None:
        bus = MemoryBus()
        bus.log("orders")
        engine = self.start(bus, Log(bus))
        await bus.publish("orders", event("reject"))
        bus.refuse("away")
        await bus.settle()
        await bus.advance(60)
        self.assertEqual((bus.lag("orders", "ledger"), engine.problems), (1, {"unsent"}))
        bus.refuse(None)
        await bus.advance(30)
        self.assertEqual((bus.lag("orders", "ledger"), engine.problems, len(bus.dead_letters("orders.dlq"))), (0, set(), 1))

    async def test_partitions_move_to_a_second_member_and_nothing_is_lost(self) -> None:
        bus = MemoryBus()
        bus.log("orders", partitions=4)
        first, second = Log(bus, x=1), Log(bus)
        self.start(bus, first)
        for number in range(40):
            await bus.publish("orders", event(f"e{number}", str(number).encode()))
        await bus.publish("orders", event("x", b"x"))
        await bus.settle()
        other = self.start(bus, second)
        for number in range(40, 80):
            await bus.publish("orders", event(f"e{number}", str(number).encode()))
        await bus.advance(5)
        names = {name for _, name, _ in first.calls + second.calls}
        self.assertEqual(names, {*(f"e{number}" for number in range(80)), "x"})
        self.assertTrue(second.calls)
        self.assertEqual(bus.lag("orders", "ledger"), 0)
        await other.stop(1_000)
        await bus.publish("orders", event("last", b"0"))
        await bus.settle()
        self.assertEqual((first.calls[-1][1], bus.lag("orders", "ledger")), ("last", 0))

    async def test_a_handler_that_hangs_is_cancelled_and_told(self) -> None:
        bus = MemoryBus()
        bus.log("orders")
        started, ends = asyncio.Event(), asyncio.Event()

        async def hangs(received: Received, reading: Reading, attempt: int) -> Outcome:
            started.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                await ends.wait()
            return "done"

        engine = Engine(Policy(transport="kafka", group="ledger", timeout_ms=5_000), read, hangs, bus.clock, "ledger-1")
        bus.read_topic("orders", "ledger", "orders.dlq", engine)
        await bus.publish("orders", event("a"))
        await started.wait()
        bus.clock.move(5_000)
        await asyncio.sleep(0)
        self.assertEqual((engine.problems, bus.lag("orders", "ledger"), bus.dead_letters("orders.dlq")), ({"late"}, 1, []))
        ends.set()
        await bus.settle()
        self.assertEqual((engine.problems, bus.lag("orders", "ledger")), (set(), 0))

    async def test_a_stop_lets_handlers_end(self) -> None:
        bus = MemoryBus()
        bus.log("orders")
        go = asyncio.Event()

        async def slow(received: Received, reading: Reading, attempt: int) -> Outcome:
            await go.wait()
            return "done"

        engine = Engine(Policy(transport="kafka", group="ledger"), read, slow, bus.clock, "ledger-1")
        bus.read_topic("orders", "ledger", "orders.dlq", engine)
        await bus.publish("orders", event("a"))
        await bus.publish("orders", event("b"))
        stopping = asyncio.create_task(engine.stop(10_000))
        await asyncio.sleep(0)
        go.set()
        await stopping
        self.assertEqual((engine.counts["handled"], bus.lag("orders", "ledger")), (1, 1))


    async def test_a_handler_that_says_nonsense_or_throws_anything_has_failed(self) -> None:
        class Odd(BaseException):
            pass

        class Unspeakable(Exception):
            def __str__(self) -> str:
                raise ValueError

        async def says_nothing(*_: object) -> None:
            return None

        async def throws(error: BaseException) -> None:
            raise error

        for handler in (says_nothing, lambda *_: throws(Odd()), lambda *_: throws(Unspeakable()), lambda *_: throws(GeneratorExit())):
            bus = MemoryBus()
            bus.log("orders")
            engine = self.start(bus, handler, retries=0)  # type: ignore[arg-type]
            await bus.publish("orders", event("a"))
            await bus.settle()
            self.assertEqual(engine.counts, {"received": 1, "failed": 1, "set_aside": 1})

    async def test_a_reader_that_throws_has_found_no_event(self) -> None:
        bus = MemoryBus()
        bus.log("orders")
        engine = Engine(Policy(transport="kafka", group="ledger"), lambda one: json.loads(one.message.value), Log(bus), bus.clock, "one")
        bus.read_topic("orders", "ledger", "orders.dlq", engine)
        await bus.publish("orders", Message(value=b"nope"))
        await bus.settle()
        self.assertEqual(engine.counts, {"received": 1, "undecodable": 1, "set_aside": 1})

    async def test_a_commit_that_fails_is_told_and_tried_again(self) -> None:
        bus = MemoryBus()
        bus.log("orders")
        engine = self.start(bus, Log(bus))
        source, away = engine._reads, True
        commit = source.commit

        async def fails(partition: int, offset: int) -> None:
            if away:
                raise ConnectionError("away")
            await commit(partition, offset)

        source.commit = fails  # type: ignore[method-assign]
        await bus.publish("orders", event("a"))
        await bus.settle()
        self.assertEqual((engine.problems, bus.lag("orders", "ledger")), ({"untold"}, 1))
        away = False
        await bus.advance(1)
        self.assertEqual((engine.problems, bus.lag("orders", "ledger")), (set(), 0))

    async def test_a_backlog_is_read_within_the_bound(self) -> None:
        bus = MemoryBus()
        bus.log("orders")
        held: list[int] = []

        async def handle(received: Received, reading: Reading, attempt: int) -> Outcome:
            held.append(engine._deliveries.in_flight)
            return "done"

        for number in range(2_000):
            await bus.publish("orders", event(number))
        engine = Engine(Policy(transport="kafka", group="ledger"), read, handle, bus.clock, "one")
        bus.read_topic("orders", "ledger", None, engine)
        await bus.settle()
        self.assertEqual((engine.counts["handled"], max(held), bus.lag("orders", "ledger")), (2_000, 100, 0))

    async def test_time_goes_on_beside_a_handler_that_hangs(self) -> None:
        bus = MemoryBus()
        bus.log("orders")

        async def hangs(received: Received, reading: Reading, attempt: int) -> Outcome:
            await asyncio.Event().wait()
            return "done"

        engine = self.start(bus, hangs, timeout_ms=1_000, retries=0)  # type: ignore[arg-type]
        await bus.publish("orders", event("a"))
        await bus.advance(5)
        self.assertEqual(engine.counts, {"received": 1, "late": 1, "failed": 1, "set_aside": 1})

    def test_a_policy_that_makes_no_sense_is_refused(self) -> None:
        for wrong in ({"transport": "kafak"}, {"concurrency": 0}, {"retries": -1}, {"bound": 0}, {"backoff_ms": (-1,)}, {"order": "any"}):
            with self.assertRaises(ValueError):
                Policy(**{"transport": "kafka", "group": "ledger", **wrong})  # type: ignore[arg-type]

    async def test_what_is_not_there_cannot_be_read(self) -> None:
        bus = MemoryBus()
        engine = Engine(Policy(transport="kafka", group="ledger"), read, Log(bus), bus.clock, "one")
        with self.assertRaises(LookupError):
            bus.read_topic("orders", "ledger", None, engine)
        await engine.stop(1_000)


class Queues(unittest.IsolatedAsyncioTestCase):
    def start(self, bus: MemoryBus, handler: Log, **policy: object) -> Engine:
        engine = Engine(Policy(transport="rabbitmq", group="agent.events", **policy), read, handler, bus.clock, "one")  # type: ignore[arg-type]
        bus.read_queue("agent.events", "agent.events.dlq", 10, engine)
        return engine

    async def test_an_event_that_fails_is_overtaken_and_comes_back(self) -> None:
        bus = MemoryBus()
        bus.bind("agent.created", "agent.events")
        handler = Log(bus, a=3)
        engine = self.start(bus, handler)
        for name in "ab":
            await bus.publish("agent.created", event(name))
        await bus.advance(10)
        self.assertEqual(handler.calls, [(0, "a", 1), (0, "b", 1), (1, "a", 2), (3, "a", 3), (7, "a", 4)])
        self.assertEqual(engine.counts, {"received": 5, "failed": 3, "retried": 3, "handled": 2})

    async def test_after_its_retries_an_event_is_set_aside_as_it_was(self) -> None:
        bus = MemoryBus()
        bus.bind("agent.created", "agent.events")
        self.start(bus, Log(bus, a=9))
        sent = event("a")
        await bus.publish("agent.created", sent, exchange="events")
        await bus.advance(10)
        [letter] = bus.dead_letters("agent.events.dlq")
        self.assertEqual((letter.value, letter.headers[:-1], letter.header(ATTEMPT)), (sent.value, sent.headers, None))
        record = json.loads(letter.header(DEAD_LETTER) or "")
        self.assertEqual((record["original_exchange"], record["original_queue"], record["retry_count"]), ("events", "agent.events", 3))

    async def test_an_event_comes_back_from_where_it_was_sent_to(self) -> None:
        bus = MemoryBus()
        seen: list[tuple[str, int]] = []

        async def handle(received: Received, reading: Reading, attempt: int) -> Outcome:
            seen.append((received.place.topic, attempt))
            return "done" if attempt == 2 else "failed"

        for topic in ("agent.created", "agent.updated"):
            bus.bind(topic, "agent.events")
        self.start(bus, handle)  # type: ignore[arg-type]
        body = b"{}"
        for topic in ("agent.created", "agent.updated"):
            await bus.publish(topic, Message(value=body))
        await bus.advance(2)
        self.assertEqual(seen, [(topic, attempt) for attempt in (1, 2) for topic in ("agent.created", "agent.updated")])

    async def test_one_consumer_dispatches_the_types_of_a_queue(self) -> None:
        bus = MemoryBus()
        bus.bind("agent.created", "agent.events")
        bus.bind("agent.updated", "agent.events")
        handler = Log(bus)
        engine = self.start(bus, handler, handles=frozenset({"agent.created"}))
        await bus.publish("agent.created", event("a"))
        await bus.publish("agent.updated", event("b"))
        await bus.settle()
        self.assertEqual([name for _, name, _ in handler.calls], ["a"])
        self.assertEqual(engine.counts, {"received": 2, "handled": 1, "unhandled": 1})

    async def test_what_nothing_takes_is_an_error(self) -> None:
        with self.assertRaises(LookupError):
            await MemoryBus().publish("agent.created", event("a"))


if __name__ == "__main__":
    unittest.main()
