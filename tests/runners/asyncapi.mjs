// What AsyncAPI's own parser says of documents, and what their schemas say of events.
//
// usage: node asyncapi.mjs NODE_MODULES < lines of {"text", "cases"?: [{"message", "doc"}]} > lines of
// {"problems": [[severity, code, message, path]], "parsed", "examples", "wrong": [message], "verdicts": [boolean]}
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const require = createRequire(`${process.argv[2]}/`);
const { Parser } = require('@asyncapi/parser');
const Ajv = require('ajv').default;

// Nothing may be fetched: a document that refers outside of itself is wrong.
const refuse = { schema: 'http', read: (uri) => { throw new Error(`reads ${uri}`); } };
const resolvers = ['http', 'https', 'file'].map((schema) => ({ ...refuse, schema, order: 1, canRead: true }));
const parser = new Parser({ __unstable: { resolver: { cache: false, resolvers } } });

// The schemas of messages as a consumer would compile them: draft 7, formats as annotations.
function judge(text) {
  const ajv = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: true, multipleOfPrecision: 9, ownProperties: true, logger: false });
  ajv.addSchema({ ...JSON.parse(text), $id: 'http://document.example/' });
  return (path) => ajv.compile({ $ref: `http://document.example/#/components/messages/${path}` });
}

async function answer({ text, cases = [] }) {
  const { document, diagnostics } = await parser.parse(text);
  const problems = diagnostics.map((d) => [d.severity, String(d.code), d.message, d.path.join('/')]);
  const reply = { problems, parsed: document !== undefined, examples: 0, wrong: [], verdicts: [] };
  if (!reply.parsed) return reply;
  const compile = judge(text);
  const raw = JSON.parse(text).components.messages;
  for (const [key, message] of Object.entries(raw)) {
    const payload = compile(`${key}/payload`);
    const headers = message.headers === undefined ? () => true : compile(`${key}/headers`);
    for (const example of message.examples ?? []) {
      reply.examples += 1;
      const right = payload(example.payload) && (example.headers === undefined || headers(example.headers));
      if (!right) reply.wrong.push(`${key} ${example.name}: ${JSON.stringify(payload.errors ?? headers.errors)}`);
    }
  }
  const compiled = new Map();
  for (const { message, doc } of cases) {
    if (!compiled.has(message)) compiled.set(message, compile(`${message}/payload`));
    reply.verdicts.push(compiled.get(message)(JSON.parse(doc)));
  }
  return reply;
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line)))}\n`);
}
