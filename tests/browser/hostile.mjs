// Opens every page of a site that was made of hostile texts. Argument: the site's folder. None of them may become markup or run.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { axe, launch } from "./launch.mjs";

const site = process.argv[2];
const folder = pathToFileURL(site).href;
const pages = readdirSync(site, { recursive: true, withFileTypes: true })
  .filter((file) => file.name.endsWith(".html"))
  .map((file) => relative(site, join(file.parentPath, file.name)).split(sep).join("/"))
  .filter((page) => !page.startsWith("rules/"));

const browser = await launch();
const problems = [];
try {
  const tab = await browser.newPage();
  tab.on("console", (message) => ["error", "warning"].includes(message.type()) && problems.push(message.text()));
  tab.on("pageerror", (error) => problems.push(error.message));
  tab.on("dialog", (dialog) => { problems.push(dialog.message()); dialog.dismiss(); });
  tab.on("request", (request) => request.url().startsWith(folder) || problems.push(request.url()));
  for (const page of pages) {
    await tab.goto(`${folder}/${page}`);
    // Every script is one of the site's own, and no element has a handler or an address that the site does not write.
    const strange = await tab.evaluate(() => [
      ...[...document.scripts].filter((script) => script.src ? !/\/(assets\/(site|search)|search\/[\w-]+)\.js$/.test(script.src) : !script.text.startsWith("try{document.documentElement.dataset.theme")),
      ...[...document.querySelectorAll("*")].filter((element) => [...element.attributes].some(({ name }) => name.startsWith("on"))),
      ...document.querySelectorAll("img, iframe, object, embed, base, form:not(.find, .filters[data-filters])"),
      ...[...document.querySelectorAll("[href], [src]")].filter((element) => /^(javascript|data|https?):/i.test(element.getAttribute("href") ?? element.getAttribute("src"))),
    ].map((element) => element.outerHTML.slice(0, 200)));
    assert.deepEqual(strange, [], page);
    assert.equal(await tab.evaluate(() => globalThis.hacked), undefined, page);
  }
  await tab.addScriptTag({ path: axe });
  await tab.goto(`${folder}/index.html`);
  await tab.keyboard.press("/");
  for (const query of ["script", "img", "alert", "proto", "onerror"]) {
    // An empty search closes the box, so that the next answer is that of the next query.
    await tab.fill("#q", "");
    await tab.waitForSelector("#hits", { state: "hidden" });
    await tab.fill("#q", query);
    await tab.waitForSelector("#hits [role=status]");
    assert.equal(await tab.locator("#hits script, #hits img, #hits b b").count(), 0, query);
  }
  assert.equal(await tab.evaluate(() => globalThis.hacked ?? ({}).hacked), undefined);
  assert.deepEqual(problems, []);
  console.log(`${pages.length} pages: good`);
} finally {
  await browser.close();
}
