// How long `JSON.parse` and the generated validator take together, against `JSON.parse` and the function that ajv compiles of the same
// schemas; both judge exactly, and neither looks at formats. Rewrites its table in docs/speed.md.
//
//   node tests/bench/speed/typescript.mjs          EVENTC=path/to/eventc: that one, instead of a release build
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";

import { prepare, work } from "./payloads.mjs";
import { cell, median, table } from "./page.mjs";

const ROUNDS = 40;
/** So long does one side of a round take, in milliseconds. */
const SLICE = 12;

const payloads = prepare();
const { events } = await import(pathToFileURL(join(work, "out/typescript/src/index.js")).href);
const Ajv = createRequire(join(work, "package.json"))("ajv");
const ajv = new Ajv.default({ strict: false, validateFormats: false, logger: false });
const Ajv2020 = createRequire(join(work, "package.json"))("ajv/dist/2020");
const ajv2020 = new Ajv2020.default({ strict: false, validateFormats: false, logger: false });
const schemas = join(work, "schemas");
for (const entry of readdirSync(schemas, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const path = join(entry.parentPath ?? entry.path, entry.name);
  const schema = JSON.parse(readFileSync(path, "utf8"));
  const judge = schema.$schema?.includes("draft-07") ? ajv : ajv2020;
  judge.addSchema(schema, `file:///${relative(schemas, path)}`);
}

/** Microseconds of processor time that one call takes, over so many calls. */
function time(run, count) {
  const start = process.cpuUsage();
  for (let i = 0; i < count; i++) if (!run()) throw new Error("a payload is refused");
  return process.cpuUsage(start).user / count;
}

/** The medians of several functions that take turns, and the median of each round's ratio of the first two. */
function compare(...runs) {
  for (const run of runs) time(run, 3000);
  const counts = runs.map((run) => Math.max(1, Math.round((SLICE * 1000) / time(run, 500))));
  const rounds = Array.from({ length: ROUNDS }, (_, round) => {
    const order = runs.map((_, index) => (index + round) % runs.length);
    const times = [];
    for (const index of order) times[index] = time(runs[index], counts[index]);
    return times;
  });
  return { times: runs.map((_, index) => median(rounds.map((times) => times[index]))), ratio: median(rounds.map(([a, b]) => a / b)) };
}

const rows = payloads.map(({ name, schema, topic, text }) => {
  const judge = ajv.getSchema(`file:///${schema}`) ?? ajv2020.getSchema(`file:///${schema}`);
  const event = events[topic];
  const value = JSON.parse(text);
  const whole = compare(
    () => event.validate(JSON.parse(text)).ok,
    () => judge(JSON.parse(text)),
    () => JSON.parse(text) !== undefined,
  );
  const alone = compare(() => event.validate(value).ok, () => judge(value));
  return { name, bytes: text.length, whole, alone };
});

const geometric = (ratios) => Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
table("typescript", ["payload", "bytes", "`JSON.parse`", "and eventc", "and ajv", "ratio", "eventc alone", "ajv alone", "ratio alone"], [
  ...rows.map(({ name, bytes, whole, alone }) => [
    name, String(bytes), ...[whole.times[2], whole.times[0], whole.times[1]].map((time) => `${cell(time)} µs`), whole.ratio.toFixed(2),
    ...alone.times.map((time) => `${cell(time)} µs`), alone.ratio.toFixed(2),
  ]),
  ["**geometric mean**", "", "", "", "", `**${geometric(rows.map(({ whole }) => whole.ratio)).toFixed(2)}**`, "", "", `**${geometric(rows.map(({ alone }) => alone.ratio)).toFixed(2)}**`],
  ["a validator that takes no time", "", "", "", "", geometric(rows.map(({ whole }) => whole.times[2] / whole.times[1])).toFixed(2), "", "", ""],
]);
