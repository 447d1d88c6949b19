// Meets what cannot be kept with the package's own errors; argument: the compiled index.
import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";

const { events } = await import(pathToFileURL(process.argv[2]).href);
const { decode, encode } = events.then;

for (const text of ['{"later":1e300}', '{"later":"\\ud800"}', '{"later":[null,"Infinity"]}']) {
  assert.equal(encode(decode(text)).replace("e+", "e"), text);
}

const deep = `{"later":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
assert.throws(() => encode(decode(deep)), { name: "EncodeError" });
assert.throws(
  () => decode('{"a":[0,{"later":1e400}]}'),
  (error) => error.name === "DecodeError" && error.issues[0].pointer === "/a/1/later",
);
assert.throws(() => decode(`{"later":-1${"0".repeat(400)}}`), { name: "DecodeError" });
for (const value of [{ later: Infinity }, { later: [NaN] }, undefined, { later: { toJSON: () => 1n } }]) {
  assert.throws(() => encode(value), { name: "EncodeError" });
}
const circle = {};
circle.circle = circle;
assert.throws(() => encode(circle), { name: "EncodeError" });

// A discriminator's mapping says which alternative a value is.
const { alternativeOfMapped } = await import(new URL("mapped.js", pathToFileURL(process.argv[2])).href);
for (const [text, name] of [
  ['{"kind":"hound"}', "Dog"],
  ['{"kind":"kitty"}', "Cat"],
  ['{"kind":"tom"}', "Cat"],
  ['{"kind":"hound","lives":9}', "Dog"],
  ['{"kind":"kitty","barks":true}', "Cat"],
  ['{"kind":"hound","barks":"loudly"}', undefined],
  ['{"kind":"kitty","lives":null}', undefined],
  ['{"kind":"fish","barks":true}', undefined],
]) {
  const value = events.mapped.decode(text);
  const found = alternativeOfMapped(value);
  assert.equal(found?.name, name, text);
  assert.ok(found === undefined || found.value === value);
}
