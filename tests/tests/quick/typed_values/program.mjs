// Reads and writes JSON with large integers; argument: the compiled index.
import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";

const { decode, events, parseJson, validate, writeJson } = await import(pathToFileURL(process.argv[2]).href);

// What is read is written again, to the letter.
for (const text of [
  '{"a":9007199254740993,"b":-9007199254740993,"c":[18446744073709551616]}',
  '{"12345678901234567890":"12345678901234567890","n":"n12345678901234567890"}',
  '{"a":"\\"9007199254740993\\\\","b":9007199254740993,"c":"s","d":""}',
  '{"__proto__":9007199254740993,"constructor":"x"}',
  '["1e99", "9007199254740993" , 9007199254740993]',
  '{"a\\"":9007199254740993}',
  "9007199254740993",
  '"9007199254740993"',
  "[9007199254740991,0.1,true,null,{}]",
]) {
  assert.equal(writeJson(parseJson(text)), text.replace(/(?<=[^\\]")\s*,\s*/g, ","), text);
}

// Small integers are numbers, large ones bigints, however they are spelled; other numbers are as JSON.parse has them.
for (const [text, value] of [
  ["9007199254740991", 9007199254740991],
  ["9007199254740992", 9007199254740992n],
  ["9007199254740993.0", 9007199254740993n],
  ["90071992547409930e-1", 9007199254740993n],
  ["1e30", 10n ** 30n],
  ["1.5E+30", 15n * 10n ** 29n],
  ["1e400", 10n ** 400n],
  ["1e4", 10000],
  ["-0", -0],
  ["9007199254740993.5", 9007199254740994],
  ["1e-400", 0],
  ["1e999999999", Infinity],
  ["9".repeat(5000), Infinity],
]) {
  assert.deepEqual(parseJson(text), value, text);
}
for (const text of ["", "{", "01", "9007199254740993n", '"9007199254740993', "[9007199254740993,]"]) {
  assert.throws(() => parseJson(text), SyntaxError, text);
}
const loop = [9007199254740993n];
loop.push(loop);
assert.throws(() => writeJson(loop), TypeError);
assert.equal(writeJson({ at: new Date(0), large: 9007199254740993n, no: undefined }), '{"at":"1970-01-01T00:00:00.000Z","large":9007199254740993}');

// Bounds and listed values are judged by all digits.
const judged = (members) => validate("sample", { at: "", count: 3, ...members }).issues?.map((issue) => `${issue.pointer} ${issue.keyword}`);
assert.equal(judged({ serial: 9007199254740993n, one: 9007199254740993n, measure: 10n ** 400n }), undefined);
assert.deepEqual(judged({ serial: 9007199254740992n }), ["/serial minimum"]);
assert.deepEqual(judged({ one: 9007199254740994n }), ["/one enum"]);
assert.deepEqual(judged({ measure: -(10n ** 400n) }), ["/measure exclusiveMinimum"]);
assert.equal(judged({ steps: [9007199254740993n, 3, 6n], pairs: [[9007199254740993n], [9007199254740992n], [1]] }), undefined);
assert.deepEqual(judged({ steps: [9007199254740994n] }), ["/steps/0 multipleOf"]);
for (const same of [[9007199254740993n, 9007199254740993n], [6, 6n], [9007199254740996n, 2 ** 53 + 4]]) {
  assert.deepEqual(judged({ steps: same }), ["/steps uniqueItems"], String(same));
  assert.deepEqual(judged({ pairs: same.map((item) => [item]) }), ["/pairs uniqueItems"], String(same));
}
assert.deepEqual(judged({ uuid: 9007199254740993n }), ["/uuid type"]);
assert.equal(events.sample.encode(decode("sample", '{"at":"","count":3,"whole":9007199254740993}')), '{"at":"","count":3,"whole":9007199254740993}');

// What nests too deeply to be written is told in words.
const nested = (depth) => {
  let deep = 1;
  for (let level = 0; level < depth; level++) deep = [deep];
  return { at: "", count: 3, deep };
};
assert.equal(JSON.parse(events.sample.encode(nested(500))).count, 3);
for (const depth of [100_000, 1_000_000]) {
  const isTold = (error) => error.name === "EncodeError" && error.message.includes("must not nest too deeply to be written");
  assert.throws(() => events.sample.encode(nested(depth)), isTold, String(depth));
}
