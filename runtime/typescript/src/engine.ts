/** A consumer at work: what the machine of deliveries says is done here, over any source of events. */

import type { Clock } from "./clock.js";
import { ATTEMPT, type Failure, REDRIVE, deadLetterHeaders, deadLetterJson } from "./dead-letter.js";
import { type Action, type Count, Deliveries, type Delivery, type Outcome, type Policy, type Problem } from "./delivery.js";
import { type Message, type Received, header } from "./message.js";

/** Thrown by a handler: the event will never go well, so that it is set aside without another attempt. */
export class Reject extends Error {
  override readonly name = "Reject";
}

/** What a consumer reads from: a group's part of a topic, or a queue. An adapter calls {@link Engine.receive} and its like. */
export interface Source {
  /** Says where the group reads on (Kafka). */
  commit(partition: number, offset: number): Promise<void>;
  /** Says that an event is done with (RabbitMQ). */
  acknowledge(id: string): Promise<void>;
  /** Gives an event back (RabbitMQ). */
  requeue(id: string): Promise<void>;
  /** Reads no more of a partition (Kafka). */
  pause(partition: number): Promise<void>;
  /** Reads on (Kafka). */
  resume(partition: number): Promise<void>;
  /** Sends an event that was received into the queue from which it comes back; resolves when the broker has it (RabbitMQ). */
  sendAgain(id: string, message: Message, waitMs: number): Promise<void>;
  /** Sends a dead letter; resolves when the broker has it. */
  setAside(message: Message): Promise<void>;
  /** Leaves the group, or closes the channel. */
  close(): Promise<void>;
}

/** What the bytes of an event are. */
export interface Reading {
  readonly event: unknown;
  /** The topic that the envelope names. */
  readonly type?: string | undefined;
  /** Why they are no event. */
  readonly failure?: Failure | undefined;
  /** The values of sensitive fields. */
  readonly secrets?: readonly string[];
}

/** What is done with an event; `signal` tells a handler to stop. */
export type Handler = (received: Received, reading: Reading, attempt: number, signal: AbortSignal) => Promise<Outcome>;

/** After so long a commit that failed is tried again. */
const RECOMMIT_MS = 1_000;

const OUTCOMES: readonly Outcome[] = ["done", "duplicate", "failed", "rejected"];

interface Held {
  readonly received: Received;
  readonly reading: Reading;
  running?: AbortController;
  failure?: Failure;
}

/** One consumer: its deliveries, and the handlers that run. */
export class Engine {
  private readonly deliveries: Deliveries;
  private readonly held = new Map<string, Held>();
  private readonly told: Action[] = [];
  private readonly committed = new Map<number, number>();
  private readonly paused = new Set<number>();
  private isUntold = false;
  private source: Source | undefined;
  private running = 0;
  private isTelling = false;
  private cancelTimer: (() => void) | undefined;
  private hasClosed: () => void = () => undefined;
  private readonly closed = new Promise<void>((resolve) => {
    this.hasClosed = resolve;
  });

  constructor(
    private readonly policy: Policy,
    private readonly read: (received: Received) => Reading,
    private readonly handle: Handler,
    private readonly clock: Clock,
    private readonly instance: string,
  ) {
    this.deliveries = new Deliveries(policy);
  }

  /** What was counted; see docs/delivery.md. */
  get counts(): { readonly [count in Count]?: number } {
    return { ...this.deliveries.counts };
  }

  /** What a person should look at; `untold` while the broker cannot be told what was done. */
  get problems(): ReadonlySet<Problem | "untold"> {
    return new Set<Problem | "untold">([...this.deliveries.problems, ...(this.isUntold ? ["untold" as const] : [])]);
  }

  /** How often anything happened; it tells whether something still does. */
  steps = 0;

  /** Returns whether more of a partition should be received; what a client has read ahead waits until it is. */
  wants(partition: number): boolean {
    return !this.paused.has(partition);
  }

  /** Whether anything goes on but waiting for a time. */
  get busy(): boolean {
    return this.running > 0 || this.isTelling;
  }

  /** States what is read; before anything is received. */
  attach(source: Source): void {
    this.source = source;
  }

  /** Takes an event over. */
  receive(received: Received): void {
    let reading: Reading;
    try {
      reading = this.read(received);
    } catch (error) {
      reading = { event: undefined, failure: failure(error) };
    }
    this.held.set(received.id, { received, reading });
    this.do(this.deliveries.receive(this.clock.now(), delivery(received, reading)));
  }

  /** Takes that partitions are somebody else's now. */
  revoke(partitions: Iterable<number>): void {
    const gone = [...partitions];
    for (const partition of gone) {
      this.paused.delete(partition);
      this.committed.delete(partition);
    }
    this.do(this.deliveries.revoke(this.clock.now(), gone));
  }

  /** Takes that the connection is gone. */
  lose(): void {
    this.do(this.deliveries.lose(this.clock.now()));
  }

  /** Shuts down: what runs may end until the deadline. Resolves when the source is closed. */
  async stop(deadlineMs: number): Promise<void> {
    this.do(this.deliveries.stop(this.clock.now(), deadlineMs));
    if (this.source !== undefined) {
      await this.closed;
    }
  }

  private do(actions: Action[]): void {
    this.steps += 1;
    for (const action of actions) {
      switch (action.do) {
        case "handle":
          this.start(action.id, (held) => this.run(held, action.attempt));
          break;
        case "cancel":
          this.held.get(action.id)?.running?.abort();
          break;
        case "sendAgain":
        case "setAside":
          this.start(action.id, (held) => this.send(held, action));
          break;
        case "wait":
        case "drop":
          break;
        case "pause":
          this.paused.add(action.partition);
          this.told.push(action);
          break;
        case "resume":
          this.paused.delete(action.partition);
          this.told.push(action);
          break;
        default:
          this.told.push(action);
      }
    }
    for (const id of this.deliveries.released()) {
      this.held.delete(id);
    }
    void this.tellAll();
    this.setTimer();
  }

  private start(id: string, work: (held: Held) => Promise<void>): void {
    const held = this.held.get(id);
    if (held !== undefined) {
      this.running += 1;
      void work(held).finally(() => {
        this.running -= 1;
      });
    }
  }

  private setTimer(): void {
    this.cancelTimer?.();
    const { wake } = this.deliveries;
    const advance = (): void => {
      this.cancelTimer = undefined;
      this.do(this.deliveries.advance(this.clock.now()));
    };
    this.cancelTimer = wake === undefined ? undefined : this.clock.at(wake, advance);
  }

  private async run(held: Held, attempt: number): Promise<void> {
    const controller = new AbortController();
    held.running = controller;
    let outcome: Outcome;
    try {
      outcome = await this.handle(held.received, held.reading, attempt, controller.signal);
      if (!OUTCOMES.includes(outcome)) {
        throw new TypeError(`the handler returned ${typeof outcome}; it returns ${OUTCOMES.join(", ")}`);
      }
    } catch (error) {
      held.failure = failure(error);
      outcome = error instanceof Reject ? "rejected" : "failed";
    }
    this.do(this.deliveries.ended(this.clock.now(), held.received.id, outcome));
  }

  private async send(held: Held, action: Extract<Action, { do: "sendAgain" | "setAside" }>): Promise<void> {
    const { id, message } = held.received;
    try {
      if (action.do === "sendAgain") {
        await this.reads().sendAgain(id, withAttempt(message, action.attempt), action.waitMs);
      } else {
        await this.reads().setAside(this.deadLetter(held, action.retries));
      }
    } catch {
      // Whatever kept it from being sent: nothing is acknowledged, and it is sent again.
      this.do(this.deliveries.unsent(this.clock.now(), id));
      return;
    }
    this.do(this.deliveries.sent(this.clock.now(), id));
  }

  private deadLetter({ received, reading, failure: last }: Held, retries: number): Message {
    const record = {
      place: received.place,
      failure: reading.failure ?? last ?? { type: "Error", message: "nobody said why" },
      retries,
      failedAt: this.clock.utc().toISOString(),
      group: this.policy.group,
      instance: this.instance,
    };
    const headers = deadLetterHeaders(received.message.headers, deadLetterJson(record, reading.secrets));
    return { ...received.message, headers };
  }

  /** Has the source told, one thing after the other. */
  private async tellAll(): Promise<void> {
    if (this.isTelling) {
      return;
    }
    this.isTelling = true;
    for (let action = this.told.shift(); action !== undefined; action = this.told.shift()) {
      await this.tellOne(action);
    }
    this.isTelling = false;
  }

  private async tellOne(action: Action): Promise<void> {
    try {
      await this.tell(action);
      this.isUntold = false;
    } catch {
      this.isUntold = true;
      if (action.do === "commit") {
        this.clock.at(this.clock.now() + RECOMMIT_MS, () => {
          this.told.push(action);
          void this.tellAll();
        });
      }
    }
    this.steps += 1;
    if (action.do === "close") {
      this.hasClosed();
    }
  }

  private async tell(action: Action): Promise<void> {
    switch (action.do) {
      case "commit":
        // One that was put off may have been overtaken.
        if (action.offset > (this.committed.get(action.partition) ?? -1)) {
          await this.reads().commit(action.partition, action.offset);
          this.committed.set(action.partition, action.offset);
        }
        return;
      case "acknowledge":
        return this.reads().acknowledge(action.id);
      case "requeue":
        return this.reads().requeue(action.id);
      case "pause":
        return this.reads().pause(action.partition);
      case "resume":
        return this.reads().resume(action.partition);
      case "close":
        return this.reads().close();
      default:
        throw new Error(`nobody is told of ${action.do}`);
    }
  }

  private reads(): Source {
    if (this.source === undefined) {
      throw new Error("an engine is attached to its source before it receives anything");
    }
    return this.source;
  }
}

function delivery(received: Received, reading: Reading): Delivery {
  const { id, message, place } = received;
  const attempt = header(message, ATTEMPT) ?? "";
  const redrive = header(message, REDRIVE);
  return {
    id,
    ...("offset" in place ? { partition: place.partition, offset: place.offset } : {}),
    ...(message.key === undefined ? {} : { key: hexadecimal(message.key) }),
    ...(reading.type === undefined ? {} : { type: reading.type }),
    attempt: /^[0-9]{1,9}$/.test(attempt) ? Math.max(Number(attempt), 1) : 1,
    ...(redrive === undefined ? {} : { redrive }),
    decodable: reading.failure === undefined,
  };
}

function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function withAttempt(message: Message, attempt: number): Message {
  const kept = message.headers.filter(([name]) => name !== ATTEMPT);
  return { ...message, headers: [...kept, [ATTEMPT, new TextEncoder().encode(String(attempt))]] };
}

function failure(error: unknown): Failure {
  try {
    return error instanceof Error
      ? { type: String(error.name), message: String(error.message), stackTrace: error.stack }
      : { type: "Error", message: String(error) };
  } catch {
    return { type: "Error", message: "what was thrown cannot be told" };
  }
}
