import { causedBy, DecodeError, EncodeError, events, stamped } from "./index.js";
import type { OrderPlaced } from "./shop/order/placed.js";
import type { ShopEnvelope } from "./shop/envelope.js";

declare const process: { exit(code: number): never };
declare const console: { error(...values: unknown[]): void };

function same(found: unknown, expected: unknown): void {
  if (JSON.stringify(found) === JSON.stringify(expected)) return;
  console.error("found", found, "expected", expected);
  process.exit(1);
}

function refused(send: () => unknown): string {
  try {
    send();
  } catch (error) {
    if (error instanceof EncodeError) return error.issues.map((issue) => `${issue.pointer} ${issue.message}`).join("; ");
    throw error;
  }
  return "it was sent";
}

const placed = events["order.placed"];
const payload: OrderPlaced = placed.decode('{"order":"A1","lines":[{"count":2}]}');
// What a pattern names is typed beside what has a name.
const marked: OrderPlaced = placed.decode('{"order":"A1","x-count":1,"x-mark":"m","last_line":{"count":3}}');
const mark: string | number | undefined = marked["x-mark"];
const count: number | undefined = marked["x-count"];
same([mark, count, marked["last_line"]?.count], ["m", 1, 3]);

const first: ShopEnvelope<OrderPlaced> = placed.wrap(payload, { id: "e-1", source: "web", more: { "/meta/tenant": "t" } });
same(
  placed.encodeValidEvent(first),
  '{"type":"order.placed","meta":{"version":"1.2.0","source":"web","tenant":"t"},"id":"e-1",' +
    '"data":{"order":"A1","lines":[{"count":2}]}}',
);
const second = placed.wrap({ order: "A2" }, { ...stamped(), ...causedBy(placed.fieldsOf(first)) });
same([second.meta?.cause, second.meta?.flow, second.id.length], ["e-1", "e-1", 36]);
same(placed.validateEvent(second).ok, true);

same(refused(() => placed.wrap(payload, {})), ' must have the property "id"');
same(refused(() => placed.encodeValid({ order: "A" })), "/order must have at least 2 characters");
same(refused(() => placed.encodeValidEvent(placed.wrap({ order: "A" }, { id: "1" }))), "/data/order must have at least 2 characters");
same(placed.encodeValid({ order: "A1" }), '{"order":"A1"}');
same(placed.wrap({ order: "A1" }, { id: "1", more: { "/__proto__/x": 1 } }).id, "1");
same(({} as Record<string, unknown>)["x"], undefined);
try {
  placed.decode("{}");
} catch (error) {
  same(error instanceof DecodeError, true);
}
