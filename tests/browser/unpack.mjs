// Unpacks the browser before anybody starts it, unless one is installed. What a run left that was stopped midway is no browser.
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { installed, unpack } from "./launch.mjs";

for (const left of ["chromium", "fonts", "al2023", "libGLESv2.so"]) rmSync(join(tmpdir(), left), { force: true, recursive: true });
if (!installed()) await unpack();
