// Ten real payloads, their schemas untouched, and code generated from these in JavaScript and Python, all below target/bench/speed.
// The others of this folder begin with it: `payloads.json` there says what they measure.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../..", import.meta.url));
export const work = join(root, "target/bench/speed");

const npm = ["@octokit/webhooks-schemas@7.6.1", "@octokit/webhooks-examples@7.6.1", "ajv@8.20.0"];
const sentry = ["sentry-kafka-schemas==3.0.2", "sentry_kafka_schemas-3.0.2-py2.py3-none-any.whl"];

/** Of this tree: schema, and which of its examples. */
const own = [
  ["omninode/codegen/request/mixin.v1.json", 0],
  ["cauldron/synapse/recommendation/created.v1.json", 0],
];

/** Of GitHub's webhooks: event, action, and which of the examples of both. */
const webhooks = [
  ["github_app_authorization", "revoked", 0],
  ["installation", "created", 1],
  ["push", undefined, 4],
  ["issues", "opened", 2],
  ["workflow_run", "completed", 1],
  ["pull_request", "closed", 0],
];

/** Of Sentry's topics: schema and example. */
const topics = [
  ["transactions.v1.schema.json", "transactions/1/nodejs.json"],
  ["events.v1.schema.json", "events/1/error-with-threads.json"],
];

/** Rules that judge how contracts are kept have no say here. */
const config = (out, python) => `schemas = "schemas"
out = "${out}"

[[namespace]]
name = "all"
root = "."

[targets.typescript]
output = "js"

[targets.python]
models = "${python}"

[rules]
${["invalid-default", "unsatisfiable", "unknown-owner", "unknown-producer", "version"].map((rule) => `${rule} = "off"`).join("\n")}
`;

const json = (path) => JSON.parse(readFileSync(path, "utf8"));

function write(path, value) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value));
}

function install() {
  if (!existsSync(join(work, "node_modules/ajv"))) {
    write(join(work, "package.json"), { private: true });
    execFileSync("npm", ["install", "--silent", "--no-fund", "--no-audit", "--no-save", ...npm], { cwd: work });
  }
  if (!existsSync(join(work, "sentry"))) {
    execFileSync("python3", ["-m", "pip", "download", "--quiet", "--no-deps", sentry[0]], { cwd: work });
    execFileSync("python3", ["-m", "zipfile", "-e", sentry[1], "sentry"], { cwd: work });
  }
}

/** Lays the schemas, and returns the payloads: a name, the schema's path, and the text as it is sent. */
function collect(schemas) {
  const payloads = [];
  const add = (name, schema, value) => payloads.push({ name, schema, text: JSON.stringify(value) });
  for (const [schema, index] of own) {
    for (const path of [schema, join(schema.split("/")[0], "_types.v1.json")]) cpSync(join(root, "schemas/events", path), join(schemas, "own", path));
    add(schema.replace(/\.v\d+\.json$/, "").replaceAll("/", "."), `own/${schema}`, json(join(schemas, "own", schema)).examples[index]);
  }
  const octokit = join(work, "node_modules/@octokit");
  cpSync(join(octokit, "webhooks-schemas/schema.json"), join(schemas, "octokit/schema.json"));
  const examples = json(join(octokit, "webhooks-examples/api.github.com/index.json"));
  for (const [event, action, index] of webhooks) {
    const schema = `octokit/${event}.json`;
    write(join(schemas, schema), { $schema: "http://json-schema.org/draft-07/schema#", $ref: `schema.json#/definitions/${event}${action ? `$${action}` : "$event"}` });
    const fitting = examples.find(({ name }) => name === event).examples.filter((example) => example.action === action);
    add(`GitHub ${event}${action ? ` ${action}` : ""}`, schema, fitting[index]);
  }
  for (const [schema, example] of topics) {
    const folder = join(work, "sentry/sentry_kafka_schemas");
    cpSync(join(folder, "schemas", schema), join(schemas, "sentry", schema));
    add(`Sentry ${example.split("/")[0]}`, `sentry/${schema}`, json(join(folder, "examples", example)));
  }
  for (const payload of payloads) payload.topic = payload.schema.replace(/(\.v1)?(\.schema)?\.json$/, "").replaceAll("/", ".");
  return payloads.sort((a, b) => a.text.length - b.text.length);
}

/** Everything that the measurements need: the payloads. */
export function prepare() {
  mkdirSync(work, { recursive: true });
  install();
  const schemas = join(work, "schemas");
  rmSync(schemas, { recursive: true, force: true });
  const payloads = collect(schemas);
  write(join(work, "payloads.json"), payloads);
  const eventc = process.env.EVENTC ?? join(root, "target/release/eventc");
  if (!process.env.EVENTC) execFileSync("cargo", ["build", "--release", "--quiet", "--package", "eventc-cli"], { cwd: root, stdio: "inherit" });
  for (const [out, models] of [["out", "pydantic"], ["out-msgspec", "msgspec"]]) {
    write(join(work, "eventc.toml"), config(out, models));
    execFileSync(eventc, ["generate"], { cwd: work, stdio: ["ignore", "inherit", "ignore"] });
  }
  return payloads;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) prepare();
