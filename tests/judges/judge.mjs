// The same as judge.rs, for the generated TypeScript; argument: the compiled index.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const { events } = await import(pathToFileURL(process.argv[2]).href);
for await (const line of createInterface({ input: process.stdin })) {
  const { topic, doc } = JSON.parse(line);
  const event = events[topic];
  const { issues } = event.validate(JSON.parse(doc));
  let again = null;
  let said = JSON.stringify(issues) ?? "";
  try {
    again = event.encode(event.decode(doc));
  } catch (error) {
    if (error.name !== "DecodeError") throw error;
    said += error.message;
  }
  process.stdout.write(`${JSON.stringify({ valid: issues === undefined, again, said })}\n`);
}
