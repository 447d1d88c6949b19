// Opens the site of a tree with many services. Argument: a JSON file with
// { site, shots, services, pages: {name: path} }. Prints what was measured; fails at the first thing that is wrong.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { axe, launch } from "./launch.mjs";
import { PHONE, misfits } from "./fit.mjs";

const plan = JSON.parse(readFileSync(process.argv[2], "utf8"));
const folder = pathToFileURL(plan.site).href;
mkdirSync(plan.shots, { recursive: true });
const browser = await launch();

async function open(page, options) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 1000 }, reducedMotion: "reduce", ...options });
  const tab = await context.newPage();
  await tab.goto(`${folder}/${page}`);
  return tab;
}

async function everyPageFits() {
  for (const [name, page] of Object.entries(plan.pages)) {
    for (const [size, viewport] of [["wide", { width: 1440, height: 1000 }], ["phone", PHONE]]) {
      for (const colorScheme of ["light", "dark"]) {
        const tab = await open(page, { viewport, colorScheme });
        assert.deepEqual(await misfits(tab), [], `${page}, ${size}`);
        await tab.addScriptTag({ path: axe });
        const judged = await tab.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"], preload: false }));
        assert.deepEqual(judged.violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), [], `${page}, ${size}, ${colorScheme}`);
        await tab.screenshot({ path: join(plan.shots, `${name}-${size}-${colorScheme}.png`), fullPage: name === "map" });
        await tab.context().close();
      }
    }
  }
}

/** The map has each service in a line of its own, in letters of a readable size, and its heads stay in view. */
async function mapIsReadable() {
  const tab = await open("map.html");
  const map = await tab.evaluate(() => {
    const rows = [...document.querySelectorAll(".map tbody tr")];
    const area = (cell) => cell.getBoundingClientRect();
    const scroller = document.querySelector(".map");
    scroller.scrollTo(scroller.scrollWidth, scroller.scrollHeight);
    const frame = area(scroller);
    const head = area(document.querySelector(".map .names th:last-child"));
    const last = area(rows.at(-1).querySelector("th"));
    return {
      services: rows.map((row) => row.querySelector("th").textContent),
      size: Math.min(...[...document.querySelectorAll(".map th, .map td > *")].map((cell) => parseFloat(getComputedStyle(cell).fontSize))),
      height: Math.max(...rows.map((row) => row.offsetHeight)),
      headsStay: head.top >= frame.top - 1 && head.bottom <= frame.bottom && last.left >= frame.left - 1 && last.right <= frame.right,
    };
  });
  assert.equal(new Set(map.services).size, plan.services, "a line for each service");
  assert.ok(map.size >= 12, `letters of ${map.size} pixels`);
  assert.ok(map.height <= 32, `lines of ${map.height} pixels`);
  assert.ok(map.headsStay, "names of services and domains stay in view");
  await tab.screenshot({ path: join(plan.shots, "map-scrolled.png") });
  await tab.context().close();
}

/** What is folded opens by keyboard. */
async function flowsUnfold() {
  const tab = await open(plan.pages.service);
  const summary = tab.locator(".folded > summary").last();
  const picture = tab.locator(".folded > .picture").last();
  assert.ok(await picture.isHidden(), "a large flow is folded");
  await summary.focus();
  await tab.keyboard.press("Enter");
  assert.ok(await picture.isVisible(), "and unfolds");
  await tab.context().close();
}

try {
  for (const check of [everyPageFits, mapIsReadable, flowsUnfold]) {
    await check();
    console.log(`${check.name}: good`);
  }
} finally {
  await browser.close();
}
