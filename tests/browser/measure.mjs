// How long a search takes in a site, and how much of its index a page loads. Arguments: the site's folder, then queries.
// Prints a line for each query, each in a page of its own: milliseconds from the last letter to the first result, bytes of the index.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { launch } from "./launch.mjs";

const [site, ...queries] = process.argv.slice(2);
const folder = pathToFileURL(site).href;
const browser = await launch();
for (const query of queries) {
  const tab = await browser.newPage();
  let bytes = 0;
  tab.on("request", (request) => {
    if (request.url().includes("/search/")) bytes += readFileSync(new URL(request.url().split(/[?#]/)[0])).length;
  });
  await tab.goto(`${folder}/index.html`);
  await tab.focus("#q");
  await tab.waitForSelector("#q[role=combobox]");
  const took = await tab.evaluate((text) => new Promise((done) => {
    const box = document.getElementById("hits");
    const started = performance.now();
    new MutationObserver(() => box.querySelector("[role=option]") && done(performance.now() - started)).observe(box, { childList: true, subtree: true });
    const input = document.getElementById("q");
    input.value = text;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    setTimeout(() => done(Infinity), 10_000);
  }), query);
  console.log(`${query}: ${took.toFixed(0)} ms, ${bytes} bytes`);
  await tab.close();
}
await browser.close();
