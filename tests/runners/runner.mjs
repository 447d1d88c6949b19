// The same as runner.rs, for the generated TypeScript; argument: the compiled index.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

// With large integers as bigints the package has its own way to read JSON.
const { events, parseJson = JSON.parse } = await import(pathToFileURL(process.argv[2]).href);
function facts(info) {
  const { deadLetter: letters, deprecated } = info;
  return {
    name: info.topic,
    namespace: info.namespace ?? "",
    version: info.version,
    broker: info.broker,
    stability: info.stability,
    owner: info.owner ?? null,
    key: info.key ?? null,
    reply: info.reply ?? null,
    exchange: info.exchange ?? null,
    partitions: info.partitions ?? null,
    replication: info.replication ?? null,
    retention: info.retentionMs ?? null,
    ttl: info.ttlMs ?? null,
    priority: info.priority ?? null,
    producers: info.producers,
    consumers: info.consumers.map(({ service, function: name, group, queue }) => [service, name ?? null, group ?? null, queue ?? null]),
    dead_letter: letters === undefined ? null : [letters.topic, letters.retries, letters.backoffMs, letters.retentionMs ?? null],
    deprecated: deprecated === undefined ? null : [deprecated.since, deprecated.sunset ?? null, deprecated.use ?? null],
    tags: info.tags,
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  const { topic, doc } = JSON.parse(line);
  const event = events[topic];
  if (doc === undefined) {
    process.stdout.write(`${JSON.stringify({ facts: facts(event.info) })}\n`);
    continue;
  }
  const { issues } = event.validate(parseJson(doc));
  const violations = (issues ?? []).map(({ pointer, message, found }) => [pointer, message, found]);
  let again = null;
  let said = JSON.stringify(issues) ?? "";
  try {
    again = event.encode(event.decode(doc));
  } catch (error) {
    if (error.name !== "DecodeError") throw error;
    said += error.message;
  }
  process.stdout.write(`${JSON.stringify({ valid: issues === undefined, again, said, violations })}\n`);
}
