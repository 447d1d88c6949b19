// Opens the catalog's site from its folder, as a reader would. Argument: a JSON file with
// { site, shots, pages: {name: path}, event, deprecated, diff, search: {field, typo, topic},
//   questions: [{query, result?, jump?, place, answers}], filters: [{name, value, label}] }. Prints what was measured; fails at the
// first thing that is wrong.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { axe, launch } from "./launch.mjs";
import { PHONE, misfits } from "./fit.mjs";

const plan = JSON.parse(readFileSync(process.argv[2], "utf8"));
const folder = pathToFileURL(plan.site).href;
const at = (page) => `${folder}/${page}`;
mkdirSync(plan.shots, { recursive: true });

const browser = await launch();
const problems = [];

/** A page in a window of its own, which notes every complaint and every request that leaves the folder. */
async function open(page, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 1000 }, reducedMotion: "reduce", ...options });
  const tab = await context.newPage();
  tab.requests = [];
  tab.on("console", (message) => ["error", "warning"].includes(message.type()) && problems.push(`${page}: ${message.text()}`));
  tab.on("pageerror", (error) => problems.push(`${page}: ${error.message}`));
  tab.on("requestfailed", (request) => problems.push(`${page}: ${request.url()} cannot be loaded`));
  tab.on("request", (request) => {
    tab.requests.push(request.url());
    if (!request.url().startsWith(folder)) problems.push(`${page}: ${request.url()} is not in the folder`);
  });
  await tab.goto(at(page));
  return tab;
}

async function violations(tab) {
  await tab.addScriptTag({ path: axe });
  const found = await tab.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"], preload: false }));
  return found.violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 3).map((node) => node.html).join(" | ")}`);
}

const size = (url) => readFileSync(new URL(url.split(/[?#]/)[0])).length;

/** The part of a page that a picture shows: lists go on for long. */
const top = async (tab) => ({ x: 0, y: 0, width: PHONE.width, height: Math.min(3000, await tab.evaluate(() => document.documentElement.scrollHeight)) });

async function everyPageType() {
  for (const [name, page] of Object.entries(plan.pages)) {
    for (const colorScheme of ["light", "dark"]) {
      const tab = await open(page, { colorScheme });
      assert.equal(await tab.locator("main").count(), 1, `${page}: one <main>`);
      assert.deepEqual(await violations(tab), [], `${page}, ${colorScheme}`);
      await tab.screenshot({ path: join(plan.shots, `${name}-${colorScheme}.png`), fullPage: true });
      await tab.context().close();
    }
    for (const colorScheme of ["light", "dark"]) {
      const phone = await open(page, { viewport: PHONE, colorScheme });
      assert.deepEqual(await misfits(phone), [], `${page}, phone`);
      assert.deepEqual(await violations(phone), [], `${page}, phone, ${colorScheme}`);
      await phone.screenshot({ path: join(plan.shots, `${name}-phone-${colorScheme}.png`), fullPage: true, clip: await top(phone) });
      await phone.context().close();
    }
  }
}

/** Every example and every other block has a button that copies it. */
async function everyBlockCopies() {
  const tab = await open(plan.event);
  await tab.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const blocks = tab.locator("pre");
  assert.ok((await tab.locator("#examples pre").count()) > 0, "examples");
  for (let at = 0; at < (await blocks.count()); at++) {
    const block = blocks.nth(at);
    await block.evaluate((pre) => {
      for (let around = pre; around; around = around.parentElement) {
        around.hidden = false;
        if (around.localName === "details") around.open = true;
      }
    });
    const button = block.locator("xpath=following-sibling::button");
    await button.click();
    await tab.waitForFunction((pressed) => pressed.textContent === "Copied", await button.elementHandle());
    assert.equal(await tab.evaluate(() => navigator.clipboard.readText()), await block.textContent(), `block ${at}`);
  }
  await tab.context().close();
}

/** The list of events, filtered by keyboard alone, and by an address that somebody sent. */
async function filtersByKeyboard() {
  const tab = await open("events/index.html");
  const rows = () => tab.locator("#all tr:visible");
  const all = await rows().count();
  assert.equal(all, await tab.locator("#all tr").count(), "nothing is filtered at first");
  const topics = await tab.locator("#all tr td:first-child a").allTextContents();
  assert.deepEqual(topics, [...topics].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)), "from A to Z");
  for (const { name, value, label } of plan.filters) {
    await tab.locator(`select[name=${name}]`).focus();
    await tab.keyboard.type(value);
    const shown = await rows().count();
    assert.ok(shown > 0 && shown < all, `${name} ${value}: ${shown} of ${all}`);
    for (const cell of await tab.locator(`#all tr:visible td[data-label="${label}"]`).allTextContents()) assert.equal(cell, value);
    assert.equal(await tab.locator(".filters output").textContent(), `${shown} of ${all}`);
    if (name === "namespace") {
      const sent = await open(`events/index.html?namespace=${value}`);
      assert.equal(await sent.locator("#all tr:visible").count(), shown, "the address says it too");
      await sent.screenshot({ path: join(plan.shots, "events-filtered.png") });
      await sent.context().close();
    }
    await tab.locator(".filters button").focus();
    await tab.keyboard.press("Enter");
    await tab.waitForFunction((count) => [...document.querySelectorAll("#all tr")].filter((row) => !row.hidden).length === count, all);
  }
  await tab.locator("input[name=words]").focus();
  await tab.keyboard.type("no event has these words");
  assert.equal(await rows().count(), 0);
  await tab.context().close();
}

async function newestFirst() {
  for (const [page, days] of [["changes.html", "main h2 time"], ["index.html", "#lately time"]]) {
    const tab = await open(page);
    const dates = await tab.locator(days).evaluateAll((times) => times.map((time) => time.dateTime));
    assert.ok(dates.length > 0, `${page} has days`);
    assert.deepEqual(dates, [...dates].sort().reverse(), page);
    await tab.context().close();
  }
}

async function eventPageIsSmall() {
  const tab = await open(plan.event);
  const bytes = tab.requests.reduce((sum, url) => sum + size(url), 0);
  assert.ok(tab.requests.length <= 5, `${tab.requests.length} requests`);
  assert.ok(bytes <= 150_000, `${bytes} bytes`);
  console.log(`event page: ${tab.requests.length} requests, ${bytes} bytes`);
  await tab.context().close();
}

/** Types into the search by keyboard; how long the first result took, and how much of the index was loaded. */
async function type(tab, text) {
  await tab.keyboard.press("/");
  await tab.keyboard.type(text);
  const started = Date.now();
  await tab.waitForSelector("#hits [role=option]");
  return Date.now() - started;
}

async function searchByKeyboard() {
  const tab = await open("index.html");
  await type(tab, plan.search.field);
  assert.deepEqual(await violations(tab), [], "the open search");
  await tab.screenshot({ path: join(plan.shots, "search-open.png") });
  await tab.keyboard.press("ArrowDown");
  const chosen = await tab.getAttribute("#hits [aria-selected=true]", "href");
  await tab.keyboard.press("Enter");
  await tab.waitForURL((url) => url.href.startsWith(at("events/")) || url.href.startsWith(at("types/")));
  assert.ok(chosen.includes(`#f-${plan.search.field}`), chosen);
  assert.ok(await tab.locator(`[id="f-${plan.search.field}"]`).isVisible(), "the field is on the page");
  await tab.context().close();

  const typo = await open("index.html");
  await type(typo, plan.search.typo);
  assert.match(await typo.textContent("#hits"), new RegExp(plan.search.topic.replaceAll(".", "\\.")), "a misspelled word finds it too");
  const index = typo.requests.filter((url) => url.includes("/search/")).reduce((sum, url) => sum + size(url), 0);
  assert.ok(index <= 200_000, `${index} bytes of the index`);
  console.log(`search: ${index} bytes of the index`);
  await typo.keyboard.press("Escape");
  assert.ok(await typo.locator("#hits").isHidden(), "Escape closes the results");
  await typo.context().close();

  const all = await open(`search.html?q=${encodeURIComponent(plan.search.field)}`);
  await all.waitForSelector("#results li");
  assert.match(await all.textContent("#count"), /^\d+ results?$/);
  await all.context().close();
}

/** What newcomers ask, answered by keyboard alone from the start page: what they type, which result they take, and where the answer stands. */
async function questions() {
  for (const [number, { query, result, jump, place, answers }] of plan.questions.entries()) {
    const tab = await open("index.html");
    await type(tab, query);
    let keys = 2;
    if (result) {
      const names = await tab.locator("#hits [role=option] b").allTextContents();
      const down = names.indexOf(result) + 1;
      assert.ok(down > 0, `${query} finds ${result}, not only ${names}`);
      for (let step = 0; step < down; step++) await tab.keyboard.press("ArrowDown");
      keys += down;
    }
    await Promise.all([tab.waitForNavigation(), tab.keyboard.press("Enter")]);
    keys++;
    await tab.waitForSelector(place);
    if (jump) {
      await tab.locator(`.jump a[href="#${jump}"]`).focus();
      await tab.keyboard.press("Enter");
      await tab.waitForFunction((id) => document.getElementById(id).getBoundingClientRect().top < innerHeight / 2, jump);
      keys += 2;
    }
    const text = (await tab.locator(place).allTextContents()).join("\n");
    for (const answer of answers) assert.ok(text.includes(answer), `${query}: ${answer} is not in ${text}`);
    await tab.screenshot({ path: join(plan.shots, `question-${number + 1}.png`) });
    console.log(`${query}: ${keys} steps`);
    await tab.context().close();
  }
}

async function theme() {
  const tab = await open(plan.event, { colorScheme: "light" });
  const ground = () => tab.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const before = await ground();
  await tab.click("#theme");
  assert.notEqual(await ground(), before, "the theme changes");
  const after = await ground();
  await tab.reload();
  assert.equal(await ground(), after, "the theme is kept");
  await tab.context().close();
}

async function diffPage() {
  const tab = await open(plan.diff);
  assert.match(await tab.textContent("main"), /incompatible/);
  assert.match(await tab.textContent("#breaks"), /Witness: an event that a sender of 1\.0\.0 may send, and a reader of 2\.0\.0 refuses/);
  assert.match(await tab.textContent("#fields"), /expected_node_type\s*renamed from node_type/, "renames are paired");
  assert.ok((await tab.locator("#breaks pre.json").count()) > 0, "a witness");
  assert.ok((await tab.locator(".diff ins").count()) > 0, "lines that came");
  await tab.context().close();
}

async function daysAreCounted() {
  const tab = await open(plan.deprecated);
  assert.match(await tab.textContent(".notice [data-due]"), /\((in \d+ days?|today|\d+ days? ago)\)$/);
  await tab.context().close();
}

async function tabsByKeyboard() {
  const tab = await open(plan.event);
  const first = tab.locator("#code [role=tab]").first();
  await first.focus();
  await tab.keyboard.press("ArrowRight");
  assert.equal(await tab.locator("#code [role=tabpanel]:visible").count(), 1);
  assert.equal(await tab.locator("#code [role=tab]").nth(1).getAttribute("aria-selected"), "true");
  await tab.context().close();
}

async function graphLeads() {
  const tab = await open(plan.event);
  const node = tab.locator("#flow a").first();
  const target = await node.evaluate((link) => new URL(link.href?.baseVal ?? link.href, location.href).href);
  await node.click();
  await tab.waitForURL(target);
  await tab.context().close();
}

async function withoutScript() {
  const tab = await open(plan.event, { javaScriptEnabled: false });
  assert.ok((await tab.locator("#examples section:visible").count()) >= 2, "all examples are shown");
  assert.ok((await tab.locator("#code section:visible").count()) >= 3, "all languages are shown");
  await tab.goto(at("search.html"));
  assert.match(await tab.textContent("main"), /needs JavaScript/);
  await tab.context().close();
}

async function print() {
  const tab = await open(plan.event);
  await tab.emulateMedia({ media: "print" });
  assert.ok(await tab.locator(".top").isHidden(), "no navigation on paper");
  await tab.screenshot({ path: join(plan.shots, "event-print.png"), fullPage: true });
  await tab.context().close();
}

async function skipLink() {
  const tab = await open(plan.event);
  await tab.keyboard.press("Tab");
  await tab.keyboard.press("Enter");
  assert.equal(await tab.evaluate(() => document.activeElement.id), "main", "the first Tab leads to the content");
  await tab.context().close();
}

try {
  for (const check of [everyPageType, everyBlockCopies, filtersByKeyboard, newestFirst, eventPageIsSmall, searchByKeyboard, questions, theme, diffPage, daysAreCounted, tabsByKeyboard, graphLeads, withoutScript, print, skipLink]) {
    await check();
    console.log(`${check.name}: good`);
  }
  assert.deepEqual(problems, []);
} finally {
  await browser.close();
}
