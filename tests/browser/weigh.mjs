// What a browser loads for a page: requests and bytes. Arguments: [--serve] FOLDER PAGE; with --serve over HTTP, for sites that
// do not open from their folder. Requests that leave the folder are counted apart: nothing here can answer them.
import { createServer } from "node:http";
import { readFileSync, statSync } from "node:fs";
import { extname, join, normalize } from "node:path";
import { pathToFileURL } from "node:url";
import { launch } from "./launch.mjs";

const serve = process.argv[2] === "--serve";
const [folder, page] = process.argv.slice(serve ? 3 : 2);
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml" };
const find = (path) => {
  const file = join(folder, normalize(decodeURIComponent(path)));
  return statSync(file).isDirectory() ? join(file, "index.html") : file;
};
const server = createServer((request, response) => {
  try {
    const file = find(new URL(request.url, "http://localhost").pathname);
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" }).end(readFileSync(file));
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const base = serve ? `http://127.0.0.1:${server.address().port}` : pathToFileURL(folder).href;

const browser = await launch();
const tab = await browser.newPage();
let requests = 0, bytes = 0, elsewhere = 0;
const pending = [];
tab.on("request", (request) => { if (request.url().startsWith(base)) requests++; else if (!/^(data|blob):/.test(request.url())) elsewhere++; });
tab.on("requestfinished", (request) => {
  if (!request.url().startsWith(base)) return;
  pending.push(request.response().then((response) => response.body()).then((body) => { bytes += body.length; }, () => {}));
});
await tab.goto(`${base}/${page}`, { waitUntil: "load" });
await tab.waitForTimeout(3000);
await Promise.all(pending);
console.log(`${requests} requests, ${(bytes / 1000).toFixed(0)} kB${elsewhere ? `, ${elsewhere} requests to elsewhere` : ""}`);
await browser.close();
server.close();
