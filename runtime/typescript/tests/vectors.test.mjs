// The policy of deliveries, held to the vectors that all engines share.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { DEAD_LETTER, Deliveries, deadLetterHeaders, deadLetterJson } from "../dist/index.js";

const vectors = (name) => JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), "utf8"));

const POLICY = { backoff_ms: "backoffMs", dead_letters: "deadLetters", timeout_ms: "timeoutMs" };

function policy(transport, stated = {}) {
  const entries = Object.entries(stated).map(([name, value]) => [POLICY[name] ?? name, name === "handles" ? new Set(value) : value]);
  return { transport, group: "group", ...Object.fromEntries(entries) };
}

function step(deliveries, { at, ...what }) {
  if ("receive" in what) return deliveries.receive(at, what.receive);
  if ("ended" in what) return deliveries.ended(at, what.ended, what.outcome);
  if ("sent" in what) return deliveries.sent(at, what.sent);
  if ("unsent" in what) return deliveries.unsent(at, what.unsent);
  if ("revoke" in what) return deliveries.revoke(at, what.revoke);
  if ("lose" in what) return deliveries.lose(at);
  if ("stop" in what) return deliveries.stop(at, what.stop);
  return deliveries.advance(at);
}

const WRITTEN = {
  handle: ({ id, attempt }) => ({ handle: id, attempt }),
  cancel: ({ id }) => ({ cancel: id }),
  wait: ({ id, until }) => ({ wait: id, until }),
  sendAgain: ({ id, attempt, waitMs }) => ({ send_again: id, attempt, wait_ms: waitMs }),
  setAside: ({ id, retries }) => ({ set_aside: id, retries }),
  commit: ({ partition, offset }) => ({ commit: offset, partition }),
  acknowledge: ({ id }) => ({ acknowledge: id }),
  requeue: ({ id }) => ({ requeue: id }),
  pause: ({ partition }) => ({ pause: partition }),
  resume: ({ partition }) => ({ resume: partition }),
  drop: ({ id }) => ({ drop: id }),
  close: () => ({ close: true }),
};

for (const transport of ["kafka", "rabbitmq"]) {
  for (const vector of vectors(transport)) {
    test(`${transport}: ${vector.name}`, () => {
      const deliveries = new Deliveries(policy(transport, vector.policy));
      vector.steps.forEach(({ then, ...what }, number) => {
        assert.deepEqual(step(deliveries, what).map((action) => WRITTEN[action.do](action)), then, `step ${number}`);
      });
      const released = deliveries.released();
      assert.equal(released.length, new Set(released).size, "each event ends once");
      const came = vector.steps.filter((one) => "receive" in one).length;
      assert.equal(released.length + deliveries.inFlight, came, "an event ended, or is held");
      assert.deepEqual({ ...deliveries.counts }, vector.counts);
      assert.deepEqual([...deliveries.problems].sort(), vector.problems ?? []);
    });
  }
}

/** Returns what a vector states; long texts are stated by what they repeat. */
const text = (value) => (value !== null && typeof value === "object" ? value.repeat.repeat(value.times) + (value.then ?? "") : value);
const texts = (object) => Object.fromEntries(Object.entries(object).map(([name, value]) => [name, text(value)]));
const bytes = (value) => new TextEncoder().encode(value);

for (const vector of vectors("dead_letters")) {
  test(`dead letters: ${vector.name}`, () => {
    const { place, failure, retries, failed_at: failedAt, group, instance } = vector;
    const { routing_key: routingKey, ...rest } = place;
    const { stack_trace: stackTrace, ...error } = texts(failure);
    const where = "offset" in place ? place : { ...rest, routingKey };
    const record = { place: where, failure: { ...error, stackTrace: stackTrace ?? undefined }, retries, failedAt, group, instance };
    const json = deadLetterJson(record, vector.secrets);
    assert.ok(bytes(json).length <= 48 * 1024);
    assert.equal(json, JSON.stringify(texts(vector.record)));
    const headers = (listed = []) => listed.map(([name, value]) => [name, bytes(value)]);
    assert.deepEqual(deadLetterHeaders(headers(vector.headers), json), [...headers(vector.kept), [DEAD_LETTER, bytes(json)]]);
  });
}
