// Writes catalog.json as the folder that EventCatalog builds: an event, a service and a team in a folder each, with the schemas.
// Arguments: the generated catalog's folder, the schema root, the folder to write, how many events (all without it).
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

const [catalog, schemas, out, most = "Infinity"] = process.argv.slice(2);
const { contracts, services, owners } = JSON.parse(readFileSync(join(catalog, "catalog.json"), "utf8"));
const events = contracts.filter((contract) => contract.kind === "event").slice(0, Number(most));
const known = new Set(events.map((event) => event.topic));

function write(kind, id, front, body, extension = "mdx") {
  const folder = join(out, kind, id);
  mkdirSync(folder, { recursive: true });
  // JSON is YAML too.
  writeFileSync(join(folder, `index.${extension}`), `---\n${JSON.stringify({ id, ...front }, null, 2)}\n---\n\n${body}\n`);
  return folder;
}

for (const event of events) {
  const schema = basename(event.schema);
  const owned = event.owner ? [event.owner] : [];
  const front = { name: event.title, version: event.version, summary: event.description ?? "", owners: owned, schemaPath: schema };
  const folder = write("events", event.topic, front, `Topic \`${event.topic}\`.\n\n<NodeGraph />\n\n<SchemaViewer file="${schema}" />`);
  copyFileSync(join(schemas, event.schema), join(folder, schema));
}
const links = (topics) => topics.filter((topic) => known.has(topic)).map((id) => ({ id }));
for (const [id, service] of Object.entries(services)) {
  const owned = service.owner ? [service.owner] : [];
  const front = { name: id, version: "1.0.0", summary: service.description, owners: owned, sends: links(service.sends), receives: links(service.reads) };
  write("services", id, front, "<NodeGraph />");
}
mkdirSync(join(out, "teams"), { recursive: true });
for (const [id, owner] of Object.entries(owners)) {
  writeFileSync(join(out, "teams", `${id}.mdx`), `---\n${JSON.stringify({ id, name: id })}\n---\n\n${owner.description ?? ""}\n`);
}
writeFileSync(join(out, "eventcatalog.config.js"), `export default { cId: "bench", title: "Bench", organizationName: "Bench", homepageLink: "https://example.com", output: "static", trailingSlash: false, base: "/" };\n`);
writeFileSync(join(out, "package.json"), `{ "name": "bench", "version": "1.0.0", "private": true }\n`);
console.log(`${events.length} events`);
