/** A broker within the process, for the tests of services: topics with partitions, and queues. Time stands until the test moves it. */

import { VirtualClock } from "./clock.js";
import type { RabbitmqPlace } from "./dead-letter.js";
import type { Engine, Source } from "./engine.js";
import type { Message, Received } from "./message.js";

/** What everything on a bus shares. */
class Broker {
  readonly engines: Engine[] = [];
  readonly aside = new Map<string, Message[]>();
  refuses: string | undefined;
  private count = 0;

  constructor(readonly clock: VirtualClock) {}

  maySend(): void {
    if (this.refuses !== undefined) {
      throw new Error(this.refuses);
    }
  }

  setAside(name: string | undefined, message: Message): void {
    this.maySend();
    if (name === undefined) {
      throw new Error("there is no place for dead letters");
    }
    entry(this.aside, name, () => []).push(message);
  }

  number(): number {
    this.count += 1;
    return this.count;
  }
}

/** A topic of Kafka. */
class Log {
  readonly partitions: Message[][];
  readonly groups = new Map<string, Group>();

  constructor(
    readonly broker: Broker,
    readonly name: string,
    partitions: number,
  ) {
    this.partitions = Array.from({ length: partitions }, () => []);
  }

  append(message: Message): void {
    const chosen = message.key === undefined ? this.broker.number() : hash(message.key);
    this.partitions[chosen % this.partitions.length]?.push(message);
    this.groups.forEach((group) => group.deliver());
  }

  group(name: string): Group {
    return entry(this.groups, name, () => new Group(this));
  }
}

/** A consumer group of a topic. */
class Group {
  readonly committed = new Map<number, number>();
  readonly members: Member[] = [];
  generation = 0;

  constructor(readonly log: Log) {}

  get lag(): number {
    return this.log.partitions.reduce((sum, read, partition) => sum + read.length - (this.committed.get(partition) ?? 0), 0);
  }

  /** Shares the partitions among members; what moves is revoked first. */
  share(): void {
    this.generation += 1;
    const all = [...this.log.partitions.keys()];
    const isOf = (member: Member) => {
      const number = this.members.indexOf(member);
      return (partition: number): boolean => partition % this.members.length === number;
    };
    this.members.forEach((member) => member.giveUp([...member.position.keys()].filter((partition) => !isOf(member)(partition))));
    for (const member of this.members) {
      for (const partition of all.filter((one) => isOf(member)(one) && !member.position.has(one))) {
        member.position.set(partition, this.committed.get(partition) ?? 0);
      }
    }
    this.deliver();
  }

  deliver(): void {
    [...this.members].forEach((member) => member.readOn());
  }
}

/** A consumer of a group. */
class Member implements Source {
  /** The next offset to read of each partition that is this member's. */
  readonly position = new Map<number, number>();

  constructor(
    private readonly group: Group,
    private readonly deadLetters: string | undefined,
    private readonly engine: Engine,
  ) {
    group.members.push(this);
  }

  giveUp(partitions: number[]): void {
    for (const partition of partitions) {
      this.position.delete(partition);
    }
    if (partitions.length > 0) {
      this.engine.revoke(partitions);
    }
  }

  readOn(): void {
    const { log, generation } = this.group;
    for (const partition of [...this.position.keys()].sort((a, b) => a - b)) {
      for (let message = this.next(partition); message !== undefined; message = this.next(partition)) {
        const offset = this.position.get(partition) ?? 0;
        this.position.set(partition, offset + 1);
        this.engine.receive({ id: `${generation}/${partition}/${offset}`, message, place: { topic: log.name, partition, offset } });
      }
    }
  }

  private next(partition: number): Message | undefined {
    const offset = this.engine.wants(partition) ? this.position.get(partition) : undefined;
    return offset === undefined ? undefined : this.group.log.partitions[partition]?.[offset];
  }

  async commit(partition: number, offset: number): Promise<void> {
    if (this.position.has(partition)) {
      this.group.committed.set(partition, offset);
    }
  }

  async acknowledge(): Promise<void> {
    throw new Error("a topic is committed");
  }

  async requeue(): Promise<void> {
    throw new Error("a topic is committed");
  }

  async pause(): Promise<void> {
    // Nothing is read ahead here.
  }

  async resume(): Promise<void> {
    this.readOn();
  }

  async sendAgain(): Promise<void> {
    throw new Error("an event of a topic waits where it is");
  }

  async setAside(message: Message): Promise<void> {
    this.group.log.broker.setAside(this.deadLetters, message);
  }

  async close(): Promise<void> {
    this.position.clear();
    this.group.members.splice(this.group.members.indexOf(this), 1);
    if (this.group.members.length > 0) {
      this.group.share();
    }
  }
}

/** A queue of RabbitMQ. */
class Queue {
  readonly ready: Received[] = [];
  readonly readers: Reader[] = [];
  private turn = 0;

  constructor(
    readonly broker: Broker,
    readonly name: string,
  ) {}

  put(message: Message, place: RabbitmqPlace): void {
    this.ready.push({ id: String(this.broker.number()), message, place });
    this.deliver();
  }

  deliver(): void {
    for (let free = this.free(); free.length > 0 && this.ready.length > 0; free = this.free()) {
      this.turn += 1;
      const received = this.ready.shift();
      if (received !== undefined) {
        free[this.turn % free.length]?.take(received);
      }
    }
  }

  private free(): Reader[] {
    return this.readers.filter((reader) => reader.hasRoom);
  }
}

/** A consumer of a queue. */
class Reader implements Source {
  /** What is not acknowledged yet. */
  private readonly taken = new Map<string, Received>();

  constructor(
    private readonly queue: Queue,
    private readonly deadLetters: string | undefined,
    private readonly prefetch: number,
    private readonly engine: Engine,
  ) {
    queue.readers.push(this);
  }

  get hasRoom(): boolean {
    return this.taken.size < this.prefetch;
  }

  take(received: Received): void {
    this.taken.set(received.id, received);
    this.engine.receive(received);
  }

  async commit(): Promise<void> {
    throw new Error("a queue is acknowledged");
  }

  async acknowledge(id: string): Promise<void> {
    this.taken.delete(id);
    this.queue.deliver();
  }

  async requeue(id: string): Promise<void> {
    const received = this.taken.get(id);
    if (received !== undefined && this.taken.delete(id)) {
      this.queue.ready.unshift(received);
    }
  }

  async pause(): Promise<void> {
    throw new Error("a queue has no partitions");
  }

  async resume(): Promise<void> {
    throw new Error("a queue has no partitions");
  }

  async sendAgain(id: string, message: Message, waitMs: number): Promise<void> {
    const { broker } = this.queue;
    broker.maySend();
    // The broker itself tells where a message was first sent to, in `x-death`.
    const place = this.taken.get(id)?.place;
    if (place === undefined || "offset" in place) {
      throw new Error("what a queue has is from a queue");
    }
    broker.clock.at(broker.clock.now() + waitMs, () => this.queue.put(message, place));
  }

  async setAside(message: Message): Promise<void> {
    this.queue.broker.setAside(this.deadLetters, message);
  }

  async close(): Promise<void> {
    this.queue.readers.splice(this.queue.readers.indexOf(this), 1);
    this.queue.ready.unshift(...this.taken.values());
    this.taken.clear();
    this.queue.deliver();
  }
}

/** Every topic and queue that somebody named. */
export class MemoryBus {
  private readonly broker: Broker;
  private readonly logs = new Map<string, Log>();
  private readonly queues = new Map<string, Queue>();
  private readonly bindings = new Map<string, Map<string, Queue>>();
  private readonly sent = new Map<string, Message[]>();

  constructor(readonly clock: VirtualClock = new VirtualClock()) {
    this.broker = new Broker(clock);
  }

  /** Takes nothing more that is sent, until it is called without a reason. */
  refuse(why?: string): void {
    this.broker.refuses = why;
  }

  /** Makes a topic of Kafka, unless it is there. */
  log(topic: string, partitions = 1): void {
    entry(this.logs, topic, () => new Log(this.broker, topic, partitions));
  }

  /** Has what is sent to a topic of RabbitMQ come into a queue; makes the queue, unless it is there. */
  bind(topic: string, queue: string): void {
    const made = entry(this.queues, queue, () => new Queue(this.broker, queue));
    entry(this.bindings, topic, () => new Map<string, Queue>()).set(queue, made);
  }

  /** Sends an event; resolves when the bus has it, and rejects while it takes none or where nothing takes it. */
  async publish(topic: string, message: Message, exchange = ""): Promise<void> {
    this.broker.maySend();
    const [log, queues] = [this.logs.get(topic), this.bindings.get(topic)];
    if (log === undefined && queues === undefined) {
      throw new Error(`nothing takes what is sent to ${topic}`);
    }
    entry(this.sent, topic, () => []).push(message);
    log?.append(message);
    queues?.forEach((queue, name) => queue.put(message, { topic, exchange, routingKey: topic, queue: name }));
  }

  /** Returns what was sent to a topic. */
  published(topic: string): readonly Message[] {
    return [...(this.sent.get(topic) ?? [])];
  }

  /** Returns what was set aside in a topic or queue. */
  deadLetters(name: string): readonly Message[] {
    return [...(this.broker.aside.get(name) ?? [])];
  }

  /** Returns how many events of a topic a group has not committed. */
  lag(topic: string, group: string): number {
    return this.logOf(topic).group(group).lag;
  }

  /** Has an engine read a topic as a member of a group. */
  readTopic(topic: string, group: string, deadLetters: string | undefined, engine: Engine): void {
    const found = this.logOf(topic).group(group);
    engine.attach(new Member(found, deadLetters, engine));
    this.broker.engines.push(engine);
    found.share();
  }

  /** Has an engine read a queue. */
  readQueue(queue: string, deadLetters: string | undefined, prefetch: number, engine: Engine): void {
    const found = this.queues.get(queue);
    if (found === undefined) {
      throw new Error(`there is no queue ${queue}`);
    }
    engine.attach(new Reader(found, deadLetters, prefetch, engine));
    this.broker.engines.push(engine);
    found.deliver();
  }

  /** Waits until nothing goes on any more but waiting for a time: a handler that never ends is waited for without an end. */
  async settle(): Promise<void> {
    do {
      await turn();
    } while (this.isBusy());
  }

  /**
   * Moves the time on, from one thing that is due to the next. A handler that does nothing for many turns of the loop is not waited for:
   * time goes on beside it, as it does in a service.
   */
  async advance(seconds: number): Promise<void> {
    const end = this.clock.now() + Math.round(seconds * 1_000);
    await this.calmDown();
    for (let due = this.clock.next(); due !== undefined && due <= end; due = this.clock.next()) {
      this.clock.move(due);
      await this.calmDown();
    }
    this.clock.move(end);
    await this.calmDown();
  }

  private isBusy(): boolean {
    return this.broker.engines.some((engine) => engine.busy);
  }

  private async calmDown(): Promise<void> {
    let [steps, idle] = [-1, 0];
    do {
      await turn();
      const now = this.broker.engines.reduce((sum, engine) => sum + engine.steps, 0);
      [steps, idle] = [now, now === steps ? idle + 1 : 0];
    } while (this.isBusy() && idle < IDLE_TURNS);
  }

  private logOf(topic: string): Log {
    const log = this.logs.get(topic);
    if (log === undefined) {
      throw new Error(`there is no topic ${topic}`);
    }
    return log;
  }
}

/** So many turns of the loop in which nothing happens are taken for a handler that waits for something else. */
const IDLE_TURNS = 20;

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** Returns the entry of a map, made where it is missing. */
function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}

function hash(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => (Math.imul(sum, 31) + byte) >>> 0, 7);
}
