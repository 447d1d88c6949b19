/** Dead letters: the event as it was, with a record of what happened in a header. */

/** The attempt that an event is at, on its way through a queue of waiting; decimal. */
export const ATTEMPT = "eventc-attempt";

/** The record of a dead letter; JSON. */
export const DEAD_LETTER = "eventc-dead-letter";

/** The group that an event was sent back for. */
export const REDRIVE = "eventc-redrive";

const MAX_RECORD_BYTES = 48 * 1024;
const MAX_TYPE = 200;
const MAX_MESSAGE = 4_000;
const REDACTED = "[redacted]";

/** Where an event was read from (Kafka). */
export interface KafkaPlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** Where an event was read from (RabbitMQ). The topic is what its contract calls it. */
export interface RabbitmqPlace {
  readonly topic: string;
  readonly exchange: string;
  readonly routingKey: string;
  readonly queue: string;
}

/** The error of the last attempt. */
export interface Failure {
  readonly type: string;
  readonly message: string;
  readonly stackTrace?: string | undefined;
}

/** What happened to an event that a consumer gave up on. */
export interface DeadLetterRecord {
  readonly place: KafkaPlace | RabbitmqPlace;
  readonly failure: Failure;
  readonly retries: number;
  /** RFC 3339. */
  readonly failedAt: string;
  readonly group: string;
  readonly instance: string;
}

/**
 * Returns a record as JSON, of at most 48 KiB: the rest of a longer stack trace is left out. `secrets` are the values of sensitive fields;
 * the error does not tell them.
 */
export function deadLetterJson(record: DeadLetterRecord, secrets: Iterable<string> = []): string {
  const hide = redaction(secrets);
  const type = cut([...record.failure.type], MAX_TYPE) || "Error";
  const message = cut([...hide(record.failure.message)], MAX_MESSAGE) || type;
  const trace = record.failure.stackTrace === undefined ? undefined : [...hide(record.failure.stackTrace)];
  const written = (text: string | null): string =>
    JSON.stringify({
      ...placeMembers(record.place),
      error_type: type,
      error_message: message,
      error_stack_trace: text,
      retry_count: record.retries,
      failed_at: record.failedAt,
      consumer_group: record.group,
      consumer_instance: record.instance,
    });
  if (trace === undefined) {
    return written(null);
  }
  const encoder = new TextEncoder();
  const fits = (length: number): boolean => encoder.encode(written(cut(trace, length))).length <= MAX_RECORD_BYTES;
  if (fits(trace.length)) {
    return written(trace.join(""));
  }
  let [low, high] = [0, trace.length];
  while (low + 1 < high) {
    const middle = Math.floor((low + high) / 2);
    [low, high] = fits(middle) ? [middle, high] : [low, middle];
  }
  return written(cut(trace, low));
}

/** Returns the headers of an event's dead letter: its own, without what earlier attempts left there, and the record. */
export function deadLetterHeaders(headers: readonly (readonly [string, Uint8Array])[], record: string): [string, Uint8Array][] {
  const kept = headers.filter(([name]) => name !== ATTEMPT && name !== DEAD_LETTER).map(([name, value]): [string, Uint8Array] => [name, value]);
  return [...kept, [DEAD_LETTER, new TextEncoder().encode(record)]];
}

function placeMembers(place: KafkaPlace | RabbitmqPlace): Record<string, string | number> {
  if ("offset" in place) {
    return { original_topic: place.topic, original_partition: place.partition, original_offset: place.offset };
  }
  const { topic, exchange, routingKey, queue } = place;
  return { original_topic: topic, original_exchange: exchange, original_routing_key: routingKey, original_queue: queue };
}

/** Returns at most so many characters, the last of which says that others were left out. */
function cut(characters: readonly string[], length: number): string {
  if (characters.length <= length) {
    return characters.join("");
  }
  return length <= 0 ? "" : `${characters.slice(0, length - 1).join("")}…`;
}

/** Returns what takes the values of sensitive fields out of a text. Of two that begin alike the longer one is meant. */
function redaction(secrets: Iterable<string>): (text: string) => string {
  const values = [...new Set(secrets)].filter((secret) => secret !== "").sort((a, b) => b.length - a.length);
  return (text) => {
    if (!values.some((secret) => text.includes(secret))) {
      return text;
    }
    let hidden = "";
    for (let place = 0; place < text.length; ) {
      const found = values.find((secret) => text.startsWith(secret, place));
      hidden += found === undefined ? text.charAt(place) : REDACTED;
      place += found === undefined ? 1 : found.length;
    }
    return hidden;
  };
}
