/** Events as brokers carry them. */

import type { KafkaPlace, RabbitmqPlace } from "./dead-letter.js";

/** What is sent: the bytes of an event, and what stands beside them. */
export interface Message {
  readonly value: Uint8Array;
  /** The partition key (Kafka). */
  readonly key?: Uint8Array | undefined;
  readonly headers: readonly (readonly [name: string, value: Uint8Array])[];
  /** From 0, the lowest (RabbitMQ). */
  readonly priority?: number | undefined;
}

/** What was read, and where. */
export interface Received {
  /** A name that no other delivery of this consumer has. */
  readonly id: string;
  readonly message: Message;
  readonly place: KafkaPlace | RabbitmqPlace;
}

/** Returns the last header of a name, as text; `undefined` where there is none or it is no UTF-8. */
export function header(message: Message, name: string): string | undefined {
  const found = message.headers.filter(([other]) => other === name).at(-1);
  try {
    return found && new TextDecoder("utf-8", { fatal: true }).decode(found[1]);
  } catch {
    return undefined;
  }
}
