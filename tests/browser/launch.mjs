// A browser without a window: one that is installed, else the one that the package @sparticuz/chromium ships.
// It unpacks below the temporary folder, which the caller sets to one below target/.
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { pathToFileURL } from "node:url";

const require = createRequire(join(process.env.NODE_MODULES, "package.json"));
const INSTALLED = ["google-chrome-stable", "google-chrome", "chromium", "chromium-browser", "chrome"];

export function installed() {
  for (const name of INSTALLED) {
    try {
      return execFileSync("which", [name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    } catch {
      // The next name may be there.
    }
  }
  return undefined;
}

const shipped = () => import(pathToFileURL(join(process.env.NODE_MODULES, "@sparticuz/chromium/build/index.js")).href);

// Unpacks the browser that the package ships, and the libraries beside it, which a bare machine lacks; does nothing where that was done.
export async function unpack() {
  const { default: chromium, inflate } = await shipped();
  await inflate(join(process.env.NODE_MODULES, "@sparticuz/chromium/bin/al2023.tar.br"));
  return chromium.executablePath();
}

export async function launch() {
  const { chromium } = require("playwright-core");
  const start = (executablePath) => chromium.launch({ executablePath, args: ["--no-sandbox", "--font-render-hinting=none"], timeout: 60_000 });
  const own = installed();
  if (own) return start(own);
  const path = await unpack();
  try {
    return await start(path);
  } catch {
    (await shipped()).setupLambdaEnvironment(join(tmpdir(), "al2023/lib"));
    return start(path);
  }
}

export const axe = require.resolve("axe-core/axe.min.js");
