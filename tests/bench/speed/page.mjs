// Tables in docs/speed.md, each between two markers.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "./payloads.mjs";

/** The middle of some numbers. */
export function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
}

/** A number with three digits. */
export function cell(number) {
  return number >= 100 ? String(Math.round(number)) : number.toPrecision(3);
}

/** Prints a table, and puts it between the markers of that name. */
export function table(name, head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const text = [line(head), `|---|${"---:|".repeat(head.length - 1)}`, ...rows.map(line)].join("\n");
  console.log(text);
  const path = join(root, "docs/speed.md");
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const page = readFileSync(path, "utf8");
  if (!page.includes(begin)) throw new Error(`docs/speed.md has no ${begin}`);
  const [before, rest] = page.split(begin);
  writeFileSync(path, `${before}${begin}\n${text}\n${end}${rest.split(end)[1]}`);
}
