#!/usr/bin/env node
// Runs the binary of the package for this platform, and ends as it does.
"use strict";

const { spawnSync } = require("node:child_process");
const { name } = require("../package.json");

const platform = `${process.platform}-${process.arch}`;
const file = process.platform === "win32" ? "eventc.exe" : "eventc";

let binary;
try {
  binary = require.resolve(`${name}-${platform}/${file}`);
} catch {
  console.error(`error: the package ${name}-${platform} is not installed, which has eventc for this platform`);
  console.error("help: install it beside this one, without `--omit=optional`; or build eventc from its source");
  process.exit(2);
}

// What ends a terminal's command reaches the binary too: it decides, and this waits for it.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});
const { error, signal, status } = spawnSync(binary, process.argv.slice(2), { stdio: "inherit" });
if (error) {
  console.error(`error: cannot start ${binary}: ${error.message}`);
  process.exit(2);
}
if (signal) {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
} else {
  process.exitCode = status;
}
