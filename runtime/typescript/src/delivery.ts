/**
 * What becomes of events that were received: the policy of docs/delivery.md, as a machine without a clock, a broker or a promise.
 *
 * An engine tells the machine what happened and does what it answers; between two calls it may wait until {@link Deliveries.wake}. All
 * times are milliseconds from any one moment on.
 */

/** What a handler made of an event: `failed` may go well another time, `rejected` will not. */
export type Outcome = "done" | "duplicate" | "failed" | "rejected";

/** What a person should look at: a handler that outlived its time; an event that has no way on; a broker that takes no event. */
export type Problem = "late" | "stuck" | "unsent";

/** What is counted of deliveries. */
export type Count =
  | "received"
  | "handled"
  | "duplicates"
  | "unhandled"
  | "elsewhere"
  | "undecodable"
  | "failed"
  | "rejected"
  | "retried"
  | "set_aside"
  | "unsent"
  | "late"
  | "dropped";

/** What contract and service say of a consumer. */
export interface Policy {
  readonly transport: "kafka" | "rabbitmq";
  /** The consumer group or queue. */
  readonly group: string;
  /** How often an event is tried again; 3 where nobody says it. */
  readonly retries?: number;
  /** The waits before each retry; the last one holds for all further ones. 1, 2 and 4 s where nobody says it. */
  readonly backoffMs?: readonly number[];
  /** Whether the contract says where an event goes that cannot be handled; it does where nobody says it. */
  readonly deadLetters?: boolean;
  /** Whether a queue of RabbitMQ keeps the order of its events; `none` where nobody says it. A partition of Kafka always does. */
  readonly order?: "none" | "key";
  /** How many events of a partition or queue are handled at once; of a partition, only events with different keys. 1 by default. */
  readonly concurrency?: number;
  /** How many events of Kafka are held at once, before partitions are paused; 100 by default. */
  readonly bound?: number;
  /** How long a handler may take; for ever by default. */
  readonly timeoutMs?: number;
  /** The types that the service has handlers for; all by default. */
  readonly handles?: ReadonlySet<string>;
}

/** An event as a broker hands it over. */
export interface Delivery {
  /** A name for it that no other delivery of this consumer has. */
  readonly id: string;
  readonly partition?: number;
  readonly offset?: number;
  readonly key?: string;
  readonly type?: string;
  /** From the header `eventc-attempt`; 1 without it. */
  readonly attempt?: number;
  /** The group that the event was sent back for, from the header `eventc-redrive`. */
  readonly redrive?: string;
  readonly decodable?: boolean;
}

/** What an engine has to do. */
export type Action =
  /** Call the handler. */
  | { readonly do: "handle"; readonly id: string; readonly attempt: number }
  /** Tell the handler to stop; what it returns later counts only for an event that is late. */
  | { readonly do: "cancel"; readonly id: string }
  /** The event waits for its next attempt, or for being sent, until then. */
  | { readonly do: "wait"; readonly id: string; readonly until: number }
  /** Send the event into the queue from which it comes back after a wait, as that attempt. */
  | { readonly do: "sendAgain"; readonly id: string; readonly attempt: number; readonly waitMs: number }
  /** Send the event to where dead letters go, with its record; `retries` says how often it was tried again. */
  | { readonly do: "setAside"; readonly id: string; readonly retries: number }
  /** Commit the offset of the next event to read (Kafka). */
  | { readonly do: "commit"; readonly partition: number; readonly offset: number }
  /** Acknowledge the event (RabbitMQ). */
  | { readonly do: "acknowledge"; readonly id: string }
  /** Give the event back to its queue (RabbitMQ). */
  | { readonly do: "requeue"; readonly id: string }
  /** Read no more of a partition (Kafka). */
  | { readonly do: "pause"; readonly partition: number }
  /** Read on in a partition (Kafka). */
  | { readonly do: "resume"; readonly partition: number }
  /** Forget the event; it is handled again elsewhere, from its first attempt on. */
  | { readonly do: "drop"; readonly id: string }
  /** Everything is done that will be: leave the group, or close the channel. */
  | { readonly do: "close" };

const FIRST_REST_MS = 1_000;
const MAX_REST_MS = 30_000;

interface Entry {
  readonly delivery: Delivery;
  attempt: number;
  state: "queued" | "running" | "waiting" | "sending" | "resting" | "stuck";
  /** Whether nothing behind it may begin. */
  held: boolean;
  late: boolean;
  due: number | undefined;
  rest: number;
  /** Whether what is sent is a dead letter. */
  aside: boolean;
}

/** A partition, or a queue. */
class Lane {
  /** Those that are held, in the order in which they came. */
  readonly entries: Entry[] = [];
  /** What was read and not yet committed. */
  private readonly read: { readonly id: string; readonly offset: number }[] = [];
  private readonly finished = new Set<string>();
  paused = false;

  add(delivery: Delivery): void {
    const attempt = delivery.attempt ?? 1;
    this.entries.push({ delivery, attempt, state: "queued", held: false, late: false, due: undefined, rest: FIRST_REST_MS, aside: false });
    this.read.push({ id: delivery.id, offset: delivery.offset ?? 0 });
  }

  remove(entry: Entry): void {
    this.entries.splice(this.entries.indexOf(entry), 1);
  }

  /** Takes an event out, and returns the offset that may be committed by now. */
  finish(entry: Entry): number | undefined {
    this.remove(entry);
    this.finished.add(entry.delivery.id);
    let passed: number | undefined;
    for (let first = this.read[0]; first !== undefined && this.finished.delete(first.id); first = this.read[0]) {
      passed = first.offset + 1;
      this.read.shift();
    }
    return passed;
  }
}

function check(policy: Policy): void {
  const { transport, order, concurrency = 1, bound = 1, retries = 0, backoffMs = [], timeoutMs = 0 } = policy;
  if (!["kafka", "rabbitmq"].includes(transport) || !["none", "key", undefined].includes(order)) {
    throw new RangeError(`a transport is kafka or rabbitmq, and an order none or key; not ${transport}, ${order}`);
  }
  if (!(concurrency >= 1 && bound >= 1 && retries >= 0 && [timeoutMs, ...backoffMs].every((time) => time >= 0))) {
    throw new RangeError("concurrency and bound are at least 1; retries and times are not negative");
  }
}

/** The deliveries of one consumer, from their arrival to their end. */
export class Deliveries {
  /** What was counted; absent for what never happened. */
  readonly counts: { [count in Count]?: number } = {};
  private readonly policy: Required<Omit<Policy, "timeoutMs" | "handles">> & Pick<Policy, "timeoutMs" | "handles">;
  private readonly lanes = new Map<number, Lane>();
  private actions: Action[] = [];
  private ids: string[] = [];
  private stopping: number | undefined;
  private closed = false;

  constructor(policy: Policy) {
    const defaults = { retries: 3, backoffMs: [1_000, 2_000, 4_000], deadLetters: true, order: "none", concurrency: 1, bound: 100 } as const;
    this.policy = { ...defaults, ...policy };
    check(this.policy);
  }

  /** The time at which {@link advance} has something to do. */
  get wake(): number | undefined {
    const due = this.entries().flatMap((entry) => entry.due ?? []);
    if (this.stopping !== undefined && !this.closed) {
      due.push(this.stopping);
    }
    return due.length === 0 ? undefined : due.reduce((first, next) => Math.min(first, next));
  }

  /** How many events are held. */
  get inFlight(): number {
    return [...this.lanes.values()].reduce((sum, lane) => sum + lane.entries.length, 0);
  }

  /** What a person should look at; empty while all is well. */
  get problems(): ReadonlySet<Problem> {
    const { deadLetters, retries } = this.policy;
    const found = new Set<Problem>();
    for (const entry of this.entries()) {
      if (entry.late) {
        found.add("late");
      }
      if (entry.state === "stuck" || (!deadLetters && entry.attempt > retries + 1)) {
        found.add("stuck");
      }
      if (entry.state === "resting") {
        found.add("unsent");
      }
    }
    return found;
  }

  /** Returns the events that ended since this was asked last, however they did; nothing more is said of them. */
  released(): string[] {
    const { ids } = this;
    this.ids = [];
    return ids;
  }

  /** Takes an event over from the broker. */
  receive(now: number, delivery: Delivery): Action[] {
    if (this.closed) {
      this.ids.push(delivery.id);
      return [];
    }
    this.count("received");
    if (this.stopping !== undefined) {
      this.ids.push(delivery.id);
      if (this.policy.transport === "rabbitmq") {
        this.actions.push({ do: "requeue", id: delivery.id });
      }
      return this.said(now);
    }
    const partition = delivery.partition ?? 0;
    const lane = this.lanes.get(partition) ?? new Lane();
    this.lanes.set(partition, lane);
    lane.add(delivery);
    return this.said(now);
  }

  /** Takes what a handler made of an event. */
  ended(now: number, id: string, outcome: Outcome): Action[] {
    const found = this.find(id, "running");
    if (found === undefined) {
      return [];
    }
    const [lane, entry] = found;
    entry.late = false;
    entry.due = undefined;
    switch (outcome) {
      case "done":
        this.finish(lane, entry, "handled");
        break;
      case "duplicate":
        this.finish(lane, entry, "duplicates");
        break;
      case "rejected":
        this.count("rejected");
        this.setAside(entry);
        break;
      case "failed":
        this.count("failed");
        this.fail(now, lane, entry);
        break;
    }
    return this.said(now);
  }

  /** Takes the broker's word that it has what was sent. */
  sent(now: number, id: string): Action[] {
    const found = this.find(id, "sending");
    if (found === undefined) {
      return [];
    }
    const [lane, entry] = found;
    this.finish(lane, entry, entry.aside ? "set_aside" : "retried");
    return this.said(now);
  }

  /** Takes that the broker did not take what was sent: it is sent again later, and nothing is acknowledged before. */
  unsent(now: number, id: string): Action[] {
    const found = this.find(id, "sending");
    if (found === undefined) {
      return [];
    }
    const [lane, entry] = found;
    this.count("unsent");
    if (this.stopping !== undefined) {
      this.giveBack(lane, entry);
    } else {
      this.wait(entry, "resting", now + entry.rest);
      entry.rest = Math.min(entry.rest * 2, MAX_REST_MS);
    }
    return this.said(now);
  }

  /** Takes that partitions are somebody else's now: what is not finished is dropped, and nothing of it committed. */
  revoke(now: number, partitions: Iterable<number>): Action[] {
    this.letGo(partitions);
    return this.said(now);
  }

  /** Takes that the connection is gone: the broker delivers again what was not acknowledged. */
  lose(now: number): Action[] {
    this.letGo(this.partitions());
    return this.said(now);
  }

  /** Begins to shut down: what runs may end, until the deadline; nothing begins. */
  stop(now: number, deadlineMs: number): Action[] {
    if (this.stopping === undefined) {
      this.stopping = now + deadlineMs;
      for (const lane of this.lanes.values()) {
        for (const entry of [...lane.entries]) {
          if (entry.state !== "running" && entry.state !== "sending") {
            this.giveBack(lane, entry);
          }
        }
      }
    }
    return this.said(now);
  }

  /** Does what is due. */
  advance(now: number): Action[] {
    const due = this.entries().filter((entry) => entry.due !== undefined && entry.due <= now);
    for (const entry of due.sort((a, b) => (a.due ?? 0) - (b.due ?? 0))) {
      this.dueNow(now, entry);
    }
    if (this.stopping !== undefined && this.stopping <= now && !this.closed) {
      this.letGo(this.partitions());
    }
    return this.said(now);
  }

  private dueNow(now: number, entry: Entry): void {
    entry.due = undefined;
    if (entry.state === "running") {
      entry.late = true;
      entry.held = true;
      this.count("late");
      this.actions.push({ do: "cancel", id: entry.delivery.id });
    } else if (entry.state === "waiting") {
      this.run(now, entry);
    } else {
      this.send(entry);
    }
  }

  private fail(now: number, lane: Lane, entry: Entry): void {
    // Without a place for dead letters, the only way on is another attempt.
    if (entry.attempt > this.policy.retries && this.policy.deadLetters) {
      this.setAside(entry);
      return;
    }
    const wait = this.backoff(entry.attempt);
    entry.attempt += 1;
    if (!this.holds()) {
      entry.aside = false;
      this.send(entry);
    } else if (this.stopping !== undefined) {
      this.giveBack(lane, entry);
    } else {
      this.count("retried");
      this.wait(entry, "waiting", now + wait);
    }
  }

  private setAside(entry: Entry): void {
    entry.held = true;
    if (!this.policy.deadLetters) {
      entry.state = "stuck";
      return;
    }
    entry.aside = true;
    this.send(entry);
  }

  private send(entry: Entry): void {
    entry.state = "sending";
    const { id } = entry.delivery;
    const { attempt } = entry;
    this.actions.push(
      entry.aside ? { do: "setAside", id, retries: attempt - 1 } : { do: "sendAgain", id, attempt, waitMs: this.backoff(attempt - 1) },
    );
  }

  private wait(entry: Entry, state: "waiting" | "resting", until: number): void {
    entry.state = state;
    entry.due = until;
    entry.held = true;
    this.actions.push({ do: "wait", id: entry.delivery.id, until });
  }

  private run(now: number, entry: Entry): void {
    const { timeoutMs } = this.policy;
    entry.state = "running";
    entry.due = timeoutMs === undefined ? undefined : now + timeoutMs;
    this.actions.push({ do: "handle", id: entry.delivery.id, attempt: entry.attempt });
  }

  private finish(lane: Lane, entry: Entry, count: Count): void {
    this.count(count);
    const { id, partition = 0 } = entry.delivery;
    this.ids.push(id);
    const passed = lane.finish(entry);
    if (this.policy.transport === "rabbitmq") {
      this.actions.push({ do: "acknowledge", id });
    } else if (passed !== undefined) {
      this.actions.push({ do: "commit", partition, offset: passed });
    }
  }

  /** Lets go of an event while shutting down. */
  private giveBack(lane: Lane, entry: Entry): void {
    lane.remove(entry);
    this.ids.push(entry.delivery.id);
    if (this.policy.transport === "rabbitmq") {
      this.actions.push({ do: "requeue", id: entry.delivery.id });
    } else if (entry.state !== "queued") {
      this.forget(entry);
    }
  }

  private letGo(partitions: Iterable<number>): void {
    for (const partition of partitions) {
      const entries = this.lanes.get(partition)?.entries ?? [];
      this.lanes.delete(partition);
      for (const entry of entries) {
        this.ids.push(entry.delivery.id);
        if (entry.state === "running" && !entry.late) {
          this.actions.push({ do: "cancel", id: entry.delivery.id });
        }
        if (entry.state !== "queued") {
          this.forget(entry);
        }
      }
    }
  }

  private forget(entry: Entry): void {
    this.count("dropped");
    this.actions.push({ do: "drop", id: entry.delivery.id });
  }

  private begin(now: number, lane: Lane, entry: Entry): void {
    const { redrive, decodable, type } = entry.delivery;
    const { handles, group } = this.policy;
    if (redrive !== undefined && redrive !== group) {
      this.finish(lane, entry, "elsewhere");
    } else if (decodable === false) {
      this.count("undecodable");
      this.setAside(entry);
    } else if (handles !== undefined && (type === undefined || !handles.has(type))) {
      this.finish(lane, entry, "unhandled");
    } else {
      this.run(now, entry);
    }
  }

  /** Returns the event that may begin, if one may. */
  private next(lane: Lane): Entry | undefined {
    const { transport, concurrency } = this.policy;
    if (this.holds() && lane.entries.some((entry) => entry.held)) {
      return undefined;
    }
    const running = lane.entries.filter((entry) => entry.state === "running");
    if (running.length >= (transport === "kafka" || !this.holds() ? concurrency : 1)) {
      return undefined;
    }
    const keys = new Set(running.map((entry) => entry.delivery.key));
    for (const entry of lane.entries) {
      const { key } = entry.delivery;
      if (entry.state === "queued" && (transport === "rabbitmq" || key === undefined || !keys.has(key))) {
        return entry;
      }
      keys.add(key);
    }
    return undefined;
  }

  /** Begins what may begin, and returns everything that is to be done. */
  private said(now: number): Action[] {
    if (this.stopping === undefined) {
      for (const partition of this.partitions()) {
        const lane = this.lanes.get(partition);
        for (let entry = lane && this.next(lane); lane && entry; entry = this.next(lane)) {
          this.begin(now, lane, entry);
        }
      }
      this.readOn();
    } else if (!this.closed && this.inFlight === 0) {
      this.closed = true;
      this.actions.push({ do: "close" });
    }
    const { actions } = this;
    this.actions = [];
    return actions;
  }

  /** Pauses partitions of which nothing more can be handled, and resumes the others. */
  private readOn(): void {
    if (this.policy.transport !== "kafka") {
      return;
    }
    const full = this.inFlight >= this.policy.bound;
    for (const partition of this.partitions()) {
      const lane = this.lanes.get(partition);
      const paused = full || (lane?.entries.some((entry) => entry.held) ?? false);
      if (lane && paused !== lane.paused) {
        lane.paused = paused;
        this.actions.push({ do: paused ? "pause" : "resume", partition });
      }
    }
  }

  /** Whether an event waits for its retry where it is, and all behind it wait too. */
  private holds(): boolean {
    return this.policy.transport === "kafka" || this.policy.order === "key";
  }

  /** Returns the wait after an attempt that failed. */
  private backoff(attempt: number): number {
    const { backoffMs } = this.policy;
    return backoffMs[Math.min(attempt, backoffMs.length) - 1] ?? FIRST_REST_MS;
  }

  private partitions(): number[] {
    return [...this.lanes.keys()].sort((a, b) => a - b);
  }

  private entries(): Entry[] {
    return this.partitions().flatMap((partition) => this.lanes.get(partition)?.entries ?? []);
  }

  private find(id: string, state: Entry["state"]): [Lane, Entry] | undefined {
    for (const lane of this.lanes.values()) {
      const entry = lane.entries.find((other) => other.delivery.id === id && other.state === state);
      if (entry !== undefined) {
        return [lane, entry];
      }
    }
    return undefined;
  }

  private count(what: Count): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }
}
