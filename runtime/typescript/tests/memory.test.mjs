// Consumers on the bus within the process: what services see of the policy.
import assert from "node:assert/strict";
import { test } from "node:test";

import { ATTEMPT, DEAD_LETTER, Engine, MemoryBus, Reject, header } from "../dist/index.js";

const bytes = (text) => new TextEncoder().encode(text);
const event = (value, key) => ({ value: bytes(JSON.stringify(value)), key: key && bytes(key), headers: [["traceparent", bytes("00-1")]] });
const record = (letter) => JSON.parse(header(letter, DEAD_LETTER));

function read({ message, place }) {
  try {
    return { event: JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(message.value)), type: place.topic };
  } catch (error) {
    return { event: undefined, failure: { type: "DecodeError", message: error.message } };
  }
}

/** A handler that does as it is told, and tells what it was asked. */
function recording(bus, fails = {}) {
  const calls = [];
  const handle = async (_received, { event: name }, attempt) => {
    calls.push([bus.clock.now() / 1_000, name, attempt]);
    if (name === "reject") throw new Reject("never");
    if (attempt <= (fails[name] ?? 0)) throw new RangeError(`${name} failed`);
    return "done";
  };
  return { calls, handle };
}

function onTopic(bus, handle, policy = {}) {
  const engine = new Engine({ transport: "kafka", group: "ledger", ...policy }, read, handle, bus.clock, "ledger-1");
  bus.readTopic("orders", "ledger", "orders.dlq", engine);
  return engine;
}

function onQueue(bus, handle, policy = {}) {
  const engine = new Engine({ transport: "rabbitmq", group: "agent.events", ...policy }, read, handle, bus.clock, "one");
  bus.readQueue("agent.events", "agent.events.dlq", 10, engine);
  return engine;
}

function orders(partitions) {
  const bus = new MemoryBus();
  bus.log("orders", partitions);
  return bus;
}

function agents() {
  const bus = new MemoryBus();
  bus.bind("agent.created", "agent.events");
  bus.bind("agent.updated", "agent.events");
  return bus;
}

test("an event that fails waits, and nothing overtakes it", async () => {
  const bus = orders();
  const { calls, handle } = recording(bus, { b: 2 });
  const engine = onTopic(bus, handle);
  for (const name of "abc") await bus.publish("orders", event(name));
  await bus.advance(10);
  assert.deepEqual(calls, [[0, "a", 1], [0, "b", 1], [1, "b", 2], [3, "b", 3], [3, "c", 1]]);
  assert.equal(bus.lag("orders", "ledger"), 0);
  assert.deepEqual(engine.counts, { received: 3, handled: 3, failed: 2, retried: 2 });
});

test("a dead letter is the event as it was, with its record, and can be sent back", async () => {
  const bus = orders();
  const fails = { a: 4 };
  const { calls, handle } = recording(bus, fails);
  onTopic(bus, handle);
  const sent = event("a", "key");
  await bus.publish("orders", sent);
  await bus.advance(7);
  const [letter] = bus.deadLetters("orders.dlq");
  assert.deepEqual([letter.value, letter.key, letter.headers.slice(0, -1)], [sent.value, sent.key, sent.headers]);
  const { error_type, retry_count, failed_at, error_stack_trace } = record(letter);
  assert.deepEqual([error_type, retry_count, failed_at], ["RangeError", 3, "2026-01-01T00:00:07.000Z"]);
  assert.match(error_stack_trace, /RangeError: a failed/);
  calls.length = 0;
  fails.a = 0;
  await bus.publish("orders", letter);
  await bus.settle();
  assert.deepEqual(calls, [[7, "a", 1]]);
  assert.equal(bus.lag("orders", "ledger"), 0);
});

test("what is no event is set aside among good ones", async () => {
  const bus = orders();
  const { calls, handle } = recording(bus);
  onTopic(bus, handle);
  await bus.publish("orders", event("a"));
  await bus.publish("orders", { value: new Uint8Array([255, 123]), headers: [] });
  await bus.publish("orders", event("b"));
  await bus.settle();
  assert.deepEqual(calls.map(([, name]) => name), ["a", "b"]);
  const [letter] = bus.deadLetters("orders.dlq");
  assert.deepEqual([[...letter.value], record(letter).retry_count], [[255, 123], 0]);
});

test("nothing is committed while dead letters cannot be sent", async () => {
  const bus = orders();
  await bus.publish("orders", event("reject"));
  bus.refuse("away");
  const engine = onTopic(bus, recording(bus).handle);
  await bus.advance(60);
  assert.deepEqual([bus.lag("orders", "ledger"), [...engine.problems]], [1, ["unsent"]]);
  bus.refuse();
  await bus.advance(30);
  assert.deepEqual([bus.lag("orders", "ledger"), [...engine.problems], bus.deadLetters("orders.dlq").length], [0, [], 1]);
});

test("partitions move to a second member, and nothing is lost", async () => {
  const bus = orders(4);
  const [first, second] = [recording(bus, { x: 1 }), recording(bus)];
  onTopic(bus, first.handle);
  const send = (from, to) => Promise.all(Array.from({ length: to - from }, (_, n) => bus.publish("orders", event(`e${from + n}`, `${from + n}`))));
  await send(0, 40);
  await bus.publish("orders", event("x", "x"));
  await bus.settle();
  const other = onTopic(bus, second.handle);
  await send(40, 80);
  await bus.advance(5);
  const names = new Set([...first.calls, ...second.calls].map(([, name]) => name));
  assert.equal(names.size, 81);
  assert.ok(second.calls.length > 0);
  assert.equal(bus.lag("orders", "ledger"), 0);
  await other.stop(1_000);
  await bus.publish("orders", event("last", "0"));
  await bus.settle();
  assert.deepEqual([first.calls.at(-1)[1], bus.lag("orders", "ledger")], ["last", 0]);
});

test("a handler that outlives its time is told to stop, and what it returns in the end counts", async () => {
  const bus = orders();
  const ends = deferred();
  let signal;
  const engine = onTopic(bus, async (_received, _reading, _attempt, given) => ((signal = given), await ends.promise, "done"), { timeoutMs: 5_000 });
  await bus.publish("orders", event("a"));
  bus.clock.move(5_000);
  assert.deepEqual([signal.aborted, [...engine.problems], bus.lag("orders", "ledger")], [true, ["late"], 1]);
  ends.resolve();
  await bus.settle();
  assert.deepEqual([[...engine.problems], bus.lag("orders", "ledger")], [[], 0]);
});

test("a stop lets handlers end", async () => {
  const bus = orders();
  const ends = deferred();
  const engine = onTopic(bus, async () => (await ends.promise, "done"));
  await bus.publish("orders", event("a"));
  await bus.publish("orders", event("b"));
  const stopped = engine.stop(10_000);
  ends.resolve();
  await stopped;
  assert.deepEqual([engine.counts.handled, bus.lag("orders", "ledger")], [1, 1]);
});

test("in a queue an event that fails is overtaken and comes back", async () => {
  const bus = agents();
  const { calls, handle } = recording(bus, { a: 3 });
  const engine = onQueue(bus, handle);
  for (const name of "ab") await bus.publish("agent.created", event(name));
  await bus.advance(10);
  assert.deepEqual(calls, [[0, "a", 1], [0, "b", 1], [1, "a", 2], [3, "a", 3], [7, "a", 4]]);
  assert.deepEqual(engine.counts, { received: 5, failed: 3, retried: 3, handled: 2 });
});

test("in a queue an event is set aside after its retries, as it was", async () => {
  const bus = agents();
  onQueue(bus, recording(bus, { a: 9 }).handle);
  const sent = event("a");
  await bus.publish("agent.created", sent, "events");
  await bus.advance(10);
  const [letter] = bus.deadLetters("agent.events.dlq");
  assert.deepEqual([letter.value, letter.headers.slice(0, -1), header(letter, ATTEMPT)], [sent.value, sent.headers, undefined]);
  const { original_exchange, original_queue, retry_count } = record(letter);
  assert.deepEqual([original_exchange, original_queue, retry_count], ["events", "agent.events", 3]);
});

test("one consumer dispatches the types of a queue", async () => {
  const bus = agents();
  const { calls, handle } = recording(bus);
  const engine = onQueue(bus, handle, { handles: new Set(["agent.created"]) });
  await bus.publish("agent.created", event("a"));
  await bus.publish("agent.updated", event("b"));
  await bus.settle();
  assert.deepEqual(calls.map(([, name]) => name), ["a"]);
  assert.deepEqual(engine.counts, { received: 2, handled: 1, unhandled: 1 });
});

test("what nothing takes is an error", async () => {
  await assert.rejects(new MemoryBus().publish("agent.created", event("a")), /nothing takes/);
});

test("a handler that says nonsense or throws anything has failed", async () => {
  const thrown = (value) => async () => {
    throw value;
  };
  for (const handle of [async () => undefined, async () => "fine", thrown(undefined), thrown(Object.create(null)), thrown("x")]) {
    const bus = orders();
    const engine = onTopic(bus, handle, { retries: 0 });
    await bus.publish("orders", event("a"));
    await bus.settle();
    assert.deepEqual(engine.counts, { received: 1, failed: 1, set_aside: 1 });
  }
});

test("a reader that throws has found no event", async () => {
  const bus = orders();
  const reads = ({ message }) => ({ event: JSON.parse(new TextDecoder().decode(message.value)) });
  const engine = new Engine({ transport: "kafka", group: "ledger" }, reads, async () => "done", bus.clock, "one");
  bus.readTopic("orders", "ledger", "orders.dlq", engine);
  await bus.publish("orders", { value: bytes("nope"), headers: [] });
  await bus.settle();
  assert.deepEqual(engine.counts, { received: 1, undecodable: 1, set_aside: 1 });
});

test("a commit that fails is told and tried again", async () => {
  const bus = orders();
  const engine = onTopic(bus, async () => "done");
  const commit = engine.source.commit.bind(engine.source);
  let away = true;
  engine.source.commit = async (...args) => {
    if (away) throw new Error("away");
    return commit(...args);
  };
  await bus.publish("orders", event("a"));
  await bus.settle();
  assert.deepEqual([[...engine.problems], bus.lag("orders", "ledger")], [["untold"], 1]);
  away = false;
  await bus.advance(1);
  assert.deepEqual([[...engine.problems], bus.lag("orders", "ledger")], [[], 0]);
});

test("a backlog is read within the bound", async () => {
  const bus = orders();
  await Promise.all(Array.from({ length: 2_000 }, (_, number) => bus.publish("orders", event(number))));
  const held = [];
  const engine = onTopic(bus, async () => {
    await undefined;
    held.push(engine.deliveries.inFlight);
    return "done";
  });
  await bus.settle();
  assert.deepEqual([engine.counts.handled, Math.max(...held), bus.lag("orders", "ledger")], [2_000, 100, 0]);
});

test("time goes on beside a handler that hangs", async () => {
  const bus = orders();
  const engine = onTopic(bus, () => new Promise(() => {}), { timeoutMs: 1_000 });
  await bus.publish("orders", event("a"));
  await bus.advance(5);
  assert.deepEqual([engine.counts, [...engine.problems]], [{ received: 1, late: 1 }, ["late"]]);
});

test("a policy that makes no sense is refused", () => {
  for (const wrong of [{ transport: "kafak" }, { concurrency: 0 }, { retries: -1 }, { bound: 0 }, { backoffMs: [-1] }, { order: "any" }]) {
    assert.throws(() => onTopic(orders(), async () => "done", wrong), RangeError);
  }
});

test("an event comes back from where it was sent to", async () => {
  const bus = agents();
  const seen = [];
  onQueue(bus, async ({ place }, _reading, attempt) => (seen.push([place.topic, attempt]), attempt === 2 ? "done" : "failed"));
  const value = bytes("{}");
  for (const topic of ["agent.created", "agent.updated"]) await bus.publish(topic, { value, headers: [] });
  await bus.advance(2);
  assert.deepEqual(seen, [1, 2].flatMap((attempt) => [["agent.created", attempt], ["agent.updated", attempt]]));
});

function deferred() {
  let resolve;
  const promise = new Promise((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
